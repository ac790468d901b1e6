"""Media types: which hold JSON, which a form, which events, and which are mere bytes to a client."""

from __future__ import annotations

import re

EVENTS = "text/event-stream"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# A range such as `image/*` names no kind that could be sent.
_CONCRETE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")


def essence(media_type: object) -> str:
    """Takes the parameters off a media type."""
    return str(media_type).partition(";")[0].strip().lower()


def is_json(media_type: object) -> bool:
    """Says whether a media type holds JSON."""
    kind = essence(media_type)
    return kind == "application/json" or kind.endswith("+json")


def is_bytes(media_type: object) -> bool:
    """Says whether a body of a media type is sent and received as bytes, whatever they mean."""
    kind = essence(media_type)
    known = is_json(kind) or kind == EVENTS or kind in FORMS or kind.startswith("multipart/")
    return _CONCRETE.fullmatch(kind) is not None and not known
