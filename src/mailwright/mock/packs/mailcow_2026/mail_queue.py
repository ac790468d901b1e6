"""The queue: mail that waits to be sent, which can be held, sent now, read and deleted."""

from __future__ import annotations

from datetime import datetime

from mailwright.mock.call import Answer, Call
from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026 import callers
from mailwright.mock.packs.mailcow_2026.entries import Write, delete_all, edit_all, get, get_list
from mailwright.mock.packs.mailcow_2026.logs import log_for_people
from mailwright.mock.state import Record, State

_DIGITS = "0123456789ABCDEF"
_DELAY = "connect to mail exchanger: Connection timed out"
_NEW_NAMES = {"hold": "hold", "unhold": "deferred"}


def enqueue(state: State, sender: str, recipient: str, message: bytes, now: datetime) -> None:
    """Adds a message that could not be sent so far."""
    number = state.chance.text(10, _DIGITS)
    state.put(
        "queue",
        {
            "id": number,
            "queue_name": "deferred",
            "arrival_time": int(now.timestamp()),
            "message_size": len(message),
            "sender": sender,
            "recipient": recipient,
            "message": message.decode("utf-8", "replace"),
        },
    )


def _view(record: Record) -> JsonObject:
    return {
        "queue_name": record["queue_name"],
        "queue_id": record["id"],
        "arrival_time": record["arrival_time"],
        "message_size": record["message_size"],
        "forced_expire": False,
        "sender": record["sender"],
        "recipients": [f"{record['recipient']} ({_DELAY})"],
    }


@edit_all("mailq", "edit", items="qid")
def _change_some(write: Write) -> None:
    action = write.attributes.get("action")
    if action not in ("hold", "unhold", "deliver") or not write.items:
        return
    for item in write.items:
        record = write.state.get("queue", str(item))
        if record is not None and action == "deliver":
            write.state.remove("queue", record["id"])
        elif record is not None:
            record["queue_name"] = _NEW_NAMES[str(action)]
    # One entry tells of all, whether they are there or not.
    write.success("queue_command_success")


@edit_all("process_mailq_output", "edit", items="")
def _change_all(write: Write) -> None:
    if write.attributes.get("action") not in ("flush", "super_delete"):
        return
    for record in write.state.all("queue"):
        # What is flushed is sent, but for what is held.
        if write.attributes["action"] == "super_delete" or record["queue_name"] != "hold":
            write.state.remove("queue", record["id"])
    write.success("queue_command_success")


def change_queue(call: Call) -> None:
    """Does something with mail in the queue; what is done to all of it needs no items."""
    _change_all(call)
    if call.answer is not None and call.answer.body == {"type": "success", "msg": "Task completed"}:
        _change_some(call)


@delete_all("process_mailq_output", "delete", items="qid")
def delete_from_queue(write: Write) -> None:
    """Deletes mail from the queue, whether it is there or not."""
    for item in write.items:
        write.state.remove("queue", str(item))
    write.success("queue_command_success")


def read_queued(call: Call) -> None:
    """Shows a message as postcat prints it, as text; what calls itself JSON is none."""
    plain = get(lambda each: None)
    plain(call)
    if call.caller.role in (callers.UNKNOWN, callers.NOBODY):
        return
    name = str(call.path["queueId"])
    log_for_people(call, ["process_mailq_output", "cat", {"qid": name}], "queue_cat_success")
    record = call.state.get("queue", name)
    text = f"postcat: fatal: open queue file {name}: No such file or directory\n"
    if record is not None:
        head = f"*** ENVELOPE RECORDS deferred/{name[0]}/{name} ***\nsender: {record['sender']}\n"
        text = f"{head}recipient: {record['recipient']}\n*** MESSAGE CONTENTS ***\n{record['message']}\n"
    call.answer = Answer({}, content=text.encode(), media_type="application/json")


def _list(call: Call) -> Json:
    return [_view(each) for each in call.state.all("queue")]


HOOKS: dict[str, Hook] = {
    "change_queue": change_queue,
    "delete_from_queue": delete_from_queue,
    "list_queue": get_list(_list),
    "get_queued_mail": read_queued,
}
