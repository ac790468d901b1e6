"""Whether two JSON values mean the same under a schema: the one on the wire, and the one a client made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

from mailwright.contract.document import JSON, Document

Mode = Literal["request", "answer", "lax"]

_ABSENT = "(absent)"
_LEFT_OUT = "absent"
# Finer fractions of a second than this are lost: Python's datetime has no place for them.
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two values part."""

    place: str
    wanted: object
    got: object


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a schema and all its branches say together of one value."""

    properties: dict[str, list[JSON]]
    required: frozenset[str]
    items: list[JSON]
    extra: list[JSON]
    kept: bool
    instant: bool
    none: object
    lone: bool
    read_as: str
    empty: str

    def means_none(self, value: object, mode: Mode) -> bool:
        """Says whether an answer's value is the word for none, which a client reads as null."""
        return self.none is not None and mode != "request" and _same(self.none, value, instant=False)

    def reads_as_none(self, value: object, mode: Mode) -> bool:
        """Says whether the word for none may be made of an answer's value; laxly, of what stands for false as well."""
        lax = mode == "lax" and self.none is False and _reads_as(value, False)
        return lax or self.means_none(value, mode)


class Equality:
    """Compares by the schemas of one document.

    Numbers are equal by value and date-times as instants. Keys of an answer that the schema does not name may vanish,
    unless it says itself that there are more, null is absence where a property is optional, and so is the word for none
    of `x-none`. A lone text is a list of one where `x-list` says so. What `x-reads` tells of is equal as what it is
    read as, and what `x-empty` tells of as what is empty.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        # By the id of the list or the schema, which is safe because the list, and so the schema, is kept.
        self._shapes: dict[int, tuple[list[JSON], _Shape]] = {}
        self._roots: dict[int, list[JSON]] = {}

    def first_difference(
        self, schema: JSON, wanted: object, got: object, *, mode: Mode = "answer"
    ) -> Difference | None:
        """Gives the first difference.

        In a `request` every key counts and null is not absence. A `lax` answer may also hold a text that reads as the
        number or the truth that was due.
        """
        return next(self._compare(self._root(schema), wanted, got, "$", mode), None)

    def optional_properties(self, schema: JSON, value: object) -> Iterator[tuple[str, bool]]:
        """Yields each optional property of each object in a value, by place, and whether it is there."""
        return self._optional(self._root(schema), value, "$")

    def _compare(
        self, schemas: list[JSON], wanted: object, got: object, place: str, mode: Mode
    ) -> Iterator[Difference]:
        shape = self._shape(schemas)
        if shape.lone and mode != "request" and isinstance(wanted, str):
            wanted = [wanted]
        if shape.empty and mode != "request" and _says_empty(shape.empty, wanted):
            if got != ({} if shape.empty == "[]" else []):
                yield Difference(place, wanted, got)
        elif _are(dict, wanted, got):
            yield from self._objects(shape, cast("JSON", wanted), cast("JSON", got), place, mode)
        elif _are(list, wanted, got):
            left, right = cast("list[object]", wanted), cast("list[object]", got)
            if len(left) != len(right):
                yield Difference(f"{place}.length", len(left), len(right))
            for index, (one, other) in enumerate(zip(left, right, strict=False)):
                yield from self._compare(shape.items, one, other, f"{place}[{index}]", mode)
        elif not self._are_same(shape, wanted, got, mode):
            yield Difference(place, wanted, got)

    def _are_same(self, shape: _Shape, wanted: object, got: object, mode: Mode) -> bool:
        if got is None and shape.reads_as_none(wanted, mode):
            return True
        if shape.means_none(wanted, mode):
            return False
        if shape.read_as and mode != "request":
            return _is_read(shape.read_as, wanted, got)
        return _same(wanted, got, instant=shape.instant) or (mode == "lax" and _reads_as(wanted, got))

    def _objects(self, shape: _Shape, wanted: JSON, got: JSON, place: str, mode: Mode) -> Iterator[Difference]:
        left_out = {} if mode == "request" else {key: None for key in self._left_out(shape) if key not in wanted}
        for key, value in {**wanted, **left_out}.items():
            known = key in shape.properties
            if not (known or shape.kept or mode == "request"):
                continue
            # A key that the document does not name is part of the value, so that places stay few.
            below = f"{place}.{key}" if known else f"{place}.*"
            if key in got:
                yield from self._compare(shape.properties.get(key, shape.extra), value, got[key], below, mode)
            elif key in shape.required or not self._absent(shape, key, value, mode):
                yield Difference(below, value if known else {key: value}, _ABSENT)
        for key, value in got.items():
            counts = value is not None or key in shape.required or mode == "request"
            if key not in wanted and key not in left_out and counts:
                yield Difference(f"{place}.{key}", _ABSENT, value)

    def _absent(self, shape: _Shape, key: str, value: object, mode: Mode) -> bool:
        """Says whether an optional property with this value need not be there."""
        if key not in shape.properties or mode == "request" or self._shape(shape.properties[key]).empty == _LEFT_OUT:
            return False
        return value is None or self._shape(shape.properties[key]).reads_as_none(value, mode)

    def _left_out(self, shape: _Shape) -> Iterator[str]:
        """Yields the properties that are an empty list where they are left out."""
        for key, schemas in shape.properties.items():
            if self._shape(schemas).empty == _LEFT_OUT:
                yield key

    def _optional(self, schemas: list[JSON], value: object, place: str) -> Iterator[tuple[str, bool]]:
        shape = self._shape(schemas)
        if isinstance(value, dict):
            given = cast("JSON", value)
            for key, below in shape.properties.items():
                if key not in shape.required:
                    yield f"{place}.{key}", key in given
                if key in given:
                    yield from self._optional(below, given[key], f"{place}.{key}")
        elif isinstance(value, list):
            for item in cast("list[object]", value):
                yield from self._optional(shape.items, item, f"{place}[]")

    def _shape(self, schemas: list[JSON]) -> _Shape:
        known = self._shapes.get(id(schemas))
        if known is None:
            known = self._shapes[id(schemas)] = schemas, self._read(schemas)
        return known[1]

    def _root(self, schema: JSON) -> list[JSON]:
        return self._roots.setdefault(id(schema), [schema])

    def _read(self, schemas: list[JSON]) -> _Shape:
        branches = list(self._branches(schemas))
        properties: dict[str, list[JSON]] = {}
        for branch in branches:
            for key, schema in branch.get("properties", {}).items():
                properties.setdefault(key, []).append(schema)
        required = [frozenset[str](each.get("required", ())) for each in branches if "properties" in each]
        return _Shape(
            properties=properties,
            required=_in_all(required),
            items=[
                *(each["items"] for each in branches if isinstance(each.get("items"), dict)),
                *(item for each in branches for item in each.get("prefixItems", ())),
            ],
            extra=[
                each["additionalProperties"] for each in branches if isinstance(each.get("additionalProperties"), dict)
            ],
            # Without any schema all of a value counts; else only what the schema calls its own.
            kept=not branches or any(each.get("additionalProperties") not in (None, False) for each in branches),
            instant=any(each.get("format") == "date-time" for each in branches),
            read_as=next((str(each["x-reads"]) for each in branches if "x-reads" in each), ""),
            none=next((each["x-none"] for each in branches if "x-none" in each), None),
            lone=any("x-list" in each for each in branches),
            empty=next((str(each["x-empty"]) for each in branches if "x-empty" in each), ""),
        )

    def _branches(self, schemas: list[JSON]) -> Iterator[JSON]:
        for schema in map(self._document.resolve, schemas):
            if schema:
                yield schema
            for word in ("anyOf", "oneOf", "allOf"):
                yield from self._branches(schema.get(word, []))


def _says_empty(word: str, wanted: object) -> bool:
    """Says whether an answer's value, None where there is none, is the word for empty."""
    return wanted is None if word == _LEFT_OUT else wanted == []


