"""What is kept for others to look at: audits and exports of accounts, webhooks, tokens of agents."""

from __future__ import annotations

import json
from collections.abc import Mapping
from email.utils import format_datetime

from mailwright.mock import json_value
from mailwright.mock.call import Answer, Call, Refused
from mailwright.mock.json_value import JsonObject, as_object
from mailwright.mock.packs import Hook
from mailwright.mock.packs.wildduck_1_51.formats import meta_data, tidy_time
from mailwright.mock.packs.wildduck_1_51.refusals import user_missing
from mailwright.mock.state import Record

_HEX = "0123456789abcdef"
_PARTS = ("addresses", "mailboxes", "asps", "filters", "autoreplies")


def prepare_audit(call: Call) -> None:
    """Brings the times and the notes of an audit into the forms that answers have."""
    given = call.given
    if call.state.get("users", given["user"]) is None:
        raise user_missing()
    for name in ("start", "end"):
        given[name] = tidy_time(given[name]) if name in given else None
    given["expires"] = tidy_time(given["expires"])
    given["meta"] = meta_data(given.get("meta", {}))


def export_audit(call: Call) -> None:
    """Gives the messages of an account in one file, those of its mailboxes."""
    record = call.state.get("audits", str(call.path["audit"]))
    if record is None:
        raise Refused({"error": "Audit not found", "code": "AuditNotFoundError"}, status=404)
    parts = [
        b"From %s %s\r\n%s\r\n" % (_sender(each), _moment(call), each["raw"].encode("latin-1"))
        for each in call.state.all("messages", user=record["user"])
    ]
    call.answer = Answer({}, content=b"".join(parts), media_type="application/octet-stream")


def export_data(call: Call) -> None:
    """Gives accounts as lines of JSON, in a form of the mock's own; those that are not there are left out."""
    wanted, tags = set(call.given.get("users", ())), {tag.lower() for tag in call.given.get("tags", ())}
    lines: list[bytes] = []
    for user in call.state.all("users"):
        if user["id"] in wanted or tags & set(user["tagsview"]):
            lines.append(_line("users", user))
            lines += [_line(part, each) for part in _PARTS for each in call.state.all(part, user=user["id"])]
    call.answer = Answer({}, content=b"".join(lines), media_type="application/octet-stream")


def import_data(call: Call) -> None:
    """Takes such lines back; what is there already stays as it is."""
    counts = {"entries": 0, "imported": 0, "failed": 0, "existing": 0}
    for line in call.upload.splitlines():
        try:
            entry = as_object(json_value.read(line))
        except json_value.BadJson:
            continue
        name, record = (entry or {}).get("collection"), as_object((entry or {}).get("record"))
        if name not in ("users", *_PARTS) or record is None or not isinstance(record.get("id"), str):
            continue
        counts["entries"] += 1
        if call.state.get(name, record["id"]) is not None:
            counts["existing"] += 1
        else:
            call.state.put(name, record)
            counts["imported"] += 1
    call.made["result"] = counts


def check_owner(call: Call) -> None:
    """Refuses a webhook for a user who is not there."""
    user = call.given.get("user")
    if user is not None and call.state.get("users", user) is None:
        raise user_missing()


def prepare_agent_token(call: Call) -> None:
    """Makes a token for an agent, which is told once."""
    given = call.given
    given["token"] = call.made["token"] = f"wdmcp_{call.state.chance.text(73, _HEX)}"
    if "expires" in given:
        given["expires"] = tidy_time(given["expires"])


def start_task(call: Call) -> None:
    """Names a task that a mock has no need to run."""
    call.made["task"] = call.state.chance.id()


def no_route(call: Call) -> None:
    """The path is in the document, and not on the server."""
    message = f"{call.operation.path} does not exist"
    raise Refused({"code": "ResourceNotFound", "message": message}, status=404, plain=True)


def _line(name: str, record: Record) -> bytes:
    entry: JsonObject = {"collection": name, "record": record}
    return json.dumps(entry, ensure_ascii=False).encode() + b"\n"


def _sender(record: Record) -> bytes:
    return (record["envelope"].get("from") or "MAILER-DAEMON").encode("ascii", "replace")


def _moment(call: Call) -> bytes:
    return format_datetime(call.now).encode()


HOOKS: Mapping[str, Hook] = {
    "prepare_audit": prepare_audit,
    "export_audit": export_audit,
    "export_data": export_data,
    "import_data": import_data,
    "check_owner": check_owner,
    "prepare_agent_token": prepare_agent_token,
    "start_task": start_task,
    "no_route": no_route,
}
