"""Runs cells on one stack, one at a time, and prints a line of JSON for each; `run.py` starts it."""

from __future__ import annotations

import argparse
import gc
import json
import sys

from cell import Cell, create, get, listing, value
from judge import Judge, make_session
from server import FaultServer

READY = "ready"
"""The first line, once the client was made and has called: what fails before it fails in every cell."""


def main() -> None:
    """Runs what the arguments say."""
    parser = argparse.ArgumentParser()
    parser.add_argument("stack")
    parser.add_argument("mode", choices=["sync", "async"])
    parser.add_argument("--packages", required=True)
    parser.add_argument("--class", dest="group", default="")
    parser.add_argument("--cell", default="")
    parser.add_argument("--skip", type=int, default=0)
    arguments = parser.parse_args()
    sys.path.insert(0, arguments.packages)
    from catalog import load

    cells = load(arguments.group, arguments.cell)[arguments.skip :]
    server = FaultServer()
    server.start()
    try:
        judge = Judge(server, arguments.stack, make_session(arguments.stack, is_async=arguments.mode == "async"))
        warm_up(judge)
        print(READY, flush=True)
        for group, cell in cells:
            print(json.dumps(judge.judge(group, cell).as_data()), flush=True)
    finally:
        server.stop()


def warm_up(judge: Judge) -> None:
    """Lets everything be imported that would count as memory or open files of the first cell."""
    for call in (get(), create(), listing()):
        judge.judge(
            "",
            Cell(name="warm-up", answers=[b"HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n"], call=call, wants=value(0)),
        )
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    main()
