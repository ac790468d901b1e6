"""The arguments of a call: parameters and body fields, decoded, joined and brought to their types.

Query and body are one namespace, as a server sees them that maps both onto its parameters. A path parameter belongs to
it too, unless a body field has its name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from mailwright.mock import json_value
from mailwright.mock.document import Operation, Value
from mailwright.mock.json_value import Json, JsonObject, as_list, as_object
from mailwright.mock.message import Request, is_json

_TRUE = frozenset({"true", "1", "yes", "on", "y"})
_FALSE = frozenset({"false", "0", "no", "off", "n"})
_INTEGER = re.compile(r"[+-]?\d{1,400}(?:\.0*)?")


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a call was given: path parameters, all known values by name, and the names of unknown fields in order."""

    path: JsonObject
    given: JsonObject
    unknown: tuple[str, ...] = field(default=())


class BadBody(Exception):
    """The body is not what its media type says, in the words of an old V8 and of a new one.

    `value` is JSON that was no object.
    """

    def __init__(self, message: str, modern: str = "", value: Json = None) -> None:
        self.modern = modern or message
        self.value = value
        super().__init__(message)


def read_arguments(operation: Operation, path: dict[str, str], request: Request, ignore: frozenset[str]) -> Arguments:
    """Reads what path, query and body give, the body winning over the query.

    `ignore` names query parameters that are not the operation's, such as an access token.

    Raises:
        BadBody: the body is not JSON though it says so, or is JSON but no object.
    """
    query: dict[str, list[str]] = defaultdict(list)
    for name, text in request.query:
        if name not in ignore:
            query[name].append(text)
    body = _read_body(request)
    names = {value.name for value in operation.values}
    elsewhere = {value.name for value in operation.values if value.place != "path"}
    given: JsonObject = {name: text for name, text in path.items() if name not in elsewhere}
    for value in operation.values:
        header = request.header(value.name) if f"header.{value.name}" in operation.plan.formats else None
        raw = None if value.place == "path" else _raw(value, query, body, operation.filled)
        if header and value.place == "header":
            raw = (header,)
        if raw is not None:
            given[value.name] = coerce(raw[0], value)
    known = {value.name: coerce(path[value.name], value) for value in operation.values if value.name in path}
    strange = [*(query if operation.closed or operation.shut else ()), *(body if operation.closed else ())]
    names |= operation.plan.takes
    return Arguments(known, given, tuple(name for name in strange if name not in names))


def coerce(raw: Json, value: Value) -> Json:
    """Brings one value to the type its schema asks for, where its text allows that."""
    if "array" in value.kinds:
        if isinstance(raw, str) and value.separator:
            raw = raw.split(value.separator) if raw else []
        items = as_list(raw)
        return raw if items is None else [_scalar(item, value.item_kinds) for item in items]
    return _scalar(raw, value.kinds)


def _raw(value: Value, query: dict[str, list[str]], body: JsonObject, filled: frozenset[str]) -> tuple[Json] | None:
    if value.name in body:
        return (body[value.name],)
    if value.name not in query:
        return None
    texts = query[value.name]
    # A key given twice is a list to the server, whatever it is meant to be.
    several = len(texts) > 1 or ("array" in value.kinds and not value.separator)
    if texts == [""] and value.place == "query" and value.name not in filled and value.kinds <= {"string", "array"}:
        return None
    return (texts,) if several and not value.separator else (value.separator.join(texts) or texts[0],)


def _scalar(raw: Json, kinds: frozenset[str]) -> Json:
    if isinstance(raw, float) and raw.is_integer() and "integer" in kinds:
        return int(raw)
    if isinstance(raw, str) and "string" not in kinds:
        if kinds & {"integer", "number"} and (number := _number(raw.strip())) is not None:
            return number
        if "boolean" in kinds and raw.lower() in _TRUE | _FALSE:
            return raw.lower() in _TRUE
    if isinstance(raw, int) and not isinstance(raw, bool) and "boolean" in kinds and not kinds & {"integer", "number"}:
        return bool(raw) if raw in (0, 1) else raw
    return raw


def _number(text: str) -> int | float | None:
    if _INTEGER.fullmatch(text):
        return int(text.split(".")[0])
    try:
        number = float(text)
    except ValueError:
        return None
    return number if number == number and abs(number) != float("inf") and "_" not in text else None


def _read_body(request: Request) -> JsonObject:
    if not request.content:
        return {}
    if request.media_type == "application/x-www-form-urlencoded":
        return _read_form(request.content)
    if not is_json(request.media_type):
        # Any other body is left alone, so its fields are simply not there.
        return {}
    try:
        value = json_value.read(request.content)
    except json_value.BadJson as error:
        raise BadBody(f"Invalid JSON: {error}", f"Invalid JSON: {error.modern}") from error
    entries = as_object(value)
    if entries is None:
        raise BadBody("Invalid JSON: the body is no object", value=value)
    return entries


def _read_form(content: bytes) -> JsonObject:
    fields: JsonObject = {}
    for name, text in parse_qsl(content.decode("utf-8", "replace"), keep_blank_values=True):
        if name in fields:
            fields[name] = [*(as_list(fields[name]) or [fields[name]]), text]
        else:
            fields[name] = text
    return fields
