"""A walk through WildDuck 1.0.107: a user with addresses and a message, lists, a refused duplicate, and asyncio.

Run against a server that nobody needs, such as `mailwright mock wildduck-1.0.107 --port 8081 --token secret`:

    ACCESS_TOKEN=secret python examples/wildduck_v1_0_107.py http://127.0.0.1:8081
"""

from __future__ import annotations

import asyncio
import os
import sys

from mailwright_wildduck.v1_0_107 import AsyncWildDuck, WildDuck

from mailwright.runtime import AuthenticationFailed, Conflict, MailwrightError, NotFound

LETTER = b"From: Ada <ada@example.org>\r\nTo: jane@example.org\r\nSubject: Lunch\r\n\r\nIs noon all right?\r\n"


def say(step: str, result: object) -> None:
    """Prints one step of the walk."""
    print(f"  {step:<34} {result}")


def walk(url: str, token: str | None) -> None:
    """Creates, lists, updates and deletes with the plain client."""
    with WildDuck(url, access_token=token) as mail:
        new = mail.users.create(
            username="jane", password="correct horse battery", name="Jane Roe", address="jane@example.org"
        )
        say("created user", new.id)
        alias = mail.addresses.create(new.id, address="info@example.org")
        say("added address", alias.id)
        for number in range(1, 6):
            mail.users.create(username=f"colleague{number}", password="correct horse battery")
        say("addresses of jane", ", ".join(a.address for a in mail.addresses.list(new.id)))
        say("mailboxes of jane", ", ".join(m.path for m in mail.mailboxes.list(new.id)))

        pages = mail.users.list(limit=2)
        first = pages.page()
        say("first page of users", f"{', '.join(u.username for u in first.items)} (of {first.total})")
        say("all pages of users", ", ".join(u.username for u in pages))

        try:
            mail.users.create(username="jane", password="another one")
        except Conflict as error:
            say("the same user again", f"{type(error).__name__}: {error.message} (HTTP {error.status}, {error.code})")

        mail.users.update(new.id, name="Jane Doe", quota=1024**3)
        jane = mail.users.get(new.id)
        say("updated", f"{jane.name}, {jane.limits.quota.allowed:,} bytes allowed")
        login = mail.authentication.authenticate(username="jane", password="correct horse battery")
        say("logged in", f"{login.username}, second factor: {login.require2fa}")

        inbox = next(m.id for m in mail.mailboxes.list(new.id) if m.path == "INBOX")
        stored = mail.messages.upload(new.id, inbox, LETTER, unseen=True).message
        say("uploaded message", stored.id)
        mail.messages.update(new.id, inbox, str(stored.id), seen=True)
        found = ", ".join(f"{m.subject} (seen: {m.seen})" for m in mail.messages.search(new.id, query="lunch"))
        say("found by a word", found)
        say("as it was sent", f"{len(mail.messages.source(new.id, inbox, stored.id).read())} bytes")
        mail.messages.delete(new.id, inbox, stored.id)
        archived = mail.archive.list(new.id).page().items[0]
        say("restored from the archive", mail.archive.restore(new.id, archived.id).id)

        answer = mail.users.with_response.get(new.id)
        say("with the response", f"HTTP {answer.status} in {answer.elapsed * 1000:.0f} ms, {len(answer.content)} bytes")

        mail.users.delete(new.id)
        try:
            mail.users.get(new.id)
        except NotFound as error:
            say("after the delete", f"{type(error).__name__}: {error.message}")
    with WildDuck(url, access_token="wrong") as stranger:
        try:
            stranger.users.list().page()
        except AuthenticationFailed as error:
            say("with a wrong token", f"{type(error).__name__}: {error.message} (HTTP {error.status})")


async def walk_async(url: str, token: str | None) -> None:
    """Does several of the same calls at once with the asyncio client."""
    async with AsyncWildDuck(url, access_token=token) as mail:
        names = ["ada", "grace", "mary"]
        made = await asyncio.gather(*(mail.users.create(username=n, password="correct horse") for n in names))
        say("created three at once", ", ".join(user.id for user in made))
        say("all pages of users", ", ".join([user.username async for user in mail.users.list(limit=3)]))
        try:
            await mail.users.create(username="ada", password="correct horse")
        except Conflict as error:
            say("the same user again", f"{type(error).__name__}: {error.message}")
        await asyncio.gather(*(mail.users.delete(user.id) for user in made))
        say("deleted", ", ".join(names))


def main() -> None:
    """Walks through the server whose address is the first argument."""
    if len(sys.argv) != 2:
        sys.exit("usage: ACCESS_TOKEN=… python examples/wildduck_v1_0_107.py http://127.0.0.1:8081")
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
