"""What can be compared: what a server can be asked to do, and how two accounts of that differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["lacking", "surplus", "retyped"]


@dataclass(frozen=True, slots=True)
class Capability:
    """One thing to ask for, such as a command: the type of each of its parameters, in the words of the listing.

    `part` names what it comes with where not every server has it, such as a plugin.
    """

    name: str
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    part: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference; without `parameter` it is about the capability as a whole.

    The document is `lacking` what the server has, has a `surplus` that the server does not know, or tells another
    type (`retyped`). `document` and `server` are the types that each tells, if any.
    """

    kind: Kind
    capability: str
    parameter: str | None = None
    document: str | None = None
    server: str | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """All differences, how many capabilities the server listed, and the parts that it has not loaded.

    `not_loaded` has the capabilities of each part of which the server lists nothing; they are no differences.
    """

    differences: tuple[Difference, ...]
    listed: int
    not_loaded: Mapping[str, tuple[str, ...]]
