"""Turns Python arguments into path segments, query parameters and header values, and refuses what cannot be sent."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from math import isfinite
from typing import cast
from urllib.parse import quote

from mailwright.runtime.errors import UsageError
from mailwright.runtime.models import UNSET

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# What h11 refuses too; a tab inside a value is allowed.
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def path_of(template: str, arguments: Sequence[object]) -> str:
    """Returns the path with each `{}` replaced by one quoted argument.

    Raises `UsageError` for a wrong number of arguments, for anything but str and int, and for a segment that a server
    or a proxy would read as another path: empty, `.`, `..`, or with NUL.
    """
    pieces = template.split("{}")
    if len(pieces) - 1 != len(arguments):
        raise UsageError(f"{template} takes {len(pieces) - 1} path arguments, not {len(arguments)}")
    path = pieces[0]
    for number, (argument, rest) in enumerate(zip(arguments, pieces[1:], strict=True), start=1):
        path += _segment(f"path argument {number} of {template}", argument) + rest
    return path


def query_pairs(query: Mapping[str, object], csv: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yields the query parameters to send, in order, not quoted.

    `UNSET`, `None`, the empty string and the empty list are not sent. Raises `UsageError` for what has no text form.
    """
    for name, value in query.items():
        if value is UNSET or value is None or value == "":
            continue
        place = f"query parameter {name}"
        if isinstance(value, (list, tuple)):
            items = [_item(place, item) for item in cast("Sequence[object]", value)]
            if name in csv:
                if any("," in item for item in items):
                    raise UsageError(f"{place} has an item with a comma, which separates items there")
                items = [",".join(items)] if items else []
            yield from ((name, item) for item in items)
        else:
            yield name, _text(place, value)


def header_pairs(headers: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yields the headers to send; `UNSET` and `None` are not sent.

    Raises `UsageError` for a name or a value that would not arrive as it is.
    """
    for name, value in headers.items():
        if value is UNSET or value is None:
            continue
        if not _TOKEN.fullmatch(name):
            raise UsageError(f"{name!r} is not a header name")
        place = f"header {name}"
        yield name, header_value(place, _text(place, value))


def header_value(place: str, value: str) -> str:
    """Returns the value, if a header can carry it: Latin-1, no control characters, no blanks around it."""
    if _CONTROL.search(value):
        raise UsageError(f"{place} has a line break, NUL or another control character")
    if value != value.strip(" \t"):
        raise UsageError(f"{place} has blanks around it")
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        raise UsageError(f"{place} has a character outside Latin-1") from None
    return value


def query_text(place: str, value: str) -> str:
    """Returns the value quoted for a query; raises `UsageError` for a lone surrogate."""
    try:
        return quote(value, safe="")
    except UnicodeEncodeError:
        raise UsageError(f"{place} has a lone surrogate, which is no character") from None


def _segment(place: str, argument: object) -> str:
    if isinstance(argument, bool) or not isinstance(argument, (str, int)):
        raise UsageError(f"{place} must be a str or an int, not {type(argument).__name__}")
    text = argument if isinstance(argument, str) else _digits(place, argument)
    if text in ("", ".", ".."):
        raise UsageError(f"{place} must not be {text!r}, which names another path")
    if "\0" in text:
        raise UsageError(f"{place} must not hold NUL")
    return query_text(place, text)


def _item(place: str, item: object) -> str:
    if item is UNSET or item is None or item == "":
        raise UsageError(f"{place} has an empty item")
    return _text(place, item)


def _text(place: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return _digits(place, value)
    if isinstance(value, float):
        if not isfinite(value):
            raise UsageError(f"{place} is {value}, which has no place in a request")
        return repr(value)
    if isinstance(value, date):
        return value.isoformat()
    raise UsageError(f"{place} cannot be sent: {type(value).__name__} has no text form")


def _digits(place: str, number: int) -> str:
    try:
        return str(number)
    except ValueError:
        raise UsageError(f"{place} has more digits than Python turns into text") from None
