"""What a caller of a generated client relies on in types; checked by mypy and pyright, never run."""

# pyright: strict
from __future__ import annotations

from pathlib import Path
from typing import assert_type

from sample_api import AsyncDuck, AsyncScripted, Created, Duck, Scripted, User, UserList, UserSummary
from stream_samples import AsyncStreamDuck, StreamDuck, Update

from mailwright.runtime import AsyncDownload, AsyncEventStream, Download, Event, EventStream, Page, Response


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


def streams(mail: StreamDuck) -> None:
    stream = mail.updates("u")
    assert_type(stream, EventStream[Update])
    for event in stream:
        assert_type(event, Event[Update])
        assert_type(event.data, Update)
        assert_type(event.data.uid, int | None)
        assert_type((event.event, event.id, event.text), tuple[str, str, str])
    with mail.updates("u").with_options(reconnect=False, last_event_id="7") as same:
        assert_type(same, EventStream[Update])
        assert_type(next(iter(same)), Event[Update])
        assert_type(same.last_event_id, str)
    assert_type(mail.source("u", 44).read(), bytes)
    assert_type(mail.source("u", 44).save("44.eml"), int)
    with mail.source("u", 44) as message:
        assert_type(message, Download)
        assert_type((message.status, message.media_type, message.size), tuple[int, str, int | None])
        assert_type(message.header("x"), str | None)
        for piece in message:
            assert_type(piece, bytes)
        message.save(Path("44.eml"), overwrite=False, progress=lambda done, size: print(done, size))
    mail.source("u", 44).save(b"44.eml")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    mail.source("u", 44).save("44.eml", False)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    mail.updates("u").with_options(reconect=False)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def asynchronous_streams(mail: AsyncStreamDuck) -> None:
    async for event in mail.updates("u"):
        assert_type(event, Event[Update])
    async with mail.updates("u").with_options(reconnects=2) as stream:
        assert_type(stream, AsyncEventStream[Update])
        async for event in stream:
            assert_type(event.data, Update)
    assert_type(await mail.source("u", 44).read(), bytes)
    assert_type(await mail.source("u", 44).save("44.eml"), int)
    async with mail.source("u", 44) as message:
        assert_type(message, AsyncDownload)
        assert_type(message.size, int | None)
        async for piece in message:
            assert_type(piece, bytes)
