"""The table of the matrix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from catalog import CLASSES
from judge import Verdict
from stacks import STACKS, VANILLA

MODES = ("sync", "async")
Column = tuple[str, str]


@dataclass
class Matrix:
    """The verdicts by column."""

    columns: list[Column]
    verdicts: dict[Column, list[Verdict]] = field(default_factory=dict)

    def failing(self, stacks: Sequence[str]) -> Iterable[tuple[Column, Verdict]]:
        """The cells of some stacks that did not pass."""
        for column in self.columns:
            if column[0] in stacks:
                yield from ((column, v) for v in self.verdicts[column] if v.generated and not v.passed)

    def count(self, column: Column, group: str = "") -> str:
        """How many cells of a class, or of all, passed, as `passed/total`."""
        given = [each for each in self.verdicts[column] if each.generated and each.group == (group or each.group)]
        return f"{sum(each.passed for each in given)}/{len(given)}" if given else "–"

    def passed(self, column: Column) -> tuple[int, int]:
        """How many cells passed, of how many."""
        given = [each for each in self.verdicts[column] if each.generated]
        return sum(each.passed for each in given), len(given)

    def not_generated(self) -> int:
        """How many cells vanilla has no call for."""
        return max((sum(not v.generated for v in self.verdicts[c]) for c in self.columns if c[0] == VANILLA), default=0)

    def rows(self) -> list[list[str]]:
        """The heading, a row a class, and the sum."""
        groups = [each for each in CLASSES if any(v.group == each for vs in self.verdicts.values() for v in vs)]
        rows = [["class", *(f"{stack} {mode}" for stack, mode in self.columns)]]
        rows += [[group.replace("_", " "), *(self.count(column, group) for column in self.columns)] for group in groups]
        return [*rows, ["all", *(self.count(column) for column in self.columns)]]


def as_text(rows: Sequence[Sequence[str]]) -> str:
    """The table for a terminal."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            text.ljust(width) if not at else text.rjust(width)
            for at, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:-1], "-" * len(lines[0]), lines[-1]])


def all_columns(stacks: Sequence[str], modes: Sequence[str]) -> list[Column]:
    """The columns in their order."""
    return [(stack, mode) for stack in STACKS if stack in stacks for mode in MODES if mode in modes]
