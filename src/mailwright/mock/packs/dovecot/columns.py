"""The columns of `fetch`: what each name tells of a message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from email import message_from_string
from email.utils import getaddresses
from typing import Any

from mailwright.mock.packs.dovecot.failing import Dropped
from mailwright.mock.packs.dovecot.query import Candidate, header_values
from mailwright.mock.state import Record

_SNIPPET = 100
_SYSTEM = ("\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft", "\\Recent")


def ordered_flags(flags: list[str]) -> list[str]:
    """The server's own flags in its order, then keywords."""
    return [flag for flag in _SYSTEM if flag in flags] + [flag for flag in flags if flag not in _SYSTEM]


def check_columns(names: list[str]) -> None:
    """Raises `Dropped` for a column that the server does not know."""
    if not all(name in _COLUMNS or name == "user" or name.startswith("hdr.") for name in names):
        raise Dropped


def column(name: str, each: Candidate, user: Record) -> str:
    """Gives the value of a column."""
    if name.startswith("hdr."):
        return "\n".join(header_values(each.message["text"], name.removeprefix("hdr.")))
    if name == "user":
        return str(user["name"])
    return _COLUMNS[name](each)


def _text(each: Candidate) -> str:
    return str(each.message["text"])


def _head(each: Candidate) -> str:
    return _text(each).partition("\n\n")[0] + "\n\n"


def _body(each: Candidate) -> str:
    return _text(each).partition("\n\n")[2]


def _date(each: Candidate) -> str:
    return f"{each.message['received']:%Y-%m-%d %H:%M:%S}"


def _unixtime(each: Candidate) -> str:
    return str(int(each.message["received"].timestamp()))


def _structure(each: Candidate) -> str:
    body = _body(each)
    size = len(body.encode()) + body.count("\n")
    return f'"text" "plain" ("charset" "us-ascii") NIL NIL "7bit" {size} {body.count(chr(10))} NIL NIL NIL NIL'


def _envelope(each: Candidate) -> str:
    message = message_from_string(_text(each))
    people = [_people(message.get_all(name, [])) for name in ("from", "from", "from", "to", "cc", "bcc")]
    date, subject, reply, identity = (
        _quoted(message.get(name)) for name in ("date", "subject", "in-reply-to", "message-id")
    )
    return " ".join([date, subject, *people, reply, identity])


def _people(values: list[Any]) -> str:
    found = getaddresses([str(value) for value in values])
    told = [
        f"({_quoted(name)} NIL {_quoted(address.partition('@')[0])} {_quoted(address.partition('@')[2])})"
        for name, address in found
    ]
    return f"({''.join(told)})" if told else "NIL"


def _quoted(text: object) -> str:
    return "NIL" if not text else '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


_COLUMNS: Mapping[str, Callable[[Candidate], str]] = {
    "uid": lambda each: str(each.message["uid"]),
    "seq": lambda each: str(each.number),
    "guid": lambda each: str(each.message["guid"]),
    "mailbox": lambda each: str(each.mailbox["name"]),
    "mailbox-guid": lambda each: str(each.mailbox["guid"]),
    "flags": lambda each: " ".join(ordered_flags(each.message["flags"])),
    "hdr": _head,
    "body": _body,
    "body.snippet": lambda each: " ".join(_body(each).split())[:_SNIPPET],
    "text": _text,
    "text.utf8": _text,
    "size.physical": lambda each: str(len(_text(each).encode())),
    "size.virtual": lambda each: str(len(_text(each).encode()) + _text(each).count("\n")),
    "date.received": _date,
    "date.received.unixtime": _unixtime,
    "date.saved": _date,
    "date.saved.unixtime": _unixtime,
    "imap.bodystructure": _structure,
    "imap.envelope": _envelope,
}
