"""Watches the process while a cell runs: logs, warnings, unraisable errors, memory and sockets."""

from __future__ import annotations

import ctypes
import gc
import logging
import sys
import threading
import time
import traceback
import warnings
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")
_TRIM = ctypes.CDLL(None).malloc_trim


class Watch(logging.Handler):
    """Keeps every log record, warning and unraisable error between entering and leaving."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
        self.logged: list[str] = []
        self.troubles: list[str] = []
        self.warned: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = self.format(record)
        self.logged.append(f"{text} {vars(record)}")
        if record.name == "asyncio" and record.levelno >= logging.ERROR:
            self.troubles.append(text.strip().splitlines()[-1])

    def __enter__(self) -> Self:
        self._stack = ExitStack()
        root = logging.getLogger()
        level = root.level
        root.addHandler(self)
        root.setLevel(logging.DEBUG)
        self._stack.callback(root.setLevel, level)
        self._stack.callback(root.removeHandler, self)
        caught = self._stack.enter_context(warnings.catch_warnings(record=True))
        warnings.simplefilter("always")
        self._stack.callback(self._take_warnings, caught)
        for module, name in ((sys, "unraisablehook"), (threading, "excepthook")):
            self._stack.callback(setattr, module, name, getattr(module, name))
            setattr(module, name, self._unraisable)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        gc.collect()
        self._stack.close()

    def texts(self) -> list[str]:
        """All that was said."""
        return [*self.logged, *self.warned, *self.troubles]

    def _take_warnings(self, caught: list[warnings.WarningMessage]) -> None:
        for warning in caught:
            self.warned.append(f"{warning.category.__name__}: {warning.message}")
            if issubclass(warning.category, (ResourceWarning, RuntimeWarning)):
                self.troubles.append(self.warned[-1])

    def _unraisable(self, told: Any) -> None:
        self.troubles.append("".join(traceback.format_exception_only(told.exc_type, told.exc_value)).strip())


def settle_memory() -> int:
    """Gives free memory back to the system, restarts the peak, and returns the resident bytes."""
    gc.collect()
    _TRIM(0)
    _CLEAR.write_text("5")
    return resident_memory()


def resident_memory() -> int:
    """The resident bytes."""
    return _status("VmRSS")


def peak_memory() -> int:
    """The most resident bytes since `settle_memory`."""
    return _status("VmHWM")


def _status(name: str) -> int:
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024


def open_sockets() -> int:
    """How many sockets this process has open."""
    count = 0
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            count += str(entry.readlink()).startswith("socket:")
    return count


def sockets_left(before: int, within: float = 1.0) -> int:
    """How many sockets more than before are open; waits a little for those that are being closed."""
    until = time.monotonic() + within
    while (left := open_sockets() - before) > 0 and time.monotonic() < until:
        time.sleep(0.005)
    return max(0, left)
