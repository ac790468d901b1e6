"""Logs: calls of the API, and what was looked at in the queue; those of other programs stay empty."""

from __future__ import annotations

import json

from mailwright.mock import json_value
from mailwright.mock.call import Call
from mailwright.mock.json_value import Json, JsonObject, as_object
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026 import callers
from mailwright.mock.packs.mailcow_2026.bodies import number, request_of
from mailwright.mock.packs.mailcow_2026.entries import get
from mailwright.mock.state import State

_FROM = "127.0.0.1"
# As many as the server keeps unless it is told otherwise.
_MOST = 9999
_DIGITS = "0123456789ABCDEF"


def log_call(call: Call) -> None:
    """Notes a call of somebody who shows a key that is good, before it is answered."""
    if call.caller.role == callers.UNKNOWN:
        return
    request = request_of(call)
    query = request.url.partition("?")[2]
    line: JsonObject = {
        "time": int(call.now.timestamp()),
        "uri": f"{request.path}{query and '?'}{query}",
        "method": request.method,
        "remote": _FROM,
        "data": ", ".join(f"{name}='{_shown(value)}'" for name, value in _parts(call)),
    }
    _add(call.state, "api", line)


def log_for_people(call: Call, what: list[Json], message: Json) -> None:
    """Notes what the web interface shows in its own log."""
    number_of_it = len(_lines(call.state, "ui")) + 1
    line: JsonObject = {
        "id": number_of_it,
        "task": call.state.chance.text(6, _DIGITS),
        "type": "success",
        "msg": _php(message),
        "call": _php(what),
        "user": "API",
        "role": "admin",
        "remote": _FROM,
        "time": int(call.now.timestamp()),
    }
    _add(call.state, "ui", line)


def _parts(call: Call) -> list[tuple[str, Json]]:
    """What the server makes of a body: attributes, items, or both."""
    request, path = request_of(call), call.operation.path
    if request.media_type != "application/json" or "/get/" in path or "/search/" in path:
        return []
    try:
        body = json_value.read(request.content)
    except json_value.BadJson:
        return []
    if "/edit/" in path:
        entries = as_object(body) or {}
        return [("attr", entries.get("attr")), ("items", entries.get("items"))]
    return [("items" if "/delete/" in path else "attr", body)]


def _shown(value: Json) -> str:
    """JSON in which what has pass in its name is hidden; any other secret stays."""
    if not value:
        return ""
    entries = as_object(value)
    return _php(value if entries is None else {k: "*" if "pass" in k.lower() else v for k, v in entries.items()})


def _php(value: Json) -> str:
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/")


def _lines(state: State, name: str) -> list[JsonObject]:
    record: JsonObject | None = state.get("logs", name)
    if record is None:
        record = {"id": name, "lines": list[JsonObject]()}
        state.put("logs", record)
    lines: list[JsonObject] = record["lines"]
    return lines


def _add(state: State, name: str, line: JsonObject) -> None:
    lines = _lines(state, name)
    lines.insert(0, line)
    del lines[_MOST:]


def _list(call: Call) -> Json:
    name = call.operation.path.split("/")[-2]
    count = number(call.path["count"])
    return list(_lines(call.state, name)[:count]) if count > 0 else None


HOOKS: dict[str, Hook] = {"list_log": get(_list)}
