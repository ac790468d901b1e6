"""Administrators of domains, and passwords of applications."""

from __future__ import annotations

import re

from mailwright.mock.call import Call
from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026.bodies import flag, listed, words
from mailwright.mock.packs.mailcow_2026.entries import Crash, Write, add, delete, edit, get
from mailwright.mock.packs.mailcow_2026.store import ascii_domain, next_id, password_is_good, passwords_are_good
from mailwright.mock.state import Record, State

_NAME = re.compile("[A-Za-z0-9._-]+")
_PROTOCOLS = ("imap", "smtp", "dav", "eas", "pop3", "sieve")


@add("domain_admin", "add")
def create(write: Write) -> None:
    """Adds an administrator; of a domain that is not there an entry tells, and it is added all the same."""
    given, name = write.attributes, str(write.attributes.get("username") or "").lower()
    domains = given.get("domains")
    if not domains:
        write.danger("domain_invalid", "")
        return
    if not _NAME.fullmatch(name):
        write.danger("username_invalid", name)
        return
    if write.state.get("domain_admins", name) is not None:
        write.danger("object_exists", name)
        return
    if not password_is_good(write):
        return
    record: Record = {"id": name, "active": flag(given.get("active")), "created": write.time}
    write.state.put("domain_admins", {**record, "domains": _known(write, domains)})
    write.success("domain_admin_added", name)


@edit("domain_admin", "edit", items="username")
def update(write: Write, item: Json) -> None:
    """Changes domains, name, password and whether it is active."""
    given = write.attributes
    record = write.state.get("domain_admins", str(item))
    if record is None:
        write.danger("username_invalid", item)
        return
    name = str(given.get("username_new") or item)
    if name != item and (not _NAME.fullmatch(name) or write.state.get("domain_admins", name) is not None):
        write.danger("username_invalid", name)
        return
    if given.get("password") and not password_is_good(write):
        return
    if given.get("domains"):
        record["domains"] = _known(write, given["domains"])
    record["active"] = flag(given.get("active", record["active"]))
    write.state.remove("domain_admins", str(item))
    write.state.put("domain_admins", {**record, "id": name})
    write.success("domain_admin_modified", name)


@delete("domain_admin", "delete", items="username")
def remove(write: Write, item: Json) -> None:
    """Removes an administrator of domains."""
    if write.state.get("domain_admins", str(item)) is None:
        write.danger("username_invalid", item)
        return
    write.state.remove("domain_admins", str(item))
    write.success("domain_admin_removed", item)


@edit("acl", "edit", "domainadmin", items="username")
def set_acl(write: Write, item: Json) -> None:
    """Keeps what an administrator may do, which no answer shows."""
    record = write.state.get("domain_admins", str(item))
    if record is None:
        write.danger("access_denied")
        return
    record["acl"] = write.attributes.get("da_acl")
    write.success("acl_saved", item)


@add("app_passwd", "add")
def create_password(write: Write) -> None:
    """Adds a password of an application."""
    given = write.attributes
    box = write.state.get("mailboxes", str(given.get("username")))
    if box is None:
        write.danger("access_denied")
        return
    if not passwords_are_good(write, *(str(given.get(name) or "") for name in ("app_passwd", "app_passwd2"))):
        return
    if not given.get("app_name"):
        write.danger("app_name_empty")
        return
    number = str(next_id(write.state, "app_passwords"))
    record: Record = {
        "id": number,
        "name": str(given["app_name"]),
        "mailbox": box["id"],
        "domain": box["domain"],
        "password": "{BLF-CRYPT}$2y$10$" + write.state.chance.text(53),
        "created": write.time,
        "modified": None,
        **_access(given.get("protocols")),
        "active": flag(given.get("active")),
    }
    write.state.put("app_passwords", record)
    write.success("app_passwd_added")


@edit("app_passwd", "edit", items="id")
def update_password(write: Write, item: Json) -> None:
    """Changes a password of an application; the server stumbles where it is not told whose it is."""
    given = write.attributes
    if not given.get("username"):
        raise Crash
    record = write.state.get("app_passwords", str(item))
    if record is None:
        write.danger("app_passwd_id_invalid", str(item))
        return
    record["name"] = str(given.get("app_name") or record["name"])
    record["active"] = flag(given.get("active", record["active"]))
    if "protocols" in given:
        record.update(_access(given["protocols"]))
    record["modified"] = write.time
    write.success("object_modified", str(item))


@delete("app_passwd", "delete", items="id")
def remove_password(write: Write, item: Json) -> None:
    """Removes a password of an application."""
    if write.state.get("app_passwords", str(item)) is None:
        write.danger("app_passwd_id_invalid", str(item))
        return
    write.state.remove("app_passwords", str(item))
    write.success("app_passwd_removed", str(item))


def _access(protocols: Json) -> JsonObject:
    given = listed(protocols)
    return {f"{each}_access": int(f"{each}_access" in given) for each in _PROTOCOLS}


def _known(write: Write, domains: Json) -> list[str]:
    known: list[str] = []
    for each in words(domains):
        if write.state.get("domains", ascii_domain(each)) is None:
            write.danger("domain_invalid", each)
        else:
            known.append(ascii_domain(each))
    return known


def _view(state: State, record: Record) -> JsonObject:
    others = sorted(each["id"] for each in state.all("domains") if each["id"] not in record["domains"])
    return {
        "username": record["id"],
        "tfa_active": 0,
        "tfa_active_int": 0,
        "active": record["active"],
        "active_int": record["active"],
        "created": record["created"],
        "attributes": {"force_tfa": "0", "force_pw_update": "0"},
        "selected_domains": sorted(record["domains"]),
        "unselected_domains": others,
    }


def _list(call: Call) -> Json:
    return [_view(call.state, each) for each in sorted(call.state.all("domain_admins"), key=lambda each: each["id"])]


def _read(call: Call) -> Json:
    record = call.state.get("domain_admins", str(call.path["username"]))
    return None if record is None else _view(call.state, record)


def _list_passwords(call: Call) -> Json:
    found = call.state.all("app_passwords", mailbox=str(call.path["mailbox"]))
    return [{**each, "id": int(each["id"])} for each in found]


HOOKS: dict[str, Hook] = {
    "create_domain_admin": create,
    "update_domain_admins": update,
    "delete_domain_admins": remove,
    "set_domain_admin_acl": set_acl,
    "list_domain_admins": get(_list),
    "get_domain_admin": get(_read),
    "create_app_password": create_password,
    "update_app_passwords": update_password,
    "delete_app_passwords": remove_password,
    "list_app_passwords": get(_list_passwords),
}
