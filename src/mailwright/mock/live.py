"""Answers that stay open: what is new is sent as it happens, and a comment now and then where nothing is."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from math import inf

IDLE = 15.0
"""Seconds without anything new after which a comment is sent."""


class Live:
    """The rest of one answer, whose beginning is sent already.

    `read` gives what is new since it was last asked, and never waits. It ends after `lasts` seconds, or when one side
    closes it. It is safe to share between threads.
    """

    def __init__(self, read: Callable[[], bytes], *, lasts: float = inf, idle: float = IDLE, idled: int = 0) -> None:
        self._read = read
        self._end = time.monotonic() + lasts
        self._idle = idle
        self._idled = idled
        self._listeners: list[Callable[[], None]] = []
        self._closed = False
        self._lock = threading.Lock()

    @property
    def ended(self) -> bool:
        """Whether there is nothing more to come."""
        return self._closed or time.monotonic() >= self._end

    @property
    def patience(self) -> float:
        """Seconds to wait for something new, before a comment is due or the end is there."""
        return max(0.0, min(self._idle, self._end - time.monotonic()))

    def new(self) -> bytes:
        """What is new; empty where nothing is."""
        return self._read()

    def comment(self) -> bytes:
        """What is sent where nothing was new for a while."""
        self._idled += 1
        return f": idling {self._idled}\n\n".encode()

    def listen(self, wake: Callable[[], None]) -> None:
        """Calls `wake`, in any thread, when something may be new or the end is there."""
        with self._lock:
            self._listeners.append(wake)

    def wake(self) -> None:
        """Tells those who wait to look again."""
        with self._lock:
            listeners = tuple(self._listeners)
        for each in listeners:
            each()

    def close(self) -> None:
        """Ends it."""
        self._closed = True
        self.wake()


def follow(live: Live, *, read: float = inf) -> Iterator[bytes]:
    """Waits for what comes, and gives it piece by piece until the end.

    Raises:
        TimeoutError: nothing came for `read` seconds.
    """
    woken = threading.Event()
    live.listen(woken.set)
    while not live.ended:
        woken.clear()
        if chunk := live.new():
            yield chunk
            continue
        patience = live.patience
        if not woken.wait(min(patience, read)) and not live.ended:
            yield _late(live, patience, read)


async def async_follow(live: Live, *, read: float = inf) -> AsyncIterator[bytes]:
    """The same, without blocking."""
    loop, woken = asyncio.get_running_loop(), asyncio.Event()

    def wake() -> None:
        # The loop of a client that is gone is closed.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(woken.set)

    live.listen(wake)
    while not live.ended:
        woken.clear()
        if chunk := live.new():
            yield chunk
            continue
        patience = live.patience
        try:
            await asyncio.wait_for(woken.wait(), min(patience, read))
        except TimeoutError:
            if not live.ended:
                yield _late(live, patience, read)


def _late(live: Live, patience: float, read: float) -> bytes:
    if read < patience:
        raise TimeoutError(f"nothing came within {read:.3g} s")
    return live.comment()
