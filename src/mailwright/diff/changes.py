"""One change between two versions, and whom it concerns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["breaking", "wire", "addition"]
"""Whom it breaks: callers of the Python client, those who see what goes over the wire, or nobody."""


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """`resource` and `method` say where in the client; `what` is a sentence without them."""

    level: Level
    resource: str
    method: str
    what: str
