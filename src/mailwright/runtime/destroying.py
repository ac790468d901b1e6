"""Asks callers to say in so many words that an operation may destroy what its name does not tell."""

from __future__ import annotations

from typing import Any

from mailwright.runtime.errors import UsageError
from mailwright.runtime.operation import Operation


def check_destroy(operation: Operation[Any], destroy: object, /) -> None:
    """Raises `UsageError` unless `destroy` is True itself: no other value that counts as true will do."""
    if destroy is not True:
        raise UsageError(
            f"{operation.id} destroys more than its name says; pass destroy=True to say that it may",
            operation=operation.id,
            method=operation.method,
        )
