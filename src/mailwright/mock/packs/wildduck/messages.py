"""Messages: found by UID in their mailbox, changed in sets, moved, deleted into the archive and restored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mailwright.mock.call import Answer, Call, Refused
from mailwright.mock.json_value import JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck.mime import read_attachment, read_message
from mailwright.mock.packs.wildduck.names import address_view
from mailwright.mock.packs.wildduck.updates import count, note
from mailwright.mock.state import Record, State
from mailwright.mock.values import timestamp

_FLAGS = ("seen", "deleted", "flagged", "draft")
IMAP = {"seen": "\\Seen", "deleted": "\\Deleted", "flagged": "\\Flagged", "draft": "\\Draft"}
_GONE = {"error": "This message does not exist"}


def add_message(state: State, mailbox: Record, raw: bytes, now: datetime, **fields: Any) -> Record:
    """Stores a message in a mailbox under its next UID."""
    given: JsonObject = {**read_message(raw, now), "size": len(raw), "raw": raw.decode("latin-1"), **fields}
    given.setdefault("thread", state.chance.id())
    given["hasAttachments"] = bool(given["attachmentList"])
    given["sender"] = _words([given["from"]])
    given["recipients"] = _words([*given.get("to", ()), *given.get("cc", ())])
    given["messageId"] = given["messageId"] or f"<{state.chance.id()}@wildduck.email>"
    record = state.add("messages", {"given": given}, now, **placed(state, mailbox))
    _exists(state, mailbox, record, now)
    return record


def deliver(state: State, address: str, raw: bytes, now: datetime) -> int:
    """Stores a message that comes in for an address in the inbox of its user."""
    found = state.first("addresses", addrview=address_view(address))
    inbox = None if found is None else state.first("mailboxes", user=found["user"], path="INBOX")
    if found is None or inbox is None:
        raise KeyError(f"nobody has the address {address}")
    uid: int = add_message(state, inbox, raw, now, transtype="LMTP", recipient=found["address"])["uid"]
    return uid


def check_owner(call: Call) -> None:
    """Refuses a mailbox of another user."""
    if call.parent is None or call.parent["user"] != call.path["user"]:
        raise Refused({"error": "This mailbox does not exist"})


def upload(call: Call) -> None:
    """Stores what is uploaded: the body itself, or the field `raw` of one that is JSON."""
    mailbox = _mailbox(call, call.path["mailbox"])
    if mailbox is None:
        raise Refused({"error": "This mailbox does not exist"})
    raw = call.upload or str(call.given.get("raw", "")).encode()
    if not raw:
        raise Refused({"error": 'child "raw" fails because ["raw" is required]', "code": "InputValidationError"})
    flags = {
        "seen": not call.given.get("unseen", False),
        "flagged": call.given.get("flagged", False),
        "draft": call.given.get("draft", False),
    }
    record = add_message(call.state, mailbox, raw, call.now, transtype="UPLOAD", recipient="", **flags)
    call.made["message"] = {"id": record["uid"], "mailbox": mailbox["id"]}


def find_message(call: Call) -> None:
    """Finds one message by its UID."""
    call.record = _find(call)
    if call.record is None:
        raise Refused(dict(_GONE))
    call.made["attachments"] = call.record["attachmentList"]
    if call.given.get("markAsSeen") and not call.record["seen"]:
        _change(call, call.record, {"seen": True})
        _count(call, call.record["mailbox"])


def find_message_file(call: Call) -> None:
    """Gives a message as it was sent."""
    call.record = _find(call)
    if call.record is None:
        raise Refused(dict(_GONE), plain=True)
    raw = call.record["raw"].encode("latin-1")
    call.answer = Answer({}, content=raw, media_type="message/rfc822")


def find_attachment(call: Call) -> None:
    """Gives an attachment of a message, or of an archived one."""
    record = _find(call) if "mailbox" in call.path else _archived(call)
    if record is None:
        raise Refused(dict(_GONE), plain=True)
    found = read_attachment(record["raw"], str(call.path["attachment"]).upper())
    if found is None:
        raise Refused({"error": "This attachment does not exist"}, plain=True)
    content, media_type = found
    call.answer = Answer({}, content=content, media_type=media_type)


def list_events(call: Call) -> None:
    """Tells that a message was stored, which is all that happens to one here."""
    find_message(call)
    record = call.subject
    event = {
        "id": record["id"],
        "stored": record["id"],
        "action": "STORE",
        "origin": "127.0.0.1",
        "messageId": record["messageId"],
        "from": record["from"]["address"],
        "to": [record["recipient"]] if record["recipient"] else [],
        "transtype": record["transtype"],
        "time": record["idate"],
    }
    call.made.update(id=record["id"], events=[event])


def update_messages(call: Call) -> None:
    """Changes flags of a set of messages, or moves it."""
    chosen = _chosen(call)
    changes = {name: call.given[name] for name in _FLAGS if name in call.given}
    if "moveTo" in call.given:
        _move(call, chosen, changes)
        return
    if not changes and "expires" not in call.given:
        raise Refused({"error": "Nothing was changed"})
    if len(set(changes.values())) > 1:
        raise Refused({"error": "Updating the path 'flags' would create a conflict at 'flags'"})
    if not chosen:
        raise Refused({"error": "No message matched query"})
    for record in chosen:
        _change(call, record, changes)
        _set_expiry(call, record)
    _count(call, call.path["mailbox"])
    call.made["updated"] = len(chosen)


def delete_message(call: Call) -> None:
    """Deletes a message; but for drafts it goes to the archive."""
    record = _find(call)
    if record is None:
        raise Refused({"error": "Message was not found"}, status=404)
    if not record["draft"]:
        kept = {name: value for name, value in record.items() if name not in ("id", "expires")}
        call.state.add("archived", {}, call.now, **kept)
    _remove(call, record)


def find_archived(call: Call) -> None:
    """Finds one archived message."""
    call.record = _archived(call)
    if call.record is None:
        raise Refused(dict(_GONE))
    call.made["attachments"] = call.record["attachmentList"]


def restore(call: Call) -> None:
    """Puts an archived message back: where it was, where the caller says, or into the inbox."""
    find_archived(call)
    record = call.subject
    mailbox = _mailbox(call, str(call.given.get("mailbox") or record["mailbox"]))
    mailbox = mailbox or call.state.first("mailboxes", user=call.path["user"], path="INBOX")
    if mailbox is None:
        raise Refused({"error": "This user does not exist"})
    copy = _copy(call, mailbox, record)
    call.state.remove("archived", record["id"])
    call.made.update(mailbox=mailbox["id"], id=copy["uid"])


def forward(call: Call) -> None:
    """Tells where a message would be forwarded to; nothing leaves a mock."""
    find_message(call)
    addresses: list[str] = call.given.get("addresses", [])
    told = [{"seq": f"{place:03x}", "type": "mail", "value": each} for place, each in enumerate(addresses, 1)]
    call.made["forwarded"] = told
    if told:
        call.made["queueId"] = call.state.chance.id()
        call.subject["forwarded"] = True


def prepare_search(call: Call) -> None:
    """Leaves Junk and Trash out where words are searched, and brings times into one form."""
    given = call.given
    if call.state.get("users", call.path["user"]) is None:
        raise Refused({"error": "This user does not exist", "code": "UserNotFound"})
    if "query" in given:
        given["searchable"] = True
    for name in ("flagged", "attachments", "filterAttachments", "searchable"):
        if given.get(name) is False:
            del given[name]
    for name in ("datestart", "dateend"):
        if name in given:
            given[name] = timestamp(datetime.fromisoformat(str(given[name]).replace("Z", "+00:00")))


def _words(addresses: list[JsonObject]) -> str:
    return ", ".join(f"{each['name']} <{each['address']}>" for each in addresses)


def _find(call: Call) -> Record | None:
    uid = call.path["message"]
    return call.state.first("messages", user=call.path["user"], mailbox=call.path["mailbox"], uid=uid)


def _archived(call: Call) -> Record | None:
    return call.state.first("archived", user=call.path["user"], id=call.path["message"])


def _mailbox(call: Call, mailbox: str) -> Record | None:
    return call.state.first("mailboxes", user=call.path["user"], id=mailbox)


def _chosen(call: Call) -> list[Record]:
    text = str(call.path["message"])
    low, colon, high = text.partition(":")
    ends = sorted((int(low), int(high))) if colon else []
    uids = {int(each) for each in text.split(",")} if not colon else set[int]()
    found = call.state.all("messages", user=call.path["user"], mailbox=call.path["mailbox"])
    return [each for each in found if each["uid"] in uids or (ends and ends[0] <= each["uid"] <= ends[1])]


def _change(call: Call, record: Record, changes: Mapping[str, bool]) -> None:
    record.update(changes)
    if "draft" in changes:
        # As the server does: a draft's mark overwrites the flag (exchange n=172, n=173).
        record["flagged"] = changes["draft"]
    flags = [IMAP[name] for name in _FLAGS if record[name]]
    event: JsonObject = {"uid": record["uid"], "flags": flags, "message": record["id"], "mailbox": record["mailbox"]}
    note(call.state, record["user"], call.now, "FETCH", **event)


def _set_expiry(call: Call, record: Record) -> None:
    expires = call.given.get("expires")
    if expires is False:
        record.pop("expires", None)
    elif isinstance(expires, int):
        record["expires"] = timestamp(datetime.fromtimestamp(expires / 1000, call.now.tzinfo))
    elif expires is not None:
        record["expires"] = expires


def _move(call: Call, chosen: list[Record], changes: Mapping[str, bool]) -> None:
    target = _mailbox(call, call.given["moveTo"])
    if target is None:
        raise Refused({"error": "Mailbox is missing"})
    if not chosen:
        raise Refused({"error": "Could not move message, check if message exists"})
    pairs: list[list[int]] = []
    for record in chosen:
        copy = _copy(call, target, {**record, **changes})
        pairs.append([record["uid"], copy["uid"]])
        _remove(call, record)
    call.made.update(mailbox=target["id"], moved=pairs)


def _copy(call: Call, mailbox: Record, record: Record) -> Record:
    fields = {name: value for name, value in record.items() if name not in ("id", "expires")}
    copy = call.state.add("messages", {}, call.now, **{**fields, **placed(call.state, mailbox)})
    _exists(call.state, mailbox, copy, call.now)
    return copy


def _remove(call: Call, record: Record) -> None:
    call.state.remove("messages", record["id"])
    _count(call, record["mailbox"])
    event = {"uid": record["uid"], "message": record["id"], "mailbox": record["mailbox"]}
    note(call.state, record["user"], call.now, "EXPUNGE", **event)


def _count(call: Call, mailbox: str) -> None:
    found = call.state.get("mailboxes", mailbox)
    if found is not None:
        count(call.state, found)


def placed(state: State, mailbox: Record) -> JsonObject:
    """The next place in a mailbox, for a message that comes into it."""
    uid = mailbox.get("uidNext", 1)
    mailbox["uidNext"] = uid + 1
    searchable = mailbox["specialUse"] not in ("\\Junk", "\\Trash") if "specialUse" in mailbox else True
    return {"user": mailbox["user"], "mailbox": mailbox["id"], "uid": uid, "searchable": searchable}


def _exists(state: State, mailbox: Record, record: Record, now: datetime) -> None:
    count(state, mailbox)
    event = {"uid": record["uid"], "message": record["id"], "mailbox": mailbox["id"]}
    note(state, mailbox["user"], now, "EXISTS", **event)


HOOKS: Mapping[str, Hook] = {
    "check_owner": check_owner,
    "upload": upload,
    "find_message": find_message,
    "find_message_file": find_message_file,
    "find_attachment": find_attachment,
    "list_events": list_events,
    "update_messages": update_messages,
    "delete_message": delete_message,
    "find_archived": find_archived,
    "restore": restore,
    "forward": forward,
    "prepare_search": prepare_search,
}
