"""Checks that tables of kinds name: each says what is wrong with a record, as a message, or nothing."""

from __future__ import annotations

import re

from mailwright.mock.packs.mailcow_2026.entries import Crash, Refusal
from mailwright.mock.packs.mailcow_2026.records import Check, Draft, Message
from mailwright.mock.packs.mailcow_2026.store import ascii_domain, domain_of, is_address
from mailwright.mock.state import State


def has_domain(state: State, name: str) -> bool:
    """Whether a domain is there, be it an alias of another one."""
    return bool(name) and (state.get("domains", name) is not None or state.get("alias_domains", name) is not None)


def wanted(name: str, *message: str) -> Check:
    """The field must not be empty."""
    return lambda draft: None if draft.values[name] else message


def one_of(name: str, allowed: tuple[str, ...], *message: str) -> Check:
    """The field is one of these."""
    return lambda draft: None if draft.values[name] in allowed else message


def storable(name: str, allowed: tuple[str, ...] = ()) -> Check:
    """The database takes the value; the server does not look before, and stops."""

    def check(draft: Draft) -> Message | None:
        if draft.values[name] is None or (allowed and draft.values[name] not in allowed):
            raise Crash
        return None

    return check


def address(name: str, *message: str) -> Check:
    """The field is an email address."""
    return lambda draft: None if is_address(str(draft.values[name])) else message


def unique(collection: str, names: tuple[str, ...], *message: str) -> Check:
    """No other record has the same values."""

    def check(draft: Draft) -> Message | None:
        same = draft.state.all(collection, **{name: draft.values[name] for name in names})
        return message if any(each["id"] != draft.values.get("id") for each in same) else None

    return check


def in_range(name: str, least: int, most: int, *message: str) -> Check:
    """The field is a number within these."""

    def check(draft: Draft) -> Message | None:
        return None if least <= int(draft.values[name] or 0) <= most else message

    return check


def owned_by_mailbox(name: str, *without: str) -> Check:
    """The field is a mailbox that is there, and owns the record."""

    def check(draft: Draft) -> Message | None:
        owner = str(draft.values[name] or "")
        if not is_address(owner):
            return without
        if draft.state.get("mailboxes", owner) is None:
            return ("access_denied",)
        draft.values["owner"] = owner
        return None

    return check


def owned_by_domain(name: str) -> Check:
    """The field is a domain that is there, and owns the record."""

    def check(draft: Draft) -> Message | None:
        draft.values["owner"] = domain = ascii_domain(draft.values[name])
        return None if has_domain(draft.state, domain) else ("access_denied",)

    return check


def local_destination(draft: Draft) -> Message | None:
    """What mail is copied of: a domain, a mailbox or an alias that is there."""
    if not draft.is_new:
        return None
    given = str(draft.values["local_dest"]).lower()
    if domain := ascii_domain(given):
        draft.values |= {"local_dest": f"@{domain}", "domain": domain}
        return None if has_domain(draft.state, domain) else ("access_denied",)
    if not is_address(given):
        raise Refusal("Cannot add item")
    draft.values |= {"local_dest": given, "domain": domain_of(given)}
    known = draft.state.get("mailboxes", given) or draft.state.first("aliases", address=given)
    return None if known is not None else ("access_denied",)


def rewritten(name: str) -> Check:
    """The field is an address or a domain, which is stored with an `@` before it."""

    def check(draft: Draft) -> Message | None:
        given = str(draft.values[name] or "").lower().removeprefix("@")
        draft.values[name] = f"@{domain}" if (domain := ascii_domain(given)) else given
        return None if domain or is_address(given) else (f"invalid_{name}", f"{{{name}}}")

    return check


def named_resource(draft: Draft) -> Message | None:
    """A resource is named after its description, in a domain that is there."""
    values = draft.values
    if not draft.is_new:
        return None if values["kind"] in ("location", "group", "thing") else ("resource_invalid", "{name}")
    values["local_part"] = re.sub("[^0-9A-Za-z]", "", str(values["description"] or ""))
    values["domain"] = ascii_domain(values["domain"])
    name = values["name"] = f"{values['local_part']}@{values['domain']}"
    if not is_address(name) or values["kind"] not in ("location", "group", "thing"):
        return ("resource_invalid",)
    if draft.state.get("domains", values["domain"]) is None:
        return ("access_denied",)
    taken = draft.state.get("mailboxes", name) or draft.state.get("resources", name)
    return ("object_exists", "{name}") if taken is not None else None


def sender_pattern(draft: Draft) -> Message | None:
    """What mail is allowed or blocked from: letters, digits and a few signs."""
    draft.values["object_from"] = str(draft.values["object_from"] or "").lower()
    return None if re.sub("[@_.*-]", "", draft.values["object_from"]).isalnum() else ("policy_list_from_invalid",)


def host_address(draft: Draft) -> Message | None:
    """The host is an address; names are not looked up here, so that none has one."""
    if draft.is_new:
        host = draft.values["host"] = draft.values["source"] = draft.values.pop("hostname") or ""
        draft.values["keep_spam"] = "no" if draft.values.pop("filter_spam") else "yes"
        return None if re.fullmatch(r"[0-9a-fA-F:/]+|[0-9./]+", host) else ("invalid_host", "{host}")
    draft.values["keep_spam"] = "yes" if draft.values["keep_spam"] in ("1", 1) else "no"
    return None


def made_client(draft: Draft) -> Message | None:
    """A new client gets its name and its secret."""
    if draft.is_new:
        chance = draft.state.chance
        draft.values |= {"client_id": chance.bytes(6).hex(), "client_secret": chance.bytes(12).hex()}
        draft.values |= {"grant_types": None, "scope": "profile", "user_id": None}
    elif draft.write.attributes.get("renew_secret") is not None:
        draft.values["client_secret"] = draft.state.chance.bytes(12).hex()
    return None
