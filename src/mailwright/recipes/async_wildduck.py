"""The recipes of `mailwright.recipes.wildduck` for asyncio; their arguments and errors are told there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path

from mailwright_wildduck.v1_51 import AsyncWildDuck

from mailwright.recipes import wildduck_steps as steps
from mailwright.recipes.wildduck_steps import Account, Change, Format, Login, Progress, SecondFactorNeeded
from mailwright.runtime import UNSET, MailwrightError, NotFound, Unset

__all__ = [
    "Account",
    "Change",
    "Login",
    "Progress",
    "SecondFactorNeeded",
    "create_account",
    "export_mailbox",
    "find_mailbox",
    "log_in",
    "watch_mailbox",
]


async def log_in(
    mail: AsyncWildDuck,
    username: str,
    password: str,
    *,
    code: str | Callable[[], str] | None = None,
    scope: str | Unset = UNSET,
    sess: str | Unset = UNSET,
    ip: str | Unset = UNSET,
) -> Login:
    """Checks the password of a user, and then the one-time code where the account asks for one."""
    # Only who asks for a token is given the nonce that a code is checked with (lib/api/auth.js of 1.51.1).
    answer = await mail.authentication.authenticate(
        username=username, password=password, scope=scope, token=True, sess=sess, ip=ip
    )
    own = answer.token
    given = steps.code_needed(answer, code)
    if given is not None:
        nonce = answer.totp_nonce or ""
        own = (await mail.two_factor.check_totp(answer.id, token=given, totp_nonce=nonce, sess=sess, ip=ip)).token
    return steps.login(answer, own)


async def create_account(
    mail: AsyncWildDuck,
    address: str,
    password: str | None,
    *,
    username: str | None = None,
    name: str | Unset = UNSET,
    aliases: Iterable[str] = (),
    folders: Iterable[str] = (),
    quota: int | Unset = UNSET,
    tags: list[str] | Unset = UNSET,
) -> Account:
    """Creates a user with a main address, further addresses and folders, or nothing at all."""
    new = await mail.users.create(
        username=username or address, password=password, address=address, name=name, quota=quota, tags=tags
    )
    try:
        for alias in aliases:
            await mail.addresses.create(new.id, address=alias)
        for folder in folders:
            await mail.mailboxes.create(new.id, path=folder)
        addresses = {each.address or "": each.id async for each in mail.addresses.list(new.id)}
        return Account(new.id, addresses, {each.path: each.id async for each in mail.mailboxes.list(new.id)})
    except BaseException as error:
        await _take_back(mail, new.id, error)
        raise


async def find_mailbox(mail: AsyncWildDuck, user: str, path: str) -> str:
    """Returns the id of the mailbox with this path, such as INBOX; raises `NotFound` where there is none."""
    return (await mail.mailboxes.get(user, "resolve", path=path)).id


async def export_mailbox(
    mail: AsyncWildDuck,
    user: str,
    mailbox: str,
    path: str | Path,
    *,
    form: Format = "maildir",
    progress: Callable[[Progress], object] | None = None,
) -> Progress:
    """Writes all messages of a mailbox to a maildir or an mbox file, the oldest first; each is in memory once."""
    pages = mail.messages.list(user, mailbox, limit=steps.PAGE, order="asc")
    done = Progress(0, 0, 0, 0)
    with await asyncio.to_thread(steps.mail_files, path, form) as files:
        async for page in pages.pages():
            for message in page.items:
                size = None
                name = steps.file_name(mailbox, message)
                if not files.has(name):
                    try:
                        async with mail.messages.source(user, mailbox, message.id) as source:
                            chunks = [chunk async for chunk in source]
                        size = await asyncio.to_thread(files.add, name, chunks, steps.details(message))
                    except NotFound:
                        pass
                done = steps.further(done, page.total, size)
                if progress is not None:
                    progress(done)
        await asyncio.to_thread(files.finish)
    return done


async def watch_mailbox(
    mail: AsyncWildDuck, user: str, mailbox: str, *, last_id: str | Unset = UNSET
) -> AsyncIterator[Change]:
    """Tells of changes in a mailbox as they happen, until it is deleted."""
    async with mail.updates.stream(user, last_event_id=last_id) as stream:
        async for event in stream:
            for change in steps.changes(event.data, event.id, mailbox):
                yield change
                if steps.is_last(change):
                    return


async def _take_back(mail: AsyncWildDuck, user: str, error: BaseException) -> None:
    try:
        # Also where the task was cancelled: half an account is worse than a moment more.
        await asyncio.shield(mail.users.delete(user))
    except MailwrightError as failure:
        error.add_note(f"the user {user} could not be deleted again: {failure}")
