"""Directions: which schemas a request can reach, which a response, and from where."""

from __future__ import annotations

from dataclasses import dataclass

from mailwright.codegen.lint.media_types import EVENTS, essence, is_json
from mailwright.codegen.lint.nodes import Document, Node
from mailwright.codegen.lint.operations import operations


@dataclass(frozen=True, slots=True)
class Reach:
    """Schema nodes by direction, each with the name of a place it was reached from."""

    requests: dict[Node, str]
    responses: dict[Node, str]


def reach(document: Document) -> Reach:
    """Closes over `$ref`, properties, arrays, maps, unions and parts, from every operation and `x-rpc`."""
    requests: list[tuple[Node, str]] = []
    responses: list[tuple[Node, str]] = []
    for operation in operations(document):
        name = operation.id or str(operation.node)
        for parameter in operation.parameters:
            requests += [(schema, f"a parameter of {name}") for schema in _schemas(parameter)]
        if operation.body is not None:
            requests += [(schema, f"the request body of {name}") for schema in _schemas(operation.body)]
        for status, response in operation.responses:
            origin = f"response {status} of {name}"
            responses += [(schema, origin) for schema in _schemas(response)]
            for header in response.under("headers"):
                responses += [(schema, origin) for schema in _schemas(document.follow(header))]
        for rpc in operation.node.under("x-rpc"):
            requests += [(schema, f"the parameters of {name}") for schema in rpc.under("parameters")]
            responses += [(schema, f"the rows of {name}") for schema in rpc.under("rows")]
    return Reach(close(document, requests), close(document, responses))


def close(document: Document, roots: list[tuple[Node, str]]) -> dict[Node, str]:
    """Gives every schema reached from the roots, with the origin of the root it was first reached from."""
    found: dict[Node, str] = {}
    waiting = list(reversed(roots))
    while waiting:
        node, origin = waiting.pop()
        if node in found:
            continue
        found[node] = origin
        below = [child for child in node.children if child.kind == "schema"]
        target = document.target(node)
        if target is not None:
            below.append(target)
        waiting.extend((child, origin) for child in reversed(below))
    return found


def json_schemas(document: Document) -> dict[Node, str]:
    """Gives every schema that JSON text is read or written with; those of raw and form bodies alone are left out."""
    roots: list[tuple[Node, str]] = []
    for media in document.of("media type"):
        # The data of an event is JSON text as well.
        if is_json(media.key) or essence(media.key) == EVENTS:
            roots += [(schema, str(media)) for schema in media.under("schema")]
    for node in document.nodes:
        if node.kind in ("parameter", "header", "rpc"):
            roots += [(child, str(node)) for child in node.children if child.kind == "schema"]
    return close(document, roots)


def _schemas(node: Node) -> list[Node]:
    """Lists the schemas that stand directly in a parameter, header, body or response."""
    found = node.under("schema")
    for media in node.under("content"):
        found += media.under("schema")
    return found
