"""Messages that leave: into a queue, from which nothing leaves a mock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime

from mailwright.mock.call import Call, Refused
from mailwright.mock.json_value import JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck_1_51.drafts import compose, drop_draft
from mailwright.mock.packs.wildduck_1_51.formats import parse_time
from mailwright.mock.packs.wildduck_1_51.messages import find_message
from mailwright.mock.packs.wildduck_1_51.refusals import user_missing
from mailwright.mock.packs.wildduck_1_51.store import (
    add_flags,
    add_message,
    bump,
    copy_message,
    flagged,
    remove_message,
)
from mailwright.mock.packs.wildduck_1_51.users import count_use
from mailwright.mock.state import Record
from mailwright.mock.values import timestamp

LATEST = timedelta(days=30)


def submit(call: Call) -> None:
    """Sends a message that is given as fields, and keeps it in the mailbox of what was sent, or of drafts.

    For a user who is not there success is told, and nothing else.
    """
    given, upload = call.given, bool(call.given.get("uploadOnly"))
    user = call.state.get("users", str(call.path["user"]))
    if user is None:
        return
    if user["disabled"] or user["suspended"]:
        raise Refused({"error": "User account is disabled", "code": "UserDisabled"}, status=403)
    when = parse_time(given["sendTime"]) if "sendTime" in given else None
    composed = compose(call, user, max(when, call.now) if when else None, own=not upload, submitted=True)
    draft = bool(given.get("isDraft"))
    envelope: JsonObject = given.get("envelope") or {}
    people = envelope.get("to") or [each for name in ("to", "cc", "bcc") for each in composed.fields.get(name, ())]
    recipients = _distinct(each["address"] for each in people)
    mailbox = _special(call, user, "\\Drafts" if draft else "\\Sent")
    if given.get("mailbox"):
        mailbox = call.state.first("mailboxes", user=user["id"], id=given["mailbox"]) or mailbox
    queue: str | bool = False
    if recipients and not draft and not upload:
        queue = enqueue(call, user, recipients, when)
        count_use(call, user, "sent", len(recipients))
    sender = ((upload and envelope.get("from")) or composed.fields["from"])["address"]
    rcpt = [{"value": each, "formatted": each} for each in recipients]
    fields: JsonObject = {**composed.kept, "flags": ["\\Seen", *(["\\Draft"] if draft else [])]}
    fields["envelope"] = {"from": sender, "rcpt": rcpt}
    if queue:
        fields["outbound"] = _outbound(call, str(queue))
    record = add_message(call.state, mailbox, composed.raw, call.now, **fields)
    if given.get("draft"):
        drop_draft(call, given["draft"])
    if given.get("reference") and not draft:
        _mark_reference(call, user, given["reference"])
    call.made["message"] = {"id": record["uid"], "mailbox": mailbox["id"], "queueId": queue}


def submit_draft(call: Call) -> None:
    """Sends a draft, and moves it to what was sent."""
    find_message(call)
    record, given = call.subject, call.given
    user = call.state.get("users", record["user"])
    if user is None:
        raise user_missing()
    if not record["draft"]:
        raise Refused({"error": "This message is not a draft", "code": "MessageNotDraft"}, status=400)
    when = parse_time(given["sendTime"]) if "sendTime" in given else None
    recipients = _distinct(
        each["address"] for name in ("to", "cc", "bcc") for each in record.get(name, ()) if "address" in each
    )
    moment = max(when, call.now) if when else call.now
    call.made["size"] = record["size"]
    if recipients:
        queue = enqueue(call, user, recipients, when)
        count_use(call, user, "sent", len(recipients))
        target, source = _special(call, user, "\\Sent"), call.state.get("mailboxes", record["mailbox"])
        bump(target)
        if source is not None:
            bump(source)
        remove_message(call.state, record, call.now)
        sent = flagged(record, {"draft": False, "seen": True})
        more = {"outbound": _outbound(call, queue), "date": timestamp(moment), "raw": _dated(record["raw"], moment)}
        copy = copy_message(call.state, target, record, call.now, **sent, **more)
        message = {"id": copy["uid"], "mailbox": target["id"], "size": copy["size"]}
        call.made["sent"] = {"queueId": queue, "message": message}
    if record.get("reference"):
        _mark_reference(call, user, record["reference"])
    if given.get("deleteFiles"):
        for each in record.get("files", ()):
            call.state.remove("files", each["id"])


def forward(call: Call) -> None:
    """Queues a message for other addresses, or for those that it was to go to when it came."""
    find_message(call)
    addresses = _distinct(call.given.get("addresses", ()))
    told = [{"seq": f"{place:03d}", "type": "mail", "value": each} for place, each in enumerate(addresses, 1)]
    call.made["forwarded"] = told
    user = call.state.get("users", call.subject["user"])
    if told and user is not None:
        call.made["queueId"] = enqueue(call, user, addresses, None)
        call.subject["outbound"] = [*call.subject.get("outbound", ()), *_outbound(call, call.made["queueId"])]


def update_outbound(call: Call) -> None:
    """Puts the time off at which a queued message is to leave."""
    queue = str(call.path["queueId"])
    entries = list(call.state.all("outbound", user=call.path["user"], queueId=queue))
    if not entries:
        raise Refused({"success": False, "error": "No such queue entry", "code": "NoSuchQueueEntry"}, status=404)
    when = max(parse_time(call.given["sendTime"]) or call.now, call.now)
    latest = min(parse_time(each["queued"]) or call.now for each in entries) + LATEST
    if when > latest:
        text = f"Delivery time can not be later than {timestamp(latest)}"
        raise Refused({"success": False, "error": text, "code": "SendTimeTooLate"}, status=400)
    stored = [
        each
        for each in call.state.all("messages", user=call.path["user"])
        if any(sent["queueId"] == queue for sent in each.get("outbound", ()))
    ]
    for each in stored:
        each.update(date=timestamp(when), raw=_dated(each["raw"], when))
    call.made.update(
        updated=len(entries), dateUpdated=bool(stored), sendTime=timestamp(when), storedUpdated=len(stored)
    )


def delete_outbound(call: Call) -> None:
    """Takes a message out of the queue; one that is not there is refused at status 200."""
    queue = str(call.path["queueId"])
    entries = list(call.state.all("outbound", user=call.path["user"], queueId=queue))
    if not entries:
        raise Refused({"success": False, "code": "NoSuchQueueEntry"})
    for each in entries:
        call.state.remove("outbound", each["id"])
    call.made.update(queueId=queue, deleted=len(entries))


def enqueue(call: Call, user: Record, recipients: Sequence[str], when: datetime | None) -> str:
    """Queues a message for recipients, and remembers those in the address register."""
    queue = f"1a{call.state.chance.text(13, '0123456789abcdef')}000"
    queued = timestamp(when if when and when > call.now else call.now)
    for number, address in enumerate(recipients, start=1):
        entry = {"queueId": queue, "seq": f"{number:03d}", "recipient": address, "queued": queued}
        call.state.add("outbound", {}, call.now, user=user["id"], **entry)
        _register(call, user, address)
    return queue


def _register(call: Call, user: Record, address: str) -> None:
    names = [*call.given.get("to", ()), *call.given.get("cc", ()), *call.given.get("bcc", ())]
    name = next((each.get("name", "") for each in names if each["address"] == address), "")
    found = call.state.first("registered", user=user["id"], address=address)
    if found is None:
        fields = {"user": user["id"], "address": address, "name": name, "disabled": False}
        found = call.state.add("registered", {}, call.now, **fields)
    found["updated"] = timestamp(call.now)


def _outbound(call: Call, queue: str) -> list[JsonObject]:
    entries = [
        {"seq": each["seq"], "recipient": each["recipient"], "sendingZone": "default", "queued": each["queued"]}
        for each in call.state.all("outbound", queueId=queue)
    ]
    return [{"queueId": queue, "entries": entries}]


def _mark_reference(call: Call, user: Record, reference: JsonObject) -> None:
    where = {"mailbox": reference["mailbox"], "uid": reference["id"]}
    found = call.state.first("messages", user=user["id"], **where)
    mailbox = call.state.get("mailboxes", reference["mailbox"])
    if found is not None and mailbox is not None:
        bump(mailbox)
        flags = ["\\Answered", "$Forwarded"] if reference["action"] == "forward" else ["\\Answered"]
        add_flags(call.state, found, flags, call.now)


def _special(call: Call, user: Record, use: str) -> Record:
    found = call.state.first("mailboxes", user=user["id"], specialUse=use)
    found = found or call.state.first("mailboxes", user=user["id"], path="INBOX")
    if found is None:
        raise user_missing()
    return found


def _dated(raw: str, moment: datetime) -> str:
    line = f"Date: {format_datetime(moment.replace(microsecond=0)).replace('UTC', '+0000')}"
    return re.sub(r"(?im)^Date:[^\r\n]*", line, raw, count=1)


def _distinct(addresses: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(addresses))


HOOKS: Mapping[str, Hook] = {
    "submit": submit,
    "submit_draft": submit_draft,
    "forward": forward,
    "update_outbound": update_outbound,
    "delete_outbound": delete_outbound,
}
