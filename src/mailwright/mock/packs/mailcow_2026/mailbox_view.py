"""A mailbox as answers show it."""

from __future__ import annotations

from mailwright.mock.json_value import JsonObject
from mailwright.mock.packs.mailcow_2026.domain_view import used
from mailwright.mock.packs.mailcow_2026.rates import rate_of
from mailwright.mock.packs.mailcow_2026.store import MIB
from mailwright.mock.packs.mailcow_2026.time_aliases import count
from mailwright.mock.state import Record, State


def room(state: State, record: Record) -> int:
    """What the other mailboxes leave of the quota of the domain, in MiB."""
    domain = state.get("domains", record["domain"]) or {}
    return int(domain.get("quota", 0)) - used(state, record["domain"]) + int(record["quota"])


def view(state: State, record: Record) -> JsonObject:
    """One mailbox; quotas are in bytes, and the limit is that of the domain where it has none itself."""
    domain = state.get("domains", record["domain"]) or {}
    rate = rate_of(state, record["id"])
    most = max(0, min(domain.get("maxquota", 0), room(state, record)))
    return {
        "username": record["id"],
        "active": record["active"],
        "active_int": record["active"],
        "domain": record["domain"],
        "name": record["name"],
        "local_part": record["id"].partition("@")[0],
        "quota": record["quota"] * MIB,
        "messages": record["messages"],
        "attributes": dict(record["attributes"]),
        "custom_attributes": record["custom_attributes"] or [],
        "quota_used": record["used"],
        "percent_in_use": round(100 * record["used"] / (record["quota"] * MIB)) if record["quota"] else "- ",
        "created": record["created"],
        "modified": record["modified"],
        "authsource": "mailcow",
        "percent_class": "success" if record["quota"] else "info",
        "last_imap_login": 0,
        "last_smtp_login": 0,
        "last_pop3_login": 0,
        "last_sso_login": 0,
        "max_new_quota": most * MIB,
        "spam_aliases": count(state, record["id"]),
        "pushover_active": (state.get("pushover", record["id"]) or {"active": 0})["active"],
        "rl": rate or rate_of(state, record["domain"]) or False,
        "rl_scope": "mailbox" if rate else "domain",
        "is_relayed": 0,
        "sender_acl": list(record["sender_acl"]),
        **({"tags": list(record["tags"])} if record["tags"] else {}),
    }
