"""The rule for `x-list`: a list of texts of which the wire may have a lone one instead."""

from __future__ import annotations

from collections.abc import Iterator

from mailwright.codegen.lint.nodes import Document, Fault, Node
from mailwright.codegen.lint.reading import mapping
from mailwright.codegen.lint.registry import rule
from mailwright.codegen.lint.schemas import members, types


@rule("lone-text", "x-list is true, on `anyOf` of a text and a list of texts, of a property.")
def lone_text(document: Document) -> Iterator[Fault]:
    """Only the fields of a Struct can be brought in line after they were read."""
    for schema in document.of("schema"):
        if "x-list" not in schema.keys:
            continue
        if sorted(map(_kind, members(document, schema))) != ["list", "text"]:
            remedy = "write `anyOf: [{type: string}, {type: array, items: {type: string}}]`, or leave x-list out"
            yield schema.fault("is no text beside a list of texts", remedy, "x-list")
            continue
        uses = [schema]
        if schema.is_component:
            uses = [each for each in document.of("schema") if document.target(each) is schema]
        for use in uses:
            if use.role != "properties":
                remedy = "put x-list on properties, or on what only properties refer to"
                yield schema.fault("has x-list, and is used where there is no property", remedy, "x-list")
                break


def _kind(schema: Node) -> str:
    """What a member of the union is: `text`, `list` of texts, or neither."""
    if set(schema.keys) & {"const", "enum", "format"}:
        return ""
    if types(schema) == ["string"]:
        return "text"
    items = mapping(schema.keys.get("items"))
    return "list" if types(schema) == ["array"] and items.get("type") == "string" else ""
