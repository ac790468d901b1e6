"""Reads `x-bulk`: an operation that does the same to several things becomes a method for one and a method for many."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from mailwright.codegen.annotations import Names
from mailwright.codegen.arguments import Argument, body_fields, component
from mailwright.codegen.lint.nodes import Document, Node
from mailwright.codegen.lint.operations import ATTRIBUTES, ITEMS, Operation, many_name, several
from mailwright.codegen.lint.reading import mapping, sequence, text, texts
from mailwright.codegen.lint.schemas import fields
from mailwright.problem import Problem


@dataclass(frozen=True, slots=True)
class Whole:
    """The method for all there is: what an argument may say there, and what to one thing."""

    method: str
    argument: str
    wire: str
    values: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bulk:
    """How the body of such an operation is made of arguments."""

    many: str
    """The method for many things; empty where the items are no argument."""
    items: str
    """Its argument."""
    of: str
    """The type of an item."""
    sent: tuple[object, ...]
    """The items that are always sent, where they are no argument."""
    attributes: str
    """The Struct of what is done to each; empty where nothing is to be said."""
    whole: Whole | None = None


def read_bulk(document: Document, operation: Operation, body: str, names: Names) -> tuple[Bulk, list[Argument]] | None:
    """Gives the bulk of an operation and the arguments for its body; None where it has no `x-bulk`.

    Raises:
        Problem: the body is neither a list nor an object of `items` and `attr`, which lint refuses first.
    """
    stated = mapping(operation.node.keys.get("x-bulk"))
    if not stated:
        return None
    models = names.models
    of_body = {field.wire: field.type for field in models.fields.get(body, ())}
    items = of_body.get(ITEMS, "") if of_body else models.aliases.get(body, "")
    inner = ast.parse(items or "None", mode="eval").body
    if not isinstance(inner, ast.Subscript):
        raise Problem("x-bulk stands on a body without items", place=operation.id, remedy="see the rule bulk of lint")
    one = text(stated.get("item"))
    of = names.qualify(ast.unparse(inner.slice))
    arguments = [Argument(one, "items", ITEMS, of, required=True)] if one else []
    attributes, whole = "", None
    if ATTRIBUTES in of_body:
        node = fields(document, document.components[body])[ATTRIBUTES]
        attributes = models.classes[component(node) or ""]
        of_each = body_fields(document, attributes, names, prefix=f"{ATTRIBUTES}.")
        whole = _whole(document, mapping(stated.get("all")), fields(document, document.follow(node)), of_each)
        # What means all there is is no word to say of one thing.
        arguments += [
            replace(each, type=literals(whole.others)) if whole and each.name == whole.argument else each
            for each in of_each
        ]
    sent = () if one else tuple(sequence(stated.get("send")))
    return Bulk(many_name(operation), several(stated) if one else "", of, sent, attributes, whole), arguments


def literals(values: Iterable[str]) -> str:
    """Writes the type of an argument that is one of these texts."""
    return f"Literal[{', '.join(map(repr, values))}]"


def _whole(
    document: Document, stated: Mapping[str, object], attributes: Mapping[str, Node], arguments: list[Argument]
) -> Whole | None:
    if not stated:
        return None
    field = text(stated.get("field"))
    values = tuple(texts(stated.get("values")))
    others = tuple(word for word in texts(document.follow(attributes[field]).keys.get("enum")) if word not in values)
    argument = next(each for each in arguments if each.wire == f"{ATTRIBUTES}.{field}")
    return Whole(text(stated.get("method")), argument.name, argument.wire, values, others)
