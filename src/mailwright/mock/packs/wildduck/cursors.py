"""Cursors of WildDuck: extended JSON of the sort keys in base64url, without padding."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence

from mailwright.mock import json_value
from mailwright.mock.json_value import Json, as_list, as_object
from mailwright.mock.packs import BadCursor

_ID = re.compile("[0-9a-f]{24}")


def write_cursor(place: Sequence[Json], _page: int) -> str:
    """The cursor for a place: the id alone where lists are sorted by it, else all keys."""
    last: Json = {"$oid": place[-1]}
    return encode([*place[:-1], last] if len(place) > 1 else last)


def read_cursor(cursor: str) -> list[Json]:
    """The place that a cursor stands for.

    Raises:
        BadCursor: it is not base64url of such extended JSON.
    """
    value = decode(cursor)
    keys = as_list(value)
    *rest, last = keys or [value]
    record_id = (as_object(last) or {}).get("$oid")
    if not isinstance(record_id, str) or not _ID.fullmatch(record_id):
        raise BadCursor("no object id")
    return [*rest, record_id]


def encode(value: Json) -> str:
    """JSON in base64url, without padding."""
    return base64.urlsafe_b64encode(json_value.write(value)).decode().rstrip("=")


def decode(cursor: str) -> Json:
    """The JSON that a cursor holds.

    Raises:
        BadCursor: it is not base64url of JSON.
    """
    try:
        content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        return json_value.read(content)
    except (binascii.Error, ValueError) as error:
        raise BadCursor(str(error)) from error
