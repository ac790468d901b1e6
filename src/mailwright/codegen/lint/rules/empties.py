"""The rule for `x-empty`: what stands for an empty list, or for an empty object, in answers."""

from __future__ import annotations

from collections.abc import Iterator

from mailwright.codegen.lint.nodes import Document, Fault, Node
from mailwright.codegen.lint.reach import reach
from mailwright.codegen.lint.reading import texts
from mailwright.codegen.lint.registry import rule
from mailwright.codegen.lint.schemas import is_map, members, types
from mailwright.codegen.nones import is_empty_list


@rule(
    "empty-word",
    "`x-empty: absent` stands on an optional array, `x-empty: '[]'` on an empty array beside a map; both in answers.",
)
def empty_word(document: Document) -> Iterator[Fault]:
    """A request would have to be written back, and only fields of a Struct can be given a value of their own."""
    sent = reach(document).requests
    for schema in document.of("schema"):
        word = schema.keys.get("x-empty")
        if not isinstance(word, str):
            continue
        if schema.role != "properties" or schema in sent:
            why = "has x-empty, and is sent" if schema in sent else "has x-empty, and is no property"
            yield schema.fault(why, "put x-empty on properties of answers alone", "x-empty")
        elif word == "absent" and not _is_optional_list(schema):
            yield schema.fault("is no optional array", "describe it so, or take x-empty away", "x-empty")
        elif word == "[]" and not _is_map_or_empty_list(document, schema):
            remedy = "write `anyOf: [{type: array, items: {}, maxItems: 0}, {...}]`, or take x-empty away"
            yield schema.fault("is no empty array beside a map", remedy, "x-empty")


def _is_optional_list(schema: Node) -> bool:
    required = [] if schema.parent is None else texts(schema.parent.keys.get("required"))
    return types(schema) == ["array"] and str(schema.key) not in required


def _is_map_or_empty_list(document: Document, schema: Node) -> bool:
    inner = list(members(document, schema))
    others = [each for each in inner if not is_empty_list(each.keys)]
    return len(inner) == 2 and len(others) == 1 and types(others[0]) == ["object"] and is_map(others[0])
