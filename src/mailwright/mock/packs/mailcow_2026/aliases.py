"""Aliases, catch-all ones as well, and domains that are aliases of others."""

from __future__ import annotations

from mailwright.mock.call import Call
from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026.bodies import flag, words
from mailwright.mock.packs.mailcow_2026.domain_view import counts
from mailwright.mock.packs.mailcow_2026.entries import Write, add, delete, edit, get
from mailwright.mock.packs.mailcow_2026.rates import rate_of
from mailwright.mock.packs.mailcow_2026.store import ascii_domain, domain_of, is_address, next_id
from mailwright.mock.state import Record, State

_PLACES = {"goto_null": "null@localhost", "goto_spam": "spam@localhost", "goto_ham": "ham@localhost"}
_FLAGS = ("active", "internal", "sogo_visible", "sender_allowed")
_COMMENTS = ("public_comment", "private_comment")


@add("mailbox", "add", "alias")
def create(write: Write) -> None:
    """Adds an alias for each of several addresses in one text; they are inactive where nothing is said."""
    given = write.attributes
    addresses = words(given.get("address"))
    if not addresses:
        write.danger("alias_empty")
        return
    targets = _targets(write)
    if not targets:
        if not write.entries:
            write.danger("goto_empty")
        return
    for address in (each.lower() for each in addresses):
        if address in targets:
            continue
        domain = write.state.get("domains", ascii_domain(domain_of(address)))
        if domain is not None and counts(write.state, domain["id"])[1] == domain["aliases"]:
            write.danger("max_alias_exceeded")
            return
        if (problem := _problem(write.state, address)) is not None:
            write.danger(*problem)
            continue
        add_alias(write, address, ",".join(targets), given)


def add_alias(write: Write, address: str, goto: str, given: JsonObject) -> None:
    """Stores an alias, and the entry that names it and its number."""
    number = str(next_id(write.state, "aliases"))
    record: Record = {
        "id": number,
        "domain": ascii_domain(domain_of(address)),
        "goto": goto,
        "address": address,
        **{name: given.get(name) for name in _COMMENTS},
        **{name: flag(given.get(name)) for name in _FLAGS},
        "created": write.time,
        "modified": None,
    }
    write.state.put("aliases", record)
    write.success("alias_added", address, number)


@edit("mailbox", "edit", "alias", items="id")
def update(write: Write, item: Json) -> None:
    """Changes what is given of an alias, which is named by its number."""
    given = write.attributes
    record = write.state.get("aliases", str(item))
    if record is None:
        # The server names the alias before it, as it forgets to look.
        write.danger("alias_invalid", write.call.made.get("last", str(item)))
        return
    if "address" in given and given["address"] != record["address"]:
        address = str(given["address"]).lower()
        if (problem := _problem(write.state, address)) is not None:
            write.danger(*problem)
            return
        record["address"], record["domain"] = address, ascii_domain(domain_of(address))
    if "goto" in given or any(flag(given.get(name)) for name in _PLACES):
        record["goto"] = ",".join(_targets(write)) or record["goto"]
    record.update({name: flag(given[name]) for name in _FLAGS if name in given})
    record.update({name: given[name] for name in _COMMENTS if name in given})
    record["modified"] = write.time
    write.call.made["last"] = record["address"]
    write.success("alias_modified", record["address"])


@delete("mailbox", "delete", "alias", items="id")
def remove(write: Write, item: Json) -> None:
    """Removes an alias, which is named by its number."""
    record = write.state.get("aliases", str(item))
    if record is None:
        write.danger("access_denied")
        return
    write.state.remove("aliases", record["id"])
    write.success("alias_removed", record["address"])


def forget_mailbox(state: State, address: str) -> None:
    """Takes a mailbox out of what aliases lead to; one that leads nowhere then goes."""
    for alias in state.all("aliases"):
        targets = alias["goto"].split(",")
        left = [each for each in targets if each != address]
        if not left:
            state.remove("aliases", alias["id"])
        else:
            alias["goto"] = ",".join(left)


@add("mailbox", "add", "alias_domain")
def create_domain(write: Write) -> None:
    """Makes a domain an alias of another one."""
    given = write.attributes
    target = ascii_domain(given.get("target_domain"))
    for name in map(ascii_domain, words(given.get("alias_domain"))):
        if not name:
            write.danger("alias_domain_invalid", given.get("alias_domain"))
        elif write.state.get("domains", target) is None:
            write.danger("target_domain_invalid", target)
        elif name == target:
            write.danger("aliasd_targetd_identical", target)
        elif write.state.get("domains", name) is not None or write.state.get("alias_domains", name) is not None:
            write.danger("alias_domain_invalid", name)
        else:
            record: Record = {"id": name, "target": target, "active": flag(given.get("active"))}
            write.state.put("alias_domains", {**record, "created": write.time, "modified": None})
            write.success("aliasd_added", name)


