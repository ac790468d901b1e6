"""The quarantine: mail that was kept back, which can be read, released, learned from and deleted."""

from __future__ import annotations

from datetime import UTC, datetime

from mailwright.mock.call import Call
from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026.entries import Write, delete, edit, get_list
from mailwright.mock.packs.mailcow_2026.store import domain_of, next_id
from mailwright.mock.state import Record, State

_DIGITS = "0123456789ABCDEF"
_SCORE = 15.0
_TIME = "%Y-%m-%d %H:%M:%S"
# What a list shows; an item that is read alone has more, and writes its time as text.
_LISTED = ("qid", "subject", "score", "rcpt", "sender", "action", "notified")
_TOLD = {"release": ("item_released", "learned_ham"), "learnham": ("item_released", "learned_ham")}


def keep(state: State, *, sender: str, subject: str, recipient: str, message: bytes, now: datetime) -> None:
    """Keeps a message back."""
    state.put(
        "quarantine",
        {
            "id": str(next_id(state, "quarantine")),
            "qid": state.chance.text(10, _DIGITS),
            "subject": subject,
            "score": _SCORE,
            "ip": "192.0.2.99",
            "action": "reject",
            "symbols": '[{"name": "GTUBE", "score": 0, "options": []}]',
            "fuzzy_hashes": "[]",
            "sender": sender,
            "rcpt": recipient,
            "msg": message.decode("utf-8", "replace"),
            "domain": domain_of(recipient),
            "notified": 0,
            "created": now.strftime(_TIME),
            "user": "unknown",
            "qhash": state.chance.text(64, _DIGITS.lower()),
        },
    )


def _listed(record: Record) -> JsonObject:
    created = datetime.strptime(record["created"], _TIME).replace(tzinfo=UTC)
    times: JsonObject = {"virus_flag": 0, "created": int(created.timestamp())}
    return {"id": int(record["id"]), **{name: record[name] for name in _LISTED}, **times}


@edit("quarantine", "edit", items="id")
def change(write: Write, item: Json) -> None:
    """Releases a message, which tells the spam filter that it is none, or tells it that it is; both take it out."""
    action = str(write.attributes.get("action"))
    if action not in ("release", "learnham", "learnspam"):
        return
    if write.state.get("quarantine", str(item)) is None:
        write.danger("access_denied")
        return
    write.state.remove("quarantine", str(item))
    for key in _TOLD.get(action, ("qlearn_spam",)):
        write.success(key, item)


@delete("quarantine", "delete", items="id")
def remove(write: Write, item: Json) -> None:
    """Deletes mail from the quarantine, whether it is there or not."""
    if isinstance(item, bool) or not str(item).isdigit():
        write.danger("access_denied")
        return
    write.state.remove("quarantine", str(item))
    write.success("item_deleted", item)


def _list(call: Call) -> Json:
    return [_listed(each) for each in call.state.all("quarantine")]


def _read(call: Call) -> Json:
    record = call.state.get("quarantine", str(call.path["id"]))
    return [] if record is None else {**record, "id": int(record["id"])}


HOOKS: dict[str, Hook] = {
    "change_quarantine": change,
    "delete_quarantined": remove,
    "list_quarantine": get_list(_list),
    "get_quarantined": get_list(_read),
}
