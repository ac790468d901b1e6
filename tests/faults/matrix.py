"""The table of the matrix, for the terminal and for the docs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from catalog import CLASSES
from cell import Cell
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


def as_markdown(rows: Sequence[Sequence[str]]) -> str:
    """The table for the docs."""
    heading, *rest = rows
    lines = [heading, ["---", *["--:"] * (len(heading) - 1)], *rest[:-1], [f"**{text}**" for text in rest[-1]]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def all_columns(stacks: Sequence[str], modes: Sequence[str]) -> list[Column]:
    """The columns in their order."""
    return [(stack, mode) for stack in STACKS if stack in stacks for mode in MODES if mode in modes]


def document(matrix: Matrix, cells: Sequence[tuple[str, Cell]]) -> str:
    """The page in the docs: the table, how it is judged, and every cell with what it wants."""
    parts = [
        _HEAD.format(count=len(cells)),
        as_markdown(matrix.rows()),
        "",
        _NOTE.format(lacking=matrix.not_generated()),
    ]
    for group in CLASSES:
        mine = [cell for each, cell in cells if each == group]
        if mine:
            parts += [
                "",
                f"## {group.replace('_', ' ').capitalize()}",
                "",
                "| cell | what must come of it |",
                "| --- | --- |",
            ]
            parts += [f"| {_cell(cell.name)} | {_cell(_wants(cell))} |" for cell in mine]
    return "\n".join(parts) + "\n"


def _wants(cell: Cell) -> str:
    text = str(cell.wants)
    for stack, other in cell.differs.items():
        text += f"; {stack}: {other.wants}, because {other.because}"
    return text


def _cell(text: str) -> str:
    text = "".join(mark if mark.isprintable() else ascii(mark)[1:-1] for mark in text)
    return text.replace("|", "\\|").replace("<", "\\<").replace("{", "\\{")


_HEAD = """\
<!-- Made by `nox -s faults -- --write-docs`; do not edit. -->
# What a client does when the server or the network misbehaves

A server on raw sockets breaks its answers in {count} ways. Each is a cell: one call of a generated client, on every
backend, sync and async. The numbers are cells passed of cells run.
"""
_NOTE = """\
A cell passes when all of this holds:

- The call gives exactly the value, or exactly the class of exception, that is written below.
- It ends at most 0.5 s after its deadline (1 s or less in most cells).
- The process grows by no more than the limit that the cell sets and 32 MiB.
- The same client makes another call afterwards.
- No token and no password is in the text, repr, attributes or traceback of the exception, in the repr of the value or
  the client, in any log record at DEBUG, or in a warning; nor was one sent to another origin.
- Nothing is left behind: no open socket, no warning about an unclosed resource, no half-written file.

*vanilla* is the client that openapi-python-client makes of the same document, with its timeout set to the deadline. It
is judged by the same rules, but more mildly where it has promises of its own: any `httpx.HTTPError`, its
`UnexpectedStatus`, and a failure it returns as the documented model are right wherever an exception is due, and also
where a value needs a retry, for it has none. How many requests it sends is not judged, and that the repr of its client
shows the token is not counted in each cell. {lacking} cells use operations that it does not generate; they are not
counted either."""