@edit("mailbox", "edit", "alias_domain", items="alias_domain")
def update_domain(write: Write, item: Json) -> None:
    """Changes whether it is active, and of which domain it is an alias."""
    record = write.state.get("alias_domains", ascii_domain(item))
    if record is None:
        write.danger("alias_domain_invalid", item)
        return
    target = ascii_domain(write.attributes.get("target_domain") or record["target"])
    if write.state.get("domains", target) is None:
        write.danger("target_domain_invalid", target)
        return
    record["target"] = target
    record["active"] = flag(write.attributes.get("active", record["active"]))
    record["modified"] = write.time
    write.success("aliasd_modified", item)


@delete("mailbox", "delete", "alias_domain", items="alias_domain")
def remove_domain(write: Write, item: Json) -> None:
    """Removes an alias domain."""
    record = write.state.get("alias_domains", ascii_domain(item))
    if record is None:
        write.danger("access_denied")
        return
    write.state.remove("alias_domains", record["id"])
    write.success("alias_domain_removed", item)


def _targets(write: Write) -> list[str]:
    """What an alias leads to; entries tell of what is no address."""
    for name, place in _PLACES.items():
        if flag(write.attributes.get(name)):
            return [place]
    good: list[str] = []
    for each in words(write.attributes.get("goto")):
        if is_address(each.lower()):
            good.append(each.lower())
        else:
            write.danger("goto_invalid", each)
    return good


def _problem(state: State, address: str) -> tuple[str, str] | None:
    name = ascii_domain(domain_of(address))
    if not name or (not address.startswith("@") and not is_address(address)):
        return "alias_invalid", address
    domain = state.get("domains", name)
    if domain is None and state.get("alias_domains", name) is None:
        return "domain_not_found", name
    if state.first("aliases", address=address) is not None or state.get("mailboxes", address) is not None:
        return "is_alias_or_mailbox", address
    return None


def _view(state: State, record: Record) -> JsonObject:
    parent = state.get("alias_domains", record["domain"])
    return {
        "in_primary_domain": "" if parent is None else parent["target"],
        "id": int(record["id"]),
        "domain": record["domain"],
        "public_comment": record["public_comment"],
        "private_comment": record["private_comment"],
        "goto": record["goto"],
        "address": record["address"],
        "is_catch_all": int(record["address"].startswith("@")),
        "internal": record["internal"],
        "active": record["active"],
        "active_int": record["active"],
        "sogo_visible": record["sogo_visible"],
        "sogo_visible_int": record["sogo_visible"],
        "sender_allowed": record["sender_allowed"],
        "created": record["created"],
        "modified": record["modified"],
    }


def _list_of_domain(call: Call) -> Json:
    domain = ascii_domain(call.path["domain"])
    return [_view(call.state, each) for each in call.state.all("aliases", domain=domain)]


def _read(call: Call) -> Json:
    """By its number, or by its address."""
    name = str(call.path["alias"])
    record = call.state.get("aliases", name) or call.state.first("aliases", address=name.lower())
    return None if record is None else _view(call.state, record)


def _domain_view(state: State, record: Record) -> JsonObject:
    target = state.get("domains", record["target"]) or {}
    return {
        "alias_domain": record["id"],
        "parent_is_backupmx": target.get("backupmx", 0),
        "target_domain": record["target"],
        "active": record["active"],
        "active_int": record["active"],
        "rl": rate_of(state, record["id"]) or False,
        "created": record["created"],
        "modified": record["modified"],
    }


def _list_domains(call: Call) -> Json:
    return [_domain_view(call.state, each) for each in call.state.all("alias_domains")]


def _read_domain(call: Call) -> Json:
    record = call.state.get("alias_domains", ascii_domain(call.path["aliasDomain"]))
    return None if record is None else _domain_view(call.state, record)


HOOKS: dict[str, Hook] = {
    "create_alias": create,
    "update_aliases": update,
    "delete_aliases": remove,
    "list_aliases": get(lambda call: [_view(call.state, each) for each in call.state.all("aliases")]),
    "list_aliases_of_domain": get(_list_of_domain),
    "get_alias": get(_read),
    "create_alias_domain": create_domain,
    "update_alias_domains": update_domain,
    "delete_alias_domains": remove_domain,
    "list_alias_domains": get(_list_domains),
    "get_alias_domain": get(_read_domain),
}
