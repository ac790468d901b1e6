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
    state.add("updates", {"given": {"event": shown}}, now, user=user, counted=counted, fleeting=False)


def tell(state: State, user: str, now: datetime, command: str, **event: object) -> None:
    """Tells something to those who listen just then; it has no id, and is not told again."""
    shown = {"command": command, **event}
    state.add("updates", {"given": {"event": shown}}, now, user=user, counted=False, fleeting=True)


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
    """Sends what happens from now on; before it, where the caller names an event, what has happened behind that one."""
    user, named = call.subject["id"], call.last_event.lower()
    latest = max((each["id"] for each in call.state.all("updates", user=user)), default="")
    updates = _Updates(call.state, user, named or latest)
    content = updates.replay() if named else b""
    updates.seen = max(latest, named)
    call.answer = Answer({}, content=content or b": idling 1\n\n", media_type="text/event-stream", more=updates.new)


class _Updates:
    """The updates of a user, of which those up to the event `seen` are sent."""

    def __init__(self, state: State, user: str, seen: str) -> None:
        self._state = state
        self._user = user
        self.seen = seen

    def new(self) -> bytes:
        """What has happened since, and then the counts of the mailboxes where messages came, went or changed."""
        return self._told([each for each in self._state.all("updates", user=self._user) if each["id"] > self.seen])

    def replay(self) -> bytes:
        """The same, without what was for those who listened then."""
        kept = self._state.all("updates", user=self._user, fleeting=False)
        return self._told([each for each in kept if each["id"] > self.seen])

    def _told(self, events: list[Record]) -> bytes:
        blocks = [_block(each["event"], "" if each["fleeting"] else each["id"]) for each in events]
        known = [each for each in events if not each["fleeting"]]
        for mailbox in dict.fromkeys(
            each["event"]["mailbox"] for each in known if each["event"]["command"] in _COUNTED and each["counted"]
        ):
            found = self._state.get("mailboxes", mailbox)
            if found is not None:
                event = {"command": "COUNTERS", "mailbox": mailbox, "total": found["total"], "unseen": found["unseen"]}
                blocks.append(_block(event, known[-1]["id"]))
        if events:
            self.seen = events[-1]["id"]
        return "".join(blocks).encode()


def note_mailbox(call: Call) -> None:
    """Keeps that a mailbox is new or has a new path."""
    if call.parent is not None and "path" in call.given:
        command = "RENAME" if call.operation.plan.action == "update" else "CREATE"
        note(call.state, call.parent["id"], call.now, command, mailbox=call.subject["id"], path=call.given["path"])


def note_no_mailbox(call: Call) -> None:
    """Tells that a mailbox goes, and keeps that it is gone."""
    if call.parent is not None:
        tell(call.state, call.parent["id"], call.now, "DROP", mailbox=call.subject["id"])
        note(call.state, call.parent["id"], call.now, "DELETE", mailbox=call.subject["id"])


def _block(event: Record, event_id: str) -> str:
    lines = json.dumps(event, ensure_ascii=False, indent=2).split("\n")
    name = f"id: {event_id}\n" if event_id else ""
    return "".join(f"data: {line}\n" for line in lines) + name + "\n"


HOOKS: Mapping[str, Hook] = {
    "stream_updates": stream_updates,
    "note_mailbox": note_mailbox,
    "note_no_mailbox": note_no_mailbox,
}
