"""Authentication of 1.51: passwords for scopes, second factors, and the token of a session."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from mailwright.mock.call import Call, Refused
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck.names import user_view
from mailwright.mock.packs.wildduck_1_51.addresses import find_address
from mailwright.mock.packs.wildduck_1_51.callers import new_token
from mailwright.mock.packs.wildduck_1_51.log import log
from mailwright.mock.packs.wildduck_1_51.refusals import user_missing
from mailwright.mock.packs.wildduck_1_51.users import temporary_fits
from mailwright.mock.state import Record
from mailwright.mock.values import timestamp

NONCE_LIFE = timedelta(minutes=10)
_HEX = "0123456789abcdef"


def pre_authenticate(call: Call) -> None:
    """Tells what a user will need to log in, before a password is shown."""
    user = _find_user(call, call.given["username"])
    scope = call.given.get("scope", "master")
    if user is None or user["disabled"] or user["suspended"]:
        raise _failed()
    _check_scope(user, scope)
    call.record = user
    call.made.update(scope=scope, require2fa=(scope == "master" and user["enabled2fa"]) or False)


def authenticate(call: Call) -> None:
    """Checks a password: the master password for any scope, an application password for its scopes alone."""
    given, scope = call.given, call.given.get("scope", "master")
    user = _find_user(call, given["username"])
    if user is None:
        raise _failed()
    call.record = user
    if user["disabled"] or user["suspended"]:
        _note(call, user, scope, "disabled" if user["disabled"] else "suspended")
        raise _failed(user)
    if scope in user["disabledScopes"]:
        _note(call, user, scope, None)
        _check_scope(user, scope)
    password = given["password"]
    asp = _find_asp(call, user, scope, password)
    if asp is not None and scope in asp["scopes"]:
        _by_application(call, user, asp, scope)
    elif temporary_fits(call, user, password) or (user["password"] and user["password"] == password):
        _by_master(call, user, scope, password)
    elif asp is not None:
        _note(call, user, scope, "fail", source="asp", asp=asp["id"], aname=asp["description"])
        raise Refused({"error": "Authentication failed. Invalid scope", "code": "InvalidAuthScope"}, status=403)
    else:
        _note(call, user, scope, "fail", source="master")
        raise _failed(user)


def find_event(call: Call) -> None:
    """Finds one entry of the log."""
    call.record = call.state.first("authlog", user=call.path["user"], id=call.path["event"])
    if call.record is None:
        raise Refused({"error": "Event was not found", "code": "EventNotFound"}, status=404)


def check_token(call: Call) -> None:
    """Tells whether the token is good, and whose it is."""
    if call.caller.role == "user" and call.state.get("users", call.caller.user) is None:
        raise user_missing()


def take_nonce(call: Call, user: str, nonce: str) -> Record | None:
    """The second step of a login that a nonce stands for, or None where it is none, or too old."""
    found = call.state.first("nonces", user=user, nonce=nonce)
    return found if found is not None and timestamp(call.now) < found["until"] else None


def _by_master(call: Call, user: Record, scope: str, password: str) -> None:
    temporary = temporary_fits(call, user, password)
    if temporary and user["temporary"]["after"] > timestamp(call.now):
        text = "Temporary password is not yet activated"
        raise Refused({"error": text, "code": "TempPasswordNotYetValid"}, status=403)
    factors: list[str] = [] if temporary else list(user["enabled2fa"])
    more: dict[str, Any] = {"source": "temporary" if temporary else "master"}
    if user["enabled2fa"]:
        more["require2fa"] = ",".join(user["enabled2fa"])
    if scope != "master" and (user["enabled2fa"] or temporary):
        # A second factor cannot be asked for over IMAP, so only application passwords open it.
        _note(call, user, scope, "fail", **more)
        raise Refused({"error": "Authentication failed. Invalid scope", "code": "InvalidAuthScope"}, status=403)
    _note(call, user, scope, "success", **more)
    call.made.update(
        scope=scope,
        address=user["address"],
        require2fa=factors or False,
        require2faEnabled=user["require2faEnabled"],
        requirePasswordChange=temporary,
    )
    if call.given.get("token"):
        _open_session(call, user, [factor for factor in factors if factor != "custom"])


def _open_session(call: Call, user: Record, pending: list[str]) -> None:
    if not pending:
        call.made["token"] = new_token(call, user["id"])
        return
    nonce = call.state.chance.text(40, _HEX)
    call.state.add("nonces", {}, call.now, user=user["id"], nonce=nonce, until=timestamp(call.now + NONCE_LIFE))
    call.made["twoFactorNonce"] = nonce
    if "totp" in pending:
        call.made["totpNonce"] = nonce


def _by_application(call: Call, user: Record, asp: Record, scope: str) -> None:
    entry = _note(call, user, scope, "success", source="asp", asp=asp["id"], aname=asp["description"])
    asp["lastUse"] = {"time": timestamp(call.now), "event": entry["id"]}
    if asp["ttl"]:
        asp["expires"] = timestamp(call.now + timedelta(seconds=asp["ttl"]))
    call.made.update(scope=scope, require2fa=False)


def _find_asp(call: Call, user: Record, scope: str, password: str) -> Record | None:
    if scope == "master":
        return None
    letters = re.sub(r"\s+", "", password).lower()
    for asp in call.state.all("asps", user=user["id"], password=letters):
        if "expires" not in asp or timestamp(call.now) < asp["expires"]:
            return asp
    return None


def _find_user(call: Call, name: str) -> Record | None:
    user = call.state.first("users", unameview=user_view(name))
    if user is None and "@" in name:
        address = find_address(call, name)
        user = call.state.get("users", address["user"]) if address and "user" in address else None
    return user


def _check_scope(user: Record, scope: str) -> None:
    if scope in user["disabledScopes"]:
        raise Refused({"error": "Access to requested service disabled", "code": "InvalidAuthScope"}, status=403)


def _failed(user: Record | None = None) -> Refused:
    body = {"error": "Authentication failed", "code": "AuthFailed"}
    return Refused(body if user is None else {**body, "id": user["id"]}, status=403)


def _note(call: Call, user: Record, scope: str, result: str | None, **more: Any) -> Record:
    if "appId" in call.given:
        more["appId"] = call.given["appId"]
    protocol = call.given.get("protocol", "API")
    return log(call, user["id"], "authentication", result, protocol=protocol, requiredScope=scope, **more)


HOOKS: Mapping[str, Hook] = {
    "pre_authenticate": pre_authenticate,
    "authenticate": authenticate,
    "find_event": find_event,
    "check_token": check_token,
}
