"""Says what a method gives: the type of its value, and how the answer holds it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Literal

from mailwright.codegen.annotations import SCALARS, Names
from mailwright.codegen.arguments import component
from mailwright.codegen.lint.media_types import EVENTS, essence, is_json
from mailwright.codegen.lint.nodes import Node
from mailwright.codegen.lint.operations import Operation
from mailwright.problem import Problem

Stream = Literal["", "binary", "sse"]


@dataclass(frozen=True, slots=True)
class Result:
    """The type of a value, as a signature has it and as an expression; `model` is its name in `models.py`."""

    annotation: str
    expression: str
    model: str = ""
    stream: Stream = ""
    empty: bool = False
    """True where a success may come without a body, which is None."""


def read_result(operation: Operation, names: Names) -> Result:
    """Reads the successful responses of an operation.

    Raises:
        Problem: they are of a kind that is not generated.
    """
    stream = operation.node.keys.get("x-stream")
    if stream == "binary":
        return Result("bytes", "bytes", stream="binary")
    if stream in ("sse", "sse-once"):
        return _of_model(_component(operation, [r for _, r in operation.successes if r.under("content")]), names, "sse")
    if operation.node.keys.get("x-answer") == "entries":
        return Result("Done", "Done")
    full = [response for _, response in operation.successes if response.under("content")]
    empty = len(full) < len(operation.successes)
    if not full and empty:
        return Result("None", "type(None)", empty=True)
    result = _of_model(_component(operation, full), names)
    if not empty:
        return result
    annotation = f"{result.annotation} | None"
    return Result(annotation, _cast(annotation), result.model, empty=True)


def _of_model(name: str, names: Names, stream: Stream = "") -> Result:
    models = names.models
    model = models.classes[name]
    if models.aliases.get(model) == "None":
        return Result("None", "type(None)", model, stream)
    annotation = names.qualify(model)
    plain = annotation in SCALARS or model not in models.aliases or _is_generic(models.aliases[model])
    if models.aliases.get(model, "").startswith("tuple["):
        # One type checker takes a tuple for a `type`, the other does not, and each refuses the other's way.
        return Result(annotation, f'cast("type[{annotation}]", cast("object", {annotation}))', model, stream)
    return Result(annotation, annotation if plain else _cast(annotation), model, stream)


def _is_generic(alias: str) -> bool:
    """Says whether an alias is a list or a map, which type checkers take for a `type`; they do not so take a tuple."""
    node = ast.parse(alias, mode="eval").body
    return isinstance(node, ast.Subscript) and ast.unparse(node.value) in ("list", "dict")


def _cast(annotation: str) -> str:
    # No type checker takes a union for a `type`.
    return f'cast("type[{annotation}]", {annotation})'


def _component(operation: Operation, responses: list[Node]) -> str:
    """Names the component that all these responses hold."""
    found = {component(_schema(response)) for response in responses}
    if len(found) > 1:
        raise Problem(
            "the successful responses differ",
            place=operation.id,
            remedy="describe one of them; a method has one type of result, and None where a response has no content",
        )
    name = next(iter(found), None)
    if name is None:
        raise Problem(
            "no successful response is a JSON component",
            place=operation.id,
            remedy="give one 2xx response application/json with a $ref, or no content",
        )
    return name


def _schema(response: Node) -> Node | None:
    media = response.under("content")[0]
    typed = is_json(media.key) or essence(media.key) == EVENTS
    return next(iter(media.under("schema")), None) if typed else None
