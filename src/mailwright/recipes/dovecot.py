"""Recipes for Dovecot: suspend a user, look over all users, expunge by age, move by header, sync until clean.

Each does in one call what takes several, with the client of 2.3 or 2.4; `mailwright.recipes.async_dovecot` has the
same for asyncio. What the server says is raised as it is, an error of the client's tree.
"""

from __future__ import annotations

import time
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

Doveadm: TypeAlias = v2_3.Doveadm | v2_4.Doveadm


def suspend_user(dv: Doveadm, user: str) -> Suspension:
    """Makes the server forget that a user was let in, and ends the user's sessions.

    Lock the user in the user database first: the server then asks it, and the user cannot log in again. The cache is
    flushed before sessions end, since a mail program that is thrown out comes back at once.

    Args:
        dv: The client.
        user: Name of one user, as the user logs in.

    Raises:
        UsageError: The name is empty, or has * or ? in it, which would mean others too.
        InvalidRequest: The server is a 2.4 before 2.4.3, which cannot flush its cache over HTTP; nothing is done.
    """
    masks = [steps.one_user(user)]
    flushed: Sequence[steps.Flushed]
    kicked: Sequence[steps.Kicked] = []
    try:
        if isinstance(dv, v2_3.Doveadm):
            flushed = dv.auth.cache_flush(user=masks)
        else:
            flushed = dv.auth.cache_flush(user_mask=masks)
    except InvalidRequest as error:
        steps.tell_of_user_mask(error)
        raise
    # 2.3 says so where the user has no session.
    with suppress(NotFound):
        kicked = dv.kick.users(mask=masks)
    return steps.suspension(flushed, kicked)


def overview(dv: Doveadm, users: str = "*") -> list[UserOverview]:
    """Tells of each user what is in the mailboxes and how much of the quota is used; `as_table` writes it as text.

    Args:
        dv: The client.
        users: A user, or a mask with * and ? such as *@example.org; all users that the user database can list where it
            is left out.
    """
    counts = dv.mailbox.status(user=users, field=[*steps.FIELDS], mailbox_mask=["*"])
    limits: Sequence[steps.Limited] = []
    try:
        limits = dv.quota.get(user=users)
    except InvalidRequest as error:
        if not steps.has_no_quota(error):
            raise
    return steps.overview(users, counts, limits)


def expunge_older(
    dv: Doveadm, user: str, mailbox: str, age: timedelta, *, destroy: Literal[True], by: Date = "saved"
) -> int:
    """Deletes messages of an age for good, and returns how many.

    They are searched for, and then what was found is deleted, and nothing else.

    Args:
        dv: The client.
        user: Name of one user.
        mailbox: The mailbox, such as Trash; with * and % for any characters in its name.
        age: The least age, in whole seconds.
        destroy: True, to say that they may be gone for good.
        by: What tells the age: when a message was saved in the mailbox, received, or sent by its own Date.

    Raises:
        UsageError: `destroy` is not True, or an argument is wrong.
        NotFound: 2.3 has no such mailbox or user; 2.4 finds nothing in a mailbox that it does not have.
    """
    check_destroy(EXPUNGE, destroy)
    done = 0
    query = steps.old_messages(mailbox, age, by)
    for words, count in steps.queries(dv.mail.search(user=steps.one_user(user), query=query)):
        dv.mail.expunge(user=user, query=words, destroy=destroy)
        done += count
    return done


def move_by_header(dv: Doveadm, user: str, header: str, value: str, *, source: str = "INBOX", destination: str) -> int:
    """Moves messages that have a value in a header to another mailbox, and returns how many.

    Args:
        dv: The client.
        user: Name of one user.
        header: Name of the header, such as List-Id.
        value: What is somewhere in it, in capital or small letters.
        source: The mailbox that they are in.
        destination: The mailbox that they go to, which has to be there.

    Raises:
        NotFound: There is no mailbox of the name of the destination, or no such user.
    """
    done = 0
    query = steps.with_header(source, header, value)
    for words, count in steps.queries(dv.mail.search(user=steps.one_user(user), query=query)):
        dv.mail.move(user=user, destination_mailbox=destination, query=words)
        done += count
    return done


def sync_until_clean(
    dv: Doveadm, user: str, destination: Sequence[str], *, rounds: int = 10, pause: float = 1.0
) -> int:
    """Synchronises a user's mail with another place until nothing changed meanwhile, and returns the rounds it took.

    A sync that ends with exit code 2 has met changes that came while it ran, and wants to be run again. The answer
    comes when a round is over: give the client a timeout that is long enough.

    Args:
        dv: The client.
        user: Name of one user.
        destination: Where the other copy is, such as tcp:backup.example.org, each word an item of its own.
        rounds: How often to run it at most.
        pause: Seconds between two rounds.

    Raises:
        PartialFailure: It was not clean after the last round.
    """
    steps.checked_rounds(rounds, pause)
    done = 1
    while True:
        try:
            dv.dsync.sync(user=steps.one_user(user), destination=[*destination])
        except PartialFailure as error:
            if not steps.again(error, done, rounds):
                raise
        else:
            return done
        time.sleep(pause)
        done += 1
