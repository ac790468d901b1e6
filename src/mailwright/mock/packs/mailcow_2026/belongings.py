"""What belongs to mailboxes and domains: it goes with them, and follows mailboxes to a new name."""

from __future__ import annotations

from mailwright.mock.state import State

# The fields that name the mailbox, by collection.
_OWNED: dict[str, tuple[str, ...]] = {
    "app_passwords": ("mailbox",),
    "sync_jobs": ("owner", "user2", "username"),
    "filters": ("owner", "username"),
    "time_aliases": ("goto",),
    "policies": ("object",),
    "rates": ("id",),
    "spam_scores": ("id",),
    "pushover": ("id",),
}


def forget(state: State, name: str) -> None:
    """Removes what belongs to a mailbox, or to a domain."""
    for collection, fields in _OWNED.items():
        for record in list(state.all(collection, **{fields[0]: name})):
            state.remove(collection, record["id"])


def forget_of_domain(state: State, domain: str) -> None:
    """Removes what belongs to a domain and is not in a mailbox."""
    forget(state, domain)
    state.remove("mta_sts", domain)
    for collection in ("resources", "bcc_maps"):
        for record in list(state.all(collection, domain=domain)):
            state.remove(collection, record["id"])


def follow(state: State, old: str, new: str) -> None:
    """Makes what belongs to a mailbox belong to its new name."""
    for collection, fields in _OWNED.items():
        for record in list(state.all(collection, **{fields[0]: old})):
            state.remove(collection, record["id"])
            state.put(collection, {**record, **dict.fromkeys(fields, new)})
    for alias in state.all("aliases"):
        alias["goto"] = ",".join(new if each == old else each for each in alias["goto"].split(","))
