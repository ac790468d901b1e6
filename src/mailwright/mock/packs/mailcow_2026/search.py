"""Search in domains and mailboxes, a page at a time, as the tables of the web interface ask for it.

A column is a number, that of its place in `columns`; a number that the table does not have stands for the name. What is
looked for is found in the columns that the request calls searchable, and everything where it calls none so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mailwright.mock.call import Answer, Call
from mailwright.mock.json_value import Json, JsonObject, as_list, as_object
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026 import callers
from mailwright.mock.packs.mailcow_2026.bodies import Unreadable, is_for_a_page, number, read
from mailwright.mock.packs.mailcow_2026.domains import all_domains
from mailwright.mock.packs.mailcow_2026.envelope import DENIED, NO_PAGE, NO_SUCH_KEY
from mailwright.mock.packs.mailcow_2026.mailboxes import all_mailboxes
from mailwright.mock.packs.mailcow_2026.store import MIB
from mailwright.mock.state import State

# By the number of a column, the field that it is sorted by; the first is the name.
_OF_DOMAIN = {
    2: "domain_name",
    3: "aliases_in_domain",
    4: "mboxes_in_domain",
    5: "quota_used_in_domain",
    6: "bytes_total",
    7: "def_quota_for_mbox",
    8: "max_quota_for_mbox",
    10: "backupmx",
    14: "tags",
    15: "active",
}
_OF_MAILBOX = {2: "username", 3: "quota", 6: "percent_in_use", 7: "name", 20: "messages", 23: "tags", 24: "active"}
# Search looks at what is stored: limits and not counts, those of domains in MiB.
_LIMITS = {
    "aliases_in_domain": ("max_num_aliases_for_domain", 1),
    "mboxes_in_domain": ("max_num_mboxes_for_domain", 1),
    "quota_used_in_domain": ("max_quota_for_domain", MIB),
    "def_quota_for_mbox": ("def_quota_for_mbox", MIB),
    "max_quota_for_mbox": ("max_quota_for_mbox", MIB),
}


def _search(everything: Callable[[State], list[JsonObject]], fields: Mapping[int, str]) -> Hook:
    name = fields[2]

    def hook(call: Call) -> None:
        if is_for_a_page(call):
            call.answer = NO_PAGE
            return
        if call.caller.role in (callers.UNKNOWN, callers.NOBODY):
            call.answer = NO_SUCH_KEY if call.caller.role == callers.UNKNOWN else DENIED
            return
        try:
            asked = read(call, bare=False).attributes
        except Unreadable as unreadable:
            call.answer = unreadable.answer
            return
        found = sorted(everything(call.state), key=lambda each: str(each[name]))
        columns = [as_object(each) or {} for each in as_list(asked.get("columns")) or []]
        text = str((as_object(asked.get("search")) or {}).get("value") or "").lower()
        wanted = [fields.get(place, name) for place, each in enumerate(columns) if _is_on(each, "searchable")]
        matching = [each for each in found if any(text in _shown(each, field) for field in wanted)] if wanted else found
        for order in reversed(as_list(asked.get("order")) or []):
            _sort(matching, as_object(order) or {}, columns, fields)
        start, size = max(0, number(asked.get("start"))), number(asked.get("length", len(found)))
        page: Json = matching[start:] if size < 0 else matching[start : start + size]
        total, filtered = len(found), len(matching)
        call.answer = Answer(
            {"draw": number(asked.get("draw")), "recordsTotal": total, "recordsFiltered": filtered, "data": page}
        )

    return hook


def _is_on(column: JsonObject, name: str) -> bool:
    return column.get(name) in (True, "true")


def _shown(item: JsonObject, field: str) -> str:
    """The text of a field that search looks at, in lower case."""
    if field in _LIMITS:
        stored, unit = _LIMITS[field]
        return str(item[stored] // unit)
    value = item.get(field, "")
    tags = as_list(value)
    return (str(value) if tags is None else "\n".join(map(str, tags))).lower()


def _sort(items: list[JsonObject], order: JsonObject, columns: list[JsonObject], fields: Mapping[int, str]) -> None:
    place = number(order.get("column"))
    if place >= len(columns) or not _is_on(columns[place], "orderable"):
        return
    field = fields.get(place, fields[2])

    def key(item: JsonObject) -> tuple[float, Any]:
        value: Any = item.get(field)
        # Numbers in text are numbers, what has no limit is less than what has one.
        return (number(value), "") if field not in (fields[2], "name", "tags") else (0, str(value or "").lower())

    items.sort(key=key, reverse=order.get("dir") != "asc")


HOOKS: dict[str, Hook] = {
    "search_domains": _search(all_domains, _OF_DOMAIN),
    "search_mailboxes": _search(all_mailboxes, _OF_MAILBOX),
}
