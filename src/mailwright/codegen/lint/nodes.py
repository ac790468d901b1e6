"""The document as lint sees it: a tree of nodes that know their kind, their place and their parent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from mailwright.codegen.documents import LocatedDict, Place, place_of
from mailwright.codegen.lint.grammar import GRAMMAR
from mailwright.codegen.lint.reading import mapping, sequence, text

Pointer = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule has to say about a place; the rule's name is added where the rule is run."""

    place: Place
    message: str
    remedy: str


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """An object of the document: of which kind, under which keyword of its parent, and where it stands."""

    kind: str
    value: Any
    pointer: Pointer
    role: str
    parent: Node | None
    place: Place
    children: list[Node] = field(default_factory=list["Node"])

    @property
    def keys(self) -> Mapping[str, Any]:
        """The node's mapping; empty where the node is something else."""
        return mapping(self.value)

    @property
    def key(self) -> str | int:
        """The last step to this node: its name or index in the parent."""
        return self.pointer[-1] if self.pointer else ""

    @property
    def is_component(self) -> bool:
        """True for an entry of one of the sections of `components`."""
        return len(self.pointer) == 3 and self.pointer[0] == "components"

    def under(self, role: str) -> list[Node]:
        """Lists the children under one keyword."""
        return [child for child in self.children if child.role == role]

    def at(self, *path: str | int) -> Place:
        """Says where a value below this node stands, as far as the path can be walked."""
        place, value = self.place, self.value
        for step in path:
            if isinstance(step, int) and step < len(sequence(value)):
                place, value = place_of(value, step) or place, value[step]
            elif str(step) in mapping(value):
                place, value = place_of(value, str(step)) or place, value[str(step)]
            else:
                break
        return place

    def fault(self, message: str, remedy: str, *path: str | int) -> Fault:
        """Makes a fault about this node, or about the value that `path` leads to."""
        return Fault(self.at(*path), f"{self} {message}", remedy)

    def __str__(self) -> str:
        """Names the node for a person, such as `GET /users` or `User.address`."""
        above = self.parent
        if above is None:
            return "the document"
        name = str(self.key)
        if self.kind == "operation":
            return f"{name.upper()} {above.key}"
        if self.kind == "parameter" and text(self.keys.get("name")):
            return f"parameter {self.keys['name']!r}"
        if self.is_component:
            return name if self.kind == "schema" else f"{self.kind} {name}"
        if self.kind == "schema":
            return f"{above}{_step(self)}"
        if self.kind in ("media type", "header"):
            return f"{name} of {above}"
        if self.kind == "response":
            return f"{above.parent} {name}"
        if self.kind == "path item":
            return name
        if self.kind in ("request body", "rpc", "responses"):
            return f"{self.kind} of {above}"
        return f"{self.kind} {text(self.keys.get('name')) or name}"


def _step(node: Node) -> str:
    """Writes the step from a parent to a schema: `.name` for a property, `[]` for items, the keyword otherwise."""
    if node.role == "properties":
        return f".{node.key}"
    if node.role == "items":
        return "[]"
    if node.role == "additionalProperties":
        return "[*]"
    return f"[{node.role} {node.key}]" if isinstance(node.key, int) else f"'s {node.role}"


class Document:
    """A document with every node found, and every `$ref` ready to be followed."""

    def __init__(self, root: LocatedDict) -> None:
        self.root = Node("document", root, (), "", None, root.place)
        self.nodes: list[Node] = []
        self._by_pointer: dict[Pointer, Node] = {}
        self._grow(self.root)

    def of(self, kind: str) -> Iterator[Node]:
        """Gives every node of one kind, in document order."""
        return (node for node in self.nodes if node.kind == kind)

    @cached_property
    def components(self) -> dict[str, Node]:
        """The schema components by name."""
        found = (node for node in self.of("schema") if node.is_component and node.pointer[1] == "schemas")
        return {str(node.key): node for node in found}

    def target(self, node: Node) -> Node | None:
        """Gives the node that a `$ref` names; None where there is no `$ref`, or it leads nowhere in this document."""
        reference = text(node.keys.get("$ref"))
        if not reference.startswith("#/"):
            return None
        steps = [step.replace("~1", "/").replace("~0", "~") for step in reference[2:].split("/")]
        return self._by_pointer.get(tuple(steps))

    def follow(self, node: Node) -> Node:
        """Gives the node at the end of a chain of `$ref`; the last one found where the chain is broken or a circle."""
        seen = {node}
        while (target := self.target(node)) is not None and target not in seen:
            seen.add(target)
            node = target
        return node

    def _grow(self, node: Node) -> None:
        """Finds the children of a node, and theirs, without recursion: a document may nest deeply."""
        waiting = [node]
        while waiting:
            node = waiting.pop()
            self.nodes.append(node)
            self._by_pointer[tuple(map(str, node.pointer))] = node
            node.children.extend(_children(node))
            waiting.extend(reversed(node.children))


def _children(node: Node) -> Iterator[Node]:
    """Gives the nodes directly below a node, as the grammar has them."""
    for keyword, value in node.keys.items():
        rules = GRAMMAR.get(node.kind, {})
        rule = rules.get(keyword) or (None if keyword.startswith("x-") else rules.get("*"))
        if rule is None:
            continue
        shape, kind = rule
        pointer = (*node.pointer, keyword)
        place = place_of(node.value, keyword) or node.place
        if shape == "one":
            yield Node(kind, value, pointer, keyword, node, place)
        elif shape == "list":
            for index, item in enumerate(sequence(value)):
                yield Node(kind, item, (*pointer, index), keyword, node, place_of(value, index) or place)
        else:
            for name, item in mapping(value).items():
                yield Node(kind, item, (*pointer, name), keyword, node, place_of(value, name) or place)
