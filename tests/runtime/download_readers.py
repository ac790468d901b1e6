"""Every way to take a download, behind one face."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from stream_samples import AsyncStreamDuck, AsyncStreams, StreamDuck, Streamed, Streams, streams

from mailwright.runtime.retries import Retries

TOKEN = "tok-5f3a9b2c"


MAIL = b"Subject: hi\r\n\r\nhello\r\n"


RFC822 = ("Content-Type", "Message/RFC822; charset=utf-8")


JSON = ("Content-Type", "application/json")


Save = Callable[..., int]


def source(*pieces: Any, status: int = 200, headers: tuple[tuple[str, str], ...] = (RFC822,)) -> Streams:
    return streams(Streamed(pieces, status, headers))


def mail_source() -> Streams:
    return source(MAIL[:5], b"", MAIL[5:], headers=(RFC822, ("Content-Length", str(len(MAIL)))))


def duck(backend: Streams, **options: Any) -> StreamDuck:
    options.setdefault("retries", Retries(attempts=1))
    return StreamDuck("http://mail.test", access_token=TOKEN, backend=backend, **options)


def async_duck(backend: Streams, **options: Any) -> AsyncStreamDuck:
    options.setdefault("retries", Retries(attempts=1))
    return AsyncStreamDuck("http://mail.test", access_token=TOKEN, backend=AsyncStreams(backend), **options)


def read_at_once(backend: Streams, **options: Any) -> bytes:
    return duck(backend, **options).source("u", 44).read()


def read_inside_with(backend: Streams, **options: Any) -> bytes:
    with duck(backend, **options).source("u", 44) as message:
        return message.read()


def iterate_at_once(backend: Streams, **options: Any) -> bytes:
    return b"".join(duck(backend, **options).source("u", 44))


def iterate_inside_with(backend: Streams, **options: Any) -> bytes:
    with duck(backend, **options).source("u", 44) as message:
        return b"".join(message)


def await_at_once(backend: Streams, **options: Any) -> bytes:
    return asyncio.run(async_duck(backend, **options).source("u", 44).read())


def await_inside_with(backend: Streams, **options: Any) -> bytes:
    async def main() -> bytes:
        async with async_duck(backend, **options).source("u", 44) as message:
            return await message.read()

    return asyncio.run(main())


def iterate_async_at_once(backend: Streams, **options: Any) -> bytes:
    async def main() -> bytes:
        return b"".join([piece async for piece in async_duck(backend, **options).source("u", 44)])

    return asyncio.run(main())


def iterate_inside_async_with(backend: Streams, **options: Any) -> bytes:
    async def main() -> bytes:
        async with async_duck(backend, **options).source("u", 44) as message:
            return b"".join([piece async for piece in message])

    return asyncio.run(main())


WHOLE = [read_at_once, read_inside_with, await_at_once, await_inside_with]


PIECES = [iterate_at_once, iterate_inside_with, iterate_async_at_once, iterate_inside_async_with]


def save_at_once(backend: Streams, path: object, **arguments: Any) -> int:
    return duck(backend).source("u", 44).save(path, **arguments)  # type: ignore[arg-type]


def save_inside_with(backend: Streams, path: object, **arguments: Any) -> int:
    with duck(backend).source("u", 44) as message:
        return message.save(path, **arguments)  # type: ignore[arg-type]


def save_async_at_once(backend: Streams, path: object, **arguments: Any) -> int:
    return asyncio.run(async_duck(backend).source("u", 44).save(path, **arguments))  # type: ignore[arg-type]


def save_inside_async_with(backend: Streams, path: object, **arguments: Any) -> int:
    async def main() -> int:
        async with async_duck(backend).source("u", 44) as message:
            return await message.save(path, **arguments)  # type: ignore[arg-type]

    return asyncio.run(main())


SAVES = pytest.mark.parametrize("save", [save_at_once, save_inside_with, save_async_at_once, save_inside_async_with])


def fill(read: Any) -> Callable[[Streams, Path], object]:
    return lambda backend, path: read(backend)


TAKES = pytest.mark.parametrize(
    "take",
    [fill(read) for read in (*WHOLE, *PIECES)]
    + [save_at_once, save_inside_with, save_async_at_once, save_inside_async_with],
)


Take = Callable[[Streams, Path], object]
