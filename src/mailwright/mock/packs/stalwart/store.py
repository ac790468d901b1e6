"""The store: blobs, clean-up, indexes, quota, UIDs, and deleted items that can come back."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta

from mailwright.mock.call import Answer, Call
from mailwright.mock.json_value import JsonObject
from mailwright.mock.packs.stalwart import logs
from mailwright.mock.packs.stalwart.arguments import number, page, read_time, written
from mailwright.mock.packs.stalwart.envelope import Stopped, need_enterprise, not_found
from mailwright.mock.packs.stalwart.membership import find
from mailwright.mock.state import Record

_INDEXES = ("email", "calendar", "contacts", "file", "tracing")
_KEPT_DAYS = 30


def download(call: Call) -> None:
    """A blob, or a part of it."""
    wanted = str(call.path["blob_id"])
    try:
        base64.urlsafe_b64decode(wanted + "=" * (-len(wanted) % 4))
    except ValueError:
        raise Stopped(400) from None
    record = call.state.first("blobs", hash=wanted)
    if record is None:
        raise not_found()
    content = record["content"].encode()
    start = number(call, "offset")
    part = content[start : start + number(call, "limit", len(content))]
    call.answer = Answer({}, content=part, media_type="application/octet-stream")


def keep(call: Call, content: str) -> str:
    """Stores a blob and gives its name, which is made from its hash."""
    name = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).decode().rstrip("=")
    if call.state.first("blobs", hash=name) is None:
        call.state.add("blobs", {}, call.now, hash=name, content=content)
    return name


def purge(call: Call) -> None:
    """Accepts a clean-up of a store, or of one account."""
    if "account_id" in call.path:
        _account(call)
    if call.path.get("store", "default") != "default":
        raise Stopped(404)
    logs.write(call, "housekeeper.purge", f"path = {call.operation.path}")


def reindex(call: Call) -> None:
    """Accepts that an index is built anew."""
    if "account_id" in call.path:
        _account(call)
    if call.path["index"] not in _INDEXES:
        raise Stopped(400, "There is no such index.")
    whose = f", account = {call.path['account_id']}" if "account_id" in call.path else ""
    logs.write(call, "task-queue.reindex", f"index = {call.path['index']}{whose}")


def quota(call: Call) -> None:
    """How many bytes an account uses; counting them anew comes to the same."""
    call.made["data"] = _account(call)["usedQuota"]


def uids(call: Call) -> None:
    """Gives mailboxes and messages new UIDs: the five mailboxes that an account begins with, and what was restored."""
    account = _account(call)
    call.made["data"] = [5, account.get("restored", 0)]


def list_deleted(call: Call) -> None:
    """One page of the deleted items of an account."""
    need_enterprise(call)
    found = [_show(call, each) for each in _deleted(call)]
    call.made["data"] = {"items": page(call, found), "total": len(found)}


def restore(call: Call) -> None:
    """Brings mail back; a body of null means all of it."""
    need_enterprise(call)
    held = {_show(call, each)["hash"]: each for each in _deleted(call)}
    wanted = call.given.get("body")
    if wanted is None:
        wanted = [{"hash": name, "collection": "email", "cancelDeletion": "now"} for name in held]
    results: list[JsonObject] = []
    for each in wanted:
        if each["collection"].lower() != "email":
            results.append({"type": "error", "reason": "only mail can come back"})
        elif call.state.first("blobs", hash=each["hash"]) is None:
            results.append({"type": "notFound"})
        else:
            results.append({"type": "success"})
            _take_back(call, held.get(each["hash"]), gone=bool(each.get("cancelDeletion")))
    call.made["data"] = results


def _take_back(call: Call, record: Record | None, *, gone: bool) -> None:
    if record is None:
        return
    account = call.state.get("principals", record["account"])
    if account is not None:
        account["restored"] = account.get("restored", 0) + 1
        account["usedQuota"] += len(_content(record))
    if gone:
        call.state.remove("deleted", record["id"])


def _deleted(call: Call) -> list[Record]:
    account = find(call.state, str(call.path["account_id"]))
    if account is None:
        raise Stopped(404)
    return list(call.state.all("deleted", account=account["id"]))


def _show(call: Call, record: Record) -> JsonObject:
    content = _content(record)
    deleted = read_time(record["deleted"]) or call.now
    return {
        "hash": keep(call, content),
        "size": len(content),
        "deletedAt": written(deleted),
        "expiresAt": written(deleted + timedelta(days=_KEPT_DAYS)),
        "item": {
            "type": "email",
            "from": "ada@example.org",
            "subject": f"Letter {record['id']}",
            "received_at": written(deleted),
        },
    }


def _content(record: Record) -> str:
    return f"From: ada@example.org\r\nSubject: Letter {record['id']}\r\n\r\nIs noon all right?\r\n"


def _account(call: Call) -> Record:
    account = find(call.state, str(call.path["account_id"]))
    if account is None:
        raise not_found()
    return account


HOOKS = {
    "download_blob": download,
    "purge": purge,
    "reindex": reindex,
    "used_quota": quota,
    "reset_uids": uids,
    "list_deleted": list_deleted,
    "restore_deleted": restore,
}
