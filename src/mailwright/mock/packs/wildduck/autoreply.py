"""Autoreplies: one of each user, told as empty where there is none, whether or not there is a user."""

from __future__ import annotations

from collections.abc import Mapping

from mailwright.mock.call import Call, Refused
from mailwright.mock.packs import Hook

_TEXTS = ("subject", "text", "html")


def get_autoreply(call: Call) -> None:
    """Finds the autoreply of a user; of one that is not there it is empty too (exchange n=129)."""
    record = call.state.first("autoreplies", user=call.path["user"]) or {}
    call.made.update({"status": bool(record.get("status")), **{name: record.get(name, "") for name in _TEXTS}})
    call.made.update({name: record[name] for name in ("start", "end") if name in record})


def update_autoreply(call: Call) -> None:
    """Changes what is given; without `status` it is switched off (exchange n=124, n=125)."""
    user, given = call.path["user"], call.given
    if call.state.get("users", user) is None:
        raise Refused({"error": "Unknown user"})
    record = call.state.first("autoreplies", user=user) or call.state.add("autoreplies", {}, call.now, user=user)
    record["status"] = given.get("status", False)
    record.update({name: given[name] for name in (*_TEXTS, "start", "end") if name in given})
    for one, other in (("text", "html"), ("html", "text")):
        if given.get(one) == "" and not given.get(other):
            record[other] = ""


def delete_autoreply(call: Call) -> None:
    """Deletes what is there."""
    record = call.state.first("autoreplies", user=call.path["user"])
    if record is not None:
        call.state.remove("autoreplies", record["id"])


HOOKS: Mapping[str, Hook] = {
    "get_autoreply": get_autoreply,
    "update_autoreply": update_autoreply,
    "delete_autoreply": delete_autoreply,
}
