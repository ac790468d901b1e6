"""The page in the docs that is made of a run."""

from __future__ import annotations

import re
from collections.abc import Sequence

from catalog import CLASSES
from cell import Cell
from matrix import Matrix

_NUMBERS = re.compile(r"(\d+)/(\d+)")
# Vanilla is told to be quick and given no second try, so a busy machine makes it lose or win a cell of some classes.
_VANILLA_MAY_DIFFER = 3
_VANILLA_COLUMNS = 2


def as_markdown(rows: Sequence[Sequence[str]]) -> str:
    """The table for the docs."""
    heading, *rest = rows
    lines = [heading, ["---", *["--:"] * (len(heading) - 1)], *rest[:-1], [f"**{text}**" for text in rest[-1]]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


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

A cell that fails is run once more alone: on a busy machine a deadline of 0.3 s is missed by chance.

*vanilla* is the client that openapi-python-client makes of the same document, with its timeout set to the deadline. It
is judged by the same rules, but more mildly where it has promises of its own: any `httpx.HTTPError`, its
`UnexpectedStatus`, and a failure it returns as the documented model are right wherever an exception is due, and also
where a value needs a retry, for it has none. How many requests it sends is not judged, and that the repr of its client
shows the token is not counted in each cell. {lacking} cells use operations that it does not generate; they are not
counted either."""


def is_fresh(page: str, run: str) -> bool:
    """Whether a page is what a run gives, but for a few cells of vanilla."""
    lines, others = page.splitlines(), run.splitlines()
    return len(lines) == len(others) and all(map(_same, lines, others))


def _same(line: str, other: str) -> bool:
    if line == other:
        return True
    cells, others = line.split(" | "), other.split(" | ")
    ours = slice(None, -_VANILLA_COLUMNS)
    found, wanted = _NUMBERS.findall(line), _NUMBERS.findall(other)
    if len(cells) < 2 + _VANILLA_COLUMNS or len(found) != len(wanted) or cells[ours] != others[ours]:
        return False
    sums = "**" in line
    allowed = _VANILLA_MAY_DIFFER * (4 if sums else 1)
    return all(
        total == other_total and abs(int(passed) - int(other_passed)) <= allowed
        for (passed, total), (other_passed, other_total) in zip(found, wanted, strict=True)
    )
