"""Arguments that a server reads by their being there, whatever they say."""

from __future__ import annotations

from typing import Any, Literal

from mailwright.runtime.errors import UsageError
from mailwright.runtime.models import UNSET, Unset
from mailwright.runtime.operation import Operation


def as_flag(operation: Operation[Any], name: str, value: object, /) -> Literal[True] | Unset:
    """Returns True for a flag that is set, and `UNSET` for False and None: a `false` would set it, too.

    Raises `UsageError` for what is no truth value, such as the text `"false"`.
    """
    if value is True:
        return True
    if value is False or value is None or value is UNSET:
        return UNSET
    raise UsageError(
        f"{name} is True or False, not {type(value).__name__}", operation=operation.id, method=operation.method
    )
