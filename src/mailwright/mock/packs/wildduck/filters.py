"""Filters: what they look for and do, given flat (1.0.89) or as two objects (1.0.107), and told in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from mailwright.mock.call import Call, Refused
from mailwright.mock.json_value import JsonObject, as_object
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck.users import typed_targets
from mailwright.mock.state import Record

_QUERY = ("from", "to", "subject", "text", "ha", "size")
_ACTION = ("seen", "flag", "delete", "spam", "forward", "targetUrl", "targets", "mailbox")
SAID = {
    "seen": ("mark as read", "do not mark as read"),
    "flag": ("flag it", "do not flag it"),
    "spam": ("mark it as spam", "do not mark it as spam"),
    "delete": ("delete it", "do not delete it"),
}


def prepare_filter(call: Call) -> None:
    """Brings both parts into one form and refuses a filter that looks for nothing, or does nothing."""
    query, action = _parts(call, {}, {})
    if not query:
        raise Refused({"error": "Empty filter query"})
    if not action:
        raise Refused({"error": "Empty filter action"})
    _keep(call, query, action)


def change_filter(call: Call) -> None:
    """Changes parts of a filter; an empty text takes a part away."""
    record = call.subject
    if not any(name not in ("user", "filter") for name in call.given):
        raise Refused({"error": "No changes"})
    query, action = _parts(call, record["query"], record["action"])
    _keep(call, query, action)
    record.update({name: call.given[name] for name in ("query", "action", "told", "flat")})
    if call.given.get("name"):
        record["name"] = call.given["name"]


def _parts(call: Call, query: JsonObject, action: JsonObject) -> tuple[JsonObject, JsonObject]:
    return _part(call, "query", _QUERY, query), _part(call, "action", _ACTION, action)


def _part(call: Call, part: str, names: tuple[str, ...], before: JsonObject) -> JsonObject:
    nested = as_object(call.given.get(part)) or {}
    kept = dict(before)
    for name in names:
        value = nested.get(name, call.given.get(f"{part}_{name}"))
        if value is None:
            continue
        if value == "" or (name == "size" and not value):
            kept.pop(name, None)
        elif name == "targets":
            kept[name] = typed_targets(call, value)
        else:
            kept[name] = re.sub(r"\s+", " ", value).strip() if isinstance(value, str) else value
    return kept


def _keep(call: Call, query: JsonObject, action: JsonObject) -> None:
    mailbox: Record | None = None
    if "mailbox" in action:
        mailbox = call.state.first("mailboxes", user=call.path["user"], id=action["mailbox"])
        if mailbox is None:
            raise Refused({"error": "This mailbox does not exist"})
    told = {"query": list(_told_query(query)), "action": list(_told_action(action, mailbox))}
    flat = {f"query_{name}": value for name, value in query.items()}
    flat |= {f"action_{name}": value for name, value in action.items()}
    call.given.update(query=query, action=action, told=told, flat=flat)


def _told_query(query: JsonObject) -> Iterator[list[str | bool]]:
    for name in ("from", "to", "subject"):
        if name in query:
            yield [name, f"({query[name]})"]
    if query.get("ha"):
        yield ["has attachment"]
    if "text" in query:
        yield [False, f'"{query["text"]}"']
    if "size" in query:
        size = abs(query["size"])
        whole, unit = next(
            (size // each, unit) for each, unit in ((1 << 20, "MB"), (1 << 10, "kB"), (1, "B")) if size % each == 0
        )
        yield ["larger" if query["size"] > 0 else "smaller", f"{whole}{unit}"]


def _told_action(action: JsonObject, mailbox: Record | None) -> Iterator[list[str]]:
    for name, value in action.items():
        if name in SAID and (value or name != "spam"):
            yield [SAID[name][0 if value else 1]]
        elif name == "mailbox":
            yield ["move to folder", f'"{mailbox["path"]}"' if mailbox else "?"]
        elif name == "forward":
            yield ["forward to", value]
        elif name == "targetUrl":
            yield ["upload to", _host(value)]
        elif name == "targets":
            texts = [_host(each["value"]) if each["type"] == "http" else str(each["value"]) for each in value]
            yield ["forward to", ", ".join(texts)]


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


HOOKS: Mapping[str, Hook] = {"prepare_filter": prepare_filter, "change_filter": change_filter}
