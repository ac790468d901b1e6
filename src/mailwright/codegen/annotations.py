"""Writes types as source text: component names become `models.Name`, shadowed builtins stay reachable."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping

from openapi_python_client.parser.properties import EnumProperty, LiteralEnumProperty, ModelProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.union import UnionProperty


def annotation(prop: PropertyProtocol) -> str:
    """Writes the type of an openapi-python-client property in the names of `models.py`."""
    match prop:
        case ModelProperty() if prop.additional_properties and not (
            prop.required_properties or prop.optional_properties
        ):
            # openapi-python-client makes a class of every map.
            return f"dict[str, {annotation(prop.additional_properties)}]"
        case ModelProperty() | EnumProperty() | LiteralEnumProperty():
            return str(prop.class_info.name)
        case ListProperty():
            return f"list[{annotation(prop.inner_property)}]"
        case UnionProperty():
            return " | ".join(dict.fromkeys(annotation(inner) for inner in prop.inner_properties))
        case DateTimeProperty():
            return "datetime"
        case _:
            return prop.get_type_string(no_optional=True).as_unembedded_code()


def qualify(text: str, *, components: Collection[str], aliases: Mapping[str, str], shadowed: Collection[str]) -> str:
    """Rewrites type text so that it means the same inside a resource module.

    Args:
        text: A type, such as `list[User] | None`.
        components: Names that `models.py` defines.
        aliases: Aliases of plain scalars, which read better spelled out in a signature.
        shadowed: Names of methods of the class, which hide builtins of the same name from annotations after them.
    """

    class Rewriter(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            if node.id in aliases:
                return ast.parse(aliases[node.id], mode="eval").body
            if node.id in components:
                return ast.Attribute(ast.Name("models"), node.id)
            if node.id in shadowed:
                return ast.Attribute(ast.Name("builtins"), node.id)
            return node

    return ast.unparse(Rewriter().visit(ast.parse(text, mode="eval")))
