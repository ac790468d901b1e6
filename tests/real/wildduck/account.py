"""What a test knows of the user that was made for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    """A user that a test made for itself."""

    id: str
    username: str
    address: str
    password: str
    boxes: dict[str, str]
