"""Aliases with a time limit, whose addresses the server makes up."""

from __future__ import annotations

from mailwright.mock.call import Call
from mailwright.mock.json_value import Json
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026.bodies import flag, number
from mailwright.mock.packs.mailcow_2026.entries import Write, add, delete, edit, get
from mailwright.mock.packs.mailcow_2026.records import text
from mailwright.mock.state import State

_HOUR = 3600
_YEAR = 8760
_LONGEST = 87600
_CONSONANTS, _VOWELS = "bcdfghjklmnprstvwxz", "aeiou"


@add("mailbox", "add", "time_limited_alias")
def create(write: Write) -> None:
    """Makes an alias in the domain of the mailbox or one that is an alias of it; the entry names the mailbox."""
    given, state = write.attributes, write.state
    box = state.get("mailboxes", str(given.get("username")))
    if box is None and given.get("username"):
        write.danger("access_denied")
        return
    hours = number(given.get("validity", _YEAR))
    if not 1 <= hours <= _LONGEST:
        write.danger("validity_missing")
        return
    domain = str(given.get("domain"))
    known: list[Json] = []
    if box is not None:
        known = [box["domain"], *(each["id"] for each in state.all("alias_domains", target=box["domain"]))]
    if box is None or domain not in known:
        write.danger("domain_invalid")
        return
    address = f"{_word(state)}.{_word(state)}@{domain}"
    state.put(
        "time_aliases",
        {
            "id": address,
            "goto": box["id"],
            "description": text(given.get("description")),
            "validity": _now(write.call) + hours * _HOUR,
            "created": write.time,
            "modified": None,
            "permanent": flag(given.get("permanent")),
        },
    )
    write.success("mailbox_modified", box["id"])


@edit("mailbox", "edit", "time_limited_alias", items="address")
def update(write: Write, item: Json) -> None:
    """Changes how long an alias lasts from now on; the entry names nothing."""
    record = write.state.get("time_aliases", str(item))
    if record is None:
        write.danger("access_denied")
        return
    hours, permanent = number(write.attributes.get("validity")), flag(write.attributes.get("permanent"))
    if not hours and not permanent:
        return
    validity = 0 if permanent else _now(write.call) + hours * _HOUR
    record.update({"validity": validity, "permanent": permanent, "modified": write.time})
    write.success("mailbox_modified", "")


@delete("mailbox", "delete", "time_limited_alias", items="address")
def remove(write: Write, item: Json) -> None:
    """Removes an alias; the entry names its mailbox."""
    record = write.state.get("time_aliases", str(item))
    if record is None:
        write.danger("access_denied")
        return
    write.state.remove("time_aliases", record["id"])
    write.success("mailbox_modified", record["goto"])


def count(state: State, mailbox: str) -> int:
    """How many of these lead to a mailbox."""
    return sum(1 for _ in state.all("time_aliases", goto=mailbox))


def _list(call: Call) -> Json:
    now = _now(call)
    found = call.state.all("time_aliases", goto=str(call.path["mailbox"]))
    shown = [each for each in found if each["validity"] >= now or each["permanent"]]
    return [{"address": each["id"], **{name: each[name] for name in each if name != "id"}} for each in shown]


def _now(call: Call) -> int:
    return int(call.now.timestamp())


def _word(state: State) -> str:
    return "".join(state.chance.text(1, _CONSONANTS) + state.chance.text(1, _VOWELS) for _ in range(4))


HOOKS: dict[str, Hook] = {
    "create_time_limited_alias": create,
    "update_time_limited_aliases": update,
    "delete_time_limited_aliases": remove,
    "list_time_limited_aliases": get(_list),
}
