"""Reads `x-bulk`: an operation that does the same to several things becomes a method for one and a method for many."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from mailwright.codegen.annotations import Names
from mailwright.codegen.arguments import Argument, body_fields, component
from mailwright.codegen.lint.nodes import Document
from mailwright.codegen.lint.operations import ATTRIBUTES, ITEMS, Operation, many_name, several
from mailwright.codegen.lint.reading import mapping, sequence, text
from mailwright.codegen.lint.schemas import fields
from mailwright.problem import Problem


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
    attributes = ""
    if ATTRIBUTES in of_body:
        node = fields(document, document.components[body])[ATTRIBUTES]
        attributes = models.classes[component(node) or ""]
        arguments += body_fields(document, attributes, names, prefix=f"{ATTRIBUTES}.")
    sent = () if one else tuple(sequence(stated.get("send")))
    return Bulk(many_name(operation), several(stated) if one else "", of, sent, attributes), arguments
