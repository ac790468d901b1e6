"""Authentication: master and application passwords, second factors, and what the log says of it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mailwright.mock.call import Call, Refused
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck.log import log
from mailwright.mock.packs.wildduck.names import address_view, user_view
from mailwright.mock.packs.wildduck.users import temporary_fits
from mailwright.mock.state import Record
from mailwright.mock.values import timestamp


def authenticate(call: Call) -> None:
    """Checks a password: the master password for any scope, an application password for its scopes alone."""
    scope = call.given.get("scope", "master")
    user = _find_user(call, call.given["username"])
    if user is None or user["disabled"]:
        raise Refused({"error": "Authentication failed"})
    call.record = user
    password = call.given["password"]
    temporary = temporary_fits(call, user, password)
    if temporary or (user["password"] is not False and user["password"] == password):
        _by_master(call, user, scope, temporary=temporary)
    else:
        _by_application(call, user, scope, password)


def _by_master(call: Call, user: Record, scope: str, *, temporary: bool) -> None:
    if user["enabled2fa"] and scope != "master":
        # A second factor cannot be asked for over IMAP, so only application passwords open it.
        _log(call, user, scope, "fail", source="master")
        raise Refused({"error": "Authentication failed. Invalid scope"})
    _log(call, user, scope, "success", source="master")
    call.made.update(scope="master", require2fa=list(user["enabled2fa"]) or False, requirePasswordChange=temporary)


def _by_application(call: Call, user: Record, scope: str, password: str) -> None:
    letters = re.sub(r"\s+", "", password).lower()
    asp = call.state.first("asps", user=user["id"], password=letters) if scope != "master" else None
    if asp is None:
        _log(call, user, scope, "fail", source="master")
        raise Refused({"error": "Authentication failed"})
    if scope not in asp["scopes"] and "*" not in asp["scopes"]:
        _log(call, user, scope, "fail", source="asp", asp=asp["id"])
        raise Refused({"error": "Authentication failed. Invalid scope"})
    entry = _log(call, user, scope, "success", source="asp", asp=asp["id"])
    asp["lastUse"] = {"time": timestamp(call.now), "event": entry["id"]}
    call.made.update(scope=scope, require2fa=False)


def _log(call: Call, user: Record, scope: str, result: str, **more: str) -> Record:
    protocol = call.given.get("protocol", "API")
    return log(call, user["id"], "authentication", result, protocol=protocol, requiredScope=scope, **more)


def _find_user(call: Call, name: str) -> Record | None:
    if "@" not in name:
        return call.state.first("users", unameview=user_view(name))
    address = call.state.first("addresses", addrview=address_view(name))
    return call.state.get("users", address["user"]) if address else None


HOOKS: Mapping[str, Hook] = {"authenticate": authenticate}
