"""`mailwright mock`: serves mocks of targets over HTTP."""

from __future__ import annotations

import argparse
from math import inf
from typing import TYPE_CHECKING

from mailwright.cli import Commands
from mailwright.cli.counted import counted

if TYPE_CHECKING:
    from mailwright.mock.serve import Listener
    from mailwright.mock.server import Mock
    from mailwright.targets import Target


def add(commands: Commands) -> None:
    """Adds the command to the command line."""
    parser = commands.add_parser(
        "mock",
        help="serve a mock of a target over HTTP",
        description="Serves a mock of each target until it is interrupted. What is created can be listed, read, "
        "changed and deleted; nothing outlives the command. Several targets take ports next to each other.",
    )
    parser.add_argument("targets", metavar="TARGET", nargs="+", help="a target such as wildduck-1.0.107")
    parser.add_argument(
        "--port", metavar="N", type=int, default=8080, help="first port, 0 for free ones (default: 8080)"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--token", help="token that callers must give; without it everybody is let in")
    parser.add_argument(
        "--seed", metavar="N", type=int, default=0, help="the same seed gives the same ids and passwords (default: 0)"
    )
    parser.add_argument("--users", metavar="N", type=int, default=0, help="demo records to start with (default: 0)")
    parser.add_argument(
        "--control", action="store_true", help="lets callers ask for faults: `Prefer: code=503, delay=0.2, fault=html`"
    )
    parser.add_argument(
        "--quirks",
        action="store_true",
        help="has the faults of the real server as well: malformed answers, connections that end without one",
    )
    parser.add_argument(
        "--stream-seconds",
        metavar="S",
        type=float,
        default=inf,
        help="end streams of events after that time (default: never, as long as the mock runs)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serves until SIGINT or SIGTERM; gives 0, all else is a problem."""
    from mailwright.mock.serve import listen, serve
    from mailwright.targets import Target

    targets = [Target.parse(name) for name in args.targets]
    mocks = [_mock(target, args) for target in targets]
    listeners: list[Listener] = []
    try:
        for place, (target, mock) in enumerate(zip(targets, mocks, strict=True)):
            listeners.append(listen(target.name, mock, args.host, args.port + place if args.port else 0))

        def ready() -> None:
            for each in listeners:
                asks = "asks for the token" if args.token else "asks for no token"
                print(f"{each.name} at {each.url} ({asks}); stop with Ctrl-C", flush=True)

        serve(listeners, ready)
    finally:
        for each in listeners:
            each.socket.close()
    total = sum(mock.journal.total for mock in mocks)
    print(f"stopped: {counted(len(mocks), 'mock')}, {counted(total, 'request')} answered")
    return 0


def _mock(target: Target, args: argparse.Namespace) -> Mock:
    from mailwright.mock.server import Mock
    from mailwright.targets import bundled_document

    mock = Mock(
        bundled_document(target.name),
        token=args.token,
        seed=args.seed,
        control=args.control,
        quirks=args.quirks,
        stream_seconds=args.stream_seconds,
    )
    if args.users:
        mock.populate(args.users)
    return mock
