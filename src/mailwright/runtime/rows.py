"""Turns the rows of a command into typed values: numbers that come as text, columns that only some requests have."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cache
from types import NoneType
from typing import Any, TypeVar, cast, get_args, get_origin

import msgspec

from mailwright.runtime.decoding import convert
from mailwright.runtime.errors import ResponseInvalid

T = TypeVar("T")

# How the server writes that a column of numbers has none.
_NO_NUMBER = ("-", "")
_ROWS = "$[0][1]"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a Struct: its name in Python and on the wire, and what is in it."""

    name: str
    wire: str
    required: bool
    is_list: bool
    is_number: bool


@cache
def fields_of(kind: Hashable) -> tuple[Field, ...]:
    """Lists the fields of a Struct; none for anything else, such as a map, which takes rows as they are."""
    if not isinstance(kind, type) or get_origin(kind) is not None or not issubclass(kind, msgspec.Struct):
        return ()
    found: list[Field] = []
    for field in msgspec.structs.fields(kind):
        arms = get_args(field.type) if get_origin(field.type) is not list else (field.type,)
        kinds = {get_origin(arm) or arm for arm in (arms or (field.type,))}
        is_number = bool(kinds & {int, float}) and not kinds & {str, bool}
        found.append(Field(field.name, field.encode_name, field.required, list in kinds, is_number))
    return tuple(found)


def value_of(parts: Sequence[msgspec.Raw], result: type[T], rest: str, content: bytes) -> T:
    """Returns the value of what stands between kind and tag: rows, or one object.

    Dovecot 2.3 may write more than one part where one list of all rows is due. Columns that the Struct lacks go to its
    field `rest`. Raises `ResponseInvalid` when they do not fit.
    """
    rows = _rows([_json(part, content) for part in parts])
    is_list = get_origin(result) is list
    items = cast("list[object]", rows) if _is_list(rows) else [rows]
    if result is NoneType:
        # There is nothing in them to read, whatever a newer server may tell.
        if items is not rows:
            raise ResponseInvalid("the answer has no rows", place=_ROWS, content=content)
        return cast("T", None)
    shape = _shape(cast("Hashable", get_args(result)[0] if is_list else result), rest)
    for row in items:
        if isinstance(row, dict):
            shape.fit(cast("dict[str, Any]", row))
    return convert(rows, result, content, _ROWS)


def _is_list(rows: object) -> bool:
    return isinstance(rows, list)


def _rows(parts: list[object]) -> object:
    if len(parts) == 1:
        return parts[0]
    rows: list[object] = []
    for part in parts:
        rows += cast("list[object]", part) if isinstance(part, list) else [part]
    return rows


def _json(part: msgspec.Raw, content: bytes) -> object:
    try:
        return msgspec.json.decode(part)
    except (ValueError, RecursionError) as error:
        raise ResponseInvalid(f"the rows cannot be read: {error}", place=_ROWS, content=content) from None


@dataclass(frozen=True, slots=True)
class _Shape:
    """What has to be done to a row before it fits its Struct."""

    known: frozenset[str]
    numbers: tuple[str, ...]
    rest: str

    def fit(self, row: dict[str, Any]) -> None:
        """Changes a row in place."""
        for name in self.numbers:
            if row.get(name) in _NO_NUMBER:
                row[name] = None
        if self.rest:
            others = {name: row.pop(name) for name in [*row] if name not in self.known}
            row[self.rest] = others


@cache
def _shape(kind: Hashable, rest: str) -> _Shape:
    fields = fields_of(kind)
    return _Shape(
        frozenset(field.wire for field in fields if field.name != rest),
        tuple(field.wire for field in fields if field.is_number),
        rest,
    )
