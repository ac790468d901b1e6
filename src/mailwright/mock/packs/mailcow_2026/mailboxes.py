"""Mailboxes: within the limits of their domain, each with its passwords, rights, quota and tags."""

from __future__ import annotations

from mailwright.mock.call import Call
from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026.aliases import forget_mailbox
from mailwright.mock.packs.mailcow_2026.belongings import forget
from mailwright.mock.packs.mailcow_2026.bodies import flag, listed, number, request_of
from mailwright.mock.packs.mailcow_2026.domain_view import counts, used
from mailwright.mock.packs.mailcow_2026.entries import Refusal, Write, add, delete, delete_all, edit, get
from mailwright.mock.packs.mailcow_2026.mailbox_view import room, view
from mailwright.mock.packs.mailcow_2026.rates import set_rate
from mailwright.mock.packs.mailcow_2026.store import (
    add_tags,
    ascii_domain,
    domain_of,
    few_enough,
    is_address,
    next_id,
    password_is_good,
    tags_of,
)
from mailwright.mock.packs.mailcow_2026.templates import default
from mailwright.mock.state import Record, State

_PROTOCOLS = ("imap", "pop3", "smtp", "sieve", "eas", "dav")
_FLAGS = ("force_pw_update", "force_tfa", "tls_enforce_in", "tls_enforce_out", "sogo_access")
# An edit of a mailbox leaves how it has to be reached by TLS to a route of its own.
_CHANGED = ("force_pw_update", "force_tfa", "sogo_access", *(f"{each}_access" for each in _PROTOCOLS))
# Where tags are asked for, nothing found is a list.
EMPTY: Json = ()
_OF_QUARANTINE = ("quarantine_notification", "quarantine_category")
_CATEGORIES = ("add_header", "reject", "all")


@add("mailbox", "add", "mailbox")
def create(write: Write) -> None:
    """Adds a mailbox to a domain that has room for it."""
    given = write.attributes
    template = default(write.state, "mailbox", given.get("template"))
    local, domain = str(given.get("local_part") or "").strip().lower(), ascii_domain(given.get("domain"))
    address = f"{local}@{domain}"
    if not local or not is_address(address):
        write.danger("mailbox_invalid")
        return
    owner = write.state.get("domains", domain)
    if owner is None:
        write.danger("access_denied")
        return
    if given.get("quarantine_category", "reject") not in _CATEGORIES:
        write.danger("quarantine_category_invalid")
        return
    if (taken := _taken(write.state, address)) is not None:
        write.danger(taken, address)
        return
    if not password_is_good(write):
        return
    quota = number(given["quota"]) if given.get("quota", "") != "" else template["quota"] // (1024 * 1024)
    if not _has_room(write, owner, quota):
        return
    record = new_mailbox(write.state, address, write.time, given, quota=quota)
    write.state.put("mailboxes", record | {"tags": few_enough(write, record["tags"])})
    # Each mailbox is an alias of itself, which no list shows.
    next_id(write.state, "aliases")
    frame, rate = (given.get(name, template[name]) for name in ("rl_frame", "rl_value"))
    if frame is not None and rate is not None:
        set_rate(write.state, address, rate, str(frame))
        log: JsonObject = {"object": address, "rl_frame": frame, "rl_value": rate}
        write.success("rl_saved", address, log=["ratelimit", "edit", "mailbox", log])
    write.success("mailbox_added", address)


@edit("mailbox", "edit", "mailbox", items="username")
def update(write: Write, item: Json) -> None:
    """Changes what is given of a mailbox; empty texts keep what is there."""
    given, address = write.attributes, str(item)
    if not is_address(address):
        write.danger("username_invalid", item)
        return
    record = write.state.get("mailboxes", address)
    if record is None:
        write.danger("access_denied")
        return
    if given.get("quota", "") != "" and not _may_grow(write, record, number(given["quota"])):
        return
    if given.get("password") and not password_is_good(write):
        return
    if "sender_acl" in given:
        _set_senders(write, record)
    record["quota"] = number(given["quota"]) if given.get("quota", "") != "" else record["quota"]
    record["name"] = str(given.get("name") or record["name"])
    if "active" in given:
        record["active"] = flag(given["active"])
    attributes: JsonObject = record["attributes"]
    attributes.update({name: str(flag(given[name])) for name in _CHANGED if name in given})
    if "protocol_access" in given:
        attributes.update({f"{each}_access": str(int(each in listed(given["protocol_access"]))) for each in _PROTOCOLS})
    if "relayhost" in given:
        attributes["relayhost"] = str(number(given["relayhost"]))
    attributes["recovery_email"] = given.get("pw_recovery_email") or attributes.get("recovery_email")
    record["modified"] = write.time
    add_tags(write, record)
    write.success("mailbox_modified", address)


@edit("mailbox", "edit", "mailbox_custom_attribute", items="mailboxes")
def set_custom_attributes(write: Write, item: Json) -> None:
    """Replaces the custom attributes of a mailbox, names and values in lists of one length."""
    record = write.state.get("mailboxes", str(item))
    if record is None:
        write.danger("access_denied")
        return
    names, values = listed(write.attributes.get("attribute")), listed(write.attributes.get("value"))
    record["custom_attributes"] = dict(zip(map(str, names), values, strict=False))
    write.success("mailbox_modified", item)


