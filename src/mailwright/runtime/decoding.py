"""Turns bytes into typed values, and every way that can fail into `ResponseInvalid`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isfinite
from typing import TypeVar, cast

import msgspec

from mailwright.runtime.errors import ResponseInvalid

T = TypeVar("T")

_PLACE = re.compile(r"^(?P<cause>.*) - at `(?P<place>.*)`$", re.DOTALL)
_TRUNCATED = "Input data was truncated"
# What strings must hold for the lax decoder to make NaN or an infinity of one; it knows escapes as well.
_MAY_NOT_BE_FINITE = re.compile(rb"nan|inf|\\u", re.IGNORECASE)
# ValueError: msgspec's own errors, bad UTF-8, and digits beyond Python's limit for an int.
_FAILURES = (ValueError, OverflowError, RecursionError)


def decode(content: bytes, decoder: msgspec.json.Decoder[T], lax: msgspec.json.Decoder[T] | None = None) -> T:
    """Returns the value of a JSON body; what does not fit is read once more with the lax decoder.

    Raises `ResponseInvalid` with the place in the body, and with `content`.
    """
    try:
        # msgspec checks the strings it keeps; the others must be UTF-8 as well.
        if not content.isascii():
            content.decode()
        return decoder.decode(content)
    except msgspec.ValidationError as error:
        failure: Exception = error
    except _FAILURES as error:
        raise _invalid(error, content) from None
    if lax is not None:
        try:
            value = lax.decode(content)
            if not _MAY_NOT_BE_FINITE.search(content) or _is_finite(value):
                return value
        except _FAILURES as error:
            failure = error
    raise _invalid(failure, content)


def convert(value: object, kind: type[T], content: bytes, place: str) -> T:
    """Returns JSON data that is decoded already as a typed value, text read as the number that is due.

    Raises `ResponseInvalid` with the place below `place`, and with `content`.
    """
    try:
        typed = msgspec.convert(value, kind, strict=False)
        if not _MAY_NOT_BE_FINITE.search(content) or _is_finite(typed):
            return typed
        failure: Exception = msgspec.ValidationError("Expected a finite number")
    except _FAILURES as error:
        failure = error
    raise _invalid(failure, content, place)


def _is_finite(value: object) -> bool:
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, msgspec.Struct):
        return all(_is_finite(getattr(value, name)) for name in value.__struct_fields__)
    if isinstance(value, (list, tuple)):
        return all(map(_is_finite, cast("list[object]", value)))
    if isinstance(value, Mapping):
        return all(map(_is_finite, cast("Mapping[object, object]", value).values()))
    return True


def _invalid(error: Exception, content: bytes, root: str = "$") -> ResponseInvalid:
    text, place = str(error), ""
    if isinstance(error, RecursionError):
        text = "the JSON in the body is nested too deeply"
    elif isinstance(error, UnicodeDecodeError):
        text = f"the body is not UTF-8 (byte {error.start})"
    elif isinstance(error, msgspec.ValidationError):
        if found := _PLACE.match(text):
            text, place = found["cause"], root + found["place"].removeprefix("$")
        else:
            place = root
        text = f"the answer does not fit the API at {place}: {text[:1].lower()}{text[1:]}"
    elif text == _TRUNCATED:
        text = f"the JSON in the body is cut off or malformed ({len(content)} bytes came)"
    else:
        text = f"the body is not JSON: {text.removeprefix('JSON is malformed: ')}"
    return ResponseInvalid(text, place=place, content=content)
