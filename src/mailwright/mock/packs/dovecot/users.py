"""Users of the mock: whose mail a command is about, who is logged in, and what they may store."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, TypeAlias

from mailwright.mock.call import Call
from mailwright.mock.packs import Hook
from mailwright.mock.packs.dovecot.failing import NO_USER, NOT_FOUND, Dropped, Failed
from mailwright.mock.packs.dovecot.masks import is_user_mask, user_matches
from mailwright.mock.state import Record, State

Rows: TypeAlias = list[dict[str, Any]]
OfUser: TypeAlias = Callable[[Call, Record], Rows | None]

_HOME = "/srv/mail"
_LIMIT_KIB = 102_400
_LIMIT_MESSAGES = 1_000
_GUID = "0123456789abcdef"
_FIRST = ("jane@example.org", "joe@example.org")


def start(state: State, now: datetime) -> None:
    """Begins with two users, of whom the first has two sessions."""
    for name in _FIRST:
        add_user(state, name, now)
    for number, (name, service) in enumerate(((_FIRST[0], "imap"), (_FIRST[0], "imap"), (_FIRST[1], "imap"))):
        state.add("sessions", {}, now, user=name, service=service, pid=4711 + number, ip="127.0.0.1")


def populate(state: State, count: int, now: datetime) -> None:
    """Adds so many users."""
    for number in range(1, count + 1):
        add_user(state, f"user{number}@example.org", now)


def add_user(state: State, name: str, now: datetime) -> Record:
    """Adds a user with an inbox."""
    user = state.add("users", {}, now, name=name, subscriptions=[])
    add_mailbox(state, user, "INBOX", now)
    return user


def add_mailbox(state: State, user: Record, name: str, now: datetime, guid: str = "") -> Record:
    """Adds an empty mailbox."""
    return state.add(
        "mailboxes",
        {},
        now,
        user=user["id"],
        name=name,
        guid=guid or state.chance.text(32, _GUID),
        uidvalidity=int(now.timestamp()),
        uidnext=1,
        modseq=1,
    )


def for_users(hook: OfUser) -> Hook:
    """Makes a hook that goes through the users a command is about; rows tell which, where it may be several."""

    def run(call: Call) -> None:
        rows: Rows = []
        several, users = _users(call)
        for user in users:
            found = hook(call, user) or []
            rows += [{"username": user["name"], **row} for row in found] if several else found
        call.made["rows"] = rows

    return run


def _users(call: Call) -> tuple[bool, list[Record]]:
    given, state = call.given, call.state
    if given.get("allUsers"):
        return True, list(state.all("users"))
    if "userFile" in given:
        names = given["userFile"].splitlines()
        return True, [user for user in state.all("users") if user["name"] in names]
    mask = given["user"]
    if is_user_mask(mask):
        return True, [user for user in state.all("users") if user_matches(mask, user["name"])]
    user = state.first("users", name=mask)
    if user is None:
        raise Failed(NO_USER)
    return False, [user]


def without_user_file(hook: Hook) -> Hook:
    """Makes the hook of 2.3, which takes names of users one a line and does nothing with them (2.3.19.1 n=92)."""

    def run(call: Call) -> None:
        if "userFile" in call.given and "user" not in call.given and not call.given.get("allUsers"):
            call.made["rows"] = []
        else:
            hook(call)

    return run


def user(call: Call, *, old: bool) -> None:
    """Looks users up: one object with all of them, and a list of names for masks."""
    found: dict[str, Any] = {}
    for mask in call.given["userMask"]:
        if is_user_mask(mask):
            names = [each["name"] for each in call.state.all("users") if user_matches(mask, each["name"])]
            found.setdefault("userList", []).extend(names)
        elif call.state.first("users", name=mask) is None:
            raise Failed(NO_USER)
        else:
            found[mask] = _fields(call, mask, old=old)
    call.made["rows"] = found


def _fields(call: Call, name: str, *, old: bool) -> dict[str, str]:
    home = f"{_HOME}/{name}"
    where = {"mail": f"maildir:{home}/Maildir"} if old else {"mail_path": f"{home}/Maildir"}
    fields = {"uid": "8", "gid": "8", "home": home, **where}
    wanted = call.given.get("field")
    return fields if wanted is None else {name: text for name, text in fields.items() if name == wanted}


def who(call: Call, *, old: bool) -> None:
    """Lists sessions: a row for each user and service, or for each session."""
    sessions = _sessions(call)
    if call.given.get("separateConnections"):
        more = {} if old else {"dest_ip": ""}
        call.made["rows"] = [
            {"username": each["user"], "service": each["service"], "pid": str(each["pid"]), "ip": each["ip"], **more}
            for each in sessions
        ]
        return
    groups: dict[tuple[str, str], list[Record]] = {}
    for each in sessions:
        groups.setdefault((each["user"], each["service"]), []).append(each)
    call.made["rows"] = [
        {
            "username": name,
            "connections": str(len(group)),
            "service": service,
            "pids": f"({' '.join(str(each['pid']) for each in group)})",
            "ips": f"({' '.join(dict.fromkeys(each['ip'] for each in group))})",
        }
        for (name, service), group in groups.items()
    ]


def kick(call: Call, *, old: bool) -> None:
    """Ends sessions; 2.3 tells of whom, 2.4 how many."""
    sessions = _sessions(call)
    for each in sessions:
        call.state.remove("sessions", each["id"])
    if not old:
        call.made["rows"] = [{"count": str(len(sessions))}]
    elif sessions:
        call.made["rows"] = [{"result": name} for name in dict.fromkeys(each["user"] for each in sessions)]
    else:
        raise Failed(NOT_FOUND)


def auth_cache_flush(call: Call, *, old: bool) -> None:
    """Tells of the entries that it took from the cache, none, since this server keeps no cache.

    A 2.3 that is told no user ends the connection.
    """
    if old and not call.given.get("user"):
        raise Dropped
    call.made["rows"] = [{"entries": "0"}]


def _sessions(call: Call) -> list[Record]:
    masks: list[str] = call.given.get("mask", [])
    return [
        each
        for each in call.state.all("sessions")
        if all(_is_network(mask, each["ip"]) or user_matches(mask, each["user"]) for mask in masks)
    ]


def _is_network(mask: str, ip: str) -> bool:
    try:
        return ipaddress.ip_address(ip) in ipaddress.ip_network(mask, strict=False)
    except ValueError:
        return False


def quota_get(call: Call, user: Record, *, old: bool) -> Rows:
    """Tells storage in KiB, and messages, which 2.4's set-up does not limit."""
    messages = list(messages_of(call.state, user))
    used = -(-sum(len(each["text"].encode()) for each in messages) // 1024)
    limit = str(_LIMIT_MESSAGES) if old else "-"
    percent = len(messages) * 100 // _LIMIT_MESSAGES if old else 0
    return [
        {
            "root": "User quota",
            "type": "STORAGE",
            "value": str(used),
            "limit": str(_LIMIT_KIB),
            "percent": str(used * 100 // _LIMIT_KIB),
        },
        {
            "root": "User quota",
            "type": "MESSAGE",
            "value": str(len(messages)),
            "limit": limit,
            "percent": str(percent),
        },
    ]


def messages_of(state: State, user: Record) -> Iterator[Record]:
    """Gives the messages of a user, mailbox by mailbox."""
    for mailbox in state.all("mailboxes", user=user["id"]):
        yield from state.all("messages", mailbox=mailbox["id"])


def nothing(call: Call, user: Record) -> None:
    """Does nothing that could be seen afterwards."""


def nothing_at_all(call: Call) -> None:
    """Does nothing that could be seen afterwards, for no user in particular."""
    call.made["rows"] = []
