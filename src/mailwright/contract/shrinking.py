"""Makes a JSON value smaller while it still shows the same fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

_BUDGET = 400


def shrink(value: Any, fails: Callable[[Any], bool], *, budget: int = _BUDGET) -> Any:
    """Gives the smallest value found for which `fails` holds; it is asked at most `budget` times."""
    left = budget
    progress = True
    while progress:
        progress = False
        for candidate in _smaller(value):
            if left == 0:
                return value
            left -= 1
            if fails(candidate):
                value, progress = candidate, True
                break
    return value


def _smaller(value: Any) -> Iterator[Any]:
    """Yields values that are smaller by one step, the boldest steps first."""
    if isinstance(value, dict):
        given = cast("dict[str, Any]", value)
        for key in given:
            yield {name: item for name, item in given.items() if name != key}
        for key in given:
            if not key.isidentifier() and "a" not in given:
                yield {"a" if name == key else name: item for name, item in given.items()}
        for key, item in given.items():
            for candidate in _smaller(item):
                yield {**given, key: candidate}
    elif isinstance(value, list):
        items = cast("list[object]", value)
        if len(items) > 1:
            yield items[: len(items) // 2]
            yield items[len(items) // 2 :]
        for index in range(len(items)):
            yield items[:index] + items[index + 1 :]
        for index, item in enumerate(items):
            for candidate in _smaller(item):
                yield [*items[:index], candidate, *items[index + 1 :]]
    elif isinstance(value, str):
        yield from _smaller_text(value)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield from (candidate for candidate in (0, 1, int(value) // 2) if abs(candidate) < abs(value))


def _smaller_text(text: str) -> Iterator[str]:
    if len(text) > 1:
        yield text[: len(text) // 2]
        yield text[len(text) // 2 :]
    if len(text) < 9:
        yield from (text[:index] + text[index + 1 :] for index in range(len(text)))
        yield from (f"{text[:i]}a{text[i + 1 :]}" for i, mark in enumerate(text) if mark not in "a0" and mark != "1")
