"""Autoreplies of 1.51: one of each user, told as empty where there is none, whether or not there is a user."""

from __future__ import annotations

from collections.abc import Mapping

from mailwright.mock.call import Call, Refused
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck.autoreply import delete_autoreply
from mailwright.mock.packs.wildduck_1_51.formats import tidy_time
from mailwright.mock.values import timestamp

_TEXTS = ("name", "subject", "text", "html")
_TIMES = ("start", "end")


def get_autoreply(call: Call) -> None:
    """Finds the autoreply of a user."""
    record = call.state.first("autoreplies", user=call.path["user"]) or {}
    call.made.update({"status": bool(record.get("status")), **{name: record.get(name, "") for name in _TEXTS}})
    call.made.update({name: record[name] for name in (*_TIMES, "created") if name in record})


def update_autoreply(call: Call) -> None:
    """Changes what is given; a time that is none goes away."""
    user, given = call.path["user"], call.given
    if call.state.get("users", user) is None:
        raise Refused({"error": "Unknown user", "code": "UserNotFound"}, status=404)
    record = call.state.first("autoreplies", user=user)
    if record is None:
        created = timestamp(call.now.replace(microsecond=0))
        record = call.state.add("autoreplies", {}, call.now, user=user, status=False, created=created)
    if "status" in given:
        record["status"] = given["status"]
    record.update({name: given[name] for name in _TEXTS if name in given})
    for name in _TIMES:
        if given.get(name):
            record[name] = tidy_time(given[name])
        elif name in given:
            record.pop(name, None)
    for one, other in (("text", "html"), ("html", "text")):
        if given.get(one) == "" and not given.get(other):
            record[other] = ""
    call.made["id"] = record["id"]


HOOKS: Mapping[str, Hook] = {
    "get_autoreply": get_autoreply,
    "update_autoreply": update_autoreply,
    "delete_autoreply": delete_autoreply,
}
