from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from download_readers import (
    JSON,
    MAIL,
    PIECES,
    RFC822,
    TAKES,
    WHOLE,
    Take,
    async_duck,
    duck,
    iterate_at_once,
    iterate_inside_with,
    mail_source,
    read_at_once,
    read_inside_with,
    source,
)
from sample_api import CannedReply, scripted
from stream_samples import Streamed, Streams, streams

from mailwright.runtime.download import AsyncDownload, Download
from mailwright.runtime.errors import (
    ConnectFailed,
    Disconnected,
    LimitExceeded,
    MailwrightError,
    NotFound,
    ProtocolError,
    ResponseInvalid,
    UsageError,
)
from mailwright.runtime.limits import Limits


@pytest.mark.parametrize("read", [*WHOLE, *PIECES])
def test_file_comes_whole(read: Callable[[Streams], bytes]) -> None:
    backend = mail_source()
    assert read(backend) == MAIL
    assert backend.all_closed()
    (request,) = backend.requests
    assert (request.url, request.streamed) == ("http://mail.test/users/u/messages/44/message.eml", True)
    assert dict(request.headers)["Accept"] == "*/*"


@pytest.mark.parametrize("read", [*WHOLE, *PIECES])
def test_empty_file_is_empty(read: Callable[[Streams], bytes]) -> None:
    assert read(source()) == b""
    assert read(source(headers=(RFC822, ("Content-Length", "0")))) == b""
    assert read(source(status=204, headers=())) == b""


@pytest.mark.parametrize("read", [read_at_once, read_inside_with, iterate_at_once, iterate_inside_with])
def test_backend_that_gives_whole_answers_downloads_too(read: Callable[[Any], bytes]) -> None:
    assert read(scripted(CannedReply(MAIL, headers=(RFC822,)))) == MAIL


def test_headers_are_there_before_the_body() -> None:
    backend = source(ConnectFailed("not to be read"), headers=(RFC822, ("Content-Length", "7"), ("X-A", "1")))
    with duck(backend).source("u", 44) as message:
        assert (message.status, message.media_type, message.size) == (200, "message/rfc822", 7)
        assert (message.header("x-a"), message.header("x-b")) == ("1", None)
        assert message.headers == (RFC822, ("Content-Length", "7"), ("X-A", "1"))
        assert message.url == "http://mail.test/users/u/messages/44/message.eml"
        assert repr(message) == "<Download of getMessageSource: 200>"
    assert message.status == 200
    assert backend.all_closed()


def test_headers_are_there_before_the_body_is_awaited() -> None:
    backend = source(ConnectFailed("not to be read"), headers=(RFC822, ("Content-Length", "7"), ("X-A", "1")))

    async def main() -> None:
        async with async_duck(backend).source("u", 44) as message:
            assert (message.status, message.media_type, message.size) == (200, "message/rfc822", 7)
            assert (message.header("x-a"), message.header("x-b")) == ("1", None)
            assert repr(message) == "<AsyncDownload of getMessageSource: 200>"

    asyncio.run(main())
    assert backend.all_closed()


@pytest.mark.parametrize(
    ("headers", "size"),
    [
        ((("content-length", " 12 "),), 12),
        ((), None),
        ((("Content-Length", "12"), ("Content-Encoding", "gzip")), None),
        ((("Content-Length", "12"), ("Content-Encoding", "Identity")), 12),
        ((("Content-Length", "12"), ("Transfer-Encoding", "chunked")), None),
        ((("Content-Length", "-1"),), None),
        ((("Content-Length", "1, 1"),), None),
        ((("Content-Length", "٣"),), None),
        ((("Content-Length", "9" * 5000),), None),
    ],
)
def test_size_is_told_where_it_is_known(headers: tuple[tuple[str, str], ...], size: int | None) -> None:
    with duck(source(headers=headers)).source("u", 44) as message:
        assert message.size == size


def test_what_is_not_open_yet_has_no_headers() -> None:
    for message in (duck(mail_source()).source("u", 44), async_duck(mail_source()).source("u", 44)):
        for name in ("status", "headers", "media_type", "size", "url"):
            with pytest.raises(UsageError, match="not open; open it in a with statement"):
                getattr(message, name)
        with pytest.raises(UsageError, match="not open"):
            message.header("x")
        assert repr(message) == f"<{type(message).__name__} of getMessageSource>"


@TAKES
@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (Streamed([b'{"error":"This message does not exist"}'], 200, (JSON,)), NotFound, "does not exist"),
        (Streamed([b'{"error":"no","code":"NoSuchMailbox"}'], 404, (JSON,)), NotFound, "no"),
        (Streamed([b"x"], 302, (("Location", "/login"),)), ResponseInvalid, "redirects"),
        (ConnectFailed("refused"), ConnectFailed, "refused"),
    ],
)
def test_error_where_a_file_was_due_is_the_error_it_is(
    take: Take, tmp_path: Path, answer: Streamed | Exception, kind: type[MailwrightError], words: str
) -> None:
    backend = streams(answer)
    with pytest.raises(kind, match=words) as caught:
        take(backend, tmp_path / "44.eml")
    assert caught.value.operation == "getMessageSource"
    assert list(tmp_path.iterdir()) == []
    assert backend.all_closed()


