"""What the recipes for Dovecot give and decide, the same for both kinds of client and both versions."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Protocol, TypeAlias

from mailwright_dovecot.v2_3 import models as models_2_3
from mailwright_dovecot.v2_4 import models as models_2_4

from mailwright.runtime import ExitCode, InvalidRequest, PartialFailure, UsageError

Flushed: TypeAlias = models_2_3.Flushed | models_2_4.Flushed
Kicked: TypeAlias = models_2_3.KickedUser | models_2_4.Kicked
Date = Literal["saved", "received", "sent"]

FIELDS: tuple[Literal["messages", "unseen", "vsize"], ...] = ("messages", "unseen", "vsize")
"""What an overview asks of each mailbox."""
_DATES = {"saved": "savedbefore", "received": "before", "sent": "sentbefore"}
_RANGES = 1_000
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
_TITLES = ("USER", "MAILBOX", "MESSAGES", "UNSEEN", "SIZE", "STORED", "LIMIT", "FULL")
_LEFT = 2


class Counted(Protocol):
    """What is in a mailbox, by either version."""

    @property
    def username(self) -> str | None: ...
    @property
    def mailbox(self) -> str | None: ...
    @property
    def messages(self) -> int | None: ...
    @property
    def unseen(self) -> int | None: ...
    @property
    def vsize(self) -> int | None: ...


class Limited(Protocol):
    """A limit of a user, by either version."""

    @property
    def username(self) -> str | None: ...
    @property
    def root(self) -> str | None: ...
    @property
    def type(self) -> str | None: ...
    @property
    def value(self) -> int | None: ...
    @property
    def limit(self) -> int | None: ...


class Found(Protocol):
    """A message that fits a query, by either version."""

    @property
    def mailbox_guid(self) -> str | None: ...
    @property
    def uid(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Suspension:
    """What was done to keep a user out: entries taken from the cache of logins, and whether sessions were ended."""

    flushed: int
    kicked: bool


@dataclass(frozen=True, slots=True)
class MailboxOverview:
    """One mailbox: its messages, those that were not read, and their size in bytes."""

    name: str
    messages: int
    unseen: int
    size: int


@dataclass(frozen=True, slots=True)
class QuotaOverview:
    """One limit of a user; STORAGE is in KiB, and a limit of None is none."""

    root: str
    kind: str
    used: int
    limit: int | None


@dataclass(frozen=True, slots=True)
class UserOverview:
    """What one user has: the mailboxes by name, and the limits, none where the server has no quota."""

    user: str
    mailboxes: tuple[MailboxOverview, ...]
    quotas: tuple[QuotaOverview, ...]

    @property
    def messages(self) -> int:
        """Messages in all mailboxes."""
        return sum(each.messages for each in self.mailboxes)

    @property
    def unseen(self) -> int:
        """Messages that were not read, in all mailboxes."""
        return sum(each.unseen for each in self.mailboxes)

    @property
    def size(self) -> int:
        """Size of all messages in bytes."""
        return sum(each.size for each in self.mailboxes)

    @property
    def storage(self) -> QuotaOverview | None:
        """The limit of storage that is nearest to being reached, or the first where none has an end."""
        found = [each for each in self.quotas if each.kind == "STORAGE"]
        return max(found, key=lambda each: each.used / each.limit if each.limit else 0.0, default=None)


def one_user(user: str) -> str:
    """Returns the name of a user; raises `UsageError` for an empty one, and for one that means several."""
    if not user or any(mark in user for mark in "*?"):
        raise UsageError(f"{user!r} is not the name of one user")
    return user


def tell_of_user_mask(error: InvalidRequest) -> None:
    """Adds what to do where the server does not know `userMask`: before 2.4.3 it dies of the argument it knows."""
    if error.code == "invalidRequest":
        error.add_note(
            "a Dovecot 2.4 before 2.4.3 cannot flush its cache over HTTP; `doveadm auth cache flush` on its host can"
        )


def has_no_quota(error: InvalidRequest) -> bool:
    """Says whether the server does not know the command, since its quota plugin is not loaded."""
    return error.code == "unknownMethod"


def suspension(
    flushed: Sequence[Flushed],
    kicked: Sequence[Kicked],
) -> Suspension:
    """Returns what was done; 2.3 names whose sessions ended, 2.4 counts them."""
    ended = any(each.count if isinstance(each, models_2_4.Kicked) else each.result for each in kicked)
    return Suspension(sum(each.entries or 0 for each in flushed), ended)


def overview(users: str, counts: Iterable[Counted], limits: Iterable[Limited]) -> list[UserOverview]:
    """Joins counts and limits, by the names of the users."""
    mailboxes: dict[str, list[MailboxOverview]] = {}
    quotas: dict[str, list[QuotaOverview]] = {}
    for each in counts:
        found = MailboxOverview(each.mailbox or "", each.messages or 0, each.unseen or 0, each.vsize or 0)
        mailboxes.setdefault(each.username or users, []).append(found)
    for row in limits:
        quota = QuotaOverview(row.root or "", row.type or "", row.value or 0, row.limit)
        quotas.setdefault(row.username or users, []).append(quota)
    return [
        UserOverview(
            user,
            tuple(sorted(mailboxes.get(user, ()), key=lambda each: each.name)),
            tuple(quotas.get(user, ())),
        )
        for user in sorted({*mailboxes, *quotas})
    ]


def as_table(overviews: Iterable[UserOverview], *, each_mailbox: bool = False) -> str:
    """Writes an overview as text, a line for each user, and before it one for each mailbox where that is asked for.

    Characters that a terminal would obey are written as ?, since users name their mailboxes themselves.
    """
    rows: list[tuple[str, ...]] = [_TITLES]
    for user in overviews:
        if each_mailbox:
            rows += [
                (user.user, each.name, str(each.messages), str(each.unseen), _size(each.size), "", "", "")
                for each in user.mailboxes
            ]
        rows.append((user.user, f"{len(user.mailboxes)} in all", str(user.messages), str(user.unseen), *_sizes(user)))
    shown = [tuple("".join(mark if mark.isprintable() else "?" for mark in cell) for cell in row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    return "\n".join(_line(row, widths) for row in shown)


def old_messages(mailbox: str, age: timedelta, by: Date) -> list[str]:
    """Returns the query for messages of an age; raises `UsageError` for an age below a second and an unknown date."""
    seconds = int(age.total_seconds())
    if seconds < 1:
        raise UsageError(f"an age of {age} is below a second")
    if by not in _DATES:
        raise UsageError(f"there is no date {by!r}; it is {', '.join(_DATES)}")
    return ["mailbox", mailbox, _DATES[by], f"{seconds} secs"]


def with_header(mailbox: str, header: str, value: str) -> list[str]:
    """Returns the query for messages with a value in a header; raises `UsageError` for an empty header."""
    if not header:
        raise UsageError("the header has no name")
    return ["mailbox", mailbox, "header", header, value]


def queries(found: Iterable[Found]) -> Iterator[tuple[list[str], int]]:
    """Yields queries for exactly the messages that were found, and how many each is for."""
    by_mailbox: dict[str, list[int]] = {}
    for each in found:
        by_mailbox.setdefault(each.mailbox_guid or "", []).append(each.uid or 0)
    for guid, uids in by_mailbox.items():
        ranges = list(_ranges(sorted(set(uids))))
        for start in range(0, len(ranges), _RANGES):
            some = ranges[start : start + _RANGES]
            words = ",".join(str(first) if first == last else f"{first}:{last}" for first, last in some)
            yield ["mailbox-guid", guid, "uid", words], sum(last - first + 1 for first, last in some)


def checked_rounds(rounds: int, pause: float) -> None:
    """Raises `UsageError` unless there is a round and no pause is below 0."""
    if rounds < 1:
        raise UsageError(f"{rounds} rounds are none")
    if not 0 <= pause < float("inf"):
        raise UsageError(f"a pause of {pause} seconds cannot be waited for")


def again(error: PartialFailure, done: int, rounds: int) -> bool:
    """Says whether to sync once more: the code says that mail changed meanwhile, and there are rounds left."""
    if error.code != int(ExitCode.CHANGED):
        return False
    if done >= rounds:
        error.add_note(f"not clean after {done} rounds")
        return False
    return True


def _ranges(uids: Sequence[int]) -> Iterator[tuple[int, int]]:
    for _, group in itertools.groupby(enumerate(uids), key=lambda pair: pair[1] - pair[0]):
        same = [uid for _, uid in group]
        yield same[0], same[-1]


def _sizes(user: UserOverview) -> tuple[str, str, str, str]:
    storage = user.storage
    if storage is None:
        return _size(user.size), "", "", ""
    limit = "none" if storage.limit is None else _size(storage.limit * 1024)
    full = f"{storage.used * 100 // storage.limit}%" if storage.limit else ""
    return _size(user.size), _size(storage.used * 1024), limit, full


def _size(number: int) -> str:
    value, unit = float(number), _UNITS[0]
    for unit in _UNITS:
        if value < 1024 or unit == _UNITS[-1]:
            break
        value /= 1024
    return f"{number} B" if unit == "B" else f"{value:.1f} {unit}"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    pairs = zip(row, widths, strict=True)
    return "  ".join(
        cell.ljust(width) if index < _LEFT else cell.rjust(width) for index, (cell, width) in enumerate(pairs)
    ).rstrip()
