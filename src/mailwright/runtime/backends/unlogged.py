"""Keeps httpcore from writing answers into its log, for a server may have put the token of the request there.

Only what it would log of this package's exchanges is left out.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from contextvars import ContextVar

_OURS: ContextVar[bool] = ContextVar("mailwright.runtime.backends.unlogged", default=False)


class _Unlogged:
    """A context manager that any number of threads and tasks may be in."""

    def __enter__(self) -> None:
        _OURS.set(True)

    def __exit__(self, *raised: object) -> None:
        _OURS.set(False)


UNLOGGED = _Unlogged()
"""What httpcore does in this context goes unlogged."""


def next_unlogged(chunks: Iterator[bytes]) -> bytes | None:
    """Returns the next chunk of a body, or None at its end."""
    with UNLOGGED:
        return next(chunks, None)


async def anext_unlogged(chunks: AsyncIterator[bytes]) -> bytes | None:
    """Returns the next chunk of a body, or None at its end."""
    with UNLOGGED:
        return await anext(chunks, None)


def _is_of_others(record: logging.LogRecord) -> bool:
    return not _OURS.get()


for _name in ("httpcore.http11", "httpcore2.http11"):
    logging.getLogger(_name).addFilter(_is_of_others)
