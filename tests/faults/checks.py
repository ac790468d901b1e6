"""Checks of what the server saw, for more than one class of cells."""

from __future__ import annotations

from cell import Check
from journal import Journal


def same_bodies(journal: Journal) -> str:
    """Every attempt sent the same body."""
    bodies = {(seen.length, seen.digest) for seen in journal.requests}
    return "" if len(bodies) == 1 else f"the attempts sent {len(bodies)} different bodies"


def connections(count: int) -> Check:
    """The client opened so many connections, the calls before the judged one and the one after it included."""

    def check(journal: Journal) -> str:
        opened = len(journal.connections)
        return "" if opened == count else f"the client opened {opened} connections, not {count}"

    return check


def sent_on(*numbers: int) -> Check:
    """The judged requests came on these connections, counted from 0."""

    def check(journal: Journal) -> str:
        came = tuple(seen.connection for seen in journal.requests)
        return "" if came == numbers else f"the requests came on the connections {came}, not {numbers}"

    return check
