"""Arguments that name several things by their numbers, such as `1,2,3` or `1:5`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias, cast, overload

from mailwright.runtime.errors import UsageError
from mailwright.runtime.models import UNSET, Unset
from mailwright.runtime.operation import Operation

IdSet: TypeAlias = int | range | Iterable[int] | str
"""One id, a range, ids one by one, or the text that the API takes, such as `1:*`."""


@overload
def id_set(operation: Operation[Any], ids: IdSet, /) -> str: ...
@overload
def id_set(operation: Operation[Any], ids: IdSet | Unset, /) -> str | Unset: ...
def id_set(operation: Operation[Any], ids: IdSet | Unset, /) -> str | Unset:
    """Returns the set as the API writes it: `7`, `1:5` for a range without gaps, else `1,2,3`; text stays as it is.

    Raises `UsageError` for no id at all, and for what is no id: only whole numbers from 0 are.
    """
    if ids is UNSET or isinstance(ids, (str, Unset)):
        return ids
    if isinstance(ids, range) and ids.step == 1 and len(ids) > 1:
        return f"{_number(operation, ids[0])}:{_number(operation, ids[-1])}"
    if isinstance(ids, Iterable) and not isinstance(ids, (bytes, bytearray, memoryview)):
        numbers = [_number(operation, each) for each in cast("Iterable[object]", ids)]
        if not numbers:
            raise _refused(operation, "has no id in it")
        if isinstance(ids, (set, frozenset)):  # which come in any order
            numbers.sort(key=lambda digits: (len(digits), digits))
        return ",".join(numbers)
    return _number(operation, ids)


def _number(operation: Operation[Any], value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _refused(operation, f"takes whole numbers, a range or text, not {type(value).__name__}")
    if value < 0:
        raise _refused(operation, "has a number below 0 in it, which is no id")
    try:
        return str(value)
    except ValueError:
        raise _refused(operation, "has a number with more digits than Python turns into text") from None


def _refused(operation: Operation[Any], why: str) -> UsageError:
    return UsageError(f"the set of ids {why}", operation=operation.id, method=operation.method)
