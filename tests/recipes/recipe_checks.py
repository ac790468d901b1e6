"""What the recipes for WildDuck have to do, whichever server is behind the client and whichever kind the client is."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import mailbox
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from mailwright_wildduck.v1_51 import AsyncWildDuck, WildDuck

from mailwright.recipes import async_wildduck, wildduck
from mailwright.recipes.wildduck import Account, Change, Login, Progress, SecondFactorNeeded
from mailwright.runtime import APIError, Conflict, InvalidRequest, NotFound

PASSWORD = "correct horse battery"
SECONDS = 20.0


@dataclass(frozen=True)
class Recipes:
    """The recipes of one kind, to be called alike."""

    url: str
    token: str
    is_async: bool

    def client(self) -> WildDuck:
        """A plain client of the same server."""
        return WildDuck(self.url, access_token=self.token)

    def run(self, name: str, /, *arguments: Any, **keywords: Any) -> Any:
        """Runs a recipe that gives a value."""
        if not self.is_async:
            with self.client() as mail:
                return getattr(wildduck, name)(mail, *arguments, **keywords)

        async def call() -> Any:
            async with AsyncWildDuck(self.url, access_token=self.token) as mail:
                return await getattr(async_wildduck, name)(mail, *arguments, **keywords)

        return asyncio.run(asyncio.wait_for(call(), SECONDS))

    def watch(
        self, seen: list[Change], enough: Callable[[list[Change]], bool], *arguments: Any, **keywords: Any
    ) -> None:
        """Watches a mailbox until enough was seen, or it is gone."""
        if not self.is_async:
            with self.client() as mail:
                for change in wildduck.watch_mailbox(mail, *arguments, **keywords):
                    seen.append(change)
                    if enough(seen):
                        return
            return

        async def call() -> None:
            async with AsyncWildDuck(self.url, access_token=self.token) as mail:
                async for change in async_wildduck.watch_mailbox(mail, *arguments, **keywords):
                    seen.append(change)
                    if enough(seen):
                        return

        asyncio.run(asyncio.wait_for(call(), SECONDS))


def totp(secret: str, *, steps: int = 0) -> str:
    """The code of an authenticator (RFC 6238), some steps of 30 seconds from now."""
    key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + steps), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def check_log_in(recipes: Recipes, mark: str) -> None:
    """A password alone, a password with a code, a code too few, a wrong one."""
    account: Account = recipes.run("create_account", f"jane@{mark}.test", PASSWORD)
    name = f"jane@{mark}.test"
    login: Login = recipes.run("log_in", name, PASSWORD, code=pytest.fail)
    assert (login.user, login.username, login.scope) == (account.user, name, "master")
    assert login.token
    assert login.token not in repr(login)
    with WildDuck(recipes.url, access_token=login.token) as own:
        assert own.users.get("me").id == account.user
    with pytest.raises(APIError) as refused:
        recipes.run("log_in", name, "wrong" + PASSWORD)
    assert refused.value.code == "AuthFailed"

    with recipes.client() as mail:
        seed = mail.two_factor.setup_totp(account.user, issuer="Recipes").seed
        mail.two_factor.enable_totp(account.user, token=totp(seed, steps=-1))
    with pytest.raises(SecondFactorNeeded) as needed:
        recipes.run("log_in", name, PASSWORD)
    assert (needed.value.user, needed.value.factors) == (account.user, ("totp",))
    with pytest.raises(APIError):
        recipes.run("log_in", name, PASSWORD, code=lambda: "000000" if totp(seed) != "000000" else "111111")
    assert recipes.run("log_in", name, PASSWORD, code=lambda: totp(seed, steps=1)).user == account.user


def check_create_account(recipes: Recipes, mark: str) -> None:
    """A whole account, or none."""
    account: Account = recipes.run(
        "create_account",
        f"ada@{mark}.test",
        PASSWORD,
        username=f"{mark}ada",
        name="Ada",
        aliases=[f"countess@{mark}.test"],
        folders=["Archive", "Archive/2026"],
        quota=5_000_000,
        tags=["engines"],
    )
    assert sorted(account.addresses) == [f"ada@{mark}.test", f"countess@{mark}.test"]
    assert {"INBOX", "Archive", "Archive/2026", "Trash"} <= set(account.mailboxes)
    with recipes.client() as mail:
        user = mail.users.get(account.user)
        assert (user.username, user.name, user.address, user.tags) == (
            f"{mark}ada",
            "Ada",
            f"ada@{mark}.test",
            ["engines"],
        )
        assert mail.addresses.get(account.user, account.addresses[f"ada@{mark}.test"]).main
    assert recipes.run("find_mailbox", account.user, "Archive/2026") == account.mailboxes["Archive/2026"]
    with pytest.raises(NotFound):
        recipes.run("find_mailbox", account.user, "Nowhere")

    with pytest.raises(Conflict):
        recipes.run("create_account", f"eve@{mark}.test", PASSWORD, aliases=[f"countess@{mark}.test"])
    with pytest.raises(InvalidRequest):
        recipes.run("create_account", f"eve@{mark}.test", PASSWORD, folders=["a" * 5000])
    with recipes.client() as mail:
        assert [each.username for each in mail.users.list(query=f"eve@{mark}.test")] == []
        # Nothing is left that would be in the way.
        assert recipes.run("create_account", f"eve@{mark}.test", None).user


def letter(number: int, *, lines: str = "Hello") -> bytes:
    """A message as it goes over the wire."""
    return (
        f"From: Ada <ada{number}@example.test>\r\nTo: jane@example.test\r\nSubject: Letter {number}\r\n"
        f"Message-ID: <{number}@example.test>\r\n\r\n{lines}\r\n"
    ).encode()


def check_export(recipes: Recipes, mark: str, folder: Path) -> None:
    """A maildir byte for byte that goes on where it ended, and an mbox that can be read."""
    account: Account = recipes.run("create_account", f"jane@{mark}.test", PASSWORD)
    user, inbox = account.user, account.mailboxes["INBOX"]
    with recipes.client() as mail:
        for number in range(1, 4):
            mail.messages.upload(user, inbox, letter(number, lines="From here\r\n>From there"), unseen=True)
        mail.messages.update(user, inbox, [1, 3], seen=True)
        mail.messages.update(user, inbox, 3, flagged=True)
        sources = [mail.messages.source(user, inbox, number).read() for number in range(1, 4)]

        told: list[Progress] = []
        done: Progress = recipes.run("export_mailbox", user, inbox, folder / "box", progress=told.append)
        size = sum(map(len, sources))
        assert [(each.done, each.skipped, each.total) for each in told] == [(1, 0, 3), (2, 0, 3), (3, 0, 3)]
        assert done == told[-1] == Progress(done=3, skipped=0, total=3, size=size)
        files = sorted((folder / "box" / "cur").iterdir(), key=lambda file: file.name.partition("-")[2])
        assert [file.read_bytes() for file in files] == sources
        read = {str(each["subject"]): set(each.get_flags()) for each in mailbox.Maildir(folder / "box")}
        assert read == {"Letter 1": {"S"}, "Letter 2": set(), "Letter 3": {"S", "F"}}
        assert list((folder / "box" / "tmp").iterdir()) == []

        files[1].unlink()
        mail.messages.upload(user, inbox, letter(4))
        again: Progress = recipes.run("export_mailbox", user, inbox, folder / "box")
        assert (again.done, again.skipped, again.total) == (4, 2, 4)
        assert len(list((folder / "box" / "cur").iterdir())) == 4

    recipes.run("export_mailbox", user, inbox, folder / "box.mbox", form="mbox")
    parsed = mailbox.mbox(folder / "box.mbox")
    assert [each["subject"] for each in parsed] == [f"Letter {number}" for number in range(1, 5)]
    assert [each.get_flags() for each in parsed][1:3] == ["O", "ROF"]
    text = (folder / "box.mbox").read_bytes()
    assert text.count(b"\n>From here\n>>From there\n") == 3
    assert b"\r" not in text


def check_watch(recipes: Recipes, mark: str) -> None:
    """Changes as they happen, from where one left off, until the mailbox is gone."""
    account: Account = recipes.run("create_account", f"jane@{mark}.test", PASSWORD, folders=["Watched"])
    user, watched, inbox = account.user, account.mailboxes["Watched"], account.mailboxes["INBOX"]
    seen: list[Change] = []
    with recipes.client() as mail:
        last = _note(mail, user, inbox)
        thread = threading.Thread(
            target=recipes.watch,
            args=(seen, lambda changes: False, user, watched),
            kwargs={"last_id": last},
            daemon=True,
        )
        thread.start()
        mail.messages.upload(user, inbox, letter(1))
        mail.messages.upload(user, watched, letter(2), unseen=True)
        _until(lambda: any(each.kind == "arrived" for each in seen))
        mail.messages.update(user, watched, 1, flagged=True)
        _until(lambda: any(each.kind == "flagged" for each in seen))
        mail.messages.delete(user, watched, 1)
        _until(lambda: any(each.kind == "removed" for each in seen))
        mail.mailboxes.delete(user, watched)
        thread.join(SECONDS)
    assert not thread.is_alive()
    happened = [each for each in seen if each.kind != "counted"]
    assert [(each.kind, each.message) for each in happened] == [
        ("arrived", 1),
        ("flagged", 1),
        ("removed", 1),
        ("deleted", None),
    ]
    assert "\\Flagged" in happened[1].flags
    later: list[Change] = []
    recipes.watch(later, lambda changes: changes[-1].kind == "removed", user, watched, last_id=happened[0].id)
    assert [each.kind for each in later if each.kind != "counted"] == ["flagged", "removed"]


def _note(mail: WildDuck, user: str, inbox: str) -> str:
    """Makes something happen and returns the id of that event, from which all that follows can be told again."""
    with mail.updates.stream(user) as stream:
        mail.messages.upload(user, inbox, letter(0))
        return next(iter(each.id for each in stream if each.data.command == "EXISTS"))


def _until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
