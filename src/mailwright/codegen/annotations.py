"""Writes types as source text: component names become `models.Name`, shadowed builtins stay reachable."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection
from dataclasses import dataclass

from openapi_python_client.parser.properties import EnumProperty, LiteralEnumProperty, ModelProperty
from openapi_python_client.parser.properties.const import ConstProperty
from openapi_python_client.parser.properties.date import DateProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.parser.properties.uuid import UuidProperty

from mailwright.codegen.models import Models

SCALARS = frozenset({"str", "int", "float", "bool"})
# Aliases of these read better spelled out in a signature.
_SPELLED = SCALARS | {"datetime", "date"}


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
        case ConstProperty():
            # Its own text leaves out characters that cannot be printed.
            return f"Literal[{prop.value.raw_value!r}]"
        case DateTimeProperty():
            return "datetime"
        case DateProperty():
            return "date"
        case UuidProperty():
            return "str"
        case _:
            return prop.get_type_string(no_optional=True).as_unembedded_code()


@dataclass(frozen=True, slots=True)
class Names:
    """What names mean inside one resource class."""

    models: Models
    methods: Collection[str]
    """Names of the methods of the class, which hide builtins of the same name from annotations after them."""

    def qualify(self, text: str) -> str:
        """Rewrites a type of `models.py`, such as `list[User] | None`, so that it means the same in the class."""
        names = self

        class Rewriter(ast.NodeTransformer):
            def visit_Name(self, node: ast.Name) -> ast.expr:
                return names._expression(node)

        return ast.unparse(Rewriter().visit(ast.parse(text, mode="eval")))

    def builtin(self, name: str) -> str:
        """Writes a builtin type so that it means the same in the class."""
        return f"builtins.{name}" if name in self.methods else name

    def _expression(self, node: ast.Name) -> ast.expr:
        alias = self.models.aliases.get(node.id)
        if alias in _SPELLED:
            node = ast.Name(alias)
        elif alias is not None or node.id in self.models.fields:
            return ast.Attribute(ast.Name("models"), node.id)
        if node.id in self.methods and hasattr(builtins, node.id):
            return ast.Attribute(ast.Name("builtins"), node.id)
        return node
