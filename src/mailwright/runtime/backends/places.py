"""How many exchanges one backend has at a time; the others wait."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from mailwright.runtime.backends.patience import Patience
from mailwright.runtime.errors import UsageError

MAX_CONNECTIONS = 100


class Place:
    """One place that is taken; `leave` may be called again, and by any thread."""

    def __init__(self, free: Callable[[], None]) -> None:
        self._free = free
        # Held for ever by whoever leaves first.
        self._left = threading.Lock()

    def leave(self) -> bool:
        """Frees the place for another exchange; returns whether it was still taken."""
        if self._left.acquire(blocking=False):
            self._free()
            return True
        return False

    @property
    def left(self) -> bool:
        """Whether it is free again."""
        return self._left.locked()


class Places:
    """Places for threads."""

    def __init__(self, count: int = MAX_CONNECTIONS) -> None:
        self._free = threading.Semaphore(count)

    def take(self, patience: Patience) -> Place:
        """Waits for a place; raises `TimedOut` when none gets free in time."""
        if not self._free.acquire(blocking=False) and not self._free.acquire(timeout=patience.pool()):
            raise patience.ran_out("pool")
        return Place(self._free.release)


class AsyncPlaces:
    """Places for the tasks of one event loop, that of the first who takes one."""

    def __init__(self, count: int = MAX_CONNECTIONS) -> None:
        self._free = asyncio.Semaphore(count)
        self._loop: asyncio.AbstractEventLoop | None = None

    async def take(self, patience: Patience) -> Place:
        """Waits for a place; raises `TimedOut` when none gets free in time, and `UsageError` in another event loop."""
        loop = asyncio.get_running_loop()
        self._loop = self._loop or loop
        if self._loop is not loop:
            raise UsageError("this backend has connections of another event loop; make one for each")
        if self._free.locked():
            try:
                async with asyncio.timeout(patience.pool()):
                    await self._free.acquire()
            except TimeoutError:
                raise patience.ran_out("pool") from None
        else:
            await self._free.acquire()
        return Place(self._free.release)
