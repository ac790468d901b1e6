"""Who calls: whoever has the token of the mock, an API key that was created, or a token for one stream."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Sequence
from datetime import timedelta

from mailwright.mock.access import Caller
from mailwright.mock.call import Call
from mailwright.mock.packs.stalwart.arguments import read_time, written
from mailwright.mock.packs.stalwart.envelope import Stopped
from mailwright.mock.packs.stalwart.stored_secrets import fits
from mailwright.mock.state import Record, State

_SECONDS = 60
_STREAMS = {"watchMetrics": "metrics", "watchTraces": "traces", "checkDelivery": "delivery"}


def admit(state: State, tokens: Sequence[str], token: str | None) -> Caller | None:
    """The caller, or None: without a token of its own the mock lets everybody in."""
    if token is None or token in tokens:
        return Caller()
    for each in tokens:
        if (found := state.first("tokens", token=each)) is not None:
            return Caller(role=found["stream"], token=each)
        if (key := _api_key(state, each)) is not None:
            return Caller(user=key["id"])
    return None


def permit(call: Call) -> None:
    """Refuses a token that is for another stream, or too old."""
    if not call.caller.role:
        return
    found = call.state.first("tokens", token=call.caller.token)
    expires = read_time(found["expires"]) if found else None
    right = _STREAMS.get(call.operation.id) == call.caller.role
    if not right or expires is None or expires <= call.now:
        raise Stopped(401)


def token_for(call: Call, stream: str) -> str:
    """A new token for one stream, good for a minute."""
    token = call.state.chance.text(40)
    expires = written(call.now + timedelta(seconds=_SECONDS))
    call.state.add("tokens", {}, call.now, token=token, stream=stream, expires=expires)
    return token


def _api_key(state: State, token: str) -> Record | None:
    """The API key that a token is of: `api_` before name and secret in base64."""
    if not token.startswith("api_"):
        return None
    try:
        name, _, secret = b64decode(token.removeprefix("api_"), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    found = state.first("principals", type="apiKey", name=name.lower())
    return found if found is not None and any(fits(each, secret) for each in found.get("secrets", ())) else None
