"""A walk through WildDuck 1.0.89: a user with forwarding, filters in their flat form, an autoreply, and asyncio.

Run against a server that nobody needs, such as `mailwright mock wildduck-1.0.89 --port 8081 --token secret`:

    ACCESS_TOKEN=secret python examples/wildduck_v1_0_89.py http://127.0.0.1:8081
"""

from __future__ import annotations

import asyncio
import os
import sys

from mailwright_wildduck.v1_0_89 import AsyncWildDuck, WildDuck

from mailwright.runtime import Conflict, MailwrightError, NotFound


def say(step: str, result: object) -> None:
    """Prints one step of the walk."""
    print(f"  {step:<34} {result}")


def walk(url: str, token: str | None) -> None:
    """Creates, changes and lists with the plain client; this version cannot delete a user."""
    with WildDuck(url, access_token=token) as mail:
        new = mail.users.create(
            username="jane",
            password="correct horse battery",
            address="jane@example.org",
            forward=["jane@elsewhere.example"],
        )
        say("created user", new.id)
        say("forwards to", ", ".join(mail.users.get(new.id).forward or ()))
        try:
            mail.users.create(username="jane", password="another one")
        except Conflict as error:
            say("the same user again", f"{type(error).__name__}: {error.message} (HTTP {error.status})")

        made = mail.filters.create(new.id, name="Invoices", query_subject="invoice", action_flag=True)
        mail.filters.update(new.id, made.id, query_from="billing@", query_subject="")
        for each in mail.filters.list(new.id):
            say(f"filter {each.name}", f"{each.query} -> {each.action}")

        mail.autoreply.update(new.id, status=True, subject="Away", text="Back on Monday")
        say("autoreply", mail.autoreply.get(new.id).text)
        mail.autoreply.delete(new.id)

        inbox = next(m.id for m in mail.mailboxes.list(new.id) if m.path == "INBOX")
        say("messages in the inbox", mail.messages.list(new.id, inbox).page().total)
        try:
            mail.messages.get(new.id, inbox, 1)
        except NotFound as error:
            say("a message that is not there", f"{type(error).__name__}: {error.message} (HTTP {error.status})")


async def walk_async(url: str, token: str | None) -> None:
    """Does several of the same calls at once with the asyncio client."""
    async with AsyncWildDuck(url, access_token=token) as mail:
        names = ["ada", "grace", "mary"]
        made = await asyncio.gather(*(mail.users.create(username=n, password="correct horse") for n in names))
        say("created three at once", ", ".join(user.id for user in made))
        say("all pages of users", ", ".join([user.username async for user in mail.users.list(limit=2)]))


def main() -> None:
    """Walks through the server whose address is the first argument."""
    if len(sys.argv) != 2:
        sys.exit("usage: ACCESS_TOKEN=… python examples/wildduck_v1_0_89.py http://127.0.0.1:8081")
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
