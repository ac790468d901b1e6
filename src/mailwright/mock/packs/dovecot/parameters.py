"""Parameters of a command, read as the real server does: what it refuses, takes for something else, or breaks at."""

from __future__ import annotations

import re
from typing import Any

from mailwright.mock import json_value
from mailwright.mock.document import Operation, Value
from mailwright.mock.json_value import Json, JsonObject, as_list
from mailwright.mock.packs.dovecot.failing import USAGE, Dropped, Failed, NotRun, Unreadable

_INTEGER = re.compile(r"-?[0-9]{1,20}")
# What only some commands answer where the others end the connection.
_TELLS = {"user": (True, False), "kick": (True,)}


def read_parameters(operation: Operation, parameters: JsonObject, *, old: bool, quirks: bool) -> JsonObject:
    """Gives the parameters of a command, each of its type.

    Raises:
        NotRun: one of them is unknown, or no number.
        Unreadable: one is of a kind that ends the request.
        Dropped: one is absent or empty.
        Failed: one is absent, and the command says so.
    """
    known = {value.name: value for value in operation.values}
    by_words = {_dashes(name): value for name, value in known.items()}
    given: JsonObject = {}
    for name, raw in parameters.items():
        value = known.get(name) or by_words.get(name)
        if value is None:
            raise NotRun("invalidRequest")
        given[value.name] = _read(value, raw, operation, old=old, quirks=quirks)
    given = {name: value for name, value in given.items() if value is not False}
    lacks = any(value.required and value.name not in given for value in operation.values)
    if lacks or (operation.needs and not any(name in given for name in operation.needs)):
        if old in _TELLS.get(operation.command, ()):
            raise Failed(USAGE)
        raise Dropped
    for name, value in given.items():
        if any(error.kind.name != "type" for error in known[name].validator.iter_errors(value)):
            if name == "user":
                continue
            raise Dropped
    return given


def _read(value: Value, raw: Json, operation: Operation, *, old: bool, quirks: bool) -> Any:
    if "array" in value.kinds:
        items = as_list(raw)
        if isinstance(raw, str):
            return raw.split(" ") if old and quirks else [raw]
        if items is None:
            raise Unreadable(f"Parameter `{value.name}' must be string or array")
        if not all(isinstance(item, str) for item in items):
            raise Unreadable("Command parameter array can only containstring values")
        return items
    if "boolean" in value.kinds:
        return _truth(value, raw, operation, old=old, quirks=quirks)
    if raw is None or isinstance(raw, (list, dict)):
        raise Dropped
    text = raw if isinstance(raw, str) else json_value.write(raw).decode()
    if "integer" in value.kinds:
        if not _INTEGER.fullmatch(text):
            raise NotRun("invalidRequest")
        return int(text)
    return text


def _truth(value: Value, raw: Json, operation: Operation, *, old: bool, quirks: bool) -> bool:
    if isinstance(raw, bool) or raw in ("true", "false"):
        truth = raw in (True, "true")
        # On mail commands 2.3 takes false for true, but for allUsers (2.3.19.1 n=81, n=84, n=85).
        return truth or (old and quirks and bool(operation.needs) and value.name != "allUsers")
    if old:
        if raw is None or isinstance(raw, (list, dict)):
            raise Dropped
        return True
    shown = raw if isinstance(raw, str) else json_value.write(raw).decode()
    raise Unreadable(f"Parameter `{value.name}' must be `true' or `false', not `{shown}'")


def _dashes(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: f"-{found[1].lower()}", name)
