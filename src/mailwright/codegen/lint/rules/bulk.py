"""The rule for `x-bulk`: operations that do the same to several things."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mailwright.codegen.lint.nodes import Document, Fault, Node
from mailwright.codegen.lint.operations import ATTRIBUTES, ITEMS, Operation, operations
from mailwright.codegen.lint.reading import mapping, text, texts
from mailwright.codegen.lint.registry import rule
from mailwright.codegen.lint.schemas import fields, is_record, types


@rule(
    "bulk",
    "The body of an operation with x-bulk is an array, or an object of `items`, an array, and `attr`, an object.",
)
def bulk(document: Document) -> Iterator[Fault]:
    """The generated methods build such bodies and no others."""
    for operation in operations(document):
        if "x-bulk" not in operation.node.keys:
            continue
        flaw = _flaw(document, operation)
        if flaw:
            yield operation.node.fault(f"has x-bulk, and {flaw}", "describe such a body, or take x-bulk away", "x-bulk")


def _flaw(document: Document, operation: Operation) -> str:
    body = operation.body
    schemas = [] if operation.sent_media is None else operation.sent_media.under("schema")
    if body is None or not schemas or body.keys.get("required") is not True:
        return "no required body"
    schema = document.follow(schemas[0])
    if not is_record(schema):
        return "" if _is_list(document, schema) else "a body that is neither a list nor an object"
    known = fields(document, schema)
    if ITEMS not in known or not _is_list(document, known[ITEMS]):
        return "a body without a list of items"
    if not set(known) <= {ITEMS, ATTRIBUTES} or set(texts(schema.keys.get("required"))) != set(known):
        return f"a body with something else than a required `{ITEMS}` and `{ATTRIBUTES}`"
    whole = mapping(mapping(operation.node.keys.get("x-bulk")).get("all"))
    if whole and (ATTRIBUTES not in known or not _says_all(document, known[ATTRIBUTES], whole)):
        return f"an `all` whose field is not the one that `{ATTRIBUTES}` requires, with these values and others"
    if ATTRIBUTES in known and not ("$ref" in known[ATTRIBUTES].keys and is_record(document.follow(known[ATTRIBUTES]))):
        return f"an `{ATTRIBUTES}` that is no component with properties"
    return ""


def _says_all(document: Document, attributes: Node, whole: Mapping[str, object]) -> bool:
    """Says whether a field is the only required one, and has these values in `enum` and others as well."""
    schema = document.follow(attributes)
    name = text(whole.get("field"))
    known = fields(document, schema)
    if texts(schema.keys.get("required")) != [name] or name not in known:
        return False
    return set(texts(whole.get("values"))) < set(texts(document.follow(known[name]).keys.get("enum")))


def _is_list(document: Document, schema: Node) -> bool:
    return types(document.follow(schema)) == ["array"]
