"""Search queries: words, each an item of its own, that a message has to fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_string, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any, TypeAlias

from mailwright.mock.packs.dovecot.failing import Dropped
from mailwright.mock.packs.dovecot.masks import is_mailbox_mask, mailbox_matches
from mailwright.mock.state import Record

_FLAGS = {name: f"\\{name.capitalize()}" for name in ("answered", "flagged", "deleted", "seen", "draft", "recent")}
_HEADERS = ("subject", "from", "to", "cc", "bcc")
_SPANS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_SPAN = re.compile(r"([0-9]+) *(secs?|mins?|hours?|days?|weeks?|[smhdw])", re.IGNORECASE)
_SET = re.compile(r"(?:[0-9]+|\*)(?::(?:[0-9]+|\*))?(?:,(?:[0-9]+|\*)(?::(?:[0-9]+|\*))?)*")
_DATES = ("%Y-%m-%d", "%d-%b-%Y")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message in its place; `last` is the last number and the last UID there."""

    message: Record
    mailbox: Record
    number: int
    last: tuple[int, int]


Term: TypeAlias = Callable[[Candidate], bool]


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was read: what fits it, the mailboxes that it names without a mask, and how many words do not."""

    fits: Term
    names: tuple[str, ...]
    conditions: int


def parsed(text: str) -> EmailMessage:
    """Reads a message."""
    return message_from_string(text, policy=policy.default)


def read_query(words: list[str], now: datetime) -> Query:
    """Reads a query; raises `Dropped` for words that the server does not know."""
    reader = _Reader(words, now)
    fits = reader.terms(end=False)
    return Query(fits, tuple(reader.names), reader.conditions)


class _Reader:
    def __init__(self, words: list[str], now: datetime) -> None:
        self._words: Iterator[str] = iter(words)
        self._now = now
        self.names: list[str] = []
        self.conditions = 0

    def terms(self, *, end: bool) -> Term:
        """Reads terms that all have to hold; with OR between two of them one of all in the group is enough.

        Measured on 2.3.19 and 2.4.1: an OR may come first, and after it there has to be one between all that follow.
        """
        found: list[Term] = []
        closed = either = False
        for word in self._words:
            if word == ")":
                closed = True
                break
            if word.upper() == "OR":
                either = True
                found.append(self._term(self._next()))
            elif either:
                raise Dropped
            else:
                found.append(self._term(word))
        if closed is not end or not found:
            raise Dropped
        enough = any if either else all
        return lambda each: enough(term(each) for term in found)

    def _next(self) -> str:
        try:
            return next(self._words)
        except StopIteration:
            raise Dropped from None

    def _term(self, word: str) -> Term:
        key = word.lower()
        if key == "(":
            return self.terms(end=True)
        if key == "not":
            inner = self._term(self._next())
            return lambda each: not inner(each)
        if key == "mailbox":
            return self._mailbox(self._next())
        if key == "mailbox-guid":
            guid = self._next()
            return lambda each: each.mailbox["guid"] == guid
        self.conditions += 1
        return self._condition(word, key)

    def _mailbox(self, name: str) -> Term:
        if not is_mailbox_mask(name):
            self.names.append(name)
        return lambda each: mailbox_matches(name, each.mailbox["name"])

    def _condition(self, word: str, key: str) -> Term:
        if key == "all":
            return lambda each: True
        if _SET.fullmatch(word):
            return lambda each: _in_set(word, each.number, each.last[0])
        if key == "uid":
            uids = self._next()
            if not _SET.fullmatch(uids):
                raise Dropped
            return lambda each: _in_set(uids, each.message["uid"], each.last[1])
        return self._of_flags(key) or self._of_content(key) or self._of_dates(key)

    def _of_flags(self, key: str) -> Term | None:
        if key in _FLAGS:
            return lambda each: _FLAGS[key] in each.message["flags"]
        if key.removeprefix("un") in _FLAGS and key != "unrecent":
            return lambda each: _FLAGS[key.removeprefix("un")] not in each.message["flags"]
        if key == "keyword":
            wanted = self._next()
            return lambda each: wanted in each.message["flags"]
        if key == "unkeyword":
            unwanted = self._next()
            return lambda each: unwanted not in each.message["flags"]
        return None

    def _of_content(self, key: str) -> Term | None:
        if key in _HEADERS:
            return _header(key, self._next())
        if key == "header":
            return _header(self._next(), self._next())
        if key in ("text", "body"):
            wanted = self._next().lower()
            return lambda each: wanted in _part(each.message["text"], key).lower()
        if key in ("larger", "smaller"):
            try:
                size = int(self._next())
            except ValueError:
                raise Dropped from None
            return lambda each: (_size(each) > size) if key == "larger" else (_size(each) < size)
        return None

    def _of_dates(self, key: str) -> Term:
        found = re.fullmatch("(sent|saved|)(since|before|on)", key)
        if found is None:
            raise Dropped
        when = self._moment(self._next())
        day = timedelta(days=1)
        match found[2]:
            case "since":
                return lambda each: _date(each, found[1]) >= when
            case "before":
                return lambda each: _date(each, found[1]) < when
            case _:
                return lambda each: when <= _date(each, found[1]) < when + day

    def _moment(self, text: str) -> datetime:
        if span := _SPAN.fullmatch(text):
            return self._now - timedelta(seconds=int(span[1]) * _SPANS[span[2][0].lower()])
        for form in _DATES:
            try:
                return datetime.strptime(text, form).replace(tzinfo=UTC)
            except ValueError:
                continue
        if text.isdecimal():
            return datetime.fromtimestamp(int(text), UTC)
        raise Dropped


def header_values(text: str, name: str) -> list[str]:
    """Gives the values of a header as they were sent, but for words that were encoded and lines that were folded."""
    values: list[Any] = message_from_string(text).get_all(name, [])
    return [" ".join(str(make_header(decode_header(str(value)))).splitlines()) for value in values]


def _header(name: str, wanted: str) -> Term:
    def fits(each: Candidate) -> bool:
        return any(wanted.lower() in value.lower() for value in header_values(each.message["text"], name))

    return fits


def _part(text: str, key: str) -> str:
    return text if key == "text" else text.partition("\n\n")[2]


def _size(each: Candidate) -> int:
    return len(each.message["text"].encode()) + int(each.message["text"].count("\n"))


def _date(each: Candidate, kind: str) -> datetime:
    received: datetime = each.message["received"]
    if kind != "sent":
        return received
    sent = getattr(parsed(each.message["text"]).get("date"), "datetime", None)
    if not isinstance(sent, datetime):
        return received
    return sent if sent.tzinfo else sent.replace(tzinfo=UTC)


def _in_set(numbers: str, number: int, last: int) -> bool:
    for part in numbers.split(","):
        ends = [last if end == "*" else int(end) for end in part.split(":")]
        if min(ends) <= number <= max(ends):
            return True
    return False
