"""Commands that share one URL: what of their tuples is arguments and rows, and what the generators see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, cast

from mailwright.codegen.annotations import Names
from mailwright.codegen.arguments import component
from mailwright.codegen.lint.grammar import METHODS
from mailwright.codegen.lint.nodes import Document, Node
from mailwright.codegen.lint.operations import Operation
from mailwright.codegen.lint.reading import mapping, text, texts
from mailwright.codegen.results import Result
from mailwright.problem import Problem

_REFERENCE = "#/components/"


@dataclass(frozen=True, slots=True)
class Rpc:
    """One command: the Struct of its parameters, what it gives, and what the runtime is told of it."""

    model: str
    result: Result
    command: str
    options: tuple[tuple[str, object], ...]
    needs: tuple[str, ...]
    """Parameters of which one has to be given, by their names on the wire."""


def read_rpc(document: Document, operation: Operation, names: Names) -> Rpc | None:
    """Reads the command that an operation is; None for one that is none.

    Raises:
        Problem: its parameters or rows are no component.
    """
    rpc = next(iter(operation.node.under("x-rpc")), None)
    if rpc is None:
        return None
    parameters = _component(operation, rpc, rpc.under("parameters"))
    needs = tuple(texts(rpc.keys.get("needs")))
    result, rest = Result("None", "type(None)"), ""
    for rows in rpc.under("rows"):
        row = _component(operation, rpc, rows.under("items") or [rows])
        annotation = names.qualify(f"list[{row}]" if rows.under("items") else row)
        result, rest = Result(annotation, annotation), text(document.components[row].keys.get("x-rest"))
    options: dict[str, object] = {"needs": needs, "rest": rest}
    return Rpc(
        model=names.models.classes[parameters],
        result=result,
        command=text(rpc.keys.get("command")),
        options=tuple((key, value) for key, value in options.items() if value),
        needs=needs,
    )


def _component(operation: Operation, rpc: Node, schemas: list[Node]) -> str:
    name = component(next(iter(schemas), None))
    if name is None:
        raise Problem(f"a part of the {rpc} is no component", place=operation.id, remedy="put a $ref there")
    return name


def generators_view(document: dict[str, Any]) -> dict[str, Any]:
    """Gives the document as the generators are shown it: commands without their tuples, and rows as they are in Python.

    Texts that stand for numbers are numbers there, and keys beside the properties a property of their own. A document
    without commands is given as it is.
    """
    commands = [each for each in _operations(document) if "x-rpc" in each]
    if not commands:
        return document
    view = deepcopy(document)
    for operation in _operations(view):
        if "x-rpc" in operation:
            operation.pop("requestBody", None)
            responses = operation["responses"]
            responses.update({status: {"description": "Rows."} for status in responses if status.startswith("2")})
    schemas: dict[str, Any] = view["components"]["schemas"]
    numbers = {name: schema["x-number"] for name, schema in schemas.items() if "x-number" in schema}
    for schema in schemas.values():
        _as_in_python(schema, numbers)
    _drop_unused(view)
    return view


def _operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for item in document["paths"].values():
        yield from (item[method] for method in METHODS if method in item)


def _as_in_python(node: object, numbers: Mapping[str, str]) -> None:
    """Changes a schema and all below it in place."""
    if isinstance(node, list):
        for item in cast("list[object]", node):
            _as_in_python(item, numbers)
    if not isinstance(node, dict):
        return
    schema = cast("dict[str, Any]", node)
    name = _name(schema.get("$ref"), "schemas")
    kind = numbers.get(name) if name else schema.get("x-number")
    if isinstance(kind, str):
        for key in ("$ref", "pattern", "x-number"):
            schema.pop(key, None)
        schema["type"] = kind
    if "x-rest" in schema:
        rest = schema.pop("x-rest")
        told = "What has no field of its own, by its name on the wire."
        held = {"type": "object", "additionalProperties": schema.pop("additionalProperties"), "description": told}
        schema["properties"] = {**mapping(schema.get("properties")), rest: held}
        schema["required"] = [*schema.get("required", ()), rest]
    for value in schema.values():
        _as_in_python(value, numbers)


def _drop_unused(document: dict[str, Any]) -> None:
    """Takes away the schemas and responses that only the tuples named."""
    components = document["components"]
    kept: set[tuple[str, str]] = set()
    waiting = [*_references(document["paths"])]
    while waiting:
        section, _, name = waiting.pop().removeprefix(_REFERENCE).partition("/")
        if (section, name) not in kept:
            kept.add((section, name))
            waiting += _references(components[section][name])
    for section in ("schemas", "responses"):
        entries = cast("dict[str, Any]", components.get(section, {}))
        components[section] = {name: each for name, each in entries.items() if (section, name) in kept}


def _references(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for item in cast("list[object]", node):
            yield from _references(item)
    elif isinstance(node, dict):
        for key, value in cast("dict[str, object]", node).items():
            if key == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from _references(value)


def _name(reference: object, section: str) -> str:
    start = f"{_REFERENCE}{section}/"
    return reference.removeprefix(start) if isinstance(reference, str) and reference.startswith(start) else ""
