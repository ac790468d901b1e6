"""Messages of 1.51: found by UID in their mailbox, made from bytes or fields, changed in sets, moved and deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from mailwright.mock.call import Answer, Call, Refused
from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck.names import address_view
from mailwright.mock.packs.wildduck_1_51.drafts import compose, replace_previous
from mailwright.mock.packs.wildduck_1_51.formats import meta_data, parse_time, tidy_time
from mailwright.mock.packs.wildduck_1_51.mime import read_attachment
from mailwright.mock.packs.wildduck_1_51.refusals import mailbox_missing, message_missing, user_missing
from mailwright.mock.packs.wildduck_1_51.store import (
    FLAGS,
    add_message,
    bump,
    change_flags,
    copy_message,
    flagged,
    remove_message,
)
from mailwright.mock.state import Record, State
from mailwright.mock.values import timestamp


def deliver(state: State, address: str, raw: bytes, now: datetime) -> int:
    """Stores a message that comes in for an address in the inbox of its user."""
    found = state.first("addresses", addrview=address_view(address))
    inbox = None if found is None or "user" not in found else state.first("mailboxes", user=found["user"], path="INBOX")
    if found is None or inbox is None:
        raise KeyError(f"nobody has the address {address}")
    kept = found["address"]
    envelope = {"from": "", "rcpt": [{"value": kept, "formatted": kept}]}
    head = f"Delivered-To: {kept}\r\nReturn-Path: <>\r\n".encode()
    uid: int = add_message(state, inbox, head + raw, now, envelope=envelope)["uid"]
    return uid


def upload(call: Call) -> None:
    """Stores a message: the body itself, the field `raw`, or one that is made of the fields."""
    mailbox = mailbox_of(call, call.path["mailbox"])
    given = call.given
    fields: JsonObject = {"flags": [], "metaData": meta_data(given.get("metaData", {}))}
    fields["flags"] += [] if given.get("unseen") else ["\\Seen"]
    fields["flags"] += ["\\Flagged"] if given.get("flagged") else []
    reference = given.get("reference")
    fields["flags"] += ["\\Draft"] if given.get("draft") or reference else []
    moment = parse_time(given["date"]) if "date" in given else None
    if moment is not None:
        fields["idate"] = timestamp(moment)
    user = call.state.get("users", mailbox["user"])
    if user is None:
        raise user_missing()
    if call.kind == "message/rfc822" or "raw" in given:
        raw = call.upload if call.kind == "message/rfc822" else str(given["raw"]).encode("utf-8", "replace")
        raw = _ended(raw)
    else:
        composed = compose(call, user, moment, own=bool(given.get("draft")))
        raw = composed.raw
        fields |= composed.kept
    record = add_message(call.state, mailbox, raw, moment or call.now, **fields)
    call.made["message"] = {"id": record["uid"], "mailbox": mailbox["id"], "size": record["size"]}
    call.made["previous"] = replace_previous(call, mailbox)


def check_mailbox(call: Call) -> None:
    """Finds the mailbox of a list; where threads are collapsed, the last message of each is left."""
    call.parent = mailbox_of(call, call.path["mailbox"])
    if call.given.get("unseen"):
        call.given["unread"] = False
    if call.given.get("collapseThreads"):
        last: dict[str, Record] = {}
        for each in call.state.all("messages", mailbox=call.parent["id"]):
            if each["thread"] not in last or each["idate"] >= last[each["thread"]]["idate"]:
                last[each["thread"]] = each
        call.given["chosen"] = [each["id"] for each in last.values()]


def find_message(call: Call) -> None:
    """Finds one message by its UID."""
    call.record = find(call)
    if call.record is None:
        raise message_missing()


def show_message(call: Call) -> None:
    """Finds one message, marks it as seen on request, and tells what is told of it alone."""
    find_message(call)
    record = call.subject
    if call.given.get("markAsSeen") and not record["seen"]:
        bump(mailbox_of(call, record["mailbox"]), 2)
        change_flags(call.state, record, {"seen": True}, call.now)
    made = call.made
    made["more"] = {
        name: record[name] for name in ("html", "list", "files", "reference", "forwardTargets") if name in record
    }
    if record.get("outbound"):
        waiting = [each for each in record["outbound"] if call.state.first("outbound", queueId=each["queueId"])]
        made["more"].update({"outbound": waiting} if waiting else {})


def summarize(call: Call) -> None:
    """Tells what a list tells of a message only on request."""
    record, given, made = call.subject, call.given, call.made
    made["more"] = {}
    thread = list(call.state.all("messages", user=record["user"], thread=record["thread"]))
    if given.get("threadCounters"):
        made["more"]["threadMessageCount"] = max(len(thread), 1)
    if given.get("includeHasDrafts"):
        made["more"]["hasDrafts"] = any(_in_drafts(call.state, each) for each in thread)
    if given.get("includeHeaders"):
        made["more"]["headers"] = record["headers"]
    if given.get("metaData"):
        made["more"]["metaData"] = record["metaData"]
    if record["intro"]:
        made["more"]["intro"] = record["intro"]


def find_source(call: Call) -> None:
    """Gives a message as it was sent."""
    find_message(call)
    call.answer = Answer({}, content=source_of(call.subject), media_type="message/rfc822")


def find_attachment(call: Call) -> None:
    """Gives an attachment, decoded."""
    find_message(call)
    found = read_attachment(call.subject["raw"].encode("latin-1"), str(call.path["attachment"]).upper())
    if found is None:
        raise Refused({"error": "This attachment does not exist", "code": "AttachmentNotFound"}, status=404)
    content, kind, _ = found
    call.answer = Answer({}, content=content, media_type=kind)


def update_messages(call: Call) -> None:
    """Changes flags of a set of messages, or moves it."""
    given = call.given
    mailbox = call.state.first("mailboxes", user=call.path["user"], id=call.path["mailbox"])
    if mailbox is None:
        raise Refused({"error": "Mailbox is missing"}, status=500)
    chosen = choose(call, str(given.get("message", call.path.get("message"))))
    if given.get("updateThread"):
        threads = {each["thread"] for each in chosen}
        chosen = [each for each in call.state.all("messages", mailbox=mailbox["id"]) if each["thread"] in threads]
    changes = {name: given[name] for name in FLAGS if name in given}
    if "moveTo" in given:
        _move(call, mailbox, chosen, changes)
        return
    if not changes and "expires" not in given and "metaData" not in given:
        raise Refused({"error": "Nothing was changed"}, status=500)
    bump(mailbox)
    if len(set(changes.values())) > 1:
        raise Refused({"error": "Updating the path 'flags' would create a conflict at 'flags'", "code": 40}, status=500)
    if not chosen:
        raise Refused({"error": "No message matched query", "code": "MessageNotFound"}, status=404)
    bump(mailbox)
    for record in chosen:
        if changes:
            change_flags(call.state, record, changes, call.now)
        if "metaData" in given:
            record["metaData"] = meta_data(given["metaData"])
        if given.get("expires"):
            record["expires"] = tidy_time(given["expires"])
        elif "expires" in given:
            record.pop("expires", None)
    call.made["updated"] = len(chosen)


def delete_message(call: Call) -> None:
    """Deletes a message; but for drafts it goes to the archive."""
    mailbox = mailbox_of(call, call.path["mailbox"])
    record = find(call)
    if record is None:
        raise Refused({"error": "Message was not found", "code": "MessageNotFound"}, status=404)
    chosen = [record]
    if call.given.get("updateThread"):
        chosen = list(call.state.all("messages", mailbox=mailbox["id"], thread=record["thread"]))
    for each in chosen:
        bump(mailbox)
        remove_message(call.state, each, call.now, archive=not each["draft"])
    call.made.update(deleted=len(chosen), errors=0)


def clear_mailbox(call: Call) -> None:
    """Deletes all messages of a mailbox; a task that is asked for is done at once."""
    mailbox = mailbox_of(call, call.path["mailbox"])
    chosen = list(call.state.all("messages", mailbox=mailbox["id"]))
    for record in chosen:
        bump(mailbox)
        remove_message(call.state, record, call.now, archive=not call.given.get("skipArchive") and not record["draft"])
    if call.given.get("async"):
        call.made.update(existing=False, scheduled=call.state.chance.id())
    else:
        call.made.update(deleted=len(chosen), errors=0)


def source_of(record: Record) -> bytes:
    """A message as it is given out: an empty body has its empty line, and lines that end have one more."""
    raw: bytes = record["raw"].encode("latin-1")
    head, blank, body = raw.partition(b"\r\n\r\n")
    if not blank:
        return head.rstrip(b"\r\n") + b"\r\n\r\n"
    if record["contentType"]["value"].startswith("multipart/"):
        return raw
    if record["attachmentList"]:
        return raw.removesuffix(b"\r\n")
    return raw + b"\r\n" if body.endswith(b"\r\n") and b"\r\n" in body[:-2] else raw


def mailbox_of(call: Call, mailbox: Json) -> Record:
    """A mailbox of the user, or the refusal that there is none."""
    found = call.state.first("mailboxes", user=call.path["user"], id=mailbox)
    if found is None:
        raise mailbox_missing()
    return found


def find(call: Call) -> Record | None:
    """The message that the path names."""
    where = {"user": call.path["user"], "mailbox": call.path["mailbox"], "uid": call.path["message"]}
    return call.state.first("messages", **where)


def choose(call: Call, text: str, **where: Json) -> list[Record]:
    """The messages of a set such as `1,2`, `1:5` or `1:*`."""
    where = where or {"mailbox": call.path["mailbox"]}
    found = call.state.all("messages", user=call.path["user"], **where)
    low, colon, high = text.partition(":")
    if not colon:
        uids = {int(each) for each in text.split(",")}
        return [each for each in found if each["uid"] in uids]
    if high == "*":
        return [each for each in found if each["uid"] >= int(low)]
    first, last = sorted((int(low), int(high)))
    return [each for each in found if first <= each["uid"] <= last]


def _move(call: Call, mailbox: Record, chosen: list[Record], changes: Mapping[str, bool]) -> None:
    target = call.state.first("mailboxes", user=call.path["user"], id=call.given["moveTo"])
    if target is None:
        raise Refused({"error": "Mailbox is missing"}, status=500)
    bump(mailbox)
    if not chosen:
        text = "Could not move message, check if message exists"
        raise Refused({"error": text, "code": "MessageNotFound"}, status=404)
    pairs: list[list[int]] = []
    bump(target)
    for record in chosen:
        remove_message(call.state, record, call.now)
    for record in chosen:
        copy = copy_message(call.state, target, {**record, **flagged(record, changes)}, call.now)
        pairs.append([record["uid"], copy["uid"]])
    call.made.update(mailbox=target["id"], moved=pairs)


def _in_drafts(state: State, record: Record) -> bool:
    mailbox = state.get("mailboxes", record["mailbox"])
    return bool(record["draft"] and mailbox and mailbox.get("specialUse") == "\\Drafts")


def _ended(raw: bytes) -> bytes:
    """A message with the line ends of mail; one that has no empty line is headers alone."""
    raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return raw if b"\r\n\r\n" in raw else raw.rstrip(b"\r\n") + b"\r\n"


HOOKS: Mapping[str, Hook] = {
    "upload": upload,
    "check_mailbox": check_mailbox,
    "find_message": find_message,
    "show_message": show_message,
    "summarize": summarize,
    "find_source": find_source,
    "find_attachment": find_attachment,
    "update_messages": update_messages,
    "delete_message": delete_message,
    "clear_mailbox": clear_mailbox,
}
