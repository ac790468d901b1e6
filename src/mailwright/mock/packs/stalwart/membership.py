"""Who belongs to what. A member has the names of its groups, lists and roles; members are told from those."""

from __future__ import annotations

from mailwright.mock.json_value import JsonObject
from mailwright.mock.packs.stalwart.envelope import not_found
from mailwright.mock.state import Record, State

MEMBERSHIP = {"memberOf": "group", "lists": "list", "roles": "role"}
"""The field in which a member names what it belongs to, and the type of that."""

_FIELD_OF = {kind: field for field, kind in MEMBERSHIP.items()}
_BUILT_IN_ROLES = ("admin", "tenant-admin", "user")


def find(state: State, name: str, kind: str = "") -> Record | None:
    """The principal of this name, and of this type where one is named."""
    return next(
        (each for each in state.all("principals", name=name) if kind in ("", each["type"])),
        None,
    )


def known_principal(state: State, name: str, kind: str = "") -> None:
    """Holds that there is such a principal.

    Raises:
        Refused: there is none.
    """
    if kind == "role" and name in _BUILT_IN_ROLES:
        return
    if find(state, name, kind) is None:
        raise not_found(name)


def members(state: State, record: Record) -> list[str]:
    """The names of those who belong to a group, a list or a role."""
    field = _FIELD_OF.get(record["type"])
    if field is None:
        return []
    return [each["name"] for each in state.all("principals") if record["name"] in each.get(field, ())]


def join(state: State, record: Record, names: list[str]) -> None:
    """Makes these principals members."""
    field = _FIELD_OF.get(record["type"])
    for each in names:
        member = find(state, each)
        if field is not None and member is not None and record["name"] not in member.setdefault(field, []):
            member[field].append(record["name"])


def leave(state: State, record: Record, names: list[str]) -> None:
    """Ends the membership of these principals."""
    field = _FIELD_OF.get(record["type"])
    for each in names:
        member = find(state, each)
        if field is not None and member is not None and record["name"] in member.get(field, ()):
            member[field].remove(record["name"])


def rename(state: State, record: Record, name: str) -> None:
    """Gives a principal another name, and those who belong to it the other name with it."""
    old = record["name"]
    for each in state.all("principals"):
        for field, kind in MEMBERSHIP.items():
            if kind == record["type"] and old in each.get(field, ()):
                each[field] = [name if one == old else one for one in each[field]]
    record["name"] = name


def forget(state: State, record: Record) -> None:
    """Ends all memberships in what is about to go."""
    leave(state, record, members(state, record))


def shown_members(state: State, record: Record) -> JsonObject:
    """Members as answers show them: names, or how many of them a domain or a tenant has."""
    if record["type"] == "domain":
        mine = f"@{record['name']}"
        addresses = [each.get("emails", ()) for each in state.all("principals")]
        return {"members": sum(any(one.endswith(mine) for one in each) for each in addresses)}
    if record["type"] == "tenant":
        return {"members": sum(1 for _ in state.all("principals", tenant=record["name"]))}
    found = members(state, record)
    return {"members": found} if found else {}
