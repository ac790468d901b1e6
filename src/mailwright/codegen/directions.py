"""Tells which components are sent and which received: what is absent is UNSET in the ones and None in the others."""

from __future__ import annotations

from dataclasses import dataclass

from mailwright.codegen.lint.nodes import Document
from mailwright.codegen.lint.reach import reach


@dataclass(frozen=True, slots=True)
class Directions:
    """Names of the component schemas that requests and responses reach."""

    sent: frozenset[str]
    received: frozenset[str]


def find_directions(document: Document) -> Directions:
    """Follows references from parameters and bodies, and from responses; lint refuses an object in both sets."""
    found = reach(document)
    sent = frozenset(name for name, node in document.components.items() if node in found.requests)
    received = frozenset(name for name, node in document.components.items() if node in found.responses)
    return Directions(sent, received)
