"""Servers that are slow or silent."""

from __future__ import annotations

from answers import GOOD
from cell import Cell, raises
from steps import STALL, Drip

from mailwright.runtime import TimedOut

CELLS = [
    Cell(name="silence", answers=[STALL], timeout=0.3, wants=raises(TimedOut, attempts=1), requests=1),
    Cell(name="headers by the byte", answers=[Drip(GOOD)], timeout=0.3, wants=raises(TimedOut, attempts=1), requests=1),
]
