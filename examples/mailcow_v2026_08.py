"""A walk through mailcow 2026.08: a domain with limits, mailboxes, aliases, keys, what fails in part, and asyncio.

Run against a server that nobody needs, such as `mailwright mock mailcow-2026.08 --port 8081 --token secret`:

    ACCESS_TOKEN=secret python examples/mailcow_v2026_08.py http://127.0.0.1:8081
"""

from __future__ import annotations

import asyncio
import os
import sys

from mailwright_mailcow.v2026_08 import AsyncMailcow, Mailcow

from mailwright.runtime import (
    APIError,
    AuthenticationFailed,
    Conflict,
    MailwrightError,
    NotFound,
    PermissionDenied,
)

MIB = 1024 * 1024
PASSWORD = "correct horse battery"


def say(step: str, result: object) -> None:
    """Prints one step of the walk."""
    print(f"  {step:<34} {result}")


def walk(url: str, token: str | None) -> None:
    """Creates, lists, updates, refuses and deletes with the plain client."""
    with Mailcow(url, api_key=token) as mail:
        done = mail.domains.create(domain="example.org", mailboxes=3, defquota=500, maxquota=1000, quota=2000)
        say("created domain", ", ".join(entry.key for entry in done.entries))
        domain = mail.domains.get("example.org")
        say("its limits", f"{domain.mboxes_left} mailboxes, {domain.max_quota_for_domain // MIB} MiB")
        key = mail.dkim.get("example.org")
        say("its key for DKIM", f"{key.dkim_selector}, {key.length} bits")
        for name in ("jane", "joe"):
            mail.mailboxes.create(
                domain="example.org", local_part=name, password=PASSWORD, password2=PASSWORD, quota=500
            )
        say("mailboxes", ", ".join(box.username for box in mail.mailboxes.list_of_domain("example.org")))

        refused(mail)
        mail.mailboxes.update("jane@example.org", name="Jane Roe", imap_access=False)
        jane = mail.mailboxes.get("jane@example.org")
        say("changed jane", f"{jane.name}, IMAP: {jane.attributes.imap_access}, {jane.quota // MIB} MiB")
        done = mail.aliases.create(address="info@example.org", goto="jane@example.org", active=True)
        say("alias", f"{done.arguments[0]} has the id {done.arguments[1]}")
        mail.rate_limits.set_for_mailbox("jane@example.org", rl_value=10, rl_frame="h")
        limit = mail.mailboxes.get("jane@example.org").rl
        say("rate limit", None if limit is None else f"{limit.value} in {limit.frame}")
        mail.app_passwords.create(
            username="jane@example.org", app_name="phone", app_passwd=PASSWORD, app_passwd2=PASSWORD, active=True
        )
        say("passwords of applications", ", ".join(each.name for each in mail.app_passwords.list("jane@example.org")))
        found = mail.mailboxes.search(start=0, length=1)
        say("a page of mailboxes", f"{found.data[0].username} (of {found.records_total})")

        mail.mailboxes.delete_many(["jane@example.org", "joe@example.org"]).raise_first()
        mail.domains.delete("example.org")
        try:
            mail.domains.get("example.org")
        except NotFound as error:
            say("after the delete", f"{type(error).__name__}: {error.message} (HTTP {error.status})")
    keys(url, token)


def refused(mail: Mailcow) -> None:
    """Does what the server refuses, at status 200 as well, and what it does in part."""
    try:
        mail.mailboxes.create(domain="example.org", local_part="jane", password=PASSWORD, password2=PASSWORD)
    except Conflict as error:
        say("the same mailbox again", f"{type(error).__name__}: {error.message} (HTTP {error.status}, {error.code})")
    try:
        mail.mailboxes.create(domain="example.org", local_part="ann", password=PASSWORD, password2=PASSWORD, quota=5000)
    except APIError as error:
        say("more than the domain may have", f"{type(error).__name__}: {error.message} ({error.code})")
    for outcome in mail.domains.update_many(["example.org", "nosuch.example"], description="Ours"):
        say(f"changed {outcome.item}", "done" if outcome.error is None else outcome.error.message)


def keys(url: str, token: str | None) -> None:
    """Calls with a key that may only read, and with one that nobody has."""
    with Mailcow(url, api_key=f"{token}-ro") as reader:
        try:
            say("read with a read-only key", f"{len(reader.domains.list())} domains")
            reader.domains.create(domain="example.net")
        except (PermissionDenied, AuthenticationFailed) as error:
            say("written with it", f"{type(error).__name__}: {error.message} (HTTP {error.status})")
    with Mailcow(url, api_key="wrong") as stranger:
        try:
            stranger.domains.list()
        except AuthenticationFailed as error:
            say("with a wrong key", f"{type(error).__name__}: {error.message} (HTTP {error.status})")


async def walk_async(url: str, token: str | None) -> None:
    """Does several of the same calls at once with the asyncio client."""
    async with AsyncMailcow(url, api_key=token) as mail:
        names = ["one.example", "two.example", "three.example"]
        await asyncio.gather(*(mail.domains.create(domain=name) for name in names))
        say("created three at once", ", ".join(each.domain_name for each in await mail.domains.list()))
        await mail.domains.update("one.example", tags=["ours"])
        say("with a tag", ", ".join(each.domain_name for each in await mail.domains.list(tags=["ours"])))
        try:
            await mail.domains.create(domain="two.example")
        except Conflict as error:
            say("the same domain again", f"{type(error).__name__}: {error.message}")
        outcomes = await mail.domains.delete_many(names)
        say("deleted", ", ".join(outcome.item for outcome in outcomes.succeeded))


def main() -> None:
    """Walks through the server whose address is the first argument."""
    if len(sys.argv) != 2:
        sys.exit("usage: ACCESS_TOKEN=… python examples/mailcow_v2026_08.py http://127.0.0.1:8081")
    url, token = sys.argv[1], os.environ.get("ACCESS_TOKEN")
    try:
        print("with Mailcow:")
        walk(url, token)
        print("with AsyncMailcow:")
        asyncio.run(walk_async(url, token))
    except MailwrightError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
