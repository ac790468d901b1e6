"""The body of an operation that acts on several things, taken apart into arguments and put together again.

Such a body is a list of items, or an object of that list and of what is done to each of them. A client sends one item
in it, and a request for each of several.
"""

from __future__ import annotations

from typing import Any, cast

from mailwright.contract.document import JSON, Document

_ITEMS, _EACH = "items", "attr"


def apart(body: Any) -> JSON | None:
    """Gives the values of a body by the wire names of their arguments, `attr.quota`; None where it is no such body."""
    if isinstance(body, list):
        return {_ITEMS: body}
    if not isinstance(body, dict):
        return None
    whole = cast("JSON", body)
    each = whole.get(_EACH)
    if _ITEMS not in whole or (_EACH in whole and not isinstance(each, dict)):
        return None
    inner = {f"{_EACH}.{name}": value for name, value in cast("JSON", each or {}).items()}
    return {**{name: value for name, value in whole.items() if name != _EACH}, **inner}


def items_of(body: Any) -> list[Any]:
    """Gives the items of a body."""
    return cast("list[Any]", (apart(body) or {}).get(_ITEMS) or [])


def put(body: Any, wire: str, value: Any) -> Any:
    """Gives a copy of a body with another value for one argument; for the items, of a body with this one item."""
    if isinstance(body, list):
        return [value]
    whole = cast("JSON", body)
    if wire == _ITEMS:
        return {**whole, _ITEMS: [value]}
    return {**whole, _EACH: {**whole[_EACH], wire.removeprefix(f"{_EACH}."): value}}


def schema_of(document: Document, body: JSON, wire: str) -> JSON | None:
    """Gives the schema of one argument; for the items, that of an item."""
    whole = document.resolve(body)
    properties: dict[str, JSON] = whole.get("properties", {})
    if wire == _ITEMS:
        listed: JSON = document.resolve(properties.get(_ITEMS, whole))
        return listed.get("items")
    inner: dict[str, JSON] = document.resolve(properties.get(_EACH, {})).get("properties", {})
    return inner.get(wire.removeprefix(f"{_EACH}."))
