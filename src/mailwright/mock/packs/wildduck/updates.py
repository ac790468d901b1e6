"""What changes in an account: kept as it happens, and sent as server-sent events."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from mailwright.mock.call import Answer, Call
from mailwright.mock.packs import Hook
from mailwright.mock.state import Record, State

_COUNTED = frozenset({"EXISTS", "EXPUNGE", "FETCH"})


def note(state: State, user: str, now: datetime, command: str, *, counted: bool = True, **event: object) -> None:
    """Keeps one change of an account; what is `counted` may change the counts of its mailbox."""
    shown = {"command": command, **event}
    state.add("updates", {"given": {"event": shown}}, now, user=user, counted=counted)


def count(state: State, mailbox: Record) -> None:
    """Counts the messages of a mailbox anew, because it has changed."""
    recount(state, mailbox)
    mailbox["modifyIndex"] += 1


def recount(state: State, mailbox: Record) -> None:
    """Counts the messages of a mailbox, and of its user their size, anew."""
    messages = list(state.all("messages", mailbox=mailbox["id"]))
    mailbox.update(total=len(messages), unseen=sum(not each["seen"] for each in messages))
    user = state.get("users", mailbox["user"])
    if user is not None:
        user["storageUsed"] = sum(each["size"] for each in state.all("messages", user=user["id"]))


def stream_updates(call: Call) -> None:
    """Sends what was kept, and ends: a mock does not wait for what is to come.

    A real server sends nothing old where no event is named; this one sends everything, or there would be nothing. Where
    nothing is new it answers 204, which ends a stream for good.
    """
    kept = call.state.all("updates", user=call.subject["id"])
    events = [each for each in kept if each["id"] > call.last_event.lower()]
    if not events:
        call.answer = Answer({}, 204, content=b"")
        return
    blocks = [_block(each["event"], each["id"]) for each in events]
    counted = {each["event"]["mailbox"]: each["id"] for each in events if each["event"]["command"] in _COUNTED}
    for mailbox in counted:
        found = call.state.get("mailboxes", mailbox)
        if found is not None:
            event = {"command": "COUNTERS", "mailbox": mailbox, "total": found["total"], "unseen": found["unseen"]}
            blocks.append(_block(event, events[-1]["id"]))
    content = "".join([*blocks, ": idling 1\n\n"]).encode()
    call.answer = Answer({}, content=content, media_type="text/event-stream")


def note_mailbox(call: Call) -> None:
    """Keeps that a mailbox is new or has a new path."""
    if call.parent is not None and "path" in call.given:
        command = "RENAME" if call.operation.plan.action == "update" else "CREATE"
        note(call.state, call.parent["id"], call.now, command, mailbox=call.subject["id"], path=call.given["path"])


def note_no_mailbox(call: Call) -> None:
    """Keeps that a mailbox is gone."""
    if call.parent is not None:
        note(call.state, call.parent["id"], call.now, "DELETE", mailbox=call.subject["id"])


def _block(event: Record, event_id: str) -> str:
    lines = json.dumps(event, ensure_ascii=False, indent=2).split("\n")
    return "".join(f"data: {line}\n" for line in lines) + f"id: {event_id}\n\n"


HOOKS: Mapping[str, Hook] = {
    "stream_updates": stream_updates,
    "note_mailbox": note_mailbox,
    "note_no_mailbox": note_no_mailbox,
}
