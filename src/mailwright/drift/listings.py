"""The APIs whose servers list what they can do; one that is added here can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from mailwright.drift.capabilities import Capability
from mailwright.drift.doveadm import DoveadmListing
from mailwright.problem import Problem
from mailwright.targets import Target


class Listing(Protocol):
    """How one API lists itself, and where its document says the same."""

    @property
    def path(self) -> str:
        """Path of the listing below the URL of the server, read by GET."""
        ...

    @property
    def noun(self) -> str:
        """What the API calls a capability, such as command."""
        ...

    def described(self, document: Mapping[str, Any]) -> Iterable[Capability]:
        """Reads what a bundled document describes."""
        ...

    def listed(self, content: bytes) -> Iterable[Capability]:
        """Reads what a server listed; raises `Problem` where it is no such listing."""
        ...


_LISTINGS: dict[str, Listing] = {"dovecot": DoveadmListing()}


def listing_for(target: Target) -> Listing:
    """Returns how the servers of a target list themselves.

    Raises:
        Problem: they do not.
    """
    found = _LISTINGS.get(target.api)
    if found is None:
        raise Problem(
            "servers of this API give no listing that is known here",
            place=target.name,
            remedy=f"APIs with one: {', '.join(sorted(_LISTINGS))}",
            exit_code=2,
        )
    return found
