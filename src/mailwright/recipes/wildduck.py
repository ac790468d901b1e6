"""Recipes for WildDuck 1.51: log in with TOTP, create a mail account, export a mailbox, watch a mailbox.

Each does in one call what takes several; `mailwright.recipes.async_wildduck` has the same for asyncio. What the server
says is raised as it is, an error of the client's tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from mailwright_wildduck.v1_51 import WildDuck

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


def log_in(
    mail: WildDuck,
    username: str,
    password: str,
    *,
    code: str | Callable[[], str] | None = None,
    scope: str | Unset = UNSET,
    sess: str | Unset = UNSET,
    ip: str | Unset = UNSET,
) -> Login:
    """Checks the password of a user, and then the one-time code where the account asks for one.

    Args:
        mail: The client.
        username: User name or address.
        password: The password of the account, or one of an application.
        code: The code of six digits, or a function that asks the user for it, called only when it is needed.
        scope: What the password is wanted for, such as imap; master where it is left out.
        sess: Session, for the security log.
        ip: IP address of the user, for the security log.

    Raises:
        SecondFactorNeeded: A second factor is asked for that was not given, or that is no TOTP.
        PermissionDenied: The password or the code is wrong.
    """
    # Only who asks for a token is given the nonce that a code is checked with (lib/api/auth.js of 1.51.1).
    answer = mail.authentication.authenticate(
        username=username, password=password, scope=scope, token=True, sess=sess, ip=ip
    )
    own = answer.token
    given = steps.code_needed(answer, code)
    if given is not None:
        nonce = answer.totp_nonce or ""
        own = mail.two_factor.check_totp(answer.id, token=given, totp_nonce=nonce, sess=sess, ip=ip).token
    return steps.login(answer, own)


def create_account(
    mail: WildDuck,
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
    """Creates a user with a main address, further addresses and folders, or nothing at all.

    Where one of the steps fails, the user is deleted again and the error raised.

    Args:
        mail: The client.
        address: The main address.
        password: The password, or None for an account nobody can log in to.
        username: The name to log in with; the address where it is left out.
        name: Name of the person.
        aliases: Further addresses.
        folders: Paths of mailboxes besides the standard ones, such as Archive/2026, each above its children.
        quota: Storage in bytes.
        tags: Tags to find the user by.

    Raises:
        Conflict: The user name or an address is taken.
    """
    new = mail.users.create(
        username=username or address, password=password, address=address, name=name, quota=quota, tags=tags
    )
    try:
        for alias in aliases:
            mail.addresses.create(new.id, address=alias)
        for folder in folders:
            mail.mailboxes.create(new.id, path=folder)
        addresses = {each.address or "": each.id for each in mail.addresses.list(new.id)}
        return Account(new.id, addresses, {each.path: each.id for each in mail.mailboxes.list(new.id)})
    except BaseException as error:
        _take_back(mail, new.id, error)
        raise


def find_mailbox(mail: WildDuck, user: str, path: str) -> str:
    """Returns the id of the mailbox with this path, such as INBOX; raises `NotFound` where there is none."""
    return mail.mailboxes.get(user, "resolve", path=path).id


def export_mailbox(
    mail: WildDuck,
    user: str,
    mailbox: str,
    path: str | Path,
    *,
    form: Format = "maildir",
    progress: Callable[[Progress], object] | None = None,
) -> Progress:
    """Writes all messages of a mailbox to a maildir or an mbox file, the oldest first.

    A maildir has the messages byte for byte, and an export that was cut short goes on where it ended: what is there
    already is skipped. An mbox file (mboxrd) is there whole at the end, or not at all. A message that is deleted
    meanwhile is skipped.

    Args:
        mail: The client.
        user: Id of the user.
        mailbox: Id of the mailbox; `find_mailbox` finds it by its path.
        path: The folder of the maildir, made where it is missing, or the file.
        form: maildir or mbox.
        progress: Called after each message.

    Returns:
        How much was done in the end.
    """
    pages = mail.messages.list(user, mailbox, limit=steps.PAGE, order="asc")
    done = Progress(0, 0, 0, 0)
    with steps.mail_files(path, form) as files:
        for page in pages.pages():
            for message in page.items:
                size = None
                name = steps.file_name(mailbox, message)
                if not files.has(name):
                    try:
                        with mail.messages.source(user, mailbox, message.id) as source:
                            size = files.add(name, source, steps.details(message))
                    except NotFound:
                        pass
                done = steps.further(done, page.total, size)
                if progress is not None:
                    progress(done)
        files.finish()
    return done


def watch_mailbox(mail: WildDuck, user: str, mailbox: str, *, last_id: str | Unset = UNSET) -> Iterator[Change]:
    """Tells of changes in a mailbox as they happen, until it is deleted.

    It connects again by itself where the connection breaks. To go on later without missing anything, keep the `id` of
    the last change and give it as `last_id`.

    Args:
        mail: The client.
        user: Id of the user.
        mailbox: Id of the mailbox; `find_mailbox` finds it by its path.
        last_id: Id of the last change that was seen.
    """
    with mail.updates.stream(user, last_event_id=last_id) as stream:
        for event in stream:
            for change in steps.changes(event.data, event.id, mailbox):
                yield change
                if steps.is_last(change):
                    return


def _take_back(mail: WildDuck, user: str, error: BaseException) -> None:
    try:
        mail.users.delete(user)
    except MailwrightError as failure:
        error.add_note(f"the user {user} could not be deleted again: {failure}")
