"""Users of 1.51: names, passwords, tags, forwarding, and what is counted of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from mailwright.mock.call import Call, Refused
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck.names import address_view, user_view
from mailwright.mock.packs.wildduck.users import DOMAIN, tidy_tags
from mailwright.mock.packs.wildduck_1_51.callers import end_tokens
from mailwright.mock.packs.wildduck_1_51.formats import meta_data, parse_time
from mailwright.mock.packs.wildduck_1_51.log import log
from mailwright.mock.packs.wildduck_1_51.names import normal_address
from mailwright.mock.packs.wildduck_1_51.refusals import invalid_value
from mailwright.mock.state import Record
from mailwright.mock.values import timestamp

DAY = 24 * 60 * 60
_TEMPORARY = timedelta(days=1)


def prepare_user(call: Call) -> None:
    """Brings what a new user is given into the forms it is kept and compared in."""
    given = call.given
    given["username"] = given["username"].lower()
    given["unameview"] = user_view(given["username"])
    if given.get("emptyAddress") and "address" not in given:
        given.pop("address", None)
    else:
        given["address"] = normal_address(given.get("address") or f"{given['username'].partition('@')[0]}@{DOMAIN}")
        if "*" in given["address"]:
            raise invalid_value("Address can not contain *")
        given["addrview"] = address_view(given["address"])
    given["hasPasswordSet"] = bool(given["password"])
    _prepare(call)


def finish_user(call: Call) -> None:
    """Gives a new user the address it is born with, and notes what happened."""
    user, address = call.subject, call.given.get("address")
    if address:
        tags: list[str] = user["tags"] if call.given.get("addTagsToAddress") else []
        fields = {"address": address, "addrview": address_view(address), "tags": tags, "main": True}
        call.state.add(
            "addresses", {"given": {**fields, "tagsview": [tag.lower() for tag in tags]}}, call.now, user=user["id"]
        )
    log(call, user["id"], "account created", "success")
    _note_targets(call, user, [])


def prepare_changes(call: Call) -> None:
    """Checks the password that goes with a change, and brings what is changed into the forms it is kept in."""
    given, user = call.given, call.subject
    existing = given.get("existingPassword")
    if existing is not None and existing != user["password"] and not temporary_fits(call, user, existing):
        log(call, user["id"], "password change", "fail", protocol=given.get("protocol", "API"))
        raise Refused({"error": "Password verification failed", "code": "AuthFail"}, status=500)
    if "password" in given:
        given["hasPasswordSet"] = bool(given["password"])
        given["temporary"] = {}
    given["before"] = list(user["targets"])
    _prepare(call)


def finish_changes(call: Call) -> None:
    """Notes what changed, and ends the sessions that a new password ends."""
    given, user = call.given, call.subject
    if given.get("disable2fa"):
        user.update(enabled2fa=[], totpSeed="")
    if "password" in given:
        log(call, user["id"], "password change", "success", protocol=given.get("protocol", "API"))
        end_tokens(call, user["id"])
    if given.get("disabled") or given.get("suspended"):
        end_tokens(call, user["id"])
    _note_targets(call, user, given["before"])


def reset_password(call: Call) -> None:
    """Makes a temporary password, good for a day, and switches second factors off."""
    after = parse_time(call.given.get("validAfter")) or call.now
    password = call.state.chance.text(12)
    until = timestamp(max(after, call.now) + _TEMPORARY)
    call.subject.update(
        temporary={"password": password, "until": until, "after": timestamp(after)},
        hasPasswordSet=True,
        enabled2fa=[],
        totpSeed="",
    )
    call.made.update(password=password, validAfter=timestamp(after))
    log(call, call.subject["id"], "reset", None)


def temporary_fits(call: Call, user: Record, password: object) -> bool:
    """Whether this is the temporary password of a user, and still good."""
    temporary = user["temporary"]
    return bool(temporary) and temporary["password"] == password and timestamp(call.now) < temporary["until"]


def resolve_user(call: Call) -> None:
    """Finds a user by the user name."""
    call.record = call.state.first("users", unameview=user_view(str(call.path["username"])))
    if call.record is None:
        raise Refused({"error": "This user does not exist", "code": "UserNotFound"}, status=404)


def show_user(call: Call) -> None:
    """Counts what is shown of a user, and leaves out what a user may not see."""
    user, made = call.subject, call.made
    autoreply = call.state.first("autoreplies", user=user["id"])
    made["autoreply"] = bool(autoreply and autoreply["status"])
    made["filters"] = sum(1 for _ in call.state.all("filters", user=user["id"]))
    made.update(recipients=_rate(call, user, "sent"), forwards=_rate(call, user, "forwarded"))
    made["listed"] = {}
    made["more"] = {"retention": user["retention"]} if user["retention"] else {}
    if call.caller.role != "user":
        made["listed"]["tags"] = user["tags"]
        made["more"] |= {name: user[name] for name in ("internalData", "tags", "disabledScopes")}
    for name, mark in (("metaData", "hasMeta"), ("internalData", "hasInternal")):
        if call.given.get(name) and user[mark] and (name == "metaData" or call.caller.role != "user"):
            made["listed"][name] = user[name]


def count_use(call: Call, user: Record, kind: str, number: int) -> None:
    """Counts messages that a user has sent or forwarded today."""
    used, since = user["rates"].get(kind, (0, call.now.timestamp()))
    if call.now.timestamp() - since >= DAY:
        used, since = 0, call.now.timestamp()
    user["rates"][kind] = (used + number, since)


def _rate(call: Call, user: Record, kind: str) -> dict[str, Any]:
    used, since = user["rates"].get(kind, (0, 0))
    left = round(since + DAY - call.now.timestamp())
    return {"used": used, "ttl": left} if used and left > 0 else {"used": 0, "ttl": False}


def _prepare(call: Call) -> None:
    given = call.given
    tidy_tags(given)
    if "tags" in given:
        given["tagsview"] = [tag.lower() for tag in given["tags"]]
    for name, mark in (("metaData", "hasMeta"), ("internalData", "hasInternal")):
        if name in given:
            given[name] = meta_data(given[name])
            given[mark] = True


def _note_targets(call: Call, user: Record, before: list[str]) -> None:
    for target in call.given.get("targets", ()):
        if target not in before:
            log(call, user["id"], "user forward added", "success", target=target, protocol="API")


HOOKS: Mapping[str, Hook] = {
    "prepare_user": prepare_user,
    "finish_user": finish_user,
    "prepare_changes": prepare_changes,
    "finish_changes": finish_changes,
    "reset_password": reset_password,
    "resolve_user": resolve_user,
    "show_user": show_user,
}
