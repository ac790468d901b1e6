"""Walks the operations of a bundled document, and tells which components are sent and which are received."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mailwright.codegen.documents import LocatedDict
from mailwright.codegen.lint.nodes import Document
from mailwright.codegen.lint.reach import reach

SCHEMAS = "#/components/schemas/"
_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})


@dataclass(frozen=True, slots=True)
class Directions:
    """Names of the component schemas that requests and responses reach."""

    sent: frozenset[str]
    received: frozenset[str]


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """Yields path, method, path item and operation of every operation, in document order."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in _METHODS:
                yield path, method, item, operation


def deref(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """Follows local references to what they stand for."""
    while "$ref" in node:
        target: Any = document
        for step in str(node["$ref"]).removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def find_directions(document: LocatedDict) -> Directions:
    """Follows references from parameters and bodies, and from responses; lint refuses an object in both sets."""
    nodes = Document(document)
    found = reach(nodes)
    sent = frozenset(name for name, node in nodes.components.items() if node in found.requests)
    received = frozenset(name for name, node in nodes.components.items() if node in found.responses)
    return Directions(sent, received)