@delete("mailbox", "delete", "mailbox", items="username")
def remove(write: Write, item: Json) -> None:
    """Removes a mailbox, what belongs to it, and itself from what aliases lead to."""
    if not isinstance(item, str) or write.state.get("mailboxes", item) is None:
        write.danger("access_denied")
        return
    forget_mailbox(write.state, item)
    forget(write.state, item)
    write.state.remove("mailboxes", item)
    write.success("mailbox_removed", item)


@delete_all("mailbox", "delete", "tags_mailbox", items="tags")
def remove_tags(write: Write) -> None:
    """Removes tags of a mailbox; that one was not there is nothing to tell."""
    address = str(write.call.path["mailbox"])
    record = write.state.get("mailboxes", address)
    if not write.items:
        raise Refusal("Cannot delete item")
    if record is None:
        write.danger("access_denied")
        return
    record["tags"] = [tag for tag in record["tags"] if tag not in write.items]
    write.success("mailbox_modified", address)


def new_mailbox(state: State, address: str, time: str, given: JsonObject | None = None, *, quota: int = 0) -> Record:
    """A mailbox as it is stored, with what its template says where nothing is given; `quota` is in MiB."""
    given = given or {}
    template = default(state, "mailbox", given.get("template"))
    access = {f"{each}_access": template[f"{each}_access"] for each in _PROTOCOLS}
    if "protocol_access" in given:
        access = {f"{each}_access": int(each in listed(given["protocol_access"])) for each in _PROTOCOLS}
    flags = {name: given.get(name, template[name]) for name in _FLAGS} | access
    return {
        "id": address,
        "domain": domain_of(address),
        "name": str(given.get("name") or ""),
        "active": flag(given.get("active", template["active"])),
        "quota": quota,
        "attributes": {
            **{name: str(flag(value)) for name, value in flags.items()},
            "relayhost": str(number(given.get("relayhost"))),
            "passwd_update": time,
            "mailbox_format": "maildir:",
            **{name: str(given.get(name, template[name]) or "") for name in _OF_QUARANTINE},
            "attribute_hash": "",
        },
        "custom_attributes": {},
        "messages": 0,
        "used": 0,
        "created": time,
        "modified": time,
        "sender_acl": [],
        "tags": tags_of(given.get("tags", template["tags"])),
    }


def all_mailboxes(state: State, domain: str = "") -> list[JsonObject]:
    """All mailboxes, or those of a domain, by domain and name."""
    records = state.all("mailboxes", domain=domain) if domain else state.all("mailboxes")
    return [view(state, each) for each in sorted(records, key=lambda record: (record["domain"], record["id"]))]


def _list_of_domain(call: Call) -> Json:
    domain = ascii_domain(call.path["domain"])
    # A domain that is not there is no filter to the server.
    return all_mailboxes(call.state, domain if call.state.get("domains", domain) is not None else "")


def _read(call: Call) -> Json:
    name = str(call.path["mailbox"])
    wanted = [tag for key, text in request_of(call).query if key == "tags" for tag in text.split(",")]
    if wanted:
        shown = [each for each in all_mailboxes(call.state) if name in (each["domain"], each["username"])]
        found = [each for each in shown if any(word in tag for word in wanted for tag in each.get("tags", ()))]
        return found or EMPTY
    record = call.state.get("mailboxes", name)
    return None if record is None else view(call.state, record)


def _taken(state: State, address: str) -> str | None:
    if state.get("mailboxes", address) is not None:
        return "object_exists"
    if state.first("aliases", address=address) is not None:
        return "is_alias"
    return "is_spam_alias" if state.get("time_aliases", address) is not None else None


def _has_room(write: Write, domain: Record, quota: int) -> bool:
    boxes, _ = counts(write.state, domain["id"])
    left = domain["quota"] - used(write.state, domain["id"])
    if boxes >= domain["mailboxes"]:
        write.danger("max_mailbox_exceeded", boxes, domain["mailboxes"])
    elif quota > domain["maxquota"]:
        write.danger("mailbox_quota_exceeded", domain["maxquota"])
    elif quota > left:
        write.danger("mailbox_quota_left_exceeded", left)
    else:
        return True
    return False


def _may_grow(write: Write, record: Record, quota: int) -> bool:
    domain = write.state.get("domains", record["domain"]) or {}
    # One number stands for what is left and for what one mailbox may have.
    most = min(room(write.state, record), domain["maxquota"])
    if quota > most:
        write.danger("mailbox_quota_left_exceeded", most)
        return False
    return True


def _set_senders(write: Write, record: Record) -> None:
    good: list[str] = []
    for each in map(str, listed(write.attributes["sender_acl"])):
        if each == "*" or is_address(each.strip()) or ascii_domain(each.removeprefix("@")):
            good.append(each)
        elif each not in ("", "default"):
            write.danger("sender_acl_invalid", each)
    record["sender_acl"] = good


HOOKS: dict[str, Hook] = {
    "create_mailbox": create,
    "update_mailboxes": update,
    "set_custom_attributes": set_custom_attributes,
    "delete_mailboxes": remove,
    "delete_mailbox_tags": remove_tags,
    "list_mailboxes": get(lambda call: all_mailboxes(call.state)),
    "list_mailboxes_of_domain": get(_list_of_domain),
    "get_mailbox": get(_read),
}