def _in_all(names: list[frozenset[str]]) -> frozenset[str]:
    common = names[0] if names else frozenset[str]()
    for each in names:
        common &= each
    return common


def _is_read(kind: str, wanted: object, got: object) -> bool:
    """Says whether `got` is what a number or a text is read as, a boolean or an integer: exactly, however large."""
    if kind == "boolean":
        return isinstance(got, bool) and _reads_as(wanted, got)
    if isinstance(got, bool) or not isinstance(got, int):
        return _same(wanted, got, instant=False)
    return str(wanted) == str(got)


def _are(kind: type[object], wanted: object, got: object) -> bool:
    return isinstance(wanted, kind) and isinstance(got, kind)


def _same(wanted: object, got: object, *, instant: bool) -> bool:
    if isinstance(wanted, bool) or isinstance(got, bool):
        return wanted is got
    if isinstance(wanted, str) and isinstance(got, str):
        return wanted == got or (instant and same_instant(wanted, got))
    return wanted == got


def same_instant(wanted: str, got: str) -> bool:
    """Says whether two texts name the same moment, however they are spelled."""
    try:
        return abs(_instant(wanted) - _instant(got)) <= _TICK
    except (ValueError, TypeError, OverflowError):
        return False


def _instant(text: str) -> datetime:
    # RFC 3339 allows small letters, Python does not.
    return datetime.fromisoformat(text.upper())


def _reads_as(wanted: object, got: object) -> bool:
    """What the lax second try of a client may make of a value: `"1"` for 1, 1 for true, `"null"` for null."""
    if got is None:
        return isinstance(wanted, str) and wanted.lower() == "null"
    if isinstance(got, bool):
        words = ("true", "1") if got else ("false", "0")
        return str(wanted).lower() in words
    if isinstance(got, (int, float)) and isinstance(wanted, (int, float, str)):
        try:
            return float(wanted) == float(got) and (isinstance(got, float) or int(float(wanted)) == got)
        except (ValueError, OverflowError):
            return False
    if isinstance(got, str) and isinstance(wanted, (int, float, str)):
        try:
            return abs(_instant(got).timestamp() - float(wanted)) < 1e-3
        except (ValueError, OverflowError):
            return False
    return False
