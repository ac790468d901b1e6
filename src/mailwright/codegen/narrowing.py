"""Reads which query parameters of a destructive operation the server takes notice of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mailwright.codegen.lint.nodes import Document, Node
from mailwright.codegen.lint.operations import Operation
from mailwright.codegen.lint.reading import mapping, text, texts


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What `runtime.check_filtered` is told beside the filters, in the names of the arguments.

    `others` are arguments that are no filter, `unsure` those of them that the server may not know, and `heeds` is what
    `runtime.Heeds` is made of.
    """

    others: tuple[str, ...]
    unsure: tuple[str, ...]
    heeds: tuple[tuple[str, object], ...]


def narrowing(document: Document, operation: Operation, told: Mapping[str, Any], names: Mapping[str, str]) -> Narrowing:
    """Reads what x-destructive, which is `told`, and the schemas say; `names` has the argument of each parameter."""
    schemas = {
        names[text(node.keys.get("name"))]: _schema(document, node)
        for node in operation.located("query")
        if node.keys.get("required") is not True
    }
    filters = {names[wire] for key in ("filters", "ahead") for wire in texts(told.get(key))}
    unsure = tuple(names[wire] for wire in texts(told.get("unsure")))
    numbers = {
        name: (keys.get("minimum"), keys.get("maximum"))
        for name, keys in schemas.items()
        if keys.get("type") == "integer"
    }
    heeds: dict[str, object] = {
        "longest": {name: keys["x-max-bytes"] for name, keys in schemas.items() if "x-max-bytes" in keys},
        "words": {name: tuple(texts(keys["enum"])) for name, keys in schemas.items() if "enum" in keys},
        "numbers": numbers,
        "hides": {names[wire]: tuple(names[each] for each in texts(other)) for wire, other in _items(told, "hides")},
        "needs": {names[wire]: names[text(other)] for wire, other in _items(told, "needs")},
        "unsure": unsure,
    }
    counted = {*unsure, *(name for key in ("longest", "words", "numbers") for name in mapping(heeds[key]))}
    others = tuple(name for name in schemas if name in counted - filters)
    return Narrowing(others, unsure, tuple((key, value) for key, value in heeds.items() if value))


def _items(told: Mapping[str, Any], key: str) -> Iterable[tuple[str, Any]]:
    return mapping(told.get(key)).items()


def _schema(document: Document, parameter: Node) -> Mapping[str, Any]:
    for schema in parameter.under("schema"):
        return document.follow(schema).keys
    return {}
