"""Rules for scalars: enums and formats."""

from __future__ import annotations

from collections.abc import Iterator

from mailwright.codegen.lint.nodes import Document, Fault
from mailwright.codegen.lint.reach import json_schemas
from mailwright.codegen.lint.reading import sequence
from mailwright.codegen.lint.registry import rule
from mailwright.codegen.lint.schemas import types

# What both generators know, and what does not change the meaning of a value on the way.
_FORMATS = {
    "string": (
        "byte",
        "date",
        "date-time",
        "email",
        "hostname",
        "idn-email",
        "ipv4",
        "ipv6",
        "password",
        "uri",
        "uuid",
    ),
    "integer": ("int32", "int64"),
    "number": ("double", "float"),
}
_REMEDIES = {
    "binary": "msgspec would read base64; write `{type: string}`, or `format: byte` for base64",
    "duration": "write `{type: string}` and describe the form",
    "decimal": "write `{type: string}` or `{type: number}`",
}


@rule("enum-one-type", "An enum has values of one JSON type, string or integer, none of them null and none twice.")
def enum_one_type(document: Document) -> Iterator[Fault]:
    """openapi-python-client drops a mixed enum, and makes a class for each value of one with null."""
    for schema in document.of("schema"):
        if "enum" not in schema.keys:
            continue
        values = sequence(schema.keys["enum"])
        found = sorted({_json_type(value) for value in values})
        if "null" in found:
            yield schema.fault(
                "has null in its enum",
                "take it out, and write `anyOf: [{$ref: ...}, {type: 'null'}]` where the enum is used",
                "enum",
                values.index(None),
            )
        elif found not in (["string"], ["integer"]):
            yield schema.fault(
                f"has an enum of {' and '.join(found) or 'nothing'}",
                "keep one of string and integer; write the others as members of an anyOf, or as `const`",
                "enum",
            )
        elif types(schema) not in ([], found):
            yield schema.fault(
                f"has an enum of {found[0]} and `type: {schema.keys['type']}`", f"write `type: {found[0]}`", "type"
            )
        elif len(set(values)) != len(values):
            twice = next(index for index, value in enumerate(values) if value in values[:index])
            yield schema.fault(f"has the value {values[twice]!r} twice in its enum", "remove one", "enum", twice)


def _json_type(value: object) -> str:
    """Names the JSON type of a value."""
    if value is None:
        return "null"
    names: dict[type[object], str] = {bool: "boolean", int: "integer", float: "number", str: "string"}
    return names.get(type(value), "object or array")


@rule("format", "A format is one that both generators know; no binary, duration or decimal in JSON.")
def known_format(document: Document) -> Iterator[Fault]:
    """Others change the value on its way through msgspec, or stop the generator."""
    json = json_schemas(document)
    for schema in document.of("schema"):
        name = schema.keys.get("format")
        kinds = types(schema)
        allowed = [each for kind in kinds for each in _FORMATS.get(kind, ())]
        raw = name == "binary" and kinds == ["string"] and schema not in json
        if isinstance(name, str) and name not in allowed and not raw:
            remedy = f"use one of {', '.join(allowed)}, or none" if allowed else "remove it"
            yield schema.fault(f"has the format {name!r}", _REMEDIES.get(name, remedy), "format")
