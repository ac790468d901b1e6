"""What is wrong with the arguments of a call, before any dialect says so in its words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import jsonschema_rs

from mailwright.mock.arguments import Arguments
from mailwright.mock.document import Operation, Value
from mailwright.mock.json_value import Json, JsonObject

Format: TypeAlias = Callable[[str, Json], "list[str]"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with one value.

    `kind` is a JSON Schema keyword, `unknown` for a field nobody asked for, `empty` for a text that may not be empty,
    or `text` where the pack's format has already said it, in `facts["text"]`.
    """

    name: str
    kind: str
    value: Json
    facts: Mapping[str, Any]
    path: tuple[str | int, ...] = ()


def find(operation: Operation, arguments: Arguments, formats: Mapping[str, Format]) -> list[Finding]:
    """Lists what is wrong, in the order of the document, unknown fields last."""
    found: list[Finding] = []
    for value in operation.values:
        source = arguments.path if value.place == "path" else arguments.given
        found.extend(_of_value(operation, value, source, formats))
    found.extend(Finding(name, "unknown", None, {}) for name in arguments.unknown)
    return found


def drop_blanks(operation: Operation, given: JsonObject) -> None:
    """Drops empty texts that the plan lets count as absent."""
    for name in operation.plan.blank:
        if given.get(name) == "":
            del given[name]


def _of_value(
    operation: Operation, value: Value, given: JsonObject, formats: Mapping[str, Format]
) -> Iterator[Finding]:
    if value.name not in given:
        if value.required:
            yield Finding(value.name, "required", None, {})
        return
    raw = given[value.name]
    check = _format(operation, value, formats)
    if raw == "" and value.name in operation.plan.empty:
        return
    if raw == "" and value.place == "body" and value.kinds == frozenset({"string"}):
        if operation.plan.texts == "refused" or not value.validator.is_valid(raw):
            yield Finding(value.name, "empty", raw, {})
    elif check is not None:
        # The pack's own check stands for the schema's: real servers say it in words no schema holds.
        yield from (Finding(value.name, "text", raw, {"text": text}) for text in check(value.name, raw))
    else:
        for error in value.validator.iter_errors(raw):
            yield from _of_error(value.name, error)


def _format(operation: Operation, value: Value, formats: Mapping[str, Format]) -> Format | None:
    for key in (f"{value.place}.{value.name}", f"{value.place}.*"):
        if key in operation.plan.formats:
            return formats[operation.plan.formats[key]]
    return None


def _of_error(name: str, error: jsonschema_rs.ValidationError) -> Iterator[Finding]:
    facts = error.kind.as_dict()
    kind = error.kind.name
    if kind in ("anyOf", "oneOf"):
        # Said of the first alternative that is a type of its own: `false` beside text is an exception, not the rule.
        branches: list[list[jsonschema_rs.ValidationError]] = facts.get("context", [])
        telling = [branch for branch in branches if branch and branch[0].kind.name != "const"]
        for each in (telling or branches)[:1]:
            for below in each:
                yield from _of_error(name, below)
        return
    yield Finding(name, kind, error.instance, facts, tuple(error.instance_path))
