"""How Stalwart says in its own JSON that something failed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from mailwright.contract.document import JSON
from mailwright.contract.told import Told

# To these answers the client adds what may be meant.
_EXPLAINED = (402, 404)


def told(body: object, status: int) -> Told:
    """Reads a body: `data` is a success, `error` a failure of management, and at 400 and more it is a problem."""
    given = cast("JSON", body) if isinstance(body, dict) else {}
    success = "data" in given and status < 400
    kind = _text(given.get("error"))
    if success or kind or status < 400:
        # The sentences for these are the client's own.
        return Told(
            success=success, error=bool(kind) and not success, code=None if success else kind or None, message=""
        )
    message = _text(given.get("detail")) or _text(given.get("title"))
    message = "" if status in _EXPLAINED else message
    return Told(success=False, error=True, code=_text(given.get("limit")) or None, message=message)


def broken(body: Any) -> Iterator[tuple[str, Any]]:
    """Yields successful answers made into failures, with a name for each."""
    good = cast("JSON", body) if isinstance(body, dict) else {}
    yield "data is missing", {key: value for key, value in good.items() if key != "data"}
    yield "a bare value", good.get("data")
    yield "a thing that is there", {"error": "fieldAlreadyExists", "field": "name", "value": "example.org"}
    yield "a field that is missing", {"error": "fieldMissing", "field": "name"}
    yield "a thing that is not there", {"error": "notFound", "item": "jane"}
    yield "a thing without a name that is not there", {"error": "notFound", "item": ""}
    yield "what is not supported", {"error": "unsupported", "details": "Enterprise feature"}
    yield "an assertion that failed", {"error": "assertFailed"}
    yield "another failure", {"error": "other", "details": "it failed", "reason": "disk full"}
    yield "another failure without a reason", {"error": "other", "details": "it failed", "reason": None}
    yield "a failure that nobody knows", {"error": "somethingNew"}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
