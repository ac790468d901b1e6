"""What a caller of a generated client relies on in types; checked by mypy and pyright, never run."""

# pyright: strict
from __future__ import annotations

from typing import assert_type

from sample_api import AsyncDuck, AsyncScripted, Created, Duck, Scripted, User, UserList, UserSummary

from mailwright.runtime import Page, Response


def sync(mail: Duck) -> None:
    assert_type(mail.users.get("x"), User)
    assert_type(mail.users.create(username="jane", password=False, name=None), Created)
    answer = mail.users.with_response.get("x")
    assert_type(answer, Response[User])
    assert_type(answer.value.username, str | None)
    assert_type(answer.headers, tuple[tuple[str, str], ...])
    pages = mail.users.list(query="jane", tags=["a"])
    for user in pages:
        assert_type(user, UserSummary)
    page = pages.page(next="x")
    assert_type(page, Page[UserSummary, UserList])
    assert_type(page.items, list[UserSummary])
    assert_type(page.next_cursor, str | None)
    assert_type(page.response, Response[UserList])
    with mail as same:
        assert_type(same, Duck)
    mail.users.get(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    mail.users.with_response.get()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    Duck("http://x", backend=Scripted())
    Duck("http://x", backend=AsyncScripted())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def asynchronous(mail: AsyncDuck) -> None:
    assert_type(await mail.users.get("x"), User)
    answer = await mail.users.with_response.get("x")
    assert_type(answer, Response[User])
    pages = mail.users.list()
    async for user in pages:
        assert_type(user, UserSummary)
    async for page in pages.pages():
        assert_type(page, Page[UserSummary, UserList])
    async with mail as same:
        assert_type(same, AsyncDuck)
    AsyncDuck("http://x", backend=AsyncScripted())
