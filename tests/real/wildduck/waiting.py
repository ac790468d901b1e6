"""Waits for what a server does in the background."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
SECONDS_FOR_A_TASK = 30


def eventually(look: Callable[[], T], enough: Callable[[T], bool]) -> T:
    """Looks until it is enough, and gives what it saw last; raises `AssertionError` when it is not in time."""
    limit = time.monotonic() + SECONDS_FOR_A_TASK
    while not enough(seen := look()):
        assert time.monotonic() < limit, f"after {SECONDS_FOR_A_TASK} s there is still {seen!r}"
        time.sleep(0.1)
    return seen
