"""A walk through WildDuck 1.51: a user with a filter and messages, search, updates, refusals, deletion, and asyncio.

Run against a server that nobody needs, such as `mailwright mock wildduck-1.51 --port 8081 --token secret`:

    ACCESS_TOKEN=secret python examples/wildduck_v1_51.py http://127.0.0.1:8081
"""

from __future__ import annotations

import asyncio
import os
import sys

from mailwright_wildduck.v1_51 import AsyncWildDuck, WildDuck, models

from mailwright.runtime import AuthenticationFailed, Conflict, InvalidRequest, MailwrightError, NotFound

LETTER = b"From: Ada <ada@example.org>\r\nTo: jane@example.org\r\nSubject: Lunch\r\n\r\nIs noon all right?\r\n"
BEGINNING = "0" * 24


def say(step: str, result: object) -> None:
    """Prints one step of the walk."""
    print(f"  {step:<34} {result}")


def walk(url: str, token: str | None) -> None:
    """Creates, lists, updates, searches and deletes with the plain client."""
    with WildDuck(url, access_token=token) as mail:
        say("server", mail.health.check().version)
        new = mail.users.create(
            username="jane", password="correct horse battery", name="Jane Roe", address="jane@example.org"
        )
        say("created user", new.id)
        mail.addresses.create(new.id, address="info@example.org", name="Front desk")
        for number in range(1, 6):
            mail.users.create(username=f"colleague{number}", password="correct horse battery")
        say("addresses of jane", ", ".join(str(a.address) for a in mail.addresses.list(new.id)))
        pages = mail.users.list(limit=2)
        say("first page of users", f"{', '.join(u.username for u in pages.page().items)} (of {pages.page().total})")
        say("all pages of users", ", ".join(u.username for u in pages))

        refused(mail)
        login = mail.authentication.authenticate(username="jane", password="correct horse battery", token=True)
        say("logged in", f"{login.username}, token: {'given' if login.token else 'none'}")
        with WildDuck(url, access_token=login.token) as own:
            users = ", ".join(u.username for u in own.users.list())
            say("seen by the user", f"{own.users.get('me').address}, users: {users}")
        correspond(mail, new.id)

        mail.users.delete(new.id)
        try:
            mail.users.get(new.id)
        except NotFound as error:
            say("after the delete", f"{type(error).__name__}: {error.message} (HTTP {error.status}, {error.code})")
        say("brought back", mail.users.restore(new.id).addresses)
        mail.users.delete(new.id)
    with WildDuck(url, access_token="wrong") as stranger:
        try:
            stranger.users.list().page()
        except AuthenticationFailed as error:
            say("with a wrong token", f"{type(error).__name__}: {error.message} (HTTP {error.status})")


def refused(mail: WildDuck) -> None:
    """Does what the server refuses, each with a status, a code and details of its own."""
    try:
        mail.users.create(username="jane", password="another one")
    except Conflict as error:
        say("the same user again", f"{type(error).__name__}: {error.message} (HTTP {error.status}, {error.code})")
    try:
        mail.users.create(username="not a name", password="another one")
    except InvalidRequest as error:
        say("a name with blanks", f"{type(error).__name__}: {error.message} (HTTP {error.status})")


def correspond(mail: WildDuck, user: str) -> None:
    """Takes messages through their life: upload, draft, submission, flags, search, updates, archive."""
    boxes = {each.path: each.id for each in mail.mailboxes.list(user, counters=True)}
    say("mailboxes", ", ".join(boxes))
    inbox = boxes["INBOX"]
    stored = mail.messages.upload(user, inbox, LETTER, unseen=True).message
    say("uploaded message", f"{stored.id}, {stored.size} bytes")
    mail.messages.update(user, inbox, str(stored.id), seen=True)
    found = ", ".join(f"{m.subject} (seen: {m.seen})" for m in mail.messages.search(user, query="lunch"))
    say("found by a word", found)
    say("as it was sent", f"{len(mail.messages.source(user, inbox, stored.id).read())} bytes")
    draft = mail.messages.create(
        user,
        boxes["Drafts"],
        draft=True,
        reference=models.NewReference(mailbox=inbox, id=stored.id, action="reply"),
        text="Noon is fine.",
    ).message
    sent = mail.messages.submit_draft(user, boxes["Drafts"], draft.id)
    say("answered it", f"{mail.messages.get(user, inbox, stored.id).answered}, queued as {sent.queue_id}")
    mail.messages.delete(user, inbox, stored.id)
    say("in the archive", ", ".join(str(m.subject) for m in mail.archive.list(user)))
    with mail.updates.stream(user, last_event_id=BEGINNING) as stream:
        events: list[str] = []
        for event in stream:
            events.append(str(event.data.command))
            if event.data.command == "EXPUNGE" and event.data.mailbox == inbox:
                break
    say("what happened so far", ", ".join(events))


async def walk_async(url: str, token: str | None) -> None:
    """Does several of the same calls at once with the asyncio client, and watches a mailbox meanwhile."""
    async with AsyncWildDuck(url, access_token=token) as mail:
        names = ["ada", "grace", "mary"]
        made = await asyncio.gather(*(mail.users.create(username=n, password="correct horse") for n in names))
        say("created three at once", ", ".join(user.id for user in made))
        say("all pages of users", ", ".join([user.username async for user in mail.users.list(limit=3)]))
        say("seen live", await watch(mail, made[0].id))
        try:
            await mail.users.create(username="ada", password="correct horse")
        except Conflict as error:
            say("the same user again", f"{type(error).__name__}: {error.message}")
        await asyncio.gather(*(mail.users.delete(user.id) for user in made))
        say("deleted", ", ".join(names))


async def watch(mail: AsyncWildDuck, user: str) -> str:
    """Waits for the message that is uploaded while it waits."""
    inbox = (await mail.mailboxes.get(user, "resolve", path="INBOX")).id
    seen: list[str] = []
    async with mail.updates.stream(user) as stream:
        await mail.messages.upload(user, inbox, LETTER)
        async for event in stream:
            seen.append(str(event.data.command))
            if event.data.command == "COUNTERS":
                return f"{', '.join(seen)}: {event.data.total} in the inbox"
    return ", ".join(seen)


def main() -> None:
    """Walks through the server whose address is the first argument."""
    if len(sys.argv) != 2:
        sys.exit("usage: ACCESS_TOKEN=… python examples/wildduck_v1_51.py http://127.0.0.1:8081")
    url, token = sys.argv[1], os.environ.get("ACCESS_TOKEN")
    try:
        print("with WildDuck:")
        walk(url, token)
        print("with AsyncWildDuck:")
        asyncio.run(walk_async(url, token))
    except MailwrightError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
