"""The authentication log of 1.51: what is alike within six hours is one entry that counts its events."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from typing import Any

from mailwright.mock.call import Call
from mailwright.mock.state import Record
from mailwright.mock.values import timestamp

BUCKET = timedelta(hours=6)


def log(call: Call, user: str, action: str, result: str | None, **more: Any) -> Record:
    """Notes something about a user, with the session and address that the call gives."""
    ip = call.given.get("ip")
    alike = (more.get("protocol"), ip, action, result, more.get("target"))
    digest = hashlib.md5("^".join(each or "" for each in alike).encode(), usedforsecurity=False).digest()
    key = base64.b64encode(digest).decode()
    since, now = timestamp(call.now - BUCKET), timestamp(call.now)
    for entry in call.state.all("authlog", user=user, key=key):
        if entry["created"] >= since:
            entry.update(events=entry["events"] + 1, last=now)
            return entry
    fields = {"user": user, **more, "action": action, "sess": call.given.get("sess"), "ip": ip}
    if result is not None:
        fields["result"] = result
    return call.state.add("authlog", {}, call.now, **fields, key=key, events=1, last=now)
