"""The router: from method and raw path to an operation, strictly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import unquote_to_bytes

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """An operation and the decoded values of its path parameters."""

    operation: T
    path: dict[str, str]


@dataclass(frozen=True, slots=True)
class WrongMethod:
    """The path is known, but not with this method; `allowed` are the ones that are, sorted."""

    allowed: tuple[str, ...]


class Router(Generic[T]):
    """Matches raw paths: segments are split before they are decoded, so `%2F` stays inside its segment.

    A trailing slash makes another path. A literal segment wins over a parameter.
    """

    def __init__(self) -> None:
        self._routes: list[tuple[list[str], str, T]] = []

    def add(self, method: str, template: str, operation: T) -> None:
        """Adds one operation under a template such as `/users/{user}`; a fragment tells apart those of one path."""
        self._routes.append((template.partition("#")[0].split("/"), method.upper(), operation))
        self._routes.sort(key=lambda route: [_is_parameter(part) for part in route[0]])

    def find(self, method: str, path: str, fits: Callable[[T], bool] = bool) -> Found[T] | WrongMethod | None:
        """Finds the operation, the methods that would have matched, or None for an unknown path.

        Of several operations under one template it is the first that `fits`, else the first.
        """
        segments = path.split("/")
        others: set[str] = set()
        found: list[tuple[list[str], Found[T]]] = []
        for parts, its_method, operation in self._routes:
            values = _match(parts, segments)
            if values is None:
                continue
            if its_method == method.upper():
                found.append((parts, Found(operation, values)))
            else:
                others.add(its_method)
        if not found:
            return WrongMethod(tuple(sorted(others))) if others else None
        (best, first), *_ = found
        alike = [each for parts, each in found if parts == best]
        return next((each for each in alike if fits(each.operation)), first)


def _is_parameter(part: str) -> bool:
    return part.startswith("{") and part.endswith("}")


def _match(parts: list[str], segments: list[str]) -> dict[str, str] | None:
    if len(parts) != len(segments):
        return None
    values: dict[str, str] = {}
    for part, segment in zip(parts, segments, strict=True):
        # Bytes that are no UTF-8 become U+FFFD: no id has one, so they meet the same answer as any wrong id.
        text = unquote_to_bytes(segment).decode("utf-8", "replace")
        if not _is_parameter(part):
            if text != part:
                return None
        elif text:
            values[part[1:-1]] = text
        else:
            return None
    return values
