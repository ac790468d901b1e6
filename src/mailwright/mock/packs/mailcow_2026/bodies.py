"""How bodies of mailcow are read: attributes, items with attributes, or a bare list of items."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs

from mailwright.mock import json_value
from mailwright.mock.call import Answer, Call
from mailwright.mock.json_value import Json, JsonObject, as_list, as_object
from mailwright.mock.message import Request
from mailwright.mock.packs.mailcow_2026.envelope import NO_ATTRIBUTES, NO_JSON

_NUMBER = re.compile(r"\s*-?[0-9]{1,19}")
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Body:
    """What a write is given: the attributes, and the items as they came."""

    attributes: JsonObject
    items: Json


class Unreadable(Exception):
    """The body is none that the server can use; `answer` says so."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        super().__init__(str(answer.body))


def request_of(call: Call) -> Request:
    """The request of a call; packs that read bodies themselves always have it."""
    if call.request is None:
        raise LookupError(f"{call.operation.id} has no request")
    return call.request


def is_for_a_page(call: Call) -> bool:
    """Whether a browser asks, to show the answer as a page; the server serves no pages here."""
    return request_of(call).header("sec-fetch-dest") not in (None, "empty")


def read(call: Call, *, bare: bool) -> Body:
    """Reads the body of a write; where it is `bare`, all of it is the items.

    Raises:
        Unreadable: it is no JSON, or neither JSON nor a form.
    """
    request = request_of(call)
    if request.media_type == "application/x-www-form-urlencoded":
        return _read_form(request.content)
    if request.media_type != "application/json":
        raise Unreadable(NO_ATTRIBUTES)
    value = _decode(request.content)
    if bare:
        return Body({}, value)
    entries = as_object(value) or {}
    if "/edit/" in call.operation.path:
        return Body(as_object(entries.get("attr")) or {}, entries.get("items"))
    return Body(entries, None)


def listed(value: Json) -> list[Json]:
    """Items as a list, be they one, several, an object or absent."""
    if value is None:
        return []
    if (entries := as_object(value)) is not None:
        return list(entries.values())
    items = as_list(value)
    return [value] if items is None else items


def words(value: Json) -> list[str]:
    """Texts of a list, or of one text with separators."""
    items = as_list(value)
    if items is None:
        text = "" if value is None else str(value)
        for separator in ",;\n\r\t":
            text = text.replace(separator, " ")
        items = text.split(" ")
    return [each for each in (str(item).strip() for item in items) if each]


def number(value: Json) -> int:
    """A number as PHP casts it: what is none is 0, and what is too large the largest there is."""
    if isinstance(value, (bool, int, float)):
        return int(value) if abs(value) < _LARGEST else _LARGEST
    found = _NUMBER.match(str(value or ""))
    return min(_LARGEST, int(found[0])) if found else 0


def flag(value: Json) -> int:
    """0 or 1."""
    return 1 if number(value) else 0


def _decode(content: bytes) -> Json:
    try:
        value = json_value.read(content)
    except json_value.BadJson as error:
        raise Unreadable(NO_JSON) from error
    if value is None:
        raise Unreadable(NO_JSON)
    return value


def _read_form(content: bytes) -> Body:
    fields = parse_qs(content.decode("utf-8", "replace"), keep_blank_values=True)
    if "attr" not in fields and "items" not in fields:
        raise Unreadable(NO_ATTRIBUTES)
    attributes = as_object(_decode(fields["attr"][-1].encode())) if "attr" in fields else {}
    items = _decode(fields["items"][-1].encode()) if "items" in fields else None
    return Body(attributes or {}, items)
