"""A domain as answers show it: sizes in bytes, and what its mailboxes use of it."""

from __future__ import annotations

from mailwright.mock.json_value import JsonObject
from mailwright.mock.packs.mailcow_2026.rates import rate_of
from mailwright.mock.packs.mailcow_2026.store import MIB
from mailwright.mock.state import Record, State


def used(state: State, domain: str) -> int:
    """The quotas of all mailboxes of a domain together, in MiB."""
    return sum(each["quota"] for each in state.all("mailboxes", domain=domain))


def counts(state: State, domain: str) -> tuple[int, int]:
    """How many mailboxes and aliases a domain has."""
    boxes = sum(1 for _ in state.all("mailboxes", domain=domain))
    return boxes, sum(1 for _ in state.all("aliases", domain=domain))


def stored(state: State, domain: str) -> JsonObject:
    """What the mailboxes of a domain hold: numbers in text, or the number 0."""
    boxes = list(state.all("mailboxes", domain=domain))
    sums = {"bytes_total": sum(each["used"] for each in boxes), "msgs_total": sum(each["messages"] for each in boxes)}
    return {name: str(value) if value else 0 for name, value in sums.items()}


def readable(domain: str) -> str:
    """A domain in letters of its language."""
    try:
        return domain.encode().decode("idna")
    except UnicodeError:
        return domain


def view(state: State, record: Record) -> JsonObject:
    """One domain."""
    name = record["id"]
    taken = used(state, name)
    boxes, aliases = counts(state, name)
    largest = max(0, min(record["maxquota"], record["quota"] - taken))
    admins = sorted(each["id"] for each in state.all("domain_admins") if name in each["domains"])
    flags = {each: record[each] for each in ("active", "relay_all_recipients", "relay_unknown_only")}
    return {
        "max_new_mailbox_quota": largest * MIB,
        "def_new_mailbox_quota": min(record["defquota"], largest) * MIB,
        "quota_used_in_domain": str(taken * MIB),
        **stored(state, name),
        "mboxes_in_domain": boxes,
        "mboxes_left": record["mailboxes"] - boxes,
        "domain_name": name,
        "domain_h_name": readable(name),
        "description": record["description"],
        "max_num_aliases_for_domain": record["aliases"],
        "max_num_mboxes_for_domain": record["mailboxes"],
        "def_quota_for_mbox": record["defquota"] * MIB,
        "max_quota_for_mbox": record["maxquota"] * MIB,
        "max_quota_for_domain": record["quota"] * MIB,
        "relayhost": record["relayhost"],
        "backupmx": record["backupmx"],
        "backupmx_int": record["backupmx"],
        "gal": record["gal"],
        "gal_int": record["gal"],
        "rl": rate_of(state, name) or False,
        **{key: value for name, flag in flags.items() for key, value in ((name, flag), (f"{name}_int", flag))},
        "created": record["created"],
        "modified": record["modified"],
        "aliases_in_domain": aliases,
        "aliases_left": record["aliases"] - aliases,
        "domain_admins": ", ".join(admins) or "-",
        **({"tags": list(record["tags"])} if record["tags"] else {}),
    }
