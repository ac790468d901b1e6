"""Status lines that are none, informational answers, and statuses that no answer should have."""

from __future__ import annotations

from answers import GOOD, THING
from cell import Cell, raises, value
from steps import CLOSE

from mailwright.runtime import ProtocolError

CELLS = [
    Cell(name="an answer as it should be", answers=[GOOD], wants=value(THING), requests=1),
    Cell(
        name="a status line that is none",
        answers=[[b"HTTP/9 lol\r\n\r\n", CLOSE]],
        wants=raises(ProtocolError, attempts=1),
        requests=1,
    ),
]
