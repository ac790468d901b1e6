"""A walk through Stalwart 0.15: a domain with its DNS records, users and groups, the queue, settings, and asyncio.

Run against a server that nobody needs, such as `mailwright mock stalwart-0.15 --port 8081 --token secret`:

    ACCESS_TOKEN=secret python examples/stalwart_v0_15.py http://127.0.0.1:8081
"""

from __future__ import annotations

import asyncio
import os
import sys

from mailwright_stalwart.v0_15 import AsyncStalwart, Stalwart, models

from mailwright.recipes.stalwart_changes import add, put, remove
from mailwright.runtime import AuthenticationFailed, Conflict, InvalidRequest, MailwrightError, NotFound


def say(step: str, result: object) -> None:
    """Prints one step of the walk."""
    print(f"  {step:<34} {result}")


def walk(url: str, token: str | None) -> None:
    """Creates, lists, changes and deletes with the plain client."""
    with Stalwart(url, token=token) as mail:
        publish(mail)
        people(mail)
        deliver(mail)
        configure(mail)
        mail.principals.delete("jane")
        try:
            mail.principals.get("jane")
        except NotFound as error:
            say("after the delete", f"{type(error).__name__}: {error.message} (HTTP {error.status}, {error.code})")
    with Stalwart(url, token="wrong") as stranger:
        try:
            stranger.queue.is_running()
        except AuthenticationFailed as error:
            say("with a wrong token", f"{type(error).__name__}: {error.message} (HTTP {error.status})")


def publish(mail: Stalwart) -> None:
    """Creates a domain with two signatures, and tells what it has to publish."""
    say("created domain", mail.principals.create(models.NewDomain(name="example.org", description="The office")))
    mail.dkim.create(algorithm="Ed25519", domain="example.org")
    mail.dkim.create(algorithm="Rsa", domain="example.org")
    try:
        mail.dkim.create(algorithm="Rsa", domain="example.org")
    except Conflict as error:
        say("the same signature again", f"{type(error).__name__}: {error.message}")
    records = mail.dns.list_records("example.org")
    say("DNS records", f"{len(records)}, such as {records[0].type} {records[0].name} {records[0].content}")


def people(mail: Stalwart) -> None:
    """Creates a group and its members, changes one of them, and reads all of them again."""
    mail.principals.create(models.NewGroup(name="sales", emails=["sales@example.org"]))
    for name in ("jane", "joe", "ann"):
        mail.principals.create(
            models.NewIndividual(name=name, emails=[f"{name}@example.org"], member_of=["sales"], roles=["user"])
        )
    mail.principals.update(
        "jane",
        [
            put("description", "Jane Roe"),
            add("emails", "info@example.org"),
        ],
    )
    try:
        mail.principals.update("joe", [add("emails", "info@example.org")])
    except Conflict as error:
        say("an address that is taken", f"{type(error).__name__}: {error.message}")
    pages = mail.principals.list(types="individual,group", limit=2)
    say("all pages of principals", ", ".join(str(each.name) for each in pages))
    group = mail.principals.get("sales")
    say("members of sales", group.members if isinstance(group, models.Group) else None)
    mail.principals.update("sales", [remove("members", "ann")])
    group = mail.principals.get("sales")
    say("without ann", group.members if isinstance(group, models.Group) else None)


def deliver(mail: Stalwart) -> None:
    """Looks into the queue, stops it, has a message tried again and gives another up; tries a delivery."""
    say("queue was running", f"{mail.queue.stop()}, is now: {mail.queue.is_running()}")
    messages = [each for each in mail.queue.list_messages(values=True) if isinstance(each, models.QueuedMessage)]
    say("in the queue", ", ".join(f"{each.id} from {each.return_path}" for each in messages))
    if messages:
        say("tried again", mail.queue.reschedule_message(str(messages[0].id)))
        say("given up", mail.queue.cancel_message(str(messages[-1].id)))
        letter = mail.store.download_blob(messages[0].blob_hash).read()
        say("its content", f"{len(letter)} bytes")
    mail.queue.start()
    say("reports to send", ", ".join(mail.queue.list_reports()))
    with mail.troubleshoot.check_delivery("jane@example.org", token=mail.troubleshoot.create_token()) as stream:
        steps = [type(step).__name__ for event in stream for step in event.data]
    say("delivery to jane", f"{len(steps)} steps, the last one: {steps[-1]}")


def configure(mail: Stalwart) -> None:
    """Changes settings, and meets what the open edition does not have."""
    change = models.InsertSettings(prefix="office", values=[("open", "9"), ("closed", "17")], assert_empty=True)
    mail.settings.change([change])
    say("settings", mail.settings.list(prefix="office").items)
    try:
        mail.settings.change([change])
    except Conflict as error:
        say("the same settings again", f"{type(error).__name__}: {error.message}")
    try:
        say("metrics", len(mail.telemetry.list_metrics()))
    except (InvalidRequest, NotFound) as error:
        say("metrics", f"{type(error).__name__}: {error.message}")
    say("last line of the log", mail.logs.list(limit=1).page().items[0].details)


async def walk_async(url: str, token: str | None) -> None:
    """Does several of the same calls at once with the asyncio client."""
    async with AsyncStalwart(url, token=token) as mail:
        names = ["ada", "grace", "mary"]
        made = await asyncio.gather(*(mail.principals.create(models.NewIndividual(name=name)) for name in names))
        say("created three at once", ", ".join(map(str, sorted(made))))
        found = [each.name async for each in mail.principals.list(types="individual", fields="name", limit=2)]
        say("all pages of users", ", ".join(map(str, found)))
        await asyncio.gather(*(mail.principals.delete(name) for name in names))
        say("deleted", ", ".join(names))


def main() -> None:
    """Walks through the server whose address is the first argument; its API is below /api."""
    if len(sys.argv) != 2:
        sys.exit("usage: ACCESS_TOKEN=… python examples/stalwart_v0_15.py http://127.0.0.1:8081")
    url, token = f"{sys.argv[1].rstrip('/')}/api", os.environ.get("ACCESS_TOKEN")
    try:
        print("with Stalwart:")
        walk(url, token)
        print("with AsyncStalwart:")
        asyncio.run(walk_async(url, token))
    except MailwrightError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
