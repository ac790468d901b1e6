"""Messages of the mock: saved, found, flagged, copied, moved, expunged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TypeAlias

from mailwright.mock.call import Call
from mailwright.mock.packs.dovecot.columns import check_columns, column
from mailwright.mock.packs.dovecot.failing import NOT_FOUND, Dropped, Failed
from mailwright.mock.packs.dovecot.mailboxes import existing, find_mailbox, mailboxes_of
from mailwright.mock.packs.dovecot.query import Candidate, Query, parsed, read_query
from mailwright.mock.packs.dovecot.users import OfUser, Rows
from mailwright.mock.state import Record, State

_GUID = "0123456789abcdef"
_SETTABLE = frozenset({"\\answered", "\\flagged", "\\deleted", "\\seen", "\\draft"})
Change: TypeAlias = Callable[[list[str], list[str]], list[str]]


def save(call: Call, user: Record) -> None:
    """Saves a message; its lines end with LF from then on."""
    mailbox = existing(call.state, user, call.given.get("mailbox", "INBOX"))
    received = call.now
    if "receivedDate" in call.given:
        try:
            received = datetime.fromisoformat(call.given["receivedDate"]).replace(tzinfo=UTC)
        except ValueError:
            raise Dropped from None
    text = call.given["file"].replace("\r\n", "\n")
    guid = call.given.get("guid") or call.state.chance.text(32, _GUID)
    add_message(call.state, mailbox, text, ["\\Recent"], received, call.now, guid, call.given.get("uid", 0))


def add_message(
    state: State,
    mailbox: Record,
    text: str,
    flags: list[str],
    received: datetime,
    now: datetime,
    guid: str,
    uid: int = 0,
) -> None:
    """Adds a message under the next UID, or a larger one."""
    mailbox["uidnext"] = max(mailbox["uidnext"], uid)
    state.add(
        "messages",
        {},
        now,
        mailbox=mailbox["id"],
        uid=mailbox["uidnext"],
        text=text,
        flags=list(flags),
        received=received,
        guid=guid,
    )
    mailbox["uidnext"] += 1
    mailbox["modseq"] += 1


def fetch(call: Call, user: Record) -> Rows:
    """Reads the columns that are asked for; of a mailbox that is not there, nothing."""
    query = read_query(call.given["query"], call.now)
    fields: list[str] = call.given["field"]
    check_columns(fields)
    return [{name: column(name, each, user) for name in fields} for each in _candidates(call, user, query)]


def search(call: Call, user: Record, *, old: bool) -> Rows:
    """Finds mailbox and UID of messages."""
    return [
        {"mailbox-guid": each.mailbox["guid"], "uid": str(each.message["uid"])} for each in _found(call, user, old=old)
    ]


def expunge(call: Call, user: Record, *, old: bool) -> None:
    """Deletes messages; the query has to name a mailbox and something else as well (2.4.4 n=184)."""
    query = read_query(call.given["query"], call.now)
    words = [word.lower() for word in call.given["query"]]
    if not query.conditions or not {"mailbox", "mailbox-guid"} & {*words}:
        raise Dropped
    _require(call, user, query, old=old)
    touched: dict[str, Record] = {}
    for each in _candidates(call, user, query):
        call.state.remove("messages", each.message["id"])
        touched[each.mailbox["id"]] = each.mailbox
    if call.given.get("deleteEmptyMailbox"):
        for name in query.names:
            mailbox = find_mailbox(call.state, user, name)
            if mailbox is not None and mailbox["name"] != "INBOX" and not _has_messages(call.state, mailbox):
                call.state.remove("mailboxes", mailbox["id"])


def _has_messages(state: State, mailbox: Record) -> bool:
    return state.first("messages", mailbox=mailbox["id"]) is not None


def deduplicate(call: Call, user: Record, *, old: bool) -> None:
    """Expunges all but the first of those that have one GUID, or one Message-ID."""
    seen: set[tuple[str, str]] = set()
    for each in _found(call, user, old=old):
        key = str(each.message["guid"])
        if call.given.get("byMsgid"):
            key = str(parsed(each.message["text"]).get("message-id", f"none {each.message['id']}"))
        if (each.mailbox["id"], key) in seen:
            call.state.remove("messages", each.message["id"])
        seen.add((each.mailbox["id"], key))


def copying(*, old: bool, move: bool) -> OfUser:
    """Makes the hook of `copy` and of `move`, which takes the messages away from where they were."""

    def run(call: Call, user: Record) -> None:
        source = user
        if "sourceUser" in call.given and (not old or call.given.get("sourceType") == "user"):
            found = call.state.first("users", name=call.given["sourceUser"])
            if found is None:
                # Neither 2.3.19 nor 2.4.1 survives it.
                raise Dropped
            source = found
        query = read_query(call.given["query"], call.now)
        target = existing(call.state, user, call.given["destinationMailbox"])
        _require(call, source, query, old=old)
        for each in list(_candidates(call, source, query)):
            message = each.message
            flags, received = message["flags"], message["received"]
            add_message(call.state, target, message["text"], flags, received, call.now, message["guid"])
            if move:
                call.state.remove("messages", message["id"])

    return run


def flagging(change: Change, *, old: bool) -> OfUser:
    """Makes the hook that changes flags."""

    def run(call: Call, user: Record) -> None:
        given: list[str] = call.given["flag"]
        if any(flag.startswith("\\") and flag.lower() not in _SETTABLE for flag in given):
            raise Dropped
        flags = [f"\\{flag[1:].capitalize()}" if flag.startswith("\\") else flag for flag in given]
        for each in _found(call, user, old=old):
            each.message["flags"] = change(each.message["flags"], flags)
            each.mailbox["modseq"] += 1

    return run


def added(known: list[str], given: list[str]) -> list[str]:
    """Flags with those that are given."""
    return [*known, *(flag for flag in dict.fromkeys(given) if flag not in known)]


def removed(known: list[str], given: list[str]) -> list[str]:
    """Flags without those that are given."""
    return [flag for flag in known if flag not in given]


def replaced(known: list[str], given: list[str]) -> list[str]:
    """The flags that are given; the one that only the server sets stays."""
    return added([flag for flag in known if flag == "\\Recent"], given)


def _found(call: Call, user: Record, *, old: bool) -> list[Candidate]:
    query = read_query(call.given["query"], call.now)
    _require(call, user, query, old=old)
    return list(_candidates(call, user, query))


def _require(call: Call, user: Record, query: Query, *, old: bool) -> None:
    """Fails in 2.3 where the query names a mailbox that is not there; 2.4 then finds nothing (both n=144)."""
    if old and any(find_mailbox(call.state, user, name) is None for name in query.names):
        raise Failed(NOT_FOUND)


def _candidates(call: Call, user: Record, query: Query) -> Iterator[Candidate]:
    for mailbox in mailboxes_of(call.state, user):
        messages = sorted(call.state.all("messages", mailbox=mailbox["id"]), key=lambda each: int(each["uid"]))
        last = (len(messages), messages[-1]["uid"] if messages else 0)
        for number, message in enumerate(messages, start=1):
            candidate = Candidate(message, mailbox, number, last)
            if query.fits(candidate):
                yield candidate
