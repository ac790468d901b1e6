"""Checks of values: the query is never refused, and a new principal is read more kindly than the document has it."""

from __future__ import annotations

from mailwright.mock.json_value import Json, as_list, as_object
from mailwright.mock.packs.stalwart.principals import LISTS, TEXTS, TYPES

_LONGEST = 512
_KNOWN = {"id", "type", "quota", "usedQuota", *TEXTS, *LISTS}


def anything(name: str, value: Json) -> list[str]:
    """Takes every value."""
    return []


def new_principal(name: str, value: Json) -> list[str]:
    """Takes a principal whose type is left out, and one text for a list; refuses keys that are not known."""
    fields = as_object(value)
    if fields is None:
        return ["a principal is an object"]
    if not isinstance(fields.get("name"), str):
        return ["name is missing"]
    found = [f"there is no field {each}" for each in fields if each not in _KNOWN]
    if fields.get("type", "individual") not in TYPES:
        found.append("there is no such type")
    for each in TEXTS:
        if not isinstance(fields.get(each), str | None):
            found.append(f"{each} is no text")
    for each, held in fields.items():
        texts = as_list(held) or [held]
        if any(isinstance(one, str) and len(one.encode()) > _LONGEST for one in texts):
            found.append(f"{each} is too long")
    return found


def items_to_restore(name: str, value: Json) -> list[str]:
    """Takes null as well, which means all there is."""
    if value is None:
        return []
    items = as_list(value)
    if items is None:
        return ["the items are no list"]
    wanted = ("hash", "collection", "restoreTime")
    fields = [as_object(each) or {} for each in items]
    return [f"{each} is missing" for each in wanted if not all(isinstance(item.get(each), str) for item in fields)]


FORMATS = {"any": anything, "principal": new_principal, "restore": items_to_restore}
