"""A whole answer, for those who want more than its value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


def header_of(headers: Sequence[tuple[str, str]], name: str) -> str | None:
    """Returns the first header of that name, in any case of letters, or None."""
    return next((value for key, value in headers if key.lower() == name.lower()), None)


def media_type_of(headers: Sequence[tuple[str, str]]) -> str:
    """Returns the media type of a body in lower case, without its parameters; empty when there is none."""
    return (header_of(headers, "content-type") or "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Response(Generic[T]):
    """One successful answer: `value` decoded, `content` as it came in bytes.

    `url` has `***` in the place of secrets, `elapsed` is in seconds, `attempts` counts the requests it took.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes
    value: T
    operation: str
    method: str
    url: str
    elapsed: float
    attempts: int

    def header(self, name: str) -> str | None:
        """Returns the first header of that name, in any case of letters, or None."""
        return header_of(self.headers, name)

    def __repr__(self) -> str:
        return f"<Response {self.status} of {self.operation}>"
