"""The queue: messages that wait, when they are tried again, and whether it runs at all."""

from __future__ import annotations

from datetime import datetime

from mailwright.mock.call import Call
from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.packs.stalwart import logs
from mailwright.mock.packs.stalwart.arguments import flag, future, number, page, paged, read_time, text, written
from mailwright.mock.packs.stalwart.envelope import Stopped
from mailwright.mock.packs.stalwart.store import keep
from mailwright.mock.state import Record

_FIRST = 2**60
_LONGEST_NAME = 8  # bytes
_SHOWN = ("return_path", "recipients", "created", "priority", "env_id")
_CANCELED = "the delivery was given up"


def list_messages(call: Call) -> None:
    """One page of the queue: numbers, or whole messages."""
    whole = flag(call, "values")
    found: list[Json] = [_show(call, each) if whole else _number(each) for each in _matching(call)]
    call.made["data"] = paged(call, found, status=_is_running(call))


def read_message(call: Call) -> None:
    """All of one message."""
    call.made["data"] = _show(call, _named(call))


def reschedule_messages(call: Call) -> None:
    """Has all messages that a filter finds tried again, now or at a time to come."""
    found = page(call, _matching(call))
    for each in found:
        _reschedule(call, each, "")
    call.made["data"] = bool(found)


def reschedule_message(call: Call) -> None:
    """Has one message tried again, for all recipients or some."""
    call.made["data"] = _reschedule(call, _named(call), text(call, "filter"))


def delete_messages(call: Call) -> None:
    """Takes all messages out of the queue that a filter finds."""
    found = page(call, _matching(call))
    for each in found:
        call.state.remove("queued", each["id"])
    if found:
        logs.write(call, "queue.messages-deleted", f"total = {len(found)}")
    call.made["data"] = bool(found)


def cancel_message(call: Call) -> None:
    """Gives one message up, for all recipients or some; it goes when nobody is left who waits for it."""
    record, wanted = _named(call), text(call, "filter")
    if not wanted:
        call.state.remove("queued", record["id"])
        call.made["data"] = True
        return
    found = [each for each in record["recipients"] if wanted in each["address"]]
    for each in found:
        each["status"] = {"perm_fail": _CANCELED}
    if found and not any(_waits(each) for each in record["recipients"]):
        call.state.remove("queued", record["id"])
    call.made["data"] = bool(found)


def read_status(call: Call) -> None:
    """Whether the queue runs."""
    call.made["data"] = _is_running(call)


def stop(call: Call) -> None:
    """Stops the queue and gives what it was before."""
    call.made["data"] = _set_running(call, on=False)


def start(call: Call) -> None:
    """Starts the queue and gives what it was before."""
    call.made["data"] = _set_running(call, on=True)


def _is_running(call: Call) -> bool:
    return call.state.first("switches", name="queue", on=False) is None


def _set_running(call: Call, *, on: bool) -> bool:
    before = _is_running(call)
    switch = call.state.first("switches", name="queue")
    if switch is None:
        call.state.add("switches", {}, call.now, name="queue", on=on)
    else:
        switch["on"] = on
    return before


def _number(record: Record) -> int:
    return _FIRST + int(record["id"])


def _show(call: Call, record: Record) -> JsonObject:
    kept = {name: record[name] for name in _SHOWN if record.get(name) not in (None, 0, "")}
    content: str = record["content"]
    return {"id": _number(record), **kept, "size": len(content), "blob_hash": keep(call, content)}


def _named(call: Call) -> Record:
    wanted = str(call.path["message_id"])
    record = next((each for each in call.state.all("queued") if str(_number(each)) == wanted), None)
    if record is None:
        raise Stopped(404)
    return record


def _matching(call: Call) -> list[Record]:
    found = [each for each in call.state.all("queued") if _fits(call, each)]
    first, last = number(call, "range-start"), number(call, "range-end", 2**64 - 1)
    return [each for each in found if first <= _number(each) <= last]


def _fits(call: Call, record: Record) -> bool:
    anywhere, queue = text(call, "text"), _queue(call)
    addresses: list[str] = [each["address"] for each in record["recipients"]]
    if anywhere:
        if not any(anywhere in each for each in (record["return_path"], *addresses)):
            return False
    elif text(call, "from") not in record["return_path"] or not any(text(call, "to") in each for each in addresses):
        return False
    if queue and not any(each["queue"] == queue for each in record["recipients"]):
        return False
    due = _due(record)
    before, after = future(call, "before"), future(call, "after")
    if (before or after) and due is None:
        return False
    return due is None or ((before is None or due < before) and (after is None or due > after))


def _queue(call: Call) -> str:
    """The queue that is asked for; no queue has a longer name, and the server forgets what was asked for then."""
    name = text(call, "queue")
    return name if len(name.encode()) <= _LONGEST_NAME else ""


def _due(record: Record) -> datetime | None:
    times = [read_time(each["next_retry"]) for each in record["recipients"] if _waits(each)]
    return min((each for each in times if each is not None), default=None)


def _waits(recipient: JsonObject) -> bool:
    return recipient["status"] == "scheduled" or "temp_fail" in recipient["status"]


def _reschedule(call: Call, record: Record, wanted: str) -> bool:
    due = written(future(call, "at") or call.now)
    found = [each for each in record["recipients"] if _waits(each) and wanted in each["address"]]
    for each in found:
        each["next_retry"] = due
    return bool(found)


HOOKS = {
    "list_queued": list_messages,
    "read_queued": read_message,
    "reschedule_all_queued": reschedule_messages,
    "reschedule_queued": reschedule_message,
    "delete_all_queued": delete_messages,
    "cancel_queued": cancel_message,
    "read_queue_status": read_status,
    "stop_queue": stop,
    "start_queue": start,
}
