"""What a client must send, what it must refuse, and where it may choose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isfinite
from typing import Any, Literal, cast
from urllib.parse import unquote

from mailwright.contract.document import JSON, Operation
from mailwright.contract.rpc import refused

Rule = Literal["send", "refuse", "either"]

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def rule_for(place: str, value: object, *, joined: bool = False) -> Rule:
    """Says what a client does with a value in a place: `path`, `query`, `header` or `body`.

    It refuses what HTTP or JSON cannot carry, and what a server would read as something else. It may refuse control
    characters and hidden dot segments, which a proxy on the way may decode. All else it sends.
    """
    if isinstance(value, float) and not isfinite(value):
        return "refuse"
    if isinstance(value, (list, tuple)):
        rules = [_item_rule(place, item, joined=joined) for item in cast("list[object]", value)]
        return "refuse" if "refuse" in rules else "either" if "either" in rules else "send"
    if not isinstance(value, str):
        return "send"
    if any("\ud800" <= mark <= "\udfff" for mark in value):
        return "refuse"
    return _text_rule(place, value)


def may_refuse(operation: Operation, case: JSON) -> bool:
    """Says whether a client may refuse a case because of one of its values."""
    if operation.rpc is not None and refused(operation.rpc, case.get("body")):
        return True
    if operation.heeding is not None and operation.heeding.ignored(case.get("query", {})):
        return True
    return any(rule != "send" for rule in _rules(operation, case))


def _rules(operation: Operation, case: JSON) -> Iterator[Rule]:
    for parameter in operation.sent:
        value = case.get(parameter.place, {}).get(parameter.name)
        if value is not None:
            yield rule_for(parameter.place, value, joined=parameter.joined)
    for value in _leaves(case.get("body")):
        yield rule_for("body", value)


def _leaves(value: Any) -> Iterator[object]:
    if isinstance(value, dict):
        for key, item in cast("JSON", value).items():
            yield key
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in cast("list[object]", value):
            yield from _leaves(item)
    else:
        yield value


def _item_rule(place: str, item: object, *, joined: bool) -> Rule:
    if place != "body" and (item == "" or (joined and isinstance(item, str) and "," in item)):
        return "refuse"
    return rule_for(place, item)


def _text_rule(place: str, text: str) -> Rule:
    if place == "path":
        if text in ("", ".", "..") or "\0" in text:
            return "refuse"
        return "either" if _CONTROL.search(text) or unquote(unquote(text)) in (".", "..") else "send"
    if place == "header":
        if any(mark in text for mark in "\r\n\0"):
            return "refuse"
        return "either" if _CONTROL.search(text) or not text.isascii() or text != text.strip() else "send"
    return "send"
