"""A walk through Dovecot 2.3: what its clients do otherwise than those of 2.4, with a key in the place of a password.

Run against a server that nobody needs, such as `mailwright mock dovecot-2.3 --port 8083 --token secret --quirks`. The
key is root there: with it come files and mail of all users.

    ACCESS_TOKEN=secret python examples/dovecot_v2_3.py http://127.0.0.1:8083
"""

from __future__ import annotations

import asyncio
import os
import sys

from mailwright_dovecot.v2_3 import AsyncDoveadm, Doveadm

from mailwright.runtime import CommandDropped, InvalidRequest, MailwrightError, NotFound, UsageError

JANE, JOE = "jane@example.org", "joe@example.org"
LETTER = "From: {0}\r\nTo: joe@example.org\r\nSubject: {1}\r\n\r\nHello\r\n"


def say(step: str, result: object) -> None:
    """Prints one step of the walk."""
    print(f"  {step:<34} {result}")


def walk(url: str, key: str | None) -> None:
    """Reads sessions, copies between users, and shows how commands fail."""
    with Doveadm(url, api_key=key) as dv:
        say("logged in", ", ".join(f"{each.username} {each.connections}x" for each in dv.who.list()))
        say("sessions ended of", ", ".join(each.result or "" for each in dv.kick.users(mask=[JANE])))
        try:
            dv.kick.users(mask=[JANE])
        except NotFound as error:
            say("the same again", f"{type(error).__name__}: {error.message}")

        for subject in ("one", "two"):
            dv.mail.save(user=JOE, mailbox="INBOX", file=LETTER.format("ada@example.org", subject))
        dv.mailbox.create(user=JANE, mailbox=["From Joe"], subscriptions=False)
        dv.mail.copy(
            user=JANE,
            destination_mailbox="From Joe",
            source_type="user",
            source_user=JOE,
            query=["mailbox", "INBOX", "subject", "two"],
        )
        (found,) = dv.mail.fetch(user=JANE, field=["uid", "hdr.subject"], query=["mailbox", "From Joe", "all"])
        say("copied", found.columns["hdr.subject"])
        for quota in dv.quota.get(user="*"):
            say(f"quota {quota.username} {quota.type}", f"{quota.value} of {quota.limit}")

        try:
            dv.mailbox.list()
        except UsageError as error:
            say("without a user", error.message)
        try:
            dv.mail.fetch(user=JANE, field=["no such field"], query=["all"])
        except (CommandDropped, InvalidRequest) as error:
            say("a field that is none", f"{type(error).__name__}: {error.message}")


async def walk_async(url: str, key: str | None) -> None:
    """Looks several users up at once with the asyncio client."""
    async with AsyncDoveadm(url, api_key=key) as dv:
        looked_up = await asyncio.gather(*(dv.user.lookup(user_mask=[name]) for name in (JANE, JOE)))
        for name, found in zip((JANE, JOE), looked_up, strict=True):
            say(f"mail of {name}", found.users[name]["mail"])


def main() -> None:
    """Walks through the server whose address is the first argument."""
    if len(sys.argv) != 2:
        sys.exit("usage: ACCESS_TOKEN=… python examples/dovecot_v2_3.py http://127.0.0.1:8083")
    url, key = sys.argv[1], os.environ.get("ACCESS_TOKEN")
    try:
        print("with Doveadm:")
        walk(url, key)
        print("with AsyncDoveadm:")
        asyncio.run(walk_async(url, key))
    except MailwrightError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
