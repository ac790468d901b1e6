"""Users: names, passwords, tags, and the address they are born with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from mailwright.mock.call import Call, Refused
from mailwright.mock.json_value import JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck.log import log
from mailwright.mock.packs.wildduck.names import address_view, normal_address, user_view
from mailwright.mock.state import Record
from mailwright.mock.values import timestamp

DOMAIN = "example.test"
TEMPORARY = timedelta(days=1)
_TARGETS = {"relay": "smtps?:", "http": "https?:", "mail": "[^@]+@[^@]+$"}


def prepare_user(call: Call) -> None:
    """Brings name, address and tags of a new user into the forms they are kept and compared in."""
    given = call.given
    given["username"] = given["username"].lower()
    given["unameview"] = user_view(given["username"])
    if given.get("emptyAddress"):
        given.pop("address", None)
    else:
        given["address"] = normal_address(given.get("address") or f"{given['username']}@{DOMAIN}")
        given["addrview"] = address_view(given["address"])
    given["hasPasswordSet"] = bool(given["password"])
    tidy_tags(given)
    _type_targets(call)


def add_first_address(call: Call) -> None:
    """Gives a new user its main address."""
    user, address = call.subject, call.given.get("address")
    if address:
        tags: list[str] = user["tags"] if call.given.get("addTagsToAddress") else []
        given = {"address": address, "addrview": address_view(address), "tags": tags, "main": True}
        call.state.add("addresses", call.sources(given=given), call.now, user=user["id"])


def check_existing_password(call: Call) -> None:
    """Refuses a change when the current password that is given is wrong, and logs that."""
    existing = call.given.get("existingPassword")
    if (
        existing is not None
        and existing != call.subject["password"]
        and not temporary_fits(call, call.subject, existing)
    ):
        log(call, call.subject["id"], "password change", "fail")
        raise Refused({"error": "Password verification failed"})


def prepare_changes(call: Call) -> None:
    """Brings changed fields into the forms they are kept in; a changed password is logged."""
    given = call.given
    if "tags" in given:
        tidy_tags(given)
        given["tagsview"] = [tag.lower() for tag in given["tags"]]
    _type_targets(call)
    if "password" in given:
        given["hasPasswordSet"] = True
        given["temporary"] = {}


def log_password_change(call: Call) -> None:
    """Logs that a password was changed, if it was."""
    if "password" in call.given:
        log(call, call.subject["id"], "password change", "success")


def reset_password(call: Call) -> None:
    """Makes a temporary password, good for a day, and switches second factors off."""
    password = call.state.chance.text(12)
    call.subject.update(
        temporary={"password": password, "until": timestamp(call.now + TEMPORARY)},
        hasPasswordSet=True,
        enabled2fa=[],
        totpSeed="",
    )
    call.made["password"] = password
    log(call, call.subject["id"], "password reset", "success")


def resolve_user(call: Call) -> None:
    """Finds a user by the user name."""
    call.record = call.state.first("users", unameview=user_view(str(call.path["username"])))
    if call.record is None:
        raise Refused({"error": "This user does not exist", "code": "UserNotFound"})


def temporary_fits(call: Call, user: Record, password: object) -> bool:
    """Whether this is the temporary password of a user, and still good."""
    temporary = user["temporary"]
    return bool(temporary) and temporary["password"] == password and timestamp(call.now) < temporary["until"]


def tidy_tags(given: dict[str, Any]) -> None:
    """Drops empty tags and doubles, whatever their case, and sorts the others."""
    if "tags" not in given:
        return
    seen: dict[str, str] = {}
    for tag in given["tags"]:
        if tag.strip():
            seen.setdefault(tag.strip().lower(), tag.strip())
    given["tags"] = sorted(seen.values())


def _type_targets(call: Call) -> None:
    """Makes the list that a single user is shown with out of the one that is given."""
    if "targets" in call.given:
        call.given["typedTargets"] = typed_targets(call, call.given["targets"])


def typed_targets(call: Call, targets: list[str]) -> list[JsonObject]:
    """Tells of each target whether it is an address, a relay or a URL; refuses what is none of them."""
    typed: list[JsonObject] = []
    for target in targets:
        kind = next((kind for kind, pattern in _TARGETS.items() if re.match(pattern, target, re.IGNORECASE)), None)
        if kind is None:
            raise Refused({"error": f'Unknown target type "{target}"', "code": "InputValidationError"})
        typed.append({"id": call.state.chance.id(), "type": kind, "value": target})
    return typed


HOOKS: Mapping[str, Hook] = {
    "prepare_user": prepare_user,
    "add_first_address": add_first_address,
    "check_existing_password": check_existing_password,
    "prepare_changes": prepare_changes,
    "log_password_change": log_password_change,
    "reset_password": reset_password,
    "resolve_user": resolve_user,
}
