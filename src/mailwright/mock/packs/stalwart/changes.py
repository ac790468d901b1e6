"""Changes of a principal: which action goes with which value on which field, and what comes of it."""

from __future__ import annotations

import copy
from collections.abc import Callable

from mailwright.mock.call import Call
from mailwright.mock.json_value import Json, JsonObject, as_list
from mailwright.mock.packs.stalwart.envelope import need_enterprise, other, refused
from mailwright.mock.packs.stalwart.membership import MEMBERSHIP, find, join, known_principal, leave, members, rename
from mailwright.mock.state import Record, State

CheckEmails = Callable[[State, list[str], Record | None], list[str]]

_TEXTS = ("description", "picture", "locale", "tenant")
_LISTS = ("secrets", "emails", *MEMBERSHIP, "enabledPermissions", "disabledPermissions", "urls", "externalMembers")


def change(call: Call, record: Record, changes: list[JsonObject], check_emails: CheckEmails) -> None:
    """Makes all changes, or none of them.

    Raises:
        Refused: the server takes no such change.
    """
    before = {each["id"]: copy.deepcopy(each) for each in call.state.all("principals")}
    try:
        for each in changes:
            _apply(call, record, each["action"], each["field"], each["value"], check_emails)
    except Exception:
        for record_id, old in before.items():
            kept = call.state.get("principals", record_id)
            if kept is not None:
                kept.clear()
                kept.update(old)
        raise


def _apply(call: Call, record: Record, action: str, field: str, value: Json, check_emails: CheckEmails) -> None:
    state = call.state
    if action == "set" and isinstance(value, str) and field == "name":
        name = value.lower()
        if find(state, name) not in (None, record):
            raise refused("fieldAlreadyExists", field="name", value=name)
        rename(state, record, name)
    elif action == "set" and isinstance(value, str) and field in _TEXTS:
        if field == "tenant" and value:
            need_enterprise(call)
            known_principal(state, value, "tenant")
        _put(record, field, value)
    elif action == "set" and field == "quota" and _is_quota(value):
        _put(record, field, value)
    elif action == "set" and field == "secrets" and isinstance(value, str):
        _put(record, field, _with_password(record.get("secrets", []), value))
    elif action == "set" and (texts := _texts(value)) is not None and field == "members":
        for each in texts:
            known_principal(state, each)
        leave(state, record, members(state, record))
        join(state, record, texts)
    elif action == "set" and (texts := _texts(value)) is not None and field in _LISTS:
        _put(record, field, _checked(state, record, field, texts, check_emails))
    elif action == "addItem" and isinstance(value, str) and field == "members":
        known_principal(state, value)
        join(state, record, [value])
    elif action == "removeItem" and isinstance(value, str) and field == "members":
        leave(state, record, [value])
    elif action == "addItem" and isinstance(value, str) and field == "secrets":
        _put(record, field, _with_password(record.get("secrets", []), value))
    elif action == "addItem" and isinstance(value, str) and field in _LISTS:
        held = record.get(field, [])
        if value not in held:
            _put(record, field, [*held, *_checked(state, record, field, [value], check_emails)])
    elif action == "removeItem" and isinstance(value, str) and field in _LISTS:
        _put(record, field, [each for each in record.get(field, []) if not _is_item(field, each, value)])
    else:
        raise other("Invalid parameter", f"there is no {action} of {field} with such a value")


def _checked(state: State, record: Record, field: str, texts: list[str], check_emails: CheckEmails) -> list[str]:
    if field == "emails":
        return check_emails(state, texts, record)
    if field in MEMBERSHIP:
        for each in texts:
            known_principal(state, each, MEMBERSHIP[field])
    return texts


def _put(record: Record, field: str, value: Json) -> None:
    if value in ("", []):
        record.pop(field, None)
    else:
        record[field] = value


def _texts(value: Json) -> list[str] | None:
    items = as_list(value)
    return None if items is None or not all(isinstance(each, str) for each in items) else items


def _is_quota(value: Json) -> bool:
    if value == "" or (isinstance(value, int) and not isinstance(value, bool)):
        return True
    items = as_list(value)
    return bool(items) and all(isinstance(each, int) and not isinstance(each, bool) for each in items or ())


def _with_password(held: list[str], new: str) -> list[str]:
    """All secrets with a new one; of passwords there is one, which the new one takes the place of."""
    if _is_password(new):
        held = [each for each in held if not _is_password(each)]
    return held if new in held else [*held, new]


def _is_password(secret: str) -> bool:
    return not secret.startswith(("$app$", "otpauth://"))


def _is_item(field: str, held: str, value: str) -> bool:
    """Whether an item is the one that is to go; of app passwords the name is enough."""
    if field == "secrets" and held.startswith("$app$") and value.startswith("$app$"):
        return held.split("$")[2] == value.split("$")[2]
    return held == value
