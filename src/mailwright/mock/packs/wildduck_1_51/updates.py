"""The stream of updates of 1.51: as of old, with headers for the proxies before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mailwright.mock.call import Call
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck import updates
from mailwright.mock.packs.wildduck.updates import tell

_HEADERS = (("cache-control", "no-cache"), ("x-accel-buffering", "no"))


def stream_updates(call: Call) -> None:
    """Opens the stream; the last event that was seen may be named in the query as well."""
    call.last_event = call.last_event or str(call.given.get("Last-Event-ID", ""))
    updates.stream_updates(call)
    if call.answer is not None:
        call.answer = replace(call.answer, headers=_HEADERS)


def note_logout(call: Call) -> None:
    """Tells those who listen that their session is to end."""
    reason = call.given.get("reason") or "Logout requested from API"
    tell(call.state, call.subject["id"], call.now, "LOGOUT", reason=reason)


HOOKS: Mapping[str, Hook] = {**updates.HOOKS, "stream_updates": stream_updates, "note_logout": note_logout}
