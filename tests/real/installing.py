"""What installs the servers of the tests: one folder that keeps what was installed, and programs that run to their end.

The folder is `~/.cache/mailwright/real`, or the one that the environment variable `MAILWRIGHT_REAL_CACHE` names.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

SECONDS_TO_INSTALL = 600


class CannotStart(Exception):
    """The real server cannot run here; the text says why, with the end of what a program printed."""


@contextmanager
def cache_alone() -> Iterator[Path]:
    """Gives the folder to one test run at a time; raises `CannotStart`."""
    cache = Path(os.environ.get("MAILWRIGHT_REAL_CACHE") or Path.home() / ".cache" / "mailwright" / "real")
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStart(f"{cache} cannot be made: {error}") from error
    lock = cache / "lock"
    limit = time.monotonic() + SECONDS_TO_INSTALL
    with lock.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > limit:
                    raise CannotStart(f"another run holds {lock} for too long") from None
                time.sleep(0.2)
        yield cache


def apt_install(cache: Path, *packages: str) -> None:
    """Installs packages with apt, as root or with sudo that asks nothing; raises `CannotStart`."""
    apt = program("apt-get")
    root = [] if os.geteuid() == 0 else [program("sudo", f"to install {' '.join(packages)}"), "-n"]
    log = cache / "apt.log"
    quiet = [*root, "env", "DEBIAN_FRONTEND=noninteractive", apt, "-q"]
    run_to_end([*quiet, "update"], cache, log)
    run_to_end([*quiet, "install", "-y", "--no-install-recommends", *packages], cache, log)


def run_to_end(command: Sequence[str], folder: Path, log: Path) -> None:
    """Runs a program to its end; raises `CannotStart` with the end of its log when it fails."""
    told = " ".join(command[:3])
    with log.open("wb") as output:
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=SECONDS_TO_INSTALL,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise CannotStart(f"`{told} …` did not end within {SECONDS_TO_INSTALL} s:\n{tail(log)}") from None
    if done.returncode != 0:
        raise CannotStart(f"`{told} …` failed with {done.returncode}:\n{tail(log)}")


def program(name: str, purpose: str = "") -> str:
    """Returns the path of a program; raises `CannotStart` where there is none."""
    found = shutil.which(name)
    if found is None:
        raise CannotStart(" ".join(f"there is no {name} here {purpose}".split()))
    return found


def tail(log: Path, lines: int = 15) -> str:
    """Returns the last lines of a log, for an error."""
    try:
        return "\n".join(log.read_text("utf-8", "replace").splitlines()[-lines:])
    except OSError:
        return ""
