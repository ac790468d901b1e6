"""Values of the `x-mock` vocabulary: JSON in which `$given.name` and the like are looked up."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from mailwright.mock.json_value import Json, JsonObject, as_list, as_object
from mailwright.problem import Problem


class Absent:
    """The type of `ABSENT`, which stands for a value that is not there."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent()

_EXPRESSION = re.compile(
    r"\$(?P<name>[A-Za-z_][\w.]*)(?:\+(?P<days>\d+)d)?(?:\s*(?P<operator>\?\?|\|\|)\s*(?P<other>.+))?"
)
_INSERT = re.compile(r"\{\$(?P<name>[A-Za-z_][\w.]*)\}")


def timestamp(moment: datetime) -> str:
    """A time as JavaScript writes it: UTC, milliseconds, `Z`."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def fill(template: Json, sources: Mapping[str, Any]) -> Json:
    """Fills a template; what is absent is left out of objects and lists, and is `ABSENT` on its own.

    Raises:
        Problem: an expression cannot be read, or names a source that is not there.
    """
    if isinstance(template, str):
        return _look_up(template, sources) if template.startswith("$") else _insert(template, sources)
    if (items := as_list(template)) is not None:
        filled = [fill(item, sources) for item in items]
        return [item for item in filled if item is not ABSENT]
    if (entries := as_object(template)) is not None:
        return _fill_object(entries, sources)
    return template


def _fill_object(entries: JsonObject, sources: Mapping[str, Any]) -> JsonObject:
    result: JsonObject = {}
    for key, item in entries.items():
        value = fill(item, sources)
        if value is ABSENT:
            continue
        if key == "...":
            result.update(value)
        else:
            result[key] = value
    return result


def _look_up(text: str, sources: Mapping[str, Any]) -> Json:
    match = _EXPRESSION.fullmatch(text)
    if match is None:
        raise Problem(f"{text!r} is not a value of x-mock", remedy="see mailwright/mock/vocabulary.py")
    value = _walk(match["name"].split("."), sources)
    if isinstance(value, datetime):
        value = timestamp(value + timedelta(days=int(match["days"] or 0)))
    if value is ABSENT or (match["operator"] == "||" and not value):
        return fill(_literal(match["other"]), sources) if match["other"] else ABSENT
    return value


def _insert(text: str, sources: Mapping[str, Any]) -> str:
    return _INSERT.sub(lambda match: str(_walk(match["name"].split("."), sources) or ""), text)


def _literal(text: str) -> Json:
    return text if text.startswith("$") else json.loads(text)


def _walk(names: list[str], sources: Mapping[str, Any]) -> Json:
    if names[0] not in sources:
        raise Problem(f"x-mock knows no ${names[0]} here", remedy=f"known: {', '.join(sorted(sources))}")
    value: Json = sources[names[0]]
    for name in names[1:]:
        entries = as_object(value)
        value = ABSENT if entries is None else entries.get(name, ABSENT)
    return value
