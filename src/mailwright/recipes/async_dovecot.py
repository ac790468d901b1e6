"""The recipes of `mailwright.recipes.dovecot` for asyncio; their arguments and errors are told there."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Literal, TypeAlias

from mailwright_dovecot import v2_3, v2_4
from mailwright_dovecot.v2_4.mail import EXPUNGE

from mailwright.recipes import dovecot_steps as steps
from mailwright.recipes.dovecot_steps import (
    Date,
    MailboxOverview,
    QuotaOverview,
    Suspension,
    UserOverview,
    as_table,
)
from mailwright.runtime import InvalidRequest, NotFound, PartialFailure, check_destroy

__all__ = [
    "MailboxOverview",
    "QuotaOverview",
    "Suspension",
    "UserOverview",
    "as_table",
    "expunge_older",
    "move_by_header",
    "overview",
    "suspend_user",
    "sync_until_clean",
]

AsyncDoveadm: TypeAlias = v2_3.AsyncDoveadm | v2_4.AsyncDoveadm


async def suspend_user(dv: AsyncDoveadm, user: str) -> Suspension:
    """Makes the server forget that a user was let in, and ends the user's sessions.

    Lock the user in the user database first: the server then asks it, and the user cannot log in again. The cache is
    flushed before sessions end, since a mail program that is thrown out comes back at once.
    """
    masks = [steps.one_user(user)]
    flushed: Sequence[steps.Flushed]
    kicked: Sequence[steps.Kicked] = []
    try:
        if isinstance(dv, v2_3.AsyncDoveadm):
            flushed = await dv.auth.cache_flush(user=masks)
        else:
            flushed = await dv.auth.cache_flush(user_mask=masks)
    except InvalidRequest as error:
        steps.tell_of_user_mask(error)
        raise
    # 2.3 says so where the user has no session.
    with suppress(NotFound):
        kicked = await dv.kick.users(mask=masks)
    return steps.suspension(flushed, kicked)


async def overview(dv: AsyncDoveadm, users: str = "*") -> list[UserOverview]:
    """Tells of each user what is in the mailboxes and how much of the quota is used; `as_table` writes it as text."""
    counts = await dv.mailbox.status(user=users, field=[*steps.FIELDS], mailbox_mask=["*"])
    limits: Sequence[steps.Limited] = []
    try:
        limits = await dv.quota.get(user=users)
    except InvalidRequest as error:
        if not steps.has_no_quota(error):
            raise
    return steps.overview(users, counts, limits)


async def expunge_older(
    dv: AsyncDoveadm, user: str, mailbox: str, age: timedelta, *, destroy: Literal[True], by: Date = "saved"
) -> int:
    """Deletes messages of an age for good, and returns how many.

    They are searched for, and then what was found is deleted, and nothing else.
    """
    check_destroy(EXPUNGE, destroy)
    done = 0
    query = steps.old_messages(mailbox, age, by)
    for words, count in steps.queries(await dv.mail.search(user=steps.one_user(user), query=query)):
        await dv.mail.expunge(user=user, query=words, destroy=destroy)
        done += count
    return done


async def move_by_header(
    dv: AsyncDoveadm, user: str, header: str, value: str, *, source: str = "INBOX", destination: str
) -> int:
    """Moves messages that have a value in a header to another mailbox, and returns how many."""
    done = 0
    query = steps.with_header(source, header, value)
    for words, count in steps.queries(await dv.mail.search(user=steps.one_user(user), query=query)):
        await dv.mail.move(user=user, destination_mailbox=destination, query=words)
        done += count
    return done


async def sync_until_clean(
    dv: AsyncDoveadm, user: str, destination: Sequence[str], *, rounds: int = 10, pause: float = 1.0
) -> int:
    """Synchronises a user's mail with another place until nothing changed meanwhile, and returns the rounds it took.

    A sync that ends with exit code 2 has met changes that came while it ran, and wants to be run again. The answer
    comes when a round is over: give the client a timeout that is long enough.
    """
    steps.checked_rounds(rounds, pause)
    done = 1
    while True:
        try:
            await dv.dsync.sync(user=steps.one_user(user), destination=[*destination])
        except PartialFailure as error:
            if not steps.again(error, done, rounds):
                raise
        else:
            return done
        await asyncio.sleep(pause)
        done += 1
