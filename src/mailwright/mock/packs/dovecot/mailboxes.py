"""Mailboxes of the mock: made, listed, counted, renamed, deleted."""

from __future__ import annotations

import re
from base64 import b64encode

from mailwright.mock.call import Call
from mailwright.mock.packs.dovecot.failing import NOT_FOUND, NOT_POSSIBLE, USAGE, Failed
from mailwright.mock.packs.dovecot.masks import is_mailbox_mask, mailbox_matches
from mailwright.mock.packs.dovecot.users import Rows, add_mailbox
from mailwright.mock.state import Record, State

_INBOX = "INBOX"
_SUMS = ("messages", "recent", "deleted", "unseen", "vsize")
_COUNTS = (
    *("messages", "recent", "deleted", "uidnext", "uidvalidity", "unseen"),
    *("highestmodseq", "vsize", "guid", "firstsaved"),
)


def find_mailbox(state: State, user: Record, name: str) -> Record | None:
    """The mailbox of this name, or None; INBOX has no case."""
    return state.first("mailboxes", user=user["id"], name=_INBOX if name.upper() == _INBOX else name)


def existing(state: State, user: Record, name: str) -> Record:
    """The mailbox of this name; raises `Failed` where there is none."""
    mailbox = find_mailbox(state, user, name)
    if mailbox is None:
        raise Failed(NOT_FOUND)
    return mailbox


def mailboxes_of(state: State, user: Record) -> list[Record]:
    """The mailboxes of a user, INBOX last, as the real server lists them."""
    return sorted(state.all("mailboxes", user=user["id"]), key=lambda each: each["name"] == _INBOX)


def mailbox_list(call: Call, user: Record) -> Rows:
    """Lists names by masks; one name alone comes back whether there is such a mailbox or not (2.4.4 n=105)."""
    masks: list[str] = call.given.get("mailboxMask", ["*"])
    if call.given.get("subscriptions"):
        names = [name for name in user["subscriptions"] if any(mailbox_matches(mask, name) for mask in masks)]
    elif len(masks) == 1 and not is_mailbox_mask(masks[0]):
        names = masks
    else:
        names = [each["name"] for each in _matching(call.state, user, masks)]
    return [{"mailbox": utf7(name) if call.given.get("mutf7") else name} for name in names]


def mailbox_status(call: Call, user: Record, *, old: bool) -> Rows:
    """Counts what is in mailboxes; a name without one fails."""
    wanted: list[str] = call.given["field"]
    for mask in call.given["mailboxMask"]:
        if not is_mailbox_mask(mask):
            existing(call.state, user, mask)
    found = _matching(call.state, user, call.given["mailboxMask"])
    names = [name for name in _COUNTS if (name in wanted or "all" in wanted) and not (old and name == "deleted")]
    rows = [{"mailbox": each["name"], **_counts(call.state, each, names)} for each in found]
    if not call.given.get("totalSum"):
        return rows
    return [{name: str(sum(int(row[name]) for row in rows)) for name in names if name in _SUMS}]


def _counts(state: State, mailbox: Record, names: list[str]) -> dict[str, str]:
    messages = list(state.all("messages", mailbox=mailbox["id"]))
    first = min((int(each["received"].timestamp()) for each in messages), default=None)
    told = {
        "messages": len(messages),
        "recent": sum("\\Recent" in each["flags"] for each in messages),
        "deleted": sum("\\Deleted" in each["flags"] for each in messages),
        "uidnext": mailbox["uidnext"],
        "uidvalidity": mailbox["uidvalidity"],
        "unseen": sum("\\Seen" not in each["flags"] for each in messages),
        "highestmodseq": mailbox["modseq"],
        "vsize": sum(len(each["text"].encode()) + each["text"].count("\n") for each in messages),
        "guid": mailbox["guid"],
        "firstsaved": "never" if first is None else first,
    }
    return {name: str(told[name]) for name in names}


def mailbox_create(call: Call, user: Record) -> None:
    """Creates those that can be created, also where another one cannot."""
    failed = 0
    for name in call.given["mailbox"]:
        if not name or name.startswith("/") or any(part in ("", "..") for part in name.split("/")):
            failed = USAGE
        elif find_mailbox(call.state, user, name) is not None:
            failed = NOT_POSSIBLE
        else:
            add_mailbox(call.state, user, name, call.now, call.given.get("guid", ""))
            if call.given.get("subscriptions"):
                _subscribe(user, name)
    if failed:
        raise Failed(failed)


def mailbox_delete(call: Call, user: Record) -> None:
    """Deletes those that can be deleted; INBOX is emptied, and then fails (2.4.4 n=252, n=253)."""
    failed = 0
    for name in call.given["mailbox"]:
        mailbox = find_mailbox(call.state, user, name)
        if mailbox is None:
            failed = NOT_FOUND
            continue
        messages = list(call.state.all("messages", mailbox=mailbox["id"]))
        if messages and call.given.get("requireEmpty"):
            failed = NOT_POSSIBLE
        elif mailbox["name"] == _INBOX:
            for message in messages:
                call.state.remove("messages", message["id"])
            failed = NOT_POSSIBLE
        else:
            below = call.state.all("mailboxes", user=user["id"]) if call.given.get("recursive") else ()
            for each in [mailbox, *(each for each in below if each["name"].startswith(f"{mailbox['name']}/"))]:
                call.state.remove("mailboxes", each["id"])
                if call.given.get("subscriptions") and each["name"] in user["subscriptions"]:
                    user["subscriptions"].remove(each["name"])
    if failed:
        raise Failed(failed)


def mailbox_rename(call: Call, user: Record) -> None:
    """Renames a mailbox and those below it."""
    mailbox = existing(call.state, user, call.given["mailbox"])
    old, new = mailbox["name"], call.given["newName"]
    if find_mailbox(call.state, user, new) is not None:
        raise Failed(NOT_POSSIBLE)
    for each in call.state.all("mailboxes", user=user["id"]):
        if each["name"] == old or each["name"].startswith(f"{old}/"):
            each["name"] = new + each["name"][len(old) :]
    if call.given.get("subscriptions"):
        user["subscriptions"] = [new if name == old else name for name in user["subscriptions"]]


def mailbox_subscribe(call: Call, user: Record) -> None:
    """Subscribes, whether there is such a mailbox or not."""
    for name in call.given["mailbox"]:
        _subscribe(user, name)


def mailbox_unsubscribe(call: Call, user: Record) -> None:
    """Ends subscriptions, whether there were any or not."""
    user["subscriptions"] = [name for name in user["subscriptions"] if name not in call.given["mailbox"]]


def _subscribe(user: Record, name: str) -> None:
    if name not in user["subscriptions"]:
        user["subscriptions"] = [*user["subscriptions"], name]


def _matching(state: State, user: Record, masks: list[str]) -> list[Record]:
    return [each for each in mailboxes_of(state, user) if any(mailbox_matches(mask, each["name"]) for mask in masks)]


def utf7(name: str) -> str:
    """Writes a name in the UTF-7 of IMAP (RFC 3501, 5.1.3)."""
    return re.sub(r"[^\x20-\x7e]+|&", lambda found: "&-" if found[0] == "&" else _shifted(found[0]), name)


def _shifted(text: str) -> str:
    return f"&{b64encode(text.encode('utf-16-be')).decode().rstrip('=').replace('/', ',')}-"
