"""What a mock answers that is no JSON: the bytes of a file, events, or nothing."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable

from mailwright.mock import json_value
from mailwright.mock.call import Answer, Call
from mailwright.mock.json_value import Json, JsonObject, as_object
from mailwright.mock.values import ABSENT, fill
from mailwright.problem import Problem

_FILE = "Subject: a file of the mock\r\n\r\n"


def other_answer(call: Call) -> Answer | None:
    """The answer of an operation whose success is no JSON; None for all others."""
    success, plan = call.operation.success, call.operation.plan
    if success.stream in ("sse", "sse-once"):
        if call.events is not None:
            return _events(call, call.events)
        return _events(call, plan.events or ([{"data": success.example}] if success.example is not None else []))
    if success.stream:
        template = plan.content if plan.content is not None else success.example
        content = _bytes(call, fill(_FILE if template is None else template, call.sources()))
        return Answer({}, content=content, media_type=success.media_type)
    return Answer({}, success.empty, content=b"") if success.empty else None


def _events(call: Call, events: Iterable[JsonObject]) -> Answer:
    """All events behind the one that the caller has seen, as text; 204 where there are none, which ends a stream."""
    known = [_event(call, number, event) for number, event in enumerate(events, start=1)]
    ids = [name for name, _ in known]
    start = ids.index(call.last_event) + 1 if call.last_event in ids else 0
    text = "".join(each for _, each in known[start:])
    if not text:
        return Answer({}, 204, content=b"")
    headers = (("cache-control", "no-store"),)
    return Answer({}, headers=headers, content=text.encode(), media_type=call.operation.success.media_type)


def _event(call: Call, number: int, event: JsonObject) -> tuple[str, str]:
    """The id of an event, which is its number where it has none, and how it is written."""
    sources = call.sources()
    name = str(fill(event.get("id", str(number)), sources))
    lines = [f"id: {name}"]
    if "event" in event:
        lines.append(f"event: {fill(event['event'], sources)}")
    filled = fill(event["data"], sources)
    data = json_value.write(None if filled is ABSENT else filled).decode()
    return name, "\n".join([*lines, f"data: {data}", "", ""])


def _bytes(call: Call, value: Json) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode("utf-8", "replace")
    packed = (as_object(value) or {}).get("base64")
    try:
        return base64.b64decode(packed, validate=True) if isinstance(packed, str) else _wrong(call, value)
    except binascii.Error:
        return _wrong(call, value)


def _wrong(call: Call, value: Json) -> bytes:
    what = "nothing" if value is ABSENT else repr(value)
    raise Problem(
        f"the content is {what}", place=f"{call.operation.id} x-mock", remedy="make it a text, or {base64: ...}"
    )
