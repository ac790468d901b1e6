"""The rule for `x-none`: a word on the wire that Python reads and writes as None."""

from __future__ import annotations

from collections.abc import Iterator

from mailwright.codegen.lint.nodes import Document, Fault, Node
from mailwright.codegen.lint.reach import reach
from mailwright.codegen.lint.registry import rule
from mailwright.codegen.lint.schemas import members, types
from mailwright.codegen.nones import says


@rule(
    "none-word",
    "The word of x-none is a `const` in a union with something else, of a property; a request has no null beside it.",
)
def none_word(document: Document) -> Iterator[Fault]:
    """Only the fields of a Struct can have a word taken out of their type and put back."""
    requests = reach(document).requests
    for schema in document.of("schema"):
        if "x-none" in schema.keys:
            yield from _value(document, schema, sent=schema in requests)
            yield from _place(document, schema)


def _value(document: Document, schema: Node, *, sent: bool) -> Iterator[Fault]:
    word = schema.keys["x-none"]
    inner = list(members(document, schema))
    others = [each for each in inner if not says(each.keys, word)]
    if len(others) in (0, len(inner)):
        remedy = f"write `anyOf: [{{...}}, {{type: {_type(word)}, const: {word!r}}}]`, or leave x-none out"
        yield schema.fault("has no such `const` beside something else", remedy.replace("False", "false"), "x-none")
    elif sent and any("null" in types(each) for each in others):
        yield schema.fault("takes null as well, which could not be sent", "leave null out, or x-none", "x-none")
    elif not sent and word == "":
        yield schema.fault("is a text that answers have", "leave x-none out, or write false", "x-none")
    elif isinstance(word, str) and word and any("string" in types(each) for each in others):
        yield schema.fault("may be any other text as well", "leave x-none out", "x-none")


def _place(document: Document, schema: Node) -> Iterator[Fault]:
    uses = [schema]
    if schema.is_component:
        uses = [each for each in document.of("schema") if document.target(each) is schema]
    for use in uses:
        if use.role != "properties":
            why = "is no property" if use is schema else f"has x-none, and is used in {use}, which is no property"
            yield schema.fault(why, "put x-none on properties, or on what only properties refer to", "x-none")
            return


def _type(word: object) -> str:
    return "string" if isinstance(word, str) else "boolean"
