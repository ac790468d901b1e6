"""Search in 1.51: by fields, by any of them, or by a line in which people write what they look for."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping

from mailwright.mock.call import Call
from mailwright.mock.json_value import Json, JsonObject, as_object
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck_1_51.formats import tidy_time
from mailwright.mock.packs.wildduck_1_51.messages import choose
from mailwright.mock.packs.wildduck_1_51.refusals import user_missing
from mailwright.mock.packs.wildduck_1_51.store import bump, change_flags, copy_message, remove_message
from mailwright.mock.state import Record

_TERMS = ("query", "from", "to", "subject")


def prepare_search(call: Call) -> None:
    """Finds the messages that fit; the list then shows them in pages."""
    if call.state.get("users", call.path["user"]) is None:
        raise user_missing()
    call.given["found"] = [each["id"] for each in _find(call)]
    asked = call.given.get("query", call.given.get("q"))
    call.made.update({} if asked is None else {"query": asked})


def search_and_update(call: Call) -> None:
    """Changes what fits: the task that the server puts off is done at once."""
    action: JsonObject = as_object(call.given.get("action")) or {}
    changes: dict[str, bool] = {name: action[name] for name in ("seen", "flagged") if name in action}
    target = call.state.first("mailboxes", user=call.path["user"], id=action.get("moveTo"))
    for record in _find(call):
        if action.get("delete"):
            remove_message(call.state, record, call.now, archive=not record["draft"])
            continue
        if changes:
            change_flags(call.state, record, changes, call.now)
        if target is not None and target["id"] != record["mailbox"]:
            bump(target)
            remove_message(call.state, record, call.now)
            copy_message(call.state, target, record, call.now)
    call.made.update(existing=False, scheduled=call.state.chance.id())


def _find(call: Call) -> list[Record]:
    given = call.given
    wanted = {**given, **_line(str(given["q"]))} if given.get("q") else given
    any_of = as_object(wanted.get("or")) or {}
    any_of = any_of or {name: wanted[f"or.{name}"] for name in _TERMS if f"or.{name}" in wanted}
    found = call.state.all("messages", user=call.path["user"])
    if wanted.get("mailbox") and wanted.get("id"):
        found = iter(choose(call, str(wanted["id"]), mailbox=wanted["mailbox"]))
    return [each for each in found if _fits(each, wanted) and (not any_of or _fits_any(each, any_of))]


def _fits(record: Record, wanted: JsonObject) -> bool:
    searchable = any(wanted.get(name) for name in ("query", "seen", "unseen", "searchable"))
    checks = [
        not searchable or record["searchable"],
        not wanted.get("mailbox") or record["mailbox"] == wanted["mailbox"],
        not wanted.get("thread") or record["thread"] == wanted["thread"],
        not wanted.get("flagged") or record["flagged"],
        not wanted.get("attachments") or record["hasAttachments"],
        not wanted.get("unseen") or not record["seen"],
        not wanted.get("seen") or wanted.get("unseen") or record["seen"],
        not wanted.get("datestart") or record["idate"] >= str(tidy_time(wanted["datestart"])),
        not wanted.get("dateend") or record["idate"] <= str(tidy_time(wanted["dateend"])),
        not wanted.get("minSize") or record["size"] >= wanted["minSize"],
        not wanted.get("maxSize") or record["size"] <= wanted["maxSize"],
    ]
    return all(checks) and all(_has(record, name, wanted[name]) for name in _TERMS if wanted.get(name))


def _fits_any(record: Record, terms: JsonObject) -> bool:
    return any(_has(record, name, terms[name]) for name in _TERMS if terms.get(name))


def _has(record: Record, name: str, value: Json) -> bool:
    text, words = str(value).lower(), record["words"]
    if name == "query":
        body = " ".join((record["subject"], record["text"], *words.values())).lower()
        return any(word in body for word in text.split())
    names = ("to", "cc") if name == "to" else (name,)
    return any(text in words[each].lower() for each in names)


def _line(line: str) -> JsonObject:
    """Reads a line such as `from:ada has:attachment lunch`; what has no name is a word to look for."""
    wanted: JsonObject = {}
    words: list[str] = []
    try:
        parts = shlex.split(line)
    except ValueError:
        parts = line.split()
    for part in parts:
        match = re.fullmatch(r"(\w+):(.+)", part)
        name, value = (match[1].lower(), match[2]) if match else ("", part)
        if name in ("from", "to", "subject"):
            wanted[name] = value
        elif (name, value.lower()) in _STATES:
            wanted[_STATES[name, value.lower()]] = True
        else:
            words.append(value)
    return {**wanted, **({"query": " ".join(words)} if words else {})}


_STATES = {
    ("has", "attachment"): "attachments",
    ("has", "attachments"): "attachments",
    ("is", "flagged"): "flagged",
    ("is", "unseen"): "unseen",
    ("is", "unread"): "unseen",
    ("is", "seen"): "seen",
    ("is", "read"): "seen",
}


HOOKS: Mapping[str, Hook] = {"prepare_search": prepare_search, "search_and_update": search_and_update}
