"""Streams over real connections, with each backend, sync and async."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from loopback import http, loopback
from stream_samples import AsyncStreamDuck, StreamDuck, Update

from mailwright.runtime import event_course
from mailwright.runtime.errors import Disconnected, MailwrightError, NotFound, TimedOut
from mailwright.runtime.event_course import Event
from mailwright.runtime.events import AsyncEventStream, EventStream
from mailwright.runtime.limits import Limits
from mailwright.runtime.retries import Retries
from mailwright.runtime.timeouts import Timeout

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
ENOUGH = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
LAST = b"0\r\n\r\n"
ONE = b'id: 1\ndata: {"command":"EXISTS","uid":1}\n\n'
TWO = b'id: 2\ndata: {"command":"EXISTS","uid":2}\n\n'
MAIL = b"Subject: hi\r\n\r\n" + bytes(range(256)) * 2000

BACKENDS = pytest.mark.parametrize("backend", ["httpx", "httpx2", "pyreqwest"])


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_course, "_PAUSE", 0.01)
    monkeypatch.setattr(event_course, "_SHORTEST", 0.01)


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def options(backend: str, more: dict[str, Any]) -> dict[str, Any]:
    if backend != "httpx":
        pytest.importorskip(backend)
    return {"backend": backend, "retries": Retries(attempts=1), **more}


def sync_events(url: str, backend: str, **more: Any) -> list[Event[Update]]:
    with StreamDuck(url, **options(backend, more)) as mail:
        return list(mail.updates("u").with_options(reconnects=2))


def async_events(url: str, backend: str, **more: Any) -> list[Event[Update]]:
    async def main() -> list[Event[Update]]:
        async with AsyncStreamDuck(url, **options(backend, more)) as mail:
            return [event async for event in mail.updates("u").with_options(reconnects=2)]

    return asyncio.run(asyncio.wait_for(main(), 20))


def sync_save(url: str, backend: str, path: Path, **more: Any) -> int:
    with StreamDuck(url, **options(backend, more)) as mail:
        return mail.source("u", 44).save(path)


def async_save(url: str, backend: str, path: Path, **more: Any) -> int:
    async def main() -> int:
        async with AsyncStreamDuck(url, **options(backend, more)) as mail:
            return await mail.source("u", 44).save(path)

    return asyncio.run(asyncio.wait_for(main(), 20))


READS = pytest.mark.parametrize("read", [sync_events, async_events])
SAVES = pytest.mark.parametrize("save", [sync_save, async_save])
Read = Callable[..., list[Event[Update]]]
Save = Callable[..., int]


def ids_asked_behind(requests: list[bytes]) -> list[bytes]:
    found = []
    for request in requests:
        lines = request.partition(b"\r\n\r\n")[0].split(b"\r\n")
        values = [line.partition(b":")[2].strip() for line in lines if line.lower().startswith(b"last-event-id:")]
        assert len(values) < 2
        found.append(b"".join(values))
    return found


@BACKENDS
@READS
def test_events_come_over_several_connections(read: Read, backend: str) -> None:
    odd = 'id: é€😀\ndata: {\ndata: "command":"x"}\n\n'.encode()
    first = [HEAD, *(chunk(bytes([byte])) for byte in ONE), LAST]
    with loopback(first, [HEAD + chunk(TWO[:9]), chunk(TWO[9:] + odd), LAST], ENOUGH, http(), pause=0.0) as server:
        events = read(server.url, backend)
    assert [event.id for event in events] == ["1", "2", "é€😀"]
    # pyreqwest cannot send it.
    assert ids_asked_behind(server.requests) == [b"", b"1", b"" if backend == "pyreqwest" else "é€😀".encode()]


@BACKENDS
@READS
def test_connection_cut_off_in_an_event_gives_no_half_of_it(read: Read, backend: str) -> None:
    cut_in_a_chunk = HEAD + chunk(ONE) + b"ff\r\n" + TWO[:-1]
    with loopback([cut_in_a_chunk], [HEAD + chunk(TWO)], ENOUGH, http()) as server:
        events = read(server.url, backend)
    assert [event.data.uid for event in events] == [1, 2]
    assert ids_asked_behind(server.requests) == [b"", b"1", b"2"]


@BACKENDS
@READS
def test_stream_without_a_length_ends_with_its_connection(read: Read, backend: str) -> None:
    plain = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
    with loopback([plain + ONE + TWO[:-1]], ENOUGH, http()) as server:
        events = read(server.url, backend)
    assert [event.data.uid for event in events] == [1]


@BACKENDS
@READS
def test_silent_server_is_given_up_after_the_idle_time(read: Read, backend: str) -> None:
    over = threading.Event()

    def silent() -> Iterator[bytes]:
        yield HEAD + chunk(ONE)
        over.wait(20)

    def dead() -> Iterator[bytes]:
        yield HEAD
        over.wait(20)

    timeout = Timeout(idle=0.3)
    try:
        with loopback(pieces(silent), [HEAD + chunk(TWO)], ENOUGH, http(), pause=0.0) as server:
            assert [event.data.uid for event in read(server.url, backend, timeout=timeout)] == [1, 2]
        with loopback(pieces(dead), pieces(dead), http(), pause=0.0) as server, pytest.raises(TimedOut) as caught:
            read(server.url, backend, timeout=timeout)
    finally:
        over.set()
    assert caught.value.operation == "streamUpdates"
    assert len(server.requests) == 2


@BACKENDS
@READS
def test_stream_outlives_the_timeout_of_a_call(read: Read, backend: str) -> None:
    drip = [HEAD, *[chunk(b": idling\n")] * 6, chunk(ONE), LAST]
    with loopback(drip, ENOUGH, http(), pause=0.1) as server:
        events = read(server.url, backend, timeout=Timeout(total=0.4, read=0.4, idle=5))
    assert [event.data.uid for event in events] == [1]


@BACKENDS
@READS
def test_error_where_a_stream_was_due(read: Read, backend: str) -> None:
    told = http(b'{"error":"This user does not exist","code":"UserNotFound"}')
    with loopback(told) as server, pytest.raises(NotFound, match="does not exist"):
        read(server.url, backend)
    assert len(server.requests) == 1


class Pieces:
    """Passes for a list of pieces; the server asks for each as it goes, and closes the generator in the end."""

    def __init__(self, make: Callable[..., Iterator[bytes]], *arguments: object) -> None:
        self.make = make
        self.arguments = arguments

    def __iter__(self) -> Iterator[bytes]:
        return self.make(*self.arguments)


def pieces(make: Callable[..., Iterator[bytes]], *arguments: object) -> Any:
    return Pieces(make, *arguments)


def waiting(said: threading.Event, over: threading.Event) -> Iterator[bytes]:
    yield HEAD + chunk(ONE)
    said.set()
    over.wait(20)


# A read of pyreqwest's cannot be ended.
@pytest.mark.parametrize("backend", ["httpx", "httpx2"])
def test_closing_from_another_thread_ends_a_read_at_once(backend: str) -> None:
    said, over = threading.Event(), threading.Event()
    found: list[object] = []

    def loop(stream: EventStream[Update]) -> None:
        try:
            found.extend(event.id for event in stream)
            found.append("ended")
        except Exception as error:
            found.append(error)

    try:
        with (
            loopback(pieces(waiting, said, over), http(), pause=0.0) as server,
            StreamDuck(server.url, **options(backend, {"timeout": Timeout(idle=30)})) as mail,
        ):
            stream = mail.updates("u")
            thread = threading.Thread(target=loop, args=(stream,))
            thread.start()
            assert said.wait(10)
            while stream.last_event_id != "1":
                time.sleep(0.01)
            stream.close()
            thread.join(5)
            assert not thread.is_alive()
    finally:
        over.set()
    assert found == ["1", "ended"]


@BACKENDS
def test_closing_from_another_task_ends_a_read_at_once(backend: str) -> None:
    said, over = threading.Event(), threading.Event()
    found: list[object] = []

    async def loop(stream: AsyncEventStream[Update]) -> None:
        async for event in stream:
            found.append(event.id)
        found.append("ended")

    async def main(url: str) -> None:
        async with AsyncStreamDuck(url, **options(backend, {"timeout": Timeout(idle=30)})) as mail:
            stream = mail.updates("u")
            task = asyncio.create_task(loop(stream))
            await asyncio.to_thread(said.wait, 10)
            while stream.last_event_id != "1":
                await asyncio.sleep(0.01)
            await stream.aclose()
            await task

    try:
        with loopback(pieces(waiting, said, over), http(), pause=0.0) as server:
            asyncio.run(asyncio.wait_for(main(server.url), 10))
    finally:
        over.set()
    assert found == ["1", "ended"]


def until_gone(gone: threading.Event) -> Iterator[bytes]:
    """Speaks until the client has closed the connection."""
    try:
        yield HEAD + chunk(ONE)
        while True:
            time.sleep(0.01)
            yield chunk(b": idling\n" * 100)
    finally:
        gone.set()


@BACKENDS
def test_loop_that_is_left_closes_its_connection(backend: str) -> None:
    gone = threading.Event()
    with (
        loopback(pieces(until_gone, gone), http(), pause=0.0) as server,
        StreamDuck(server.url, **options(backend, {})) as mail,
    ):
        for event in mail.updates("u"):
            assert event.id == "1"
            break
        assert gone.wait(10)
        assert mail.users.get("u").id == "1"


@BACKENDS
def test_async_with_that_is_left_closes_its_connection(backend: str) -> None:
    gone = threading.Event()

    async def main(url: str) -> None:
        async with AsyncStreamDuck(url, **options(backend, {})) as mail:
            async with mail.updates("u") as stream:
                async for event in stream:
                    assert event.id == "1"
                    break
            assert await asyncio.to_thread(gone.wait, 10)
            assert (await mail.users.get("u")).id == "1"

    with loopback(pieces(until_gone, gone), http(), pause=0.0) as server:
        asyncio.run(asyncio.wait_for(main(server.url), 20))


@BACKENDS
def test_cancelled_loop_closes_its_connection(backend: str) -> None:
    gone = threading.Event()

    async def main(url: str) -> None:
        async with AsyncStreamDuck(url, **options(backend, {})) as mail:
            stream = mail.updates("u")

            async def loop() -> None:
                async for _ in stream:
                    pass

            task = asyncio.create_task(loop())
            while stream.last_event_id != "1":
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await asyncio.to_thread(gone.wait, 10)

    with loopback(pieces(until_gone, gone), http(), pause=0.0) as server:
        asyncio.run(asyncio.wait_for(main(server.url), 20))


@BACKENDS
@SAVES
def test_file_is_saved_as_the_server_sent_it(save: Save, backend: str, tmp_path: Path) -> None:
    chunked = b"HTTP/1.1 200 OK\r\nContent-Type: message/rfc822\r\nTransfer-Encoding: chunked\r\n\r\n"
    answers: Iterable[Any] = [
        http(MAIL).replace(b"application/json", b"message/rfc822"),
        [chunked, *(chunk(MAIL[at : at + 60_000]) for at in range(0, len(MAIL), 60_000)), LAST],
        [b"HTTP/1.1 200 OK\r\nContent-Type: message/rfc822\r\n\r\n" + MAIL],
    ]
    for answer in answers:
        with loopback(answer, http(), pause=0.0) as server:
            assert save(server.url, backend, tmp_path / "44.eml") == len(MAIL)
        assert (tmp_path / "44.eml").read_bytes() == MAIL


@BACKENDS
@SAVES
def test_file_cut_off_is_an_error_and_leaves_nothing(save: Save, backend: str, tmp_path: Path) -> None:
    whole = http(MAIL).replace(b"application/json", b"message/rfc822")
    chunked = b"HTTP/1.1 200 OK\r\nContent-Type: message/rfc822\r\nTransfer-Encoding: chunked\r\n\r\n"
    for answer in ([whole[:-1]], [chunked + chunk(MAIL[:-1])], [chunked + b"ff\r\nabc"]):
        with loopback(answer, http(), pause=0.0) as server, pytest.raises(Disconnected) as caught:
            save(server.url, backend, tmp_path / "44.eml")
        assert (caught.value.operation, caught.value.status) == ("getMessageSource", 200)
        assert list(tmp_path.iterdir()) == []
        assert len(server.requests) == 1


@BACKENDS
@SAVES
def test_file_that_stops_coming_is_given_up_after_the_idle_time(save: Save, backend: str, tmp_path: Path) -> None:
    over = threading.Event()

    def stalled() -> Iterator[bytes]:
        yield http(MAIL).replace(b"application/json", b"message/rfc822")[:-1]
        over.wait(20)

    try:
        with loopback(pieces(stalled), http(), pause=0.0) as server, pytest.raises(TimedOut):
            save(server.url, backend, tmp_path / "44.eml", timeout=Timeout(idle=0.3))
    finally:
        over.set()
    assert list(tmp_path.iterdir()) == []


@BACKENDS
@SAVES
def test_endless_file_ends_at_the_limit(save: Save, backend: str, tmp_path: Path) -> None:
    gone = threading.Event()
    with loopback(pieces(endless_file, gone), http(), pause=0.0) as server, pytest.raises(MailwrightError) as caught:
        save(server.url, backend, tmp_path / "44.eml", limits=Limits(stream_bytes=1_000_000))
    assert getattr(caught.value, "limit", "") == "stream_bytes"
    assert list(tmp_path.iterdir()) == []
    assert gone.wait(10)


def endless_file(gone: threading.Event) -> Iterator[bytes]:
    try:
        yield b"HTTP/1.1 200 OK\r\nContent-Type: message/rfc822\r\n\r\n"
        while True:
            yield b"x" * 65_536
    finally:
        gone.set()
