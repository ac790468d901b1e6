"""Messages that are made of fields: answers to others, with stored files, in place of an earlier draft."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mailwright.mock.call import Call, Refused
from mailwright.mock.json_value import JsonObject
from mailwright.mock.packs.wildduck.names import address_view
from mailwright.mock.packs.wildduck_1_51.addresses import sender_of
from mailwright.mock.packs.wildduck_1_51.compose import Composer
from mailwright.mock.packs.wildduck_1_51.mime import read_attachment
from mailwright.mock.packs.wildduck_1_51.names import normal_address, without_label
from mailwright.mock.packs.wildduck_1_51.store import bump, remove_message, uuid
from mailwright.mock.state import Record

_REPLIES = ("reply", "replyAll")


@dataclass(frozen=True, slots=True)
class Composed:
    """A message that was made: its bytes, the fields it was made of, and what is kept beside it."""

    raw: bytes
    fields: JsonObject
    kept: JsonObject


def compose(call: Call, user: Record, moment: datetime | None, *, own: bool, submitted: bool = False) -> Composed:
    """Writes the message that the call's fields describe.

    With `own` it is from an address that the user may send from. One that is `submitted` at once answers nobody but
    those that the message before was for, as the server does not find its sender there.
    """
    given: JsonObject = dict(call.given)
    kept: JsonObject = {}
    headers = [
        (_title(each["key"]), str(each.get("value", ""))) for each in given.get("headers", ()) if each.get("key")
    ]
    reference = given.get("reference")
    found = _find(call, user, reference) if reference else None
    if reference:
        kept["reference"] = {name: reference[name] for name in ("action", "mailbox", "id")}
    if reference and found is not None:
        kept["thread"] = found["thread"]
        more = _answered(call, user, found, reference, submitted=submitted)
        if given.get("to") or given.get("cc") or given.get("bcc"):
            more = {name: value for name, value in more.items() if name not in ("to", "cc")}
        given = {**more, **{name: value for name, value in given.items() if value not in ("", [])}}
        given["attachments"] = [*given.get("attachments", ()), *_carried(found, reference)]
        headers += _threading(found, reference)
    files = [_file(call, each) for each in given.get("files", ())]
    if files:
        given["attachments"] = [*given.get("attachments", ()), *(_attached(each) for each in files)]
        kept["files"] = [
            {**{name: each[name] for name in ("id", "filename", "contentType", "size")}, "cid": each.get("cid")}
            for each in files
        ]
    sender: JsonObject = given.get("from") or {"address": user["address"], "name": user["name"] or ""}
    envelope: JsonObject = given.get("envelope") or {}
    if submitted and not given.get("from"):
        sender = envelope.get("from") or sender
    if own:
        sender = {**sender, "address": sender_of(call, user, sender["address"])}
    message_id = f"<{uuid(call.state)}@{sender['address'].rpartition('@')[2]}>"
    stem = call.state.chance.text(16, "0123456789abcdef")
    composer = Composer(given, sender=sender, message_id=message_id, now=moment or call.now, stem=stem)
    return Composed(composer.write(headers), {**given, "from": sender}, kept)


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


def _find(call: Call, user: Record, reference: JsonObject) -> Record | None:
    where = {"mailbox": reference["mailbox"], "uid": reference["id"]}
    return call.state.first("messages", user=user["id"], **where)


def _answered(call: Call, user: Record, found: Record, reference: JsonObject, *, submitted: bool) -> JsonObject:
    action = reference["action"]
    more: dict[str, Any] = {"subject": _subject(found["subject"], "Fwd" if action == "forward" else "Re")}
    if action in _REPLIES:
        own = {each["addrview"] for each in call.state.all("addresses", user=user["id"])}
        own = {address_view(user["address"])} if submitted else own
        sender = [] if submitted else found.get("replyTo") or [found["from"]]
        more["to"] = _distinct([*sender, *(_people(found.get("to", ())) if action == "replyAll" else ())], own)
        more["cc"] = _distinct(_people(found.get("cc", ())), own) if action == "replyAll" else []
    return more


def _people(told: Iterable[JsonObject]) -> Iterator[JsonObject]:
    for each in told:
        if "group" in each:
            yield from _people(each["group"])
        elif each.get("address"):
            yield each


def _distinct(people: Iterable[JsonObject], seen: set[str]) -> list[JsonObject]:
    """People who were not seen before; they are then."""
    fresh: list[JsonObject] = []
    for each in people:
        view = address_view(without_label(normal_address(each["address"])))
        if view not in seen:
            seen.add(view)
            fresh.append(each)
    return fresh


def _threading(found: Record, reference: JsonObject) -> list[tuple[str, str]]:
    before: list[str] = found["references"]
    references = before if found["messageId"] in before else [found["messageId"], *before]
    lines = [("In-Reply-To", found["messageId"])] if reference["action"] in _REPLIES else []
    return [*lines, ("References", " ".join(references))]


def _carried(record: Record, reference: JsonObject) -> list[JsonObject]:
    """The attachments that go on with an answer: all that are not shown inside, or those that are named."""
    wanted: list[str] | bool = reference.get("attachments") or []
    carried: list[JsonObject] = []
    for told in record["attachmentList"]:
        if told["related"] or not (wanted is True or (isinstance(wanted, list) and told["id"] in wanted)):
            continue
        found = read_attachment(record["raw"].encode("latin-1"), told["id"])
        content = found[0].hex() if found else ""
        names = ("filename", "contentType")
        carried.append({**{name: told[name] for name in names}, "encoding": "hex", "content": content})
    return carried


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
    return subject if re.match(r"\w+: ", subject) else f"{prefix}: {subject}".strip()


def _title(name: str) -> str:
    return "-".join(part[:1].upper() + part[1:] for part in name.strip().split("-"))
