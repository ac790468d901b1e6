"""What mail a domain or a mailbox lets in or keeps out, whoever sends it."""

from __future__ import annotations

import re
from collections.abc import Callable

from mailwright.mock.call import Call
from mailwright.mock.json_value import Json
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026.bodies import number
from mailwright.mock.packs.mailcow_2026.checks import has_domain
from mailwright.mock.packs.mailcow_2026.entries import Write, add, delete, get
from mailwright.mock.packs.mailcow_2026.store import ascii_domain, next_id
from mailwright.mock.state import State

_LISTS = {"allowed": "wl", "blocked": "bl"}


def _create(write: Write, scope: str, owner: str, *, known: bool) -> None:
    given, state = write.attributes, write.state
    sender, way = str(given.get("object_from") or "").lower(), given.get("object_list")
    if not known:
        write.danger("access_denied")
    elif not re.sub("[@_.*-]", "", sender).isalnum():
        write.danger("policy_list_from_invalid")
    elif way not in _LISTS.values():
        write.danger("access_denied")
    elif state.first("policies", scope=scope, object=owner, value=sender) is not None:
        write.danger("policy_list_from_exists")
    else:
        key = str(next_id(state, "policies"))
        state.put("policies", {"id": key, "scope": scope, "object": owner, "value": sender, "list": way})
        write.success(f"{scope}_modified", owner)


@add("policy", "add", "domain")
def create_for_domain(write: Write) -> None:
    """Adds a sender to a list of a domain."""
    owner = ascii_domain(write.attributes.get("domain"))
    _create(write, "domain", owner, known=has_domain(write.state, owner))


@add("policy", "add", "mailbox")
def create_for_mailbox(write: Write) -> None:
    """Adds a sender to a list of a mailbox."""
    owner = str(write.attributes.get("username"))
    _create(write, "mailbox", owner, known=write.state.get("mailboxes", owner) is not None)


def _taken_off(scope: str) -> Callable[[Write, Json], bool]:
    def take_off(write: Write, item: Json) -> bool:
        record = write.state.get("policies", str(item))
        if record is None or record["scope"] != scope:
            write.danger("access_denied")
            return False
        write.state.remove("policies", record["id"])
        return True

    return take_off


@delete("policy", "delete", "domain", items="prefid")
def remove_from_domain(write: Write, item: Json) -> None:
    """Takes a sender off a list of a domain."""
    if _taken_off("domain")(write, item):
        write.success("item_deleted", item)


@delete("policy", "delete", "mailbox", items="prefid")
def remove_from_mailbox(write: Write, item: Json) -> None:
    """Takes a sender off a list of a mailbox; the entry names all that are to go."""
    if _taken_off("mailbox")(write, item):
        write.success("items_deleted", ", ".join(str(each) for each in write.items))


def take_numbers(state: State, count: int) -> None:
    """Uses up numbers of policies, as spam scores are kept among them."""
    for _ in range(count):
        next_id(state, "policies")


def _lister(scope: str, way: str) -> Hook:
    def list_some(call: Call) -> Json:
        found = call.state.all("policies", scope=scope, object=str(call.path[scope]), list=way)
        return [{"object": each["object"], "value": each["value"], "prefid": number(each["id"])} for each in found]

    return get(list_some)


HOOKS: dict[str, Hook] = {
    "create_domain_policy": create_for_domain,
    "create_mailbox_policy": create_for_mailbox,
    "delete_domain_policies": remove_from_domain,
    "delete_mailbox_policies": remove_from_mailbox,
    **{f"list_{how}_by_{scope}": _lister(scope, way) for scope in ("domain", "mailbox") for how, way in _LISTS.items()},
}
