"""Who calls: the token of the configuration, that of a user who has logged in, or that of a role.

The token of a role is the mock's own with a colon and the name of the role behind it, such as `secret:audit`: a real
server keeps such tokens in its database.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence

from mailwright.mock.access import Caller
from mailwright.mock.call import Call, Refused
from mailwright.mock.packs import Hook
from mailwright.mock.state import State

ROOT = Caller("root")
ROLES = frozenset({"audit", "export"})


def admit(state: State, tokens: Sequence[str], own: str | None) -> Caller | None:
    """The caller who shows these tokens; everybody where the mock has no token of its own and none of them is known."""
    for token in tokens:
        known = state.first("tokens", token=token)
        if known is not None:
            return Caller("user", known["user"], token, {"me": known["user"]})
        stem, _, role = token.rpartition(":")
        if role in ROLES and (own is None or _same(stem, own)):
            return Caller(role, token=token)
    if own is None or any(_same(token, own) for token in tokens[:1]):
        return ROOT
    return None


def permit(call: Call) -> None:
    """Refuses what a role may not do; users may do what is about themselves."""
    caller, wanted = call.caller, call.operation.plan.roles
    if not caller.role:
        return
    if wanted:
        granted = caller.role in wanted
    elif caller.role == "user":
        granted = call.path.get("user") == caller.user
    else:
        granted = caller.role == "root" or call.operation.id in ("getUser", "checkToken")
    if not granted:
        raise Refused({"error": "Not enough privileges", "code": "MissingPrivileges"}, status=403)


def new_token(call: Call, user: str) -> str:
    """Makes a token for a user who has logged in."""
    token = call.state.chance.text(40, "0123456789abcdef")
    call.state.add("tokens", {}, call.now, user=user, token=token)
    return token


def end_tokens(call: Call, user: str) -> None:
    """Ends all sessions of a user."""
    for token in call.state.all("tokens", user=user):
        call.state.remove("tokens", token["id"])


def revoke_token(call: Call) -> None:
    """Ends the session whose token the caller shows."""
    for token in call.state.all("tokens", token=call.caller.token):
        call.state.remove("tokens", token["id"])


def only_own(call: Call) -> None:
    """Leaves a user who calls nothing but the own account."""
    if call.caller.role == "user":
        call.given["own"] = call.caller.user


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())


HOOKS: Mapping[str, Hook] = {"revoke_token": revoke_token, "only_own": only_own}
