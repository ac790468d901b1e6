"""What callers may rely on, for the type checkers alone: this file is checked by both and never executed."""

from __future__ import annotations

from typing import assert_type

from mailwright_wildduck.v1_0_107 import AsyncWildDuck, WildDuck, models

from mailwright.runtime import UNSET, AsyncPages, Page, Pages, Response


def users(mail: WildDuck) -> None:
    new = mail.users.create(username="jane", password=None, tags=["a"], quota=UNSET)
    assert_type(new, models.Created)
    assert_type(new.id, str)
    user = mail.users.get(new.id)
    assert_type(user.name, str | None)
    assert_type(user.limits.quota.used, int)
    assert_type(user.retention, int | None)
    assert_type(user.key_info, models.KeyInfo | None)
    assert_type(mail.users.update(new.id, name="Jane"), models.Success)


def pages(mail: WildDuck) -> None:
    listed = mail.users.list(query="jane", tags=["a", "b"], limit=50)
    assert_type(listed, Pages[models.UserSummary, models.UserList])
    for user in listed:
        assert_type(user, models.UserSummary)
    page = listed.page(next="cursor")
    assert_type(page, Page[models.UserSummary, models.UserList])
    assert_type(page.value.total, int)
    assert_type(page.next_cursor, str | None)
    assert_type(page.response, Response[models.UserList])
    for mailbox in mail.mailboxes.list("5", counters=True):
        assert_type(mailbox.unseen, int | None)


def with_response(mail: WildDuck) -> None:
    answer = mail.users.with_response.get("5")
    assert_type(answer, Response[models.User])
    assert_type(answer.value.address, str | None)
    assert_type(answer.status, int)


async def asynchronous(mail: AsyncWildDuck) -> None:
    assert_type(await mail.users.get("5"), models.User)
    listed = mail.authentication.list_log("5", action="create asp")
    assert_type(listed, AsyncPages[models.AuthLogEntry, models.AuthLog])
    async for entry in listed:
        assert_type(entry.action, str)
    assert_type(await mail.users.with_response.delete("5"), Response[models.Success])


def open_enums(mail: WildDuck) -> None:
    mail.application_passwords.create("5", description="phone", scopes=["imap", "a scope of a later version"])
    mail.authentication.authenticate(username="jane", password="…", scope="imap")


def refused(mail: WildDuck) -> None:
    # Each line is an error for both checkers; an unused ignore is an error too, so that the refusals cannot get lost.
    mail.users.create(username="jane")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    mail.users.create(username="jane", password=1.5)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    mail.users.get(user_id="5")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    mail.users.list(page=2)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    mail.authentication.authenticate(username="j", password="…", scope="x")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    WildDuck("http://127.0.0.1", access_token=5)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    WildDuck("http://127.0.0.1", acess_token="…")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]


def sets_of_ids(mail: WildDuck) -> None:
    for ids in (7, [1, 2], range(1, 6), {3}, "1,2"):
        assert_type(mail.messages.update("5", "6", ids, seen=True, expires=None), models.ChangedMessages)
