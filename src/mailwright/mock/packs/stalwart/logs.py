"""Lines of the log: what the mock did, the newest first."""

from __future__ import annotations

from mailwright.mock.call import Call
from mailwright.mock.packs.stalwart.arguments import page, text, written

_FIELDS = ("timestamp", "level", "event", "event_id", "details")


def write(call: Call, event: str, details: str, level: str = "INFO") -> None:
    """Adds a line."""
    words = event.partition(".")[2].replace("-", " ").capitalize()
    call.state.add(
        "log", {}, call.now, timestamp=written(call.now), level=level, event=words, event_id=event, details=details
    )


def list_all(call: Call) -> None:
    """One page of lines that have a text."""
    wanted = text(call, "filter")
    lines = [{name: each[name] for name in _FIELDS} for each in reversed(list(call.state.all("log")))]
    found = [each for each in lines if wanted in " ".join(each.values())]
    call.made["data"] = {"items": page(call, found), "total": len(found)}


HOOKS = {"list_logs": list_all}
