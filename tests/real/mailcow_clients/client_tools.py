"""Installs the clients of mailcow that people have: mailcow-api from npm, python-mailcow from PyPI, as they are.

They land in `~/.cache/mailwright/real`, or in the folder that the environment variable `MAILWRIGHT_REAL_CACHE` names.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

NPM_PACKAGE = "mailcow-api@1.2.7"
PYPI_PACKAGE = "python-mailcow==1.0.4"
SECONDS_TO_INSTALL = 300


class CannotInstall(Exception):
    """A client cannot be installed here; the text says why."""


def npm_client() -> tuple[str, Path]:
    """Returns the Node program and the folder of the package."""
    node, npm = (shutil.which(name) for name in ("node", "npm"))
    if node is None or npm is None:
        raise CannotInstall("there is no Node with npm")
    home = _home(NPM_PACKAGE.replace("@", "-"))
    if not (home / "complete").exists():
        (home / "package.json").write_text('{"private": true}\n')
        _run([npm, "install", NPM_PACKAGE, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], home)
        (home / "complete").touch()
    return node, home / "node_modules" / "mailcow-api"


def python_client() -> Path:
    """Returns the Python that has the package."""
    home = _home(f"{PYPI_PACKAGE.replace('==', '-')}-python{sys.version_info[0]}.{sys.version_info[1]}")
    python = home / "bin" / "python"
    if not (home / "complete").exists():
        _run([sys.executable, "-m", "venv", str(home)], home)
        _run([str(python), "-m", "pip", "install", "--quiet", PYPI_PACKAGE], home)
        (home / "complete").touch()
    return python


def _home(name: str) -> Path:
    cache = Path(os.environ.get("MAILWRIGHT_REAL_CACHE") or Path.home() / ".cache" / "mailwright" / "real")
    home = cache / name
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotInstall(f"{home} cannot be made: {error}") from error
    return home


def _run(command: Sequence[str], folder: Path) -> None:
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=SECONDS_TO_INSTALL, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotInstall(f"{command[0]} did not run to its end: {error}") from error
    if done.returncode != 0:
        raise CannotInstall(f"{' '.join(command[:3])} failed: {(done.stderr or done.stdout)[-500:]}")
