"""How Stalwart reads the query: what is empty is not there, and what cannot be read is ignored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar

from mailwright.mock.call import Call
from mailwright.mock.json_value import Json, JsonObject, as_list

T = TypeVar("T")


def text(call: Call, name: str) -> str:
    """A text of the query, empty where it is not there."""
    value = call.given.get(name)
    if isinstance(value, bool):
        return "true" if value else "false"
    items = as_list(value)
    return ",".join(map(str, items)) if items is not None else "" if value is None else str(value)


def words(call: Call, name: str) -> list[str]:
    """The parts of a text between commas."""
    return [part for part in text(call, name).split(",") if part]


def flag(call: Call, name: str) -> bool:
    """Whether a flag is there: any text but an empty one is yes."""
    return bool(text(call, name))


def number(call: Call, name: str, otherwise: int = 0) -> int:
    """A whole number of the query."""
    value = text(call, name)
    return int(value) if value.isascii() and value.isdigit() else otherwise


def moment(call: Call, name: str) -> datetime | None:
    """A time of the query, or None."""
    return read_time(text(call, name))


def future(call: Call, name: str) -> datetime | None:
    """A time of the query that is still to come, or None."""
    found = moment(call, name)
    return found if found is not None and found >= call.now.replace(microsecond=0) else None


def read_time(value: str) -> datetime | None:
    """A time as RFC 3339 has it; None for any other text."""
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def written(found: datetime) -> str:
    """A time as answers have it."""
    return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def page(call: Call, items: Sequence[T]) -> list[T]:
    """The page that is asked for: counted from 1, all of it where there is no limit."""
    limit = number(call, "limit")
    start = max(number(call, "page") - 1, 0) * limit
    return list(items[start : start + limit] if limit else items)


def paged(call: Call, items: Sequence[Json], **more: Json) -> JsonObject:
    """One page and how many there are; `max-total` ends the search early."""
    most = number(call, "max-total")
    found = list(items[:most] if most else items)
    return {"items": page(call, found), "total": len(found), **more}
