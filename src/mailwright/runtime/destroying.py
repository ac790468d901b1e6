"""Asks callers to say in so many words that an operation may destroy what its name does not tell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from mailwright.runtime.errors import UsageError
from mailwright.runtime.models import UNSET
from mailwright.runtime.operation import Operation


def check_destroy(operation: Operation[Any], destroy: object, /) -> None:
    """Raises `UsageError` unless `destroy` is True itself: no other value that counts as true will do."""
    if destroy is not True:
        raise UsageError(
            f"{operation.id} destroys more than its name says; pass destroy=True to say that it may",
            operation=operation.id,
            method=operation.method,
        )


def check_filtered(
    operation: Operation[Any],
    everything: object,
    /,
    filters: Mapping[str, object],
    ahead: Mapping[str, object] | None = None,
) -> None:
    """Raises `UsageError` where nothing narrows a call down, unless `everything` is True itself.

    Both mappings have arguments by name. An empty text narrows nothing down, and neither does a time of `ahead` that
    has passed: servers take no notice of them.
    """
    times = ahead or {}
    if everything is True or any(map(_is_said, filters.values())) or any(map(_is_to_come, times.values())):
        return
    names = ", ".join([*filters, *(f"{name} (a time to come)" for name in times)])
    raise UsageError(
        f"{operation.id} means everything there is without a filter; "
        f"give one that is not empty of {names}, or everything=True",
        operation=operation.id,
        method=operation.method,
    )


def _is_said(value: object) -> bool:
    return value is not UNSET and value is not None and value != ""


def _is_to_come(value: object) -> bool:
    # A time without a zone cannot be sent, so it is no filter either.
    return isinstance(value, datetime) and value.tzinfo is not None and value > datetime.now(UTC)
