"""Turns a request body into JSON, and refuses what JSON cannot say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import cast

import msgspec

from mailwright.runtime.errors import UsageError
from mailwright.runtime.models import UNSET, secret_fields
from mailwright.runtime.nones import with_words

_ENCODER = msgspec.json.Encoder()
_TOO_DEEP = "the body is nested too deeply, or holds itself"


def encode(body: object) -> bytes | None:
    """Returns the body as JSON, or None when it is `UNSET`.

    Raises `UsageError` for NaN and infinities (msgspec would send null), lone surrogates, bytes, a circle, and types
    that JSON does not have.
    """
    if body is UNSET:
        return None
    try:
        _check(body, "$")
        return _ENCODER.encode(with_words(body))
    except RecursionError:
        raise UsageError(_TOO_DEEP) from None
    except (TypeError, ValueError, OverflowError, msgspec.MsgspecError) as error:
        raise UsageError(f"the body cannot be sent as JSON: {error}") from None


def secrets_of(body: object) -> set[str]:
    """Returns the strings in the body's secret fields, however deep; raises `UsageError` for a circle."""
    try:
        return set(_secrets(body, secret=False))
    except RecursionError:
        raise UsageError(_TOO_DEEP) from None


def _secrets(body: object, *, secret: bool) -> Iterator[str]:
    if isinstance(body, str):
        if secret:
            yield body
    elif isinstance(body, msgspec.Struct):
        hidden = secret_fields(type(body))
        for name in body.__struct_fields__:
            yield from _secrets(getattr(body, name), secret=secret or name in hidden)
    elif isinstance(body, (list, tuple)):
        for item in cast("list[object]", body):
            yield from _secrets(item, secret=secret)
    elif isinstance(body, Mapping):
        for item in cast("Mapping[object, object]", body).values():
            yield from _secrets(item, secret=secret)


def _check(value: object, place: str) -> None:
    if isinstance(value, float):
        if not isfinite(value):
            raise UsageError(f"the body has {value} at {place}, which JSON cannot say")
    elif isinstance(value, str):
        # isascii() spares nearly every string the encoding.
        if not value.isascii():
            _check_characters(value, place)
    elif isinstance(value, (bytes, bytearray, memoryview)):
        raise UsageError(f"the body has bytes at {place}, which JSON cannot say")
    elif isinstance(value, msgspec.Struct):
        for name, wire in zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True):
            _check(getattr(value, name), f"{place}.{wire}")
    elif isinstance(value, Mapping):
        for key, item in cast("Mapping[object, object]", value).items():
            if isinstance(key, str):
                _check_characters(key, place)
            _check(item, f"{place}.{key}")
    elif isinstance(value, (list, tuple, set, frozenset)):
        for index, item in enumerate(cast("list[object]", value)):
            _check(item, f"{place}[{index}]")


def _check_characters(text: str, place: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UsageError(f"the body has a lone surrogate at {place}, which is no character") from None
