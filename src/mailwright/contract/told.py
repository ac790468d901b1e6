"""What a body says by the words of its API, whatever its schema is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """What a body says: whether it speaks of success, whether it tells an error, and which."""

    success: bool
    error: bool
    code: str | int | None
    message: str
    explained: bool = False
    """Whether the client says more than the message, because it alone does not tell what is wrong."""