@TAKES
def test_file_that_is_cut_off_is_an_error(take: Take, tmp_path: Path) -> None:
    for backend in (
        source(MAIL[:5], Disconnected("cut")),
        source(MAIL[:5], ConnectionResetError()),
        source(MAIL[:5], headers=(RFC822, ("Content-Length", str(len(MAIL))))),
    ):
        with pytest.raises(Disconnected) as caught:
            take(backend, tmp_path / "44.eml")
        assert (caught.value.operation, caught.value.status) == ("getMessageSource", 200)
        assert list(tmp_path.iterdir()) == []
        assert backend.all_closed()
    assert "after 5 of 22 bytes" in str(caught.value)


@TAKES
def test_file_longer_than_announced_is_an_error(take: Take, tmp_path: Path) -> None:
    backend = source(MAIL, b"more", headers=(RFC822, ("Content-Length", str(len(MAIL)))))
    with pytest.raises(ProtocolError, match="more than the 22 bytes it announced"):
        take(backend, tmp_path / "44.eml")
    assert list(tmp_path.iterdir()) == []
    assert backend.all_closed()


@pytest.mark.parametrize("read", WHOLE)
def test_reading_whole_has_the_limit_of_answers(read: Callable[..., bytes]) -> None:
    backend = source(b"x" * 60, b"x" * 60)
    with pytest.raises(LimitExceeded) as caught:
        read(backend, limits=Limits(response_bytes=100))
    assert (caught.value.limit, caught.value.operation) == ("response_bytes", "getMessageSource")
    assert backend.all_closed()


@pytest.mark.parametrize("read", PIECES)
def test_reading_in_pieces_has_the_limit_of_streams(read: Callable[..., bytes]) -> None:
    assert len(read(source(b"x" * 60, b"x" * 60), limits=Limits(response_bytes=100))) == 120
    with pytest.raises(LimitExceeded) as caught:
        read(source(b"x" * 60, b"x" * 60), limits=Limits(stream_bytes=100))
    assert caught.value.limit == "stream_bytes"


USES: list[Callable[[Download], object]] = [Download.read, list, lambda message: message.save("never")]


@pytest.mark.parametrize("use", USES)
def test_download_is_read_once(use: Callable[[Download], object]) -> None:
    message = duck(mail_source()).source("u", 44)
    for piece in message:
        assert piece == MAIL[:5]
        break
    with pytest.raises(UsageError, match="read already"):
        use(message)
    with pytest.raises(UsageError, match="opened already"):
        message.__enter__()
    with duck(mail_source()).source("u", 44) as message:
        assert message.read() == MAIL
        with pytest.raises(UsageError, match="read already") as caught:
            use(message)
        with pytest.raises(UsageError, match="opened already"):
            message.__enter__()
    assert caught.value.operation == "getMessageSource"


async def pieces_of(message: AsyncDownload) -> list[bytes]:
    return [piece async for piece in message]


ASYNC_USES: list[Callable[[AsyncDownload], Awaitable[object]]] = [
    AsyncDownload.read,
    pieces_of,
    lambda message: message.save("never"),
]


@pytest.mark.parametrize("use", ASYNC_USES)
def test_async_download_is_read_once(use: Callable[[AsyncDownload], Awaitable[object]]) -> None:
    async def main() -> None:
        message = async_duck(mail_source()).source("u", 44)
        assert await message.read() == MAIL
        with pytest.raises(UsageError, match="read already"):
            await use(message)
        with pytest.raises(UsageError, match="opened already"):
            await message.__aenter__()

    asyncio.run(main())


def test_closed_download_is_refused() -> None:
    with duck(mail_source()).source("u", 44) as message:
        pass
    with pytest.raises(UsageError, match="closed"):
        message.read()
    message.close()
    unopened = duck(mail_source()).source("u", 44)
    unopened.close()
    with pytest.raises(UsageError, match="closed"):
        list(unopened)


def test_closed_async_download_is_refused() -> None:
    async def main() -> None:
        async with async_duck(mail_source()).source("u", 44) as message:
            pass
        with pytest.raises(UsageError, match="closed"):
            await message.read()
        await message.aclose()

    asyncio.run(main())


def test_loop_that_is_left_gives_its_connection_back() -> None:
    backend = mail_source()
    for _ in duck(backend).source("u", 44):
        break
    assert backend.all_closed()


def test_with_that_is_left_with_an_error_gives_its_connection_back() -> None:
    backend = mail_source()
    with pytest.raises(ZeroDivisionError), duck(backend).source("u", 44):
        raise ZeroDivisionError
    assert backend.all_closed()


def test_async_with_that_is_left_with_an_error_gives_its_connection_back() -> None:
    backend = mail_source()

    async def main() -> None:
        async with async_duck(backend).source("u", 44) as message:
            async for _ in message:
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(main())
    assert backend.all_closed()
