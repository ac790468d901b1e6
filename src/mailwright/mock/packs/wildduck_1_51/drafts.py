"""Messages that are made of fields: answers to others, with stored files, in place of an earlier draft."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mailwright.mock.call import Call, Refused
from mailwright.mock.json_value import JsonObject
from mailwright.mock.packs.wildduck_1_51.compose import Composer
from mailwright.mock.packs.wildduck_1_51.mime import read_attachment
from mailwright.mock.packs.wildduck_1_51.store import bump, remove_message, uuid
from mailwright.mock.state import Record

_REPLIES = ("reply", "replyAll")


def compose(call: Call, user: Record, moment: datetime | None = None) -> tuple[bytes, JsonObject]:
    """Writes the message that the call's fields describe; with it what is kept beside the message."""
    given: JsonObject = dict(call.given)
    kept: JsonObject = {}
    headers = [
        (_title(each["key"]), str(each.get("value", ""))) for each in given.get("headers", ()) if each.get("key")
    ]
    reference = given.get("reference")
    if reference:
        more, lines = _referenced(call, user, reference)
        given |= {name: value for name, value in more.items() if name not in given}
        given["attachments"] = [*given.get("attachments", ()), *more.get("carried", ())]
        headers += lines
        kept["reference"] = {name: reference[name] for name in ("action", "mailbox", "id")}
    files = [_file(call, each) for each in given.get("files", ())]
    if files:
        given["attachments"] = [*given.get("attachments", ()), *(_attached(each) for each in files)]
        kept["files"] = [
            {**{name: each[name] for name in ("id", "filename", "contentType", "size")}, "cid": each.get("cid")}
            for each in files
        ]
    sender = given.get("from") or {"address": user["address"], "name": user["name"] or ""}
    message_id = f"<{uuid(call.state)}@{sender['address'].rpartition('@')[2]}>"
    stem = call.state.chance.text(16, "0123456789abcdef")
    composer = Composer(given, sender=sender, message_id=message_id, now=moment or call.now, stem=stem)
    return composer.write(headers), kept


def replace_previous(call: Call, mailbox: Record) -> JsonObject:
    """Deletes the draft that a new message takes the place of."""
    previous = call.given.get("replacePrevious")
    if not previous:
        return {}
    where = {"mailbox": previous.get("mailbox", mailbox["id"]), "uid": previous["id"]}
    found = call.state.first("messages", user=call.path["user"], **where)
    if found is None:
        return {"previousDeleteError": "Failed to delete previous message. Message was not found"}
    _drop(call, found)
    return {"previousDeleted": True}


def drop_draft(call: Call, where: JsonObject) -> None:
    """Deletes the draft that has been sent; none there is nothing wrong."""
    found = call.state.first("messages", user=call.path["user"], mailbox=where["mailbox"], uid=where["id"])
    if found is not None:
        _drop(call, found)


def _drop(call: Call, record: Record) -> None:
    owner = call.state.get("mailboxes", record["mailbox"])
    if owner is not None:
        bump(owner)
    remove_message(call.state, record, call.now, archive=not record["draft"])


def _referenced(call: Call, user: Record, reference: JsonObject) -> tuple[JsonObject, list[tuple[str, str]]]:
    where = {"user": user["id"], "mailbox": reference["mailbox"], "uid": reference["id"]}
    found = call.state.first("messages", **where)
    if found is None:
        return {}, []
    action = reference["action"]
    more: dict[str, Any] = {"subject": _subject(found["subject"], "Fwd" if action == "forward" else "Re")}
    if action in _REPLIES:
        more["to"] = found.get("replyTo") or [found["from"]]
        if action == "replyAll":
            own = {user["address"]}
            others = [each for each in (*found.get("to", ()), *found.get("cc", ())) if each.get("address") not in own]
            more["to"] = [*more["to"], *others]
    wanted = reference.get("attachments")
    if wanted:
        more["carried"] = [
            _carried(found, each) for each in found["attachmentList"] if wanted is True or each["id"] in wanted
        ]
    references = " ".join([found["messageId"], *(each for each in found["references"] if each != found["messageId"])])
    lines = [("In-Reply-To", found["messageId"])] if action in _REPLIES else []
    return more, [*lines, ("References", references)]


def _carried(record: Record, told: JsonObject) -> JsonObject:
    found = read_attachment(record["raw"].encode("latin-1"), told["id"])
    content = found[0] if found else b""
    return {
        "filename": told["filename"],
        "contentType": told["contentType"],
        "encoding": "hex",
        "content": content.hex(),
    }


def _file(call: Call, file: str) -> Record:
    found = call.state.first("files", user=call.path["user"], id=file)
    if found is None:
        raise Refused({"error": "This file does not exist", "code": "FileNotFound"}, status=404)
    return found


def _attached(file: Record) -> JsonObject:
    names = ("filename", "contentType", "cid")
    return {
        **{name: file[name] for name in names if file.get(name)},
        "encoding": "hex",
        "content": file["content"].hex(),
    }


def _subject(subject: str, prefix: str) -> str:
    return subject if subject.lower().startswith(f"{prefix.lower()}:") else f"{prefix}: {subject}"


def _title(name: str) -> str:
    return "-".join(part[:1].upper() + part[1:] for part in name.strip().split("-"))
