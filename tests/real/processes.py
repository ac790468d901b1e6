"""Starts the processes of real servers, waits for them, and stops them by their pids."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from installing import CannotStart, tail

SECONDS_TO_START = 60
SECONDS_TO_STOP = 10


def free_ports(number: int) -> list[int]:
    """Returns ports of 127.0.0.1 that nobody listens on."""
    with ExitStack() as stack:
        taken = [stack.enter_context(socket.socket()) for _ in range(number)]
        for each in taken:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in taken]


def stop(process: subprocess.Popen[bytes]) -> None:
    """Stops a process by its pid, gently and then not."""
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(SECONDS_TO_STOP)


def launched(log: Path, where: Path, *command: str | Path) -> subprocess.Popen[bytes]:
    """Starts a process that ends with this one, however this one ends; Ctrl-C at the terminal does not reach it."""
    surroundings = {key: value for key, value in os.environ.items() if not key.startswith(("NODE_", "APPCONF_"))}
    words = [str(each) for each in command]
    if setpriv := shutil.which("setpriv"):
        # The kernel then tells it when this process is gone.
        words = [setpriv, "--pdeathsig", "TERM", "--", *words]
    with log.open("wb") as output:
        return subprocess.Popen(
            words,
            cwd=where,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def await_ready(name: str, process: subprocess.Popen[bytes], ready: Callable[[], bool], log: Path) -> None:
    """Waits until a server is ready; raises `CannotStart` with the end of its log when it ends or takes too long."""
    limit = time.monotonic() + SECONDS_TO_START
    while not ready():
        if process.poll() is not None:
            raise CannotStart(f"{name} ended with {process.returncode} while it was starting:\n{tail(log)}")
        if time.monotonic() > limit:
            raise CannotStart(f"{name} did not come up within {SECONDS_TO_START} s:\n{tail(log)}")
        time.sleep(0.05)


def listens(port: int) -> bool:
    """Tells whether somebody listens on a port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
