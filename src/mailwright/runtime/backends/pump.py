"""Work in a thread of its own, so that waiting for it can end in time."""

from __future__ import annotations

import contextvars
import threading
from collections import deque
from collections.abc import Callable, Generator
from typing import Generic, TypeVar

T = TypeVar("T")

# How many results the thread may be ahead.
_AHEAD = 4


class Pump(Generic[T]):
    """Runs a generator in a thread and hands on what it yields, with the context variables of the caller.

    Whatever happens, the thread runs the generator to its end, or closes it: what it cleans up, it cleans up there.
    """

    def __init__(self, work: Callable[[], Generator[T]]) -> None:
        self._work = work
        self._results: deque[T] = deque()
        self._changed = threading.Condition()
        self._over = self._abandoned = False
        self._error: BaseException | None = None
        context = contextvars.copy_context()
        # Not waited for at the end of the program: it may be held by a server.
        threading.Thread(target=context.run, args=(self._run,), name="mailwright-backend", daemon=True).start()

    def take(self, seconds: float) -> T | None:
        """Returns the next result, None after the last one; raises `TimeoutError`, and what the generator raises."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._results or self._over or self._abandoned, seconds):
                raise TimeoutError
            if self._results:
                self._changed.notify_all()
                return self._results.popleft()
            if self._error is not None:
                raise self._error
            return None

    def abandon(self) -> None:
        """Takes nothing more; the generator is closed as soon as it yields. May be called again, by any thread."""
        with self._changed:
            self._abandoned = True
            self._results.clear()
            self._changed.notify_all()

    def _run(self) -> None:
        generator = self._work()
        try:
            for result in generator:
                if not self._hand_on(result):
                    break
            generator.close()
        except BaseException as error:  # noqa: BLE001 (raised again where it is waited for)
            self._error = error
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def _hand_on(self, result: T) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: len(self._results) < _AHEAD or self._abandoned)
            if not self._abandoned:
                self._results.append(result)
                self._changed.notify_all()
            return not self._abandoned
