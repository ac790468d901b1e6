"""What a schema is in Python: a record (a Struct with fields), a map, an array, a scalar or a union of them."""

from __future__ import annotations

from collections.abc import Iterator

from mailwright.codegen.lint.nodes import Document, Node
from mailwright.codegen.lint.reading import mapping, texts

_MOMENTS = {"date-time": "date-time", "date": "date", "time": "time"}


def types(node: Node) -> list[str]:
    """Lists the JSON types that a schema's own `type` allows."""
    kind = node.keys.get("type")
    return [kind] if isinstance(kind, str) else texts(kind)


def is_record(node: Node) -> bool:
    """Says whether a schema becomes a Struct: it has properties or parts, or is an object that allows no keys."""
    keys = node.keys
    if "properties" in keys or "allOf" in keys:
        return True
    return "object" in types(node) and not is_map(node)


def is_map(node: Node) -> bool:
    """Says whether a schema is an object whose keys are not named."""
    extra = node.keys.get("additionalProperties")
    return "properties" not in node.keys and "allOf" not in node.keys and (extra is True or isinstance(extra, dict))


def closed(node: Node) -> str | None:
    """Names the keyword by which a schema refuses keys it does not name; None where it does not."""
    return next((key for key in ("additionalProperties", "unevaluatedProperties") if node.keys.get(key) is False), None)


def fields(document: Document, node: Node) -> dict[str, Node]:
    """Gives the properties of a record by wire name, those of its `allOf` parts first."""
    found: dict[str, Node] = {}
    for part in parts(document, node):
        found.update({str(child.key): child for child in part.under("properties")})
    return found


def parts(document: Document, node: Node) -> list[Node]:
    """Lists a record and all it is made of through `$ref` and `allOf`, the deepest first."""
    seen: dict[Node, None] = {}
    waiting = [document.follow(node)]
    while waiting:
        part = waiting.pop()
        if part not in seen:
            seen[part] = None
            waiting.extend(document.follow(child) for child in part.under("allOf"))
    return list(reversed(seen))


def members(document: Document, node: Node) -> Iterator[Node]:
    """Gives the members of a union, through references and unions inside it; the schema itself where it is none."""
    seen: set[Node] = set()
    waiting = [node]
    while waiting:
        each = document.follow(waiting.pop())
        if each in seen:
            continue
        seen.add(each)
        inner = [*each.under("anyOf"), *each.under("oneOf")]
        if inner:
            waiting.extend(reversed(inner))
        else:
            yield each


def kinds(document: Document, node: Node) -> set[str]:
    """Says what a schema that is no union can be on the wire: `record`, `map`, `text`, `date-time`, `array`, ..."""
    node = document.follow(node)
    if is_record(node):
        return {"record"}
    found: set[str] = set()
    for kind in types(node):
        if kind == "object":
            found.add("map")
        elif kind == "string":
            found.add(_MOMENTS.get(str(node.keys.get("format")), "text"))
        else:
            found.add(kind)
    if not found and "enum" in mapping(node.value):
        found.add("text")
    return found
