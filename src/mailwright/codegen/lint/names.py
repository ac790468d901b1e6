"""Python names as the two generators make them, so that lint and generation cannot disagree."""

from __future__ import annotations

from functools import cache

from datamodel_code_generator.model.field_name import MsgspecFieldNameResolver
from openapi_python_client.strings import ClassName, PythonIdentifier, snake_case

_PREFIX = "field"


@cache
def field_name(wire: str) -> str:
    """Gives the attribute that datamodel-code-generator makes of a property's name."""
    resolver = MsgspecFieldNameResolver(snake_case_field=True, special_field_name_prefix=_PREFIX)
    return str(resolver.get_valid_name(wire))


@cache
def parameter_name(wire: str) -> str:
    """Gives the argument that openapi-python-client makes of a parameter's name."""
    return str(PythonIdentifier(wire, f"{_PREFIX}_"))


@cache
def class_name(component: str) -> str:
    """Gives the class that openapi-python-client makes of a component's name."""
    return str(ClassName(component, f"{_PREFIX}_"))


@cache
def snake_name(text: str) -> str:
    """Gives the words of a text in snake case, as openapi-python-client splits them."""
    return snake_case(text)
