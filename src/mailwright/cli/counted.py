"""Says how many of something there are."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Writes `1 target` and `2 targets`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
