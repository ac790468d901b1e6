"""What the recipes for WildDuck give and decide, the same for both kinds of client."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from mailwright_wildduck.v1_51 import models

from mailwright.recipes.mail_files import Details, Maildir, MailFiles, Mbox
from mailwright.runtime import MailwrightError, UsageError

Format = Literal["maildir", "mbox"]
Kind = Literal["arrived", "removed", "flagged", "counted", "renamed", "deleted"]

_TOTP = "totp"
_KINDS: dict[str, Kind] = {
    "EXISTS": "arrived",
    "EXPUNGE": "removed",
    "FETCH": "flagged",
    "COUNTERS": "counted",
    "RENAME": "renamed",
    "DELETE": "deleted",
    "DROP": "deleted",
}
PAGE = 250
"""Messages asked for at once, the most that the server gives."""
_EPOCH = datetime.fromtimestamp(0, UTC)
_FLAGS = ("seen", "answered", "flagged", "deleted", "draft")


class SecondFactorNeeded(MailwrightError):
    """The password was right, and a second factor is asked for that was not given.

    `user` is the id of the user, `factors` names what the server would take, such as totp.
    """

    def __init__(self, user: str, factors: Iterable[str]) -> None:
        self.user = user
        self.factors = tuple(factors)
        super().__init__(f"a second factor is needed: {' or '.join(self.factors)}; give `code` for totp")


@dataclass(frozen=True, slots=True)
class Login:
    """A user who has shown who they are.

    `scope` is what the password is good for: master for the password of the account. `token` is an access token of the
    user's own, which works on their data alone; `authentication.revoke_token` of a client that has it ends it.
    """

    user: str
    username: str
    scope: str
    requires_password_change: bool
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Account:
    """A mail account: the ids of the user, of its addresses by address, and of its mailboxes by path."""

    user: str
    addresses: dict[str, str]
    mailboxes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an export is: messages done, skipped among them, of how many; and bytes written."""

    done: int
    skipped: int
    total: int
    size: int


@dataclass(frozen=True, slots=True)
class Change:
    """A change in a mailbox; `id` is what to go on from after it.

    `message` is the number of the message it happened to, `flags` are all flags it has now, `total` and `unseen` count
    the mailbox, `path` is its new one.
    """

    kind: Kind
    id: str
    message: int | None = None
    flags: tuple[str, ...] = ()
    total: int | None = None
    unseen: int | None = None
    path: str | None = None


def code_needed(answer: models.Authentication, code: str | Callable[[], str] | None) -> str | None:
    """Returns the one-time code to check; None where no second factor is asked for.

    Raises `SecondFactorNeeded` where there is none, or the server takes no such code.
    """
    factors = answer.require2fa or []
    if not factors:
        return None
    if code is None or _TOTP not in factors:
        raise SecondFactorNeeded(answer.id, factors)
    return code() if callable(code) else code


def login(answer: models.Authentication, token: str | None) -> Login:
    """Returns what is known of a user once everything is checked."""
    return Login(answer.id, answer.username, answer.scope, bool(answer.require_password_change), token)


def mail_files(path: str | Path, form: Format) -> MailFiles:
    """Opens the place for exported messages; raises `UsageError` for an unknown form."""
    if form == "maildir":
        return Maildir(path)
    if form == "mbox":
        return Mbox(path)
    raise UsageError(f"there is no format {form!r}; it is maildir or mbox")


def file_name(mailbox: str, message: models.MessageSummary) -> str:
    """Returns a name that is the same in each export, and unlike that of any other message."""
    # An id has no other characters; whatever is given instead must not lead out of the folder.
    plain = re.sub(r"[^0-9A-Za-z]", "_", mailbox)
    return f"{int(details(message).received.timestamp())}.{plain}-{message.id}.wildduck"


def details(message: models.MessageSummary) -> Details:
    """Returns what is written of a message besides its source."""
    try:
        received = (message.idate or message.date or _EPOCH).astimezone(UTC)
    except OverflowError:  # a time at the end of time, in a zone in which it is over
        received = _EPOCH
    sender = (message.from_ and message.from_.address) or ""
    return Details(sender, received, frozenset(name for name in _FLAGS if getattr(message, name)))


def changes(event: models.UpdateEvent, event_id: str, mailbox: str) -> Iterator[Change]:
    """Yields what an event says of one mailbox, if anything."""
    kind = _KINDS.get(event.command)
    if kind is None or event.mailbox != mailbox:
        return
    yield Change(kind, event_id, event.uid, tuple(event.flags or ()), event.total, event.unseen, event.path)


def is_last(change: Change) -> bool:
    """Says whether nothing more can happen to a mailbox."""
    return change.kind == "deleted"


def further(progress: Progress, total: int | None, size: int | None) -> Progress:
    """Returns how far an export is after one more message, which was skipped where it has no size."""
    done = progress.done + 1
    return Progress(
        done, progress.skipped + (size is None), max(done, total or 0, progress.total), progress.size + (size or 0)
    )
