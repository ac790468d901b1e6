from __future__ import annotations

import asyncio
import errno
import io
import os
import stat
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sample_api import CannedReply, scripted
from stream_samples import AsyncStreamDuck, AsyncStreams, StreamDuck, Streamed, Streams, streams

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


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@SAVES
def test_file_is_saved_for_its_owner_alone(save: Save, tmp_path: Path) -> None:
    path = tmp_path / "44.eml"
    backend = mail_source()
    assert save(backend, path) == len(MAIL)
    assert path.read_bytes() == MAIL
    assert list(tmp_path.iterdir()) == [path]
    assert mode_of(path) == 0o600
    assert backend.all_closed()


@SAVES
def test_path_may_be_text_and_is_taken_from_the_working_folder_of_the_call(
    save: Save, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(tmp_path)
    backend = source(MAIL[:5], lambda: os.chdir(elsewhere), MAIL[5:])
    assert save(backend, "44.eml") == len(MAIL)
    assert (tmp_path / "44.eml").read_bytes() == MAIL


@SAVES
def test_saving_takes_the_place_of_a_file_and_keeps_its_permissions(save: Save, tmp_path: Path) -> None:
    path = tmp_path / "44.eml"
    path.write_bytes(b"an older and longer file" * 10)
    path.chmod(0o640)
    save(mail_source(), path)
    assert path.read_bytes() == MAIL
    assert mode_of(path) == 0o640
    assert list(tmp_path.iterdir()) == [path]


@SAVES
def test_file_is_not_there_before_it_is_whole_and_the_older_one_is_until_then(save: Save, tmp_path: Path) -> None:
    path = tmp_path / "44.eml"
    path.write_bytes(b"older")
    seen: list[bytes] = []
    backend = source(MAIL[:5], lambda: seen.append(path.read_bytes()), MAIL[5:])
    save(backend, path)
    assert seen == [b"older"]
    assert path.read_bytes() == MAIL


@SAVES
@pytest.mark.parametrize("pieces", [[Disconnected("cut")], [MAIL[:5], Disconnected("cut")]])
def test_failed_download_leaves_the_older_file_and_nothing_else(
    save: Save, tmp_path: Path, pieces: list[bytes | Exception]
) -> None:
    path = tmp_path / "44.eml"
    path.write_bytes(b"older")
    with pytest.raises(Disconnected):
        save(source(*pieces), path)
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


@SAVES
def test_without_overwriting_a_file_that_exists_is_refused_before_it_is_read(save: Save, tmp_path: Path) -> None:
    path = tmp_path / "44.eml"
    path.write_bytes(b"older")
    backend = source(AssertionError("must not be read"))
    with pytest.raises(FileExistsError, match="overwrite is False"):
        save(backend, path, overwrite=False)
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]
    assert backend.all_closed()


def test_file_that_cannot_be_saved_is_not_asked_for(tmp_path: Path) -> None:
    (tmp_path / "44.eml").write_bytes(b"older")
    backend = mail_source()
    message = duck(backend).source("u", 44)
    with pytest.raises(FileExistsError):
        message.save(tmp_path / "44.eml", overwrite=False)
    with pytest.raises(FileNotFoundError):
        message.save(tmp_path / "no such folder" / "44.eml")
    with pytest.raises(UsageError, match="is a folder"):
        message.save(tmp_path)
    assert backend.requests == []
    assert message.save(tmp_path / "45.eml") == len(MAIL)


