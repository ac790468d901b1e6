"""Where messages are kept: they come into mailboxes, change, move and go, and each of it is noted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from mailwright.mock.json_value import JsonObject
from mailwright.mock.packs.wildduck.messages import IMAP, placed
from mailwright.mock.packs.wildduck.updates import note, recount
from mailwright.mock.packs.wildduck_1_51.mime import read_message
from mailwright.mock.state import Record, State
from mailwright.mock.values import timestamp

FLAGS = ("seen", "deleted", "flagged", "draft")
_OWN = frozenset({"id", "expires"})


def add_message(state: State, mailbox: Record, raw: bytes, now: datetime, **fields: Any) -> Record:
    """Stores a message in a mailbox under its next UID; `flags` are those of IMAP, in order."""
    given: JsonObject = {**read_message(raw, now), "size": len(raw), "raw": raw.decode("latin-1"), **fields}
    given["idate"] = given.get("idate") or timestamp(now)
    given["messageId"] = given["messageId"] or f"<{uuid(state)}@wildduck.email>"
    given["thread"] = given.get("thread") or _thread(state, mailbox["user"], given)
    given.setdefault("metaData", {})
    given.setdefault("envelope", {"from": "", "rcpt": []})
    given["stored"] = timestamp(now)
    set_flags(given, list(given.pop("flags", ())))
    bump(mailbox)
    known = {told["hash"] for each in state.all("messages") for told in each["attachmentList"]}
    for told in given["attachmentList"]:
        # The hash of the content is told of what is stored for the first time.
        if told["hash"] in known:
            told.pop("fileContentHash")
        known.add(told["hash"])
    return _put(state, mailbox, given, now)


def copy_message(state: State, mailbox: Record, record: Record, now: datetime, **changes: Any) -> Record:
    """Puts a copy of a message into a mailbox."""
    fields = {name: value for name, value in record.items() if name not in _OWN}
    return _put(state, mailbox, {**fields, **changes}, now)


def remove_message(state: State, record: Record, now: datetime, *, archive: bool = False) -> None:
    """Takes a message out of its mailbox; it may go on in the archive, under the id it had."""
    state.remove("messages", record["id"])
    if archive:
        state.put("archived", {**record, "archivedAt": timestamp(now)})
    mailbox = state.get("mailboxes", record["mailbox"])
    if mailbox is not None:
        recount(state, mailbox)
    note(state, record["user"], now, "EXPUNGE", uid=record["uid"], **_about(record))


def change_flags(state: State, record: Record, changes: Mapping[str, bool], now: datetime) -> None:
    """Sets and takes away flags of a message."""
    note_flags(state, record, flagged(record, changes)["flags"], now)


def flagged(record: Record, changes: Mapping[str, bool]) -> JsonObject:
    """The fields that tell of the flags of a message once these are set and taken away."""
    flags = [flag for flag in record["flags"] if flag not in {IMAP[name] for name in changes}]
    told: JsonObject = {}
    set_flags(told, [*flags, *(IMAP[name] for name in FLAGS if changes.get(name))])
    return told


def add_flags(state: State, record: Record, flags: list[str], now: datetime) -> None:
    """Sets flags that have no name of their own, such as `\\Answered`."""
    note_flags(state, record, [*record["flags"], *(flag for flag in flags if flag not in record["flags"])], now)


def note_flags(state: State, record: Record, flags: list[str], now: datetime) -> None:
    """Gives a message these flags, and tells of it."""
    seen = record["seen"]
    set_flags(record, flags)
    more = {"uid": record["uid"], "flags": flags, "message": record["id"]}
    more |= {"thread": record["thread"], "mailbox": record["mailbox"]}
    mailbox = state.get("mailboxes", record["mailbox"])
    if mailbox is not None and seen != record["seen"]:
        recount(state, mailbox)
    note(state, record["user"], now, "FETCH", counted=seen != record["seen"], **more)


def set_flags(record: JsonObject, flags: list[str]) -> None:
    """Gives a message flags, and the fields that tell of them."""
    record["flags"] = flags
    record.update({name: IMAP[name] in flags for name in FLAGS})
    record["forwarded"] = "$Forwarded" in flags
    record["answered"] = "\\Answered" in flags and not record["forwarded"]


def bump(mailbox: Record, changes: int = 1) -> None:
    """Counts changes of a mailbox."""
    mailbox["modifyIndex"] += changes


def uuid(state: State) -> str:
    """A text that looks like a UUID."""
    digits = state.chance.text(32, "0123456789abcdef")
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def normal_subject(subject: str) -> str:
    """A subject without what replies and forwards put before it."""
    return re.sub(r"^(\s*(re|fwd?|aw|vs)\s*:\s*)+", "", subject, flags=re.IGNORECASE).strip().lower()


def _put(state: State, mailbox: Record, fields: JsonObject, now: datetime) -> Record:
    fields = {**fields, **placed(state, mailbox), "stored": timestamp(now)}
    if mailbox["retention"]:
        fields["expires"] = timestamp((now + timedelta(milliseconds=mailbox["retention"])).replace(microsecond=0))
    record = state.add("messages", {}, now, **fields)
    recount(state, mailbox)
    note(state, mailbox["user"], now, "EXISTS", uid=record["uid"], idate=record["idate"], **_about(record))
    return record


def _about(record: Record) -> JsonObject:
    return {"message": record["id"], "thread": record["thread"], "mailbox": record["mailbox"]}


def _thread(state: State, user: str, given: JsonObject) -> str:
    """The thread of a message: that of one with the same subject that it names, or that names the same ones."""
    mine = {given["messageId"], *given["inReplyTo"], *given["references"]}
    subject = normal_subject(given["subject"])
    for collection in ("messages", "archived"):
        for other in state.all(collection, user=user):
            theirs = {other["messageId"], *other["inReplyTo"], *other["references"]}
            if mine & theirs and normal_subject(other["subject"]) == subject:
                return str(other["thread"])
    return state.chance.id()
