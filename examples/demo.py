"""Starts the mock server of every target and runs its example, `examples/<api>_v<version>.py`, against it.

    python examples/demo.py

`nox -s demo` regenerates the clients first and then runs this.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from mailwright.targets import installed

TOKEN = "a-token-for-the-demo"
_URL = re.compile(r"http://127\.0\.0\.1:[0-9]+")


def start(target: str) -> tuple[subprocess.Popen[str], str]:
    """Starts a mock server on a free port and waits for its address."""
    server = subprocess.Popen(
        [sys.executable, "-m", "mailwright.cli", "mock", target, "--port", "0", "--token", TOKEN],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    for line in server.stdout:
        if found := _URL.search(line):
            return server, found[0]
    sys.exit(f"the mock of {target} did not start (exit code {server.wait()})")


def stop(server: subprocess.Popen[str]) -> None:
    """Stops a server by its pid."""
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()


def main() -> None:
    """Runs every example; exits with 1 when one fails."""
    started = time.perf_counter()
    targets = installed()
    failed: list[str] = []
    with ExitStack() as stack:
        for target in targets:
            example = Path(__file__).with_name(f"{target.api}_{target.module}.py")
            server, url = start(target.name)
            stack.callback(stop, server)
            print(f"\n{target.name}: its mock server answers at {url}; this runs examples/{example.name}\n", flush=True)
            done = subprocess.run(
                [sys.executable, str(example), url],
                env={**os.environ, "ACCESS_TOKEN": TOKEN},
                timeout=60,
                check=False,
            )
            if done.returncode != 0:
                failed.append(target.name)
    took = time.perf_counter() - started
    print(f"\ndemo: {len(targets) - len(failed)} of {len(targets)} targets done in {took:.1f} s")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
