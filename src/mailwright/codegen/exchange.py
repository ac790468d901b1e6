"""Swaps two files or folders in one step, so that nobody ever finds neither in its place."""

from __future__ import annotations

import ctypes
import os
import shutil
from pathlib import Path

_HERE = -100  # AT_FDCWD: paths start at the working directory
_EXCHANGE = 2  # RENAME_EXCHANGE


def exchange(one: Path, other: Path) -> None:
    """Swaps what two paths of one file system lead to; by one system call on Linux, by three moves elsewhere.

    Raises:
        OSError: one of the two cannot be moved; both are then where they were.
    """
    try:
        _exchange_at_once(one, other)
    except (OSError, AttributeError):
        # Not Linux, or a file system without it. shutil copies where a layered one cannot rename a folder either.
        aside = one.with_name(f"{one.name}.aside")
        shutil.move(other, aside)
        try:
            shutil.move(one, other)
        except OSError:
            shutil.move(aside, other)
            raise
        shutil.move(aside, one)


def _exchange_at_once(one: Path, other: Path) -> None:
    rename = ctypes.CDLL(None, use_errno=True).renameat2
    if rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(other))
