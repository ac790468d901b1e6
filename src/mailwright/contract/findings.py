"""What the contract run found wrong, each thing once and by its smallest example."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

Half = Literal["encode", "decode", "hostile", "server"]

_LONG = 400


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference: where, by which arguments, what was wanted, what came, and the Python line that repeats it.

    `kind` is what makes two findings of an operation the same; `count` is how often it was met.
    """

    operation: str
    half: Half
    kind: str
    arguments: str
    wanted: str
    got: str
    repeat: str
    count: int = 1

    def __str__(self) -> str:
        often = f" ({self.count} times)" if self.count > 1 else ""
        return (
            f"{self.operation}: {self.half}: {self.kind}{often}\n"
            f"  arguments  {self.arguments}\n"
            f"  wanted     {self.wanted}\n"
            f"  got        {self.got}\n"
            f"  repeat     {self.repeat}"
        )

    @property
    def size(self) -> int:
        """How much a person has to read."""
        return len(self.arguments) + len(self.repeat)


class Findings:
    """Keeps the smallest example of each kind."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, Half, str], Finding] = {}

    def add(self, finding: Finding) -> None:
        """Adds one, or counts it where its kind is known."""
        key = finding.operation, finding.half, finding.kind
        known = self._found.get(key)
        if known is None:
            self._found[key] = finding
        else:
            smaller = min(known, finding, key=lambda each: each.size)
            self._found[key] = replace(smaller, count=known.count + finding.count)

    def knows(self, operation: str, half: Half, kind: str) -> bool:
        """Says whether there is an example already."""
        return (operation, half, kind) in self._found

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._found.values())

    def __len__(self) -> int:
        return len(self._found)


def shown(value: object) -> str:
    """A value as a person reads it: its repr, cut in the middle where it is long, and never a lone surrogate."""
    text = repr(value).encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= _LONG else f"{text[: _LONG - 60]} … {text[-40:]} ({len(text)} characters)"
