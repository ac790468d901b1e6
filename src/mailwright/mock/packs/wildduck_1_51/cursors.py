"""Cursors of WildDuck 1.51: those of old, as a text, together with the number of the page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailwright.mock import json_value
from mailwright.mock.json_value import Json, as_list, as_object
from mailwright.mock.packs import BadCursor
from mailwright.mock.packs.wildduck.cursors import decode, encode

_ID = re.compile("[0-9a-f]{24}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z")


def write_cursor(place: Sequence[Json], page: int) -> str:
    """The cursor for a place and the page it leads to."""
    keys = [_told(key) for key in place[:-1]] + [{"$oid": place[-1]}]
    inner = keys if len(keys) > 1 else keys[0]
    return encode([json_value.write(inner).decode(), page])


def read_cursor(cursor: str) -> list[Json]:
    """The place that a cursor stands for.

    Raises:
        BadCursor: it is not one of these.
    """
    value = (as_list(decode(cursor)) or [None])[0]
    if not isinstance(value, str):
        raise BadCursor("no place")
    try:
        inner = json_value.read(value.encode())
    except ValueError as error:
        raise BadCursor(str(error)) from error
    *rest, last = as_list(inner) or [inner]
    record_id = last if isinstance(last, str) else (as_object(last) or {}).get("$oid")
    if not isinstance(record_id, str) or not _ID.fullmatch(record_id):
        raise BadCursor("no object id")
    return [*map(_meant, rest), record_id]


def cursor_page(cursor: str) -> int:
    """The number of the page that a cursor leads to; 1 where it says none."""
    parts = as_list(decode(cursor)) or []
    return parts[1] if len(parts) > 1 and isinstance(parts[1], int) and not isinstance(parts[1], bool) else 1


def _told(key: Json) -> Json:
    return {"$date": key} if isinstance(key, str) and _TIME.fullmatch(key) else key


def _meant(key: Json) -> Json:
    return (as_object(key) or {}).get("$date", key)
