"""A walk through Dovecot 2.4: mailboxes, messages, quota and sessions of users, commands in a batch, and asyncio.

Run against a server that nobody needs, such as `mailwright mock dovecot-2.4 --port 8082 --token secret`. The password
of doveadm is root there: with it come files and mail of all users.

    ACCESS_TOKEN=secret python examples/dovecot_v2_4.py http://127.0.0.1:8082
"""

from __future__ import annotations

import asyncio
import os
import sys

from mailwright_dovecot.v2_4 import AsyncDoveadm, Doveadm

from mailwright.runtime import Conflict, ExitCode, MailwrightError, NotFound, command

JANE, JOE = "jane@example.org", "joe@example.org"
LETTER = "From: {0}\r\nTo: jane@example.org\r\nSubject: {1}\r\nMessage-ID: <{1}@example.org>\r\n\r\nHello\r\n"


def say(step: str, result: object) -> None:
    """Prints one step of the walk."""
    print(f"  {step:<34} {result}")


def walk(url: str, password: str | None) -> None:
    """Makes mailboxes, saves, finds and moves messages, and looks at quotas and sessions."""
    with Doveadm(url, password=password) as dv:
        say("commands of this server", len(dv.commands.list()))
        dv.mailbox.create(user=JANE, mailbox=["Work", "Work/Old"], subscriptions=True)
        try:
            dv.mailbox.create(user=JANE, mailbox=["Work"])
        except Conflict as error:
            if isinstance(error.code, ExitCode):
                say("the same mailbox again", f"{type(error).__name__}: {error.code.name}, retry: {error.code.retry}")
        say("mailboxes", ", ".join(each.mailbox or "" for each in dv.mailbox.list(user=JANE)))

        for sender, subject in (("ada@example.org", "one"), ("joe@example.org", "two"), ("ada@example.org", "three")):
            dv.mail.save(user=JANE, mailbox="INBOX", file=LETTER.format(sender, subject))
        dv.flags.add(user=JANE, flag=["\\Seen"], query=["mailbox", "INBOX", "from", "joe@"])
        dv.mail.move(user=JANE, destination_mailbox="Work", query=["mailbox", "INBOX", "from", "ada@"])
        for letter in dv.mail.fetch(user=JANE, field=["uid", "flags", "hdr.subject"], query=["mailbox", "Work", "all"]):
            say(f"letter {letter.uid} in Work", f"{letter.columns['hdr.subject']} {letter.flags}")

        for row in dv.mailbox.status(all_users=True, field=["messages", "vsize"], mailbox_mask=["*"]):
            say(f"{row.username} {row.mailbox}", f"{row.messages} messages, {row.vsize} bytes")
        for quota in dv.quota.get(user=JANE):
            say(f"quota {quota.type}", f"{quota.value} of {quota.limit or 'any number'}")
        say("home", dv.user.lookup(user_mask=[JANE]).users[JANE]["home"])

        say("logged in", ", ".join(f"{each.username} {each.connections}x" for each in dv.who.list()))
        say("sessions ended", dv.kick.users(mask=[JANE])[0].count)

        outcomes = dv.batch(
            command(dv.mailbox.list, user=JOE),
            command(dv.mailbox.list, user="nobody@example.org"),
            command(dv.mailbox.delete, user=JANE, mailbox=["Work/Old"], destroy=True),
        )
        for outcome in outcomes:
            say(
                f"in one request: {outcome.operation}",
                outcome.value if outcome.error is None else outcome.error.message,
            )
        dv.mail.expunge(user=JANE, query=["mailbox", "Work", "savedbefore", "0s"], destroy=True)
        try:
            dv.mailbox.status(user=JANE, field=["messages"], mailbox_mask=["Work/Old"])
        except NotFound as error:
            say("a mailbox that is not there", f"{type(error).__name__}: {error.message}")


async def walk_async(url: str, password: str | None) -> None:
    """Asks for several users at once with the asyncio client."""
    async with AsyncDoveadm(url, password=password) as dv:
        users = (await dv.user.lookup(user_mask=["*"])).user_list or []
        found = await asyncio.gather(
            *(dv.mailbox.status(user=user, field=["messages"], mailbox_mask=["*"], total_sum=True) for user in users)
        )
        for user, (row,) in zip(users, found, strict=True):
            say(f"messages of {user}", row.messages)


def main() -> None:
    """Walks through the server whose address is the first argument."""
    if len(sys.argv) != 2:
        sys.exit("usage: ACCESS_TOKEN=… python examples/dovecot_v2_4.py http://127.0.0.1:8082")
    url, password = sys.argv[1], os.environ.get("ACCESS_TOKEN")
    try:
        print("with Doveadm:")
        walk(url, password)
        print("with AsyncDoveadm:")
        asyncio.run(walk_async(url, password))
    except MailwrightError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
