"""`mailwright replay`: feeds recorded exchanges through a generated client."""

from __future__ import annotations

import argparse
from pathlib import Path

from mailwright.cli import Commands


def add(commands: Commands) -> None:
    """Adds the command to the command line."""
    parser = commands.add_parser(
        "replay",
        help="feed recorded exchanges through a generated client",
        description="Feeds recorded exchanges with a real server through the generated client, sync and async. Each "
        "request is made again by typed arguments and must mean what was recorded (matched); requests that were wrong "
        "on purpose have no typed form, and only their answers count (raw); operations that the target's document "
        "lacks are skipped. Each answer must become an equal value or a documented exception.",
    )
    parser.add_argument("target", metavar="TARGET", help="a target such as wildduck-1.0.107")
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="JSON lines, an exchange each")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Replays; gives 0 without and 1 with differences."""
    from mailwright.contract.bindings import Client
    from mailwright.contract.exchange import read
    from mailwright.contract.replay import replay
    from mailwright.targets import Target

    client = Client(Target.parse(args.target))
    files: list[Path] = args.files
    # All files first, so that a broken line is told before anything else.
    exchanges = [exchange for path in files for exchange in read(path)]
    result = replay(client, exchanges)
    for operation, count in sorted(result.skipped.items()):
        print(f"skipped {operation}: {count}")
    for diff in (*result.request_diffs, *result.outcome_diffs):
        print(diff)
    print(f"replay {client.target.name}: {result}")
    return 1 if result.request_diffs or result.outcome_diffs else 0