@SAVES
@pytest.mark.parametrize("links", [True, False])
def test_without_overwriting_a_file_that_comes_meanwhile_stays(
    save: Save, tmp_path: Path, links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", no_hard_links)
    path = tmp_path / "44.eml"
    backend = source(MAIL, lambda: path.write_bytes(b"somebody else's"))
    with pytest.raises(FileExistsError, match="overwrite is False"):
        save(backend, path, overwrite=False)
    assert path.read_bytes() == b"somebody else's"
    assert list(tmp_path.iterdir()) == [path]


def no_hard_links(self: Path, target: Path) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


@SAVES
@pytest.mark.parametrize("links", [True, False])
def test_without_overwriting_a_new_file_is_saved(
    save: Save, tmp_path: Path, links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", no_hard_links)
    assert save(mail_source(), tmp_path / "44.eml", overwrite=False) == len(MAIL)
    assert (tmp_path / "44.eml").read_bytes() == MAIL
    assert len(list(tmp_path.iterdir())) == 1


@SAVES
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "has no name"),
        (".", "is a folder"),
        ("/dev/null", "no regular file"),
        ("a\0b", "null"),
        (b"44.eml", "not bytes"),
        (44, "must be a path, not int"),
        (None, "must be a path, not NoneType"),
        (io.BytesIO(), "must be a path, not BytesIO"),
    ],
)
def test_path_that_is_no_files_is_refused(save: Save, path: object, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        save(mail_source(), path)


class BytesPath:
    def __fspath__(self) -> bytes:
        return b"44.eml"


def test_path_of_bytes_is_refused() -> None:
    with pytest.raises(UsageError, match="not of bytes"):
        save_at_once(mail_source(), BytesPath())


FULL = OSError(errno.ENOSPC, "No space left on device")


class OnFullDisk(io.FileIO):
    def write(self, data: object, /) -> int:
        raise FULL


@SAVES
@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_error_of_the_disk_passes_as_it_is_and_leaves_nothing(
    save: Save, tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise FULL

    if step == "write":
        # Like a real file it fails once more when it is closed with data in its buffer.
        monkeypatch.setattr(os, "fdopen", lambda handle, mode: io.BufferedWriter(OnFullDisk(handle, mode)))
    elif step == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    path = tmp_path / "44.eml"
    path.write_bytes(b"older")
    backend = mail_source()
    with pytest.raises(OSError, match="No space left") as caught:
        save(backend, path)
    assert caught.value is FULL
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]
    assert backend.all_closed()


@SAVES
def test_file_is_on_the_disk_before_it_has_its_name(
    save: Save, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "44.eml"
    synced: list[tuple[int, bool]] = []
    real = os.fsync

    def sync(handle: int) -> None:
        synced.append((os.fstat(handle).st_size, path.exists()))
        real(handle)

    monkeypatch.setattr(os, "fsync", sync)
    save(mail_source(), path)
    assert synced == [(len(MAIL), False)]


@SAVES
@pytest.mark.parametrize("announced", [True, False])
def test_progress_is_told_piece_by_piece(save: Save, tmp_path: Path, announced: bool) -> None:
    told: list[tuple[int, int | None]] = []
    headers = (RFC822, *((("Content-Length", "6"),) if announced else ()))
    save(source(b"ab", b"cde", b"f", headers=headers), tmp_path / "a", progress=lambda *now: told.append(now))
    size = 6 if announced else None
    assert told == [(2, size), (5, size), (6, size)]


@SAVES
def test_error_of_progress_ends_the_download_and_leaves_nothing(save: Save, tmp_path: Path) -> None:
    def fail(done: int, size: int | None) -> None:
        raise ZeroDivisionError

    backend = mail_source()
    with pytest.raises(ZeroDivisionError):
        save(backend, tmp_path / "44.eml", progress=fail)
    assert list(tmp_path.iterdir()) == []
    assert backend.all_closed()


@SAVES
def test_large_file_is_saved_piece_by_piece(save: Save, tmp_path: Path) -> None:
    pieces = [bytes([number]) * 700_001 for number in range(5)]
    assert save(source(*pieces), tmp_path / "large") == 5 * 700_001
    assert (tmp_path / "large").read_bytes() == b"".join(pieces)


def test_cancelled_saving_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "44.eml"
    path.write_bytes(b"older")

    async def main() -> None:
        reading = asyncio.Event()
        backend = source(b"x" * 2_000_000, reading.set, asyncio.Event().wait)
        task = asyncio.create_task(async_duck(backend).source("u", 44).save(path))
        await reading.wait()
        assert len(list(tmp_path.iterdir())) == 2
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert backend.all_closed()

    asyncio.run(asyncio.wait_for(main(), 10))
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


def test_saving_that_is_cancelled_while_the_disk_is_slow_waits_for_it_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing, may_end = threading.Event(), threading.Event()
    ended: list[bool] = []

    def slow(handle: int) -> None:
        writing.set()
        may_end.wait(10)
        ended.append(True)
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", slow)

    async def main() -> None:
        task = asyncio.create_task(async_duck(mail_source()).source("u", 44).save(tmp_path / "44.eml"))
        await asyncio.to_thread(writing.wait, 10)
        task.cancel()
        await asyncio.sleep(0)
        assert not task.done()
        may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ended == [True]

    asyncio.run(asyncio.wait_for(main(), 20))
    assert list(tmp_path.iterdir()) == []


def test_event_loop_goes_on_while_the_disk_is_slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    may_end = threading.Event()
    real = os.fsync

    def slow(handle: int) -> None:
        assert may_end.wait(10)
        real(handle)

    monkeypatch.setattr(os, "fsync", slow)

    async def main() -> None:
        task = asyncio.create_task(async_duck(mail_source()).source("u", 44).save(tmp_path / "44.eml"))
        for _ in range(50):
            await asyncio.sleep(0)
        may_end.set()
        assert await task == len(MAIL)

    asyncio.run(asyncio.wait_for(main(), 20))
