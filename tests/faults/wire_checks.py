"""Checks of where requests went and of the headers they had."""

from __future__ import annotations

from collections.abc import Callable

from cell import Check
from journal import Journal, Seen
from secret import TOKEN


def targets(*wanted: str) -> Check:
    """The judged requests had these targets, letter by letter."""

    def check(journal: Journal) -> str:
        came = tuple(seen.target for seen in journal.requests)
        return "" if came == wanted else f"the targets were {came}, not {wanted}"

    return check


def methods(*wanted: str) -> Check:
    """The judged requests had these methods."""

    def check(journal: Journal) -> str:
        came = tuple(seen.method for seen in journal.requests)
        return "" if came == wanted else f"the methods were {came}, not {wanted}"

    return check


def sent(name: str, *values: str | None) -> Check:
    """The judged requests had these values of a header, in Latin-1, None for none; one value is for all of them."""

    def check(journal: Journal) -> str:
        came = [seen.header(name) for seen in journal.requests]
        wanted = list(values) * len(came) if len(values) == 1 else list(values)
        return "" if came and came == wanted else f"{name} was {came}, not {wanted}"

    return check


def never(*names: str) -> Check:
    """No request of the whole cell, wherever it went, had a header of these names."""

    def check(journal: Journal) -> str:
        for seen in journal.everything:
            for name in names:
                if seen.header(name) is not None:
                    return f"{seen} has the header {name}: {seen.header(name)}"
        return ""

    return check


def all_of(*checks: Check) -> Check:
    """Each of these."""

    def check(journal: Journal) -> str:
        return "; ".join(wrong for each in checks if (wrong := each(journal)))

    return check


def every(what: str, holds: Callable[[Seen], bool]) -> Check:
    """Each judged request is so; `what` says it for the person who reads the failure."""

    def check(journal: Journal) -> str:
        wrong = [seen for seen in journal.requests if not holds(seen)]
        return f"{wrong[0]} is not {what}" if wrong else ""

    return check


WITH_TOKEN = sent("X-Token", TOKEN)
"""Each judged request has the token, in its header."""
