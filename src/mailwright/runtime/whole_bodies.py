"""Bodies that are one argument, such as a list."""

from __future__ import annotations

from typing import Any, TypeVar

from mailwright.runtime.errors import UsageError
from mailwright.runtime.operation import Operation

T = TypeVar("T")


def no_null(operation: Operation[Any], name: str, body: T, /) -> T:
    """Returns a body; raises `UsageError` for None: a server may take null for all there is."""
    if body is None:
        raise UsageError(f"{name} is None, which is nothing to send", operation=operation.id, method=operation.method)
    return body
