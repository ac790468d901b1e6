"""Rules for how answers are read: `x-answer` and `x-reads`."""

from __future__ import annotations

from collections.abc import Iterator

from mailwright.codegen.lint.nodes import Document, Fault, Node
from mailwright.codegen.lint.operations import operations
from mailwright.codegen.lint.reach import reach
from mailwright.codegen.lint.reading import sequence
from mailwright.codegen.lint.registry import rule
from mailwright.codegen.lint.schemas import members, types

_KINDS = {"entries": "an array", "list": "an array", "object": "something else"}
_ALLOWED: dict[str, set[str]] = {"boolean": {"integer", "string"}, "integer": {"integer", "string"}}


@rule(
    "answer",
    "`x-answer: entries` and `list` go with an array, `x-answer: object` with anything else; none with x-paging.",
)
def answer(document: Document) -> Iterator[Fault]:
    """An empty object stands for something else in each, and a page is neither."""
    for operation in operations(document):
        form = operation.node.keys.get("x-answer")
        if form not in _KINDS:
            continue
        schemas = [document.follow(schema) for schema in operation.success_schemas()]
        wrong = [schema for schema in schemas if not _is(schema, form)]
        if not schemas or wrong or "x-paging" in operation.node.keys:
            yield operation.node.fault(
                f"has x-answer {form!r}, and its success is not {_KINDS[form]} alone",
                "take x-answer away, or describe the success so",
                "x-answer",
            )


def _is(schema: Node, form: str) -> bool:
    if form == "object":
        return "array" not in types(schema)
    return types(schema) == ["array"]


@rule("reads", "`x-reads` stands on a component of numbers or text that only answers have.")
def reads(document: Document) -> Iterator[Fault]:
    """A request would have to be written back, and a type that is no component has no one place to say so."""
    sent = reach(document).requests
    for schema in document.of("schema"):
        kind = schema.keys.get("x-reads")
        if kind not in _ALLOWED:
            continue
        if not schema.is_component or schema in sent:
            yield schema.fault(
                "has x-reads, and is sent" if schema in sent else "has x-reads, and is no component",
                "make it a component for answers alone",
                "x-reads",
            )
        elif not all(set(types(each)) <= _ALLOWED[kind] and types(each) for each in members(document, schema)):
            yield schema.fault(
                f"is read as {kind}, and may be something else than a number or a text",
                "leave that out, or x-reads",
                "x-reads",
            )
        elif kind == "boolean" and not _two(document, schema):
            yield schema.fault(
                "is read as true or false, and may be something else than 0 and 1", "list them in `enum`", "x-reads"
            )


def _two(document: Document, schema: Node) -> bool:
    values = [value for each in members(document, schema) for value in sequence(each.keys.get("enum")) or [None]]
    return all(value in (0, 1, "0", "1") and not isinstance(value, bool) for value in values)
