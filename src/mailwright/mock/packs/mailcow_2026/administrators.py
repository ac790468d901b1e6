"""Administrators of the server, and what the one who calls may do about himself."""

from __future__ import annotations

import re

from mailwright.mock.call import Answer, Call
from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026.bodies import flag
from mailwright.mock.packs.mailcow_2026.entries import Crash, Write, add, delete, edit, get
from mailwright.mock.packs.mailcow_2026.store import password_is_good
from mailwright.mock.state import Record, State

_NAME = re.compile("[a-z0-9._-]+")
_FIRST = "admin"
_FLAGS = ("force_tfa", "force_pw_update")
_LONG_AGO = "2026-08-05 09:00:00"


def _all(state: State) -> list[Record]:
    """All of them by name; a server has one from the beginning."""
    if state.get("settings", "has_admin") is None:
        state.put("settings", {"id": "has_admin"})
        state.put("admins", _record(_FIRST, 1, _LONG_AGO))
    return sorted(state.all("admins"), key=lambda each: str(each["id"]))


def _record(name: str, active: int, created: str) -> Record:
    return {"id": name, "active": active, "created": created, "attributes": dict.fromkeys(_FLAGS, "0")}


def _find(state: State, name: Json) -> Record | None:
    return next((each for each in _all(state) if each["id"] == name), None)


@add("admin", "add")
def create(write: Write) -> None:
    """Adds an administrator."""
    name = str(write.attributes.get("username") or "").strip().lower()
    if not _NAME.fullmatch(name):
        write.danger("username_invalid", name)
    elif _find(write.state, name) is not None or write.state.get("domain_admins", name) is not None:
        write.danger("object_exists", name)
    elif password_is_good(write):
        write.state.put("admins", _record(name, flag(write.attributes.get("active")), write.time))
        write.success("admin_added", name)


@edit("admin", "edit", items="username")
def update(write: Write, item: Json) -> None:
    """Changes an administrator; one has to stay active."""
    given = write.attributes
    record = _find(write.state, item)
    if record is None:
        write.danger("access_denied")
        return
    active = flag(given.get("active", record["active"]))
    if not active and sum(each["active"] for each in _all(write.state)) == 1:
        write.danger("no_active_admin")
        return
    name = str(given.get("username_new") or item)
    if name != item and (not _NAME.fullmatch(name) or _find(write.state, name) is not None):
        write.danger("username_invalid", name)
        return
    if given.get("password") and not password_is_good(write):
        return
    marks: JsonObject = {each: str(flag(given[each])) for each in _FLAGS if given.get(each) is not None}
    write.state.remove("admins", record["id"])
    attributes = {**record["attributes"], **marks}
    write.state.put("admins", {**record, "id": name, "active": active, "attributes": attributes})
    write.success("admin_modified", name)


@delete("admin", "delete", items="username")
def remove(write: Write, item: Json) -> None:
    """Removes an administrator."""
    if _find(write.state, item) is None:
        write.danger("username_invalid", item)
        return
    write.state.remove("admins", str(item))
    write.success("admin_removed", item)


@add("self", "edit")
def update_self(write: Write) -> None:
    """Crashes: a key belongs to nobody who could be changed."""
    raise Crash


@add("fido2", "edit_fn")
def rename_key(write: Write) -> None:
    """Renames a key of the one who calls, who has none."""
    write.success("object_modified", "API")


@add("domain_admin_sso", "issue")
def _issue(write: Write) -> None:
    name = write.attributes.get("username")
    if write.state.get("domain_admins", str(name)) is None:
        write.danger("object_doesnt_exist", name)


def issue_token(call: Call) -> None:
    """Gives a token with which an administrator of domains can log in once."""
    _issue(call)
    if call.answer is not None and call.answer.body == {"type": "success", "msg": "Task completed"}:
        token = "-".join(call.state.chance.bytes(3).hex().upper() for _ in range(5))
        call.answer = Answer({"token": token})


def _view(record: Record) -> JsonObject:
    return {
        "username": record["id"],
        **dict.fromkeys(("tfa_active", "tfa_active_int"), 0),
        **dict.fromkeys(("active", "active_int"), record["active"]),
        "created": record["created"],
        "attributes": dict(record["attributes"]),
    }


def _read(call: Call) -> Json:
    record = _find(call.state, call.path["username"])
    return None if record is None else _view(record)


HOOKS: dict[str, Hook] = {
    "create_admin": create,
    "update_admins": update,
    "delete_admins": remove,
    "update_self": update_self,
    "rename_fido2_key": rename_key,
    "create_domain_admin_token": issue_token,
    "list_admins": get(lambda call: [_view(each) for each in _all(call.state)]),
    "get_admin": get(_read),
}
