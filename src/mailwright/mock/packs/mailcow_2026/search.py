"""Search in domains and mailboxes, a page at a time."""

from __future__ import annotations

from collections.abc import Callable

from mailwright.mock.call import Answer, Call
from mailwright.mock.json_value import Json, JsonObject, as_list, as_object
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026 import callers
from mailwright.mock.packs.mailcow_2026.bodies import Unreadable, is_for_a_page, number, read
from mailwright.mock.packs.mailcow_2026.domains import all_domains
from mailwright.mock.packs.mailcow_2026.envelope import DENIED, NO_PAGE, NO_SUCH_KEY
from mailwright.mock.packs.mailcow_2026.mailboxes import all_mailboxes
from mailwright.mock.state import State


def _search(everything: Callable[[State], list[JsonObject]], names: tuple[str, ...]) -> Hook:
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
        found = everything(call.state)
        text = str((as_object(asked.get("search")) or {}).get("value") or "").lower()
        matching = [each for each in found if any(text in str(each[name]).lower() for name in names)]
        first = as_object((as_list(asked.get("order")) or [{}])[0]) or {}
        matching = matching[::-1] if first.get("dir") == "desc" else matching
        start, size = max(0, number(asked.get("start"))), number(asked.get("length", len(found)))
        page: Json = matching[start:] if size < 0 else matching[start : start + size]
        total, filtered = len(found), len(matching)
        call.answer = Answer(
            {"draw": number(asked.get("draw")), "recordsTotal": total, "recordsFiltered": filtered, "data": page}
        )

    return hook


HOOKS: dict[str, Hook] = {
    "search_domains": _search(all_domains, ("domain_name", "description")),
    "search_mailboxes": _search(all_mailboxes, ("username", "name")),
}
