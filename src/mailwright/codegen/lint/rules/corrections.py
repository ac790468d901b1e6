"""Rules for overlays."""

from __future__ import annotations

from collections.abc import Iterator

from mailwright.codegen.documents import place_of
from mailwright.codegen.lint.nodes import Document, Fault
from mailwright.codegen.lint.reading import mapping, sequence, text
from mailwright.codegen.lint.registry import rule

_WORDS = 4


@rule(
    "correction-evidence",
    "Each action of a correction says in `description` what shows that the server differs.",
    overlay=True,
)
def correction_evidence(overlay: Document) -> Iterator[Fault]:
    """A correction without evidence is an opinion, and nobody could ever take it back."""
    root = overlay.root
    actions = root.keys.get("actions")
    for index, action in enumerate(sequence(actions)):
        words = text(mapping(action).get("description")).split()
        if len(words) < _WORDS:
            target = text(mapping(action).get("target"))
            place = place_of(action, "description") or place_of(actions, index) or root.place
            yield Fault(
                place,
                f"action {index + 1} on {target!r} {'hardly describes' if words else 'does not describe'} its evidence",
                "say in `description` what was seen, and where: the server's source, or a recorded exchange",
            )
