"""The authentication log: entries that are made where `x-mock` cannot, mostly for things that failed."""

from __future__ import annotations

from typing import Any

from mailwright.mock.call import Call
from mailwright.mock.state import Record


def log(call: Call, user: str, action: str, result: str, **more: Any) -> Record:
    """Adds an entry about a user, with the session and address that the call gives."""
    entry = {
        "user": user,
        **more,
        "action": action,
        "result": result,
        "sess": call.given.get("sess"),
        "ip": call.given.get("ip"),
    }
    return call.state.add("authlog", call.sources(given=entry), call.now, **entry)
