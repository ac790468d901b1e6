"""Filters of 1.51: two objects, told in words as well."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from mailwright.mock.call import Call
from mailwright.mock.json_value import Json, JsonObject, as_object
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck.filters import SAID
from mailwright.mock.packs.wildduck_1_51.formats import meta_data
from mailwright.mock.packs.wildduck_1_51.log import log
from mailwright.mock.packs.wildduck_1_51.refusals import mailbox_missing

_HEADERS = ("from", "to", "subject", "listId")
_QUERY = (*_HEADERS, "text", "ha", "size")
_ACTION = ("seen", "flag", "delete", "spam", "targets", "mailbox")
_ALLOWED = 400


def prepare_filter(call: Call) -> None:
    """Brings both parts into one form; what is empty is left out, and takes away what was there."""
    before = call.record or {"query": {}, "action": {}}
    given = call.given
    query, action = as_object(given.get("query")) or {}, as_object(given.get("action")) or {}
    if action.get("mailbox") and _mailbox(call, action["mailbox"]) is None:
        raise mailbox_missing()
    given["query"] = _merged(_QUERY, before["query"], query)
    given["action"] = _merged(_ACTION, before["action"], action)
    given["newTargets"] = [
        each for each in action.get("targets") or () if each not in before["action"].get("targets", ())
    ]
    if "metaData" in given:
        given["metaData"] = meta_data(given["metaData"])
    if given.get("name") == "":
        del given["name"]


def note_filter(call: Call) -> None:
    """Notes new targets, and a new filter."""
    user, record = call.path["user"], call.subject
    for target in call.given["newTargets"]:
        log(call, user, "filter forward added", "success", target=target, filter=record["id"], protocol="API")
    if call.operation.plan.action == "create":
        log(call, user, "filter added", "success", filter=record["id"], protocol="API")


def show_filter(call: Call) -> None:
    """Tells a filter in words."""
    record, made = call.subject, call.made
    made["query"] = list(_told_query(record["query"]))
    made["action"] = list(_told_action(call, record["user"], record["action"]))
    made["more"] = {}
    if "metaData" in record and (call.given.get("metaData") or call.operation.plan.action != "list"):
        made["more"]["metaData"] = record["metaData"]
    if call.operation.id == "listAllFilters" and record["action"].get("targets"):
        made["more"]["targets"] = record["action"]["targets"]


def count_filters(call: Call) -> None:
    """Counts the filters of a user."""
    used = sum(1 for _ in call.state.all("filters", user=call.path["user"]))
    call.made["limits"] = {"allowed": _ALLOWED, "used": used}


def choose_filters(call: Call) -> None:
    """Finds filters that forward to addresses with a text in them."""
    text = call.given.get("forward")
    if text is not None:
        call.given["chosen"] = [
            each["id"]
            for each in call.state.all("filters")
            if any(str(text).lower() in target.lower() for target in each["action"].get("targets", ()))
        ]


def _merged(names: tuple[str, ...], before: JsonObject, given: JsonObject) -> JsonObject:
    merged: JsonObject = {}
    for name in names:
        if name in given:
            value = given[name]
            if value is None or value in ("", []) or (name == "size" and not value):
                continue
            merged[name] = (
                re.sub(r"\s+", " ", value) if isinstance(value, str) and name in (*_HEADERS, "text") else value
            )
        elif name in before:
            merged[name] = before[name]
    return merged


def _mailbox(call: Call, mailbox: str) -> JsonObject | None:
    return call.state.first("mailboxes", user=call.path["user"], id=mailbox)


def _told_query(query: JsonObject) -> Iterator[list[Json]]:
    for name in _HEADERS:
        if name in query:
            yield [name, f"({query[name]})"]
    if query.get("ha"):
        yield ["has attachment"]
    if "text" in query:
        yield ["text", f'"{query["text"]}"']
    if "size" in query:
        yield ["larger" if query["size"] > 0 else "smaller", abs(query["size"])]


def _told_action(call: Call, user: str, action: JsonObject) -> Iterator[list[str]]:
    for name, value in action.items():
        if name in SAID:
            yield [SAID[name][0 if value else 1]]
        elif name == "mailbox":
            mailbox = call.state.first("mailboxes", user=user, id=value)
            yield ["move to folder", f'"{mailbox["path"]}"' if mailbox else value]
        elif name == "targets":
            yield ["forward to", ", ".join(value)]


HOOKS: Mapping[str, Hook] = {
    "prepare_filter": prepare_filter,
    "note_filter": note_filter,
    "show_filter": show_filter,
    "count_filters": count_filters,
    "choose_filters": choose_filters,
}
