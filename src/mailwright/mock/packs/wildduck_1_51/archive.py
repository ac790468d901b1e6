"""The archive of 1.51: deleted messages, brought back one by one or by the day they went."""

from __future__ import annotations

from collections.abc import Mapping

from mailwright.mock.call import Call, Refused
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck_1_51.formats import parse_time
from mailwright.mock.packs.wildduck_1_51.refusals import message_missing
from mailwright.mock.packs.wildduck_1_51.store import bump, copy_message
from mailwright.mock.state import Record
from mailwright.mock.values import timestamp


def choose_archived(call: Call) -> None:
    """Leaves the messages of one user."""
    call.given["owner"] = call.path["user"]


def restore_message(call: Call) -> None:
    """Finds nothing: the id that the list tells is none of the numbers that this takes (1.51-rest n=1131, n=1132)."""
    raise message_missing()


def restore_messages(call: Call) -> None:
    """Brings back what was deleted between two times; the task that the server starts is done at once."""
    start, end = parse_time(call.given["start"]), parse_time(call.given["end"])
    if call.state.get("users", call.path["user"]) is None:
        raise Refused({"error": "This user does not exist", "code": "UserNotFound"}, status=404)
    for record in call.state.all("archived", user=call.path["user"]):
        if start and end and timestamp(start) <= record["archivedAt"] <= timestamp(end):
            _restore(call, record)
    call.made["task"] = call.state.chance.id()


def _restore(call: Call, record: Record) -> None:
    mailbox = call.state.first("mailboxes", user=record["user"], id=record["mailbox"])
    mailbox = mailbox or call.state.first("mailboxes", user=record["user"], path="INBOX")
    if mailbox is not None:
        call.state.remove("archived", record["id"])
        bump(mailbox)
        copy_message(call.state, mailbox, record, call.now)


HOOKS: Mapping[str, Hook] = {
    "choose_archived": choose_archived,
    "restore_message": restore_message,
    "restore_messages": restore_messages,
}
