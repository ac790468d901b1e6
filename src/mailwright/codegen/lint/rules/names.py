"""Rules for the names of properties and arguments."""

from __future__ import annotations

from collections.abc import Iterator

from mailwright.codegen.lint.names import field_name, parameter_name
from mailwright.codegen.lint.nodes import Document, Fault, Node
from mailwright.codegen.lint.operations import ATTRIBUTES, Operation, client_name, operations, several
from mailwright.codegen.lint.reading import mapping, text, texts
from mailwright.codegen.lint.registry import rule
from mailwright.codegen.lint.schemas import fields, is_record

# Names that the body of a generated method uses itself.
_TAKEN = (
    "self",
    "models",
    "builtins",
    "body",
    "UNSET",
    "Unset",
    "datetime",
    "check_destroy",
    "check_filtered",
    "Heeds",
)
# The arguments of methods that ask whether they may destroy.
_CONSENT = ("destroy", "everything")


@rule("property-name", "A property's name is not empty and has no quotes, backslashes or control characters.")
def property_name(document: Document) -> Iterator[Fault]:
    """msgspec refuses the class when it is imported."""
    for schema in document.of("schema"):
        name = str(schema.key)
        if schema.role == "properties" and (
            not name or any(c in "\"'\\" or ord(c) < 32 or ord(c) == 127 for c in name)
        ):
            yield schema.fault("has a name that no Struct can hold", "leave the property out, or use a map")


@rule("python-name-clash", "No two properties of an object have the same name in Python.")
def python_name_clash(document: Document) -> Iterator[Fault]:
    """They would be numbered by their order, and swap names when it changes."""
    for schema in document.of("schema"):
        if "properties" not in schema.keys and "allOf" not in schema.keys:
            continue
        seen: dict[str, str] = {}
        for name, node in fields(document, schema).items():
            first = seen.setdefault(_field(node), name)
            if first != name:
                yield node.fault(
                    f"has the same Python name as {first!r}: {_field(node)}",
                    "set `x-client: {name: ...}` on one of them, or leave it out",
                )


@rule(
    "argument-clash",
    "The arguments of a method have names of their own: parameters, body fields, and what methods use.",
)
def argument_clash(document: Document) -> Iterator[Fault]:
    """Two alike are a syntax error in the generated code, or shadow a module it needs."""
    for operation in operations(document):
        seen: dict[str, str] = {}
        taken = (*_TAKEN, *_CONSENT) if "x-destructive" in operation.node.keys else _TAKEN
        for name, what, node in _arguments(document, operation):
            bare = name if name in taken else name.removesuffix("_")
            first = seen.setdefault(bare, what)
            if bare in taken:
                yield node.fault(
                    f"becomes an argument {bare!r} of {operation.node}, a name the method needs itself",
                    "set `x-client: {name: ...}` on it",
                )
            elif first != what:
                yield node.fault(
                    f"becomes an argument {bare!r} of {operation.node}, and so does {first}",
                    "set `x-client: {name: ...}` on one of them",
                )


def _arguments(document: Document, operation: Operation) -> Iterator[tuple[str, str, Node]]:
    """Gives Python name, meaning and node of each argument; the body's first, as parameters are easier to rename."""
    paging = mapping(operation.node.keys.get("x-paging"))
    given = {text(paging.get("next")), text(paging.get("previous")), *texts(paging.get("omit"))}
    for schema in _bodies(operation):
        record = document.follow(schema)
        stated = mapping(operation.node.keys.get("x-bulk"))
        if stated:
            if stated.get("item"):
                yield text(stated["item"]), "the item", operation.node
                yield several(stated), "the items", operation.node
            attributes = fields(document, record).get(ATTRIBUTES) if is_record(record) else None
            for wire, node in fields(document, attributes).items() if attributes else ():
                yield _field(node), f"the body field {wire!r}", node
        elif is_record(record):
            for wire, node in fields(document, record).items():
                yield _field(node), f"the body field {wire!r}", node
        elif operation.body is not None and (name := client_name(operation.body, "name")):
            yield name, "the body", operation.body
    for place in ("path", "query", "header"):
        for parameter in operation.located(place):
            wire = text(parameter.keys.get("name"))
            if wire and not (place == "query" and wire in given):
                name = client_name(parameter, "name") or parameter_name(wire)
                yield name, f"the {place} parameter {wire!r}", parameter


def _bodies(operation: Operation) -> list[Node]:
    """Lists the schemas whose fields become arguments: of the body that is sent, or of an RPC's parameters."""
    rpc = [schema for each in operation.node.under("x-rpc") for schema in each.under("parameters")]
    media = operation.sent_media
    return rpc if rpc or media is None else media.under("schema")


def _field(node: Node) -> str:
    """Gives the Python name of a property."""
    return client_name(node, "name") or field_name(str(node.key))
