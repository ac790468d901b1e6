"""`mailwright contract`: holds a generated client against its document."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mailwright.cli import Commands
from mailwright.problem import Problem

if TYPE_CHECKING:
    from mailwright.contract.bindings import Client
    from mailwright.contract.document import Operation
    from mailwright.contract.suite import Suite


def add(commands: Commands) -> None:
    """Adds the command to the command line."""
    parser = commands.add_parser(
        "contract",
        help="hold a generated client against its document",
        description="Generates arguments and answers from the target's document and from a table of hostile values, "
        "and holds the generated client against them: what it sends must mean what was asked for, and every answer "
        "must become an equal value or a documented exception. Nothing is sent anywhere without --url.",
    )
    parser.add_argument("target", metavar="TARGET", help="a target such as wildduck-1.0.107")
    parser.add_argument(
        "--cases",
        metavar="N",
        type=_positive,
        default=100,
        help="random cases for each operation and each answer, next to the boundary cases (default: 100)",
    )
    parser.add_argument(
        "--seed", metavar="N", type=int, default=1, help="the same seed gives the same cases (default: 1)"
    )
    parser.add_argument(
        "--url",
        metavar="URL",
        help="send the generated arguments to this server too; THIS WRITES TO THE SERVER (it creates, changes and "
        "deletes what it can), so use one that may be thrown away; operations marked destructive, such as stop, are "
        "sent only when --operation names them; the token is read from MAILWRIGHT_ACCESS_TOKEN",
    )
    parser.add_argument(
        "--shard", metavar="I/N", type=_shard, default=(1, 1), help="take only every Nth operation, from the Ith on"
    )
    parser.add_argument("--operation", metavar="ID", nargs="+", default=[], help="take only these operations")
    parser.add_argument("--report", metavar="DIR", type=Path, help="write contract.json and junit.xml into this folder")
    parser.add_argument("-v", "--verbose", action="store_true", help="say each operation as it is done")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Runs the contract; gives 0 without and 1 with differences."""
    from mailwright.contract import report
    from mailwright.contract.bindings import Client
    from mailwright.contract.run import run as run_contract
    from mailwright.contract.server import Server
    from mailwright.targets import Target

    client = Client(Target.parse(args.target))
    operations = _chosen(client, args.operation, args.shard)
    progress = _progress if args.verbose or sys.stderr.isatty() else None
    if args.url:
        with Server(client, args.url, destroy=args.operation) as server:
            suite = run_contract(client, operations, cases=args.cases, seed=args.seed, progress=progress, server=server)
    else:
        suite = run_contract(client, operations, cases=args.cases, seed=args.seed, progress=progress)
    if args.report is not None:
        for path in report.write(suite, args.report, operations=len(operations)):
            print(f"wrote {path}", file=sys.stderr)
    for line in report.text(suite, operations=len(operations)):
        print(line)
    return 1 if len(suite.findings) else 0


def _chosen(client: Client, names: list[str], shard: tuple[int, int]) -> list[Operation]:
    known = client.document.operations
    for name in names:
        if name not in known:
            raise Problem(
                f"no operation {name}", place=client.target.name, remedy=f"known: {', '.join(known)}", exit_code=2
            )
    wanted = [operation for operation in known.values() if not names or operation.id in names]
    index, count = shard
    return wanted[index - 1 :: count]


def _progress(operation: Operation, suite: Suite) -> None:
    done = sum(count for (name, _), count in suite.counts.items() if name == operation.id)
    wrong = sum(finding.operation == operation.id for finding in suite.findings)
    print(f"{operation.id}: {done:,} cases, {wrong} differences", file=sys.stderr, flush=True)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of 1 or more")
    return int(text)


def _shard(text: str) -> tuple[int, int]:
    index, _, count = text.partition("/")
    if not (index.isdecimal() and count.isdecimal() and 1 <= int(index) <= int(count)):
        raise argparse.ArgumentTypeError(f"{text!r} is not I/N with I from 1 to N, such as 2/3")
    return int(index), int(count)
