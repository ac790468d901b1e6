"""Bodies that come and go piece by piece."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest
from backend_drivers import Driver, request
from raw_server import CLOSE, WAIT, http, serving

from mailwright.runtime.errors import Disconnected, TransportError, UsageError
from mailwright.runtime.upload import Upload

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
LARGE = os.urandom(1_000_003)


def test_chunks_come_as_the_server_sends_them(driver: Driver) -> None:
    with serving([CHUNKED, WAIT, b"3\r\nabc\r\n", WAIT, b"1\r\nd\r\n", WAIT, b"0\r\n\r\n"]) as server:
        reply = driver.open(request(server.url, streamed=True))
        assert reply.status == 200
        chunks = reply.chunks()
        # The server says nothing before the test allows it, so each chunk must be handed on before the next is there.
        server.go_on()
        assert next(chunks) == b"abc"
        server.go_on()
        assert next(chunks) == b"d"
        server.go_on()
        assert list(chunks) == []
        reply.close()
        for _ in range(3):
            server.go_on()
        driver.call(request(server.url))
    assert server.connections == 1


def test_large_body_comes_whole(driver: Driver) -> None:
    with serving(http(LARGE)) as server:
        answer = driver.call(request(server.url))
    assert answer.content == LARGE


def test_body_that_is_not_read_to_its_end_ends_its_connection(driver: Driver) -> None:
    with serving([CHUNKED, b"3\r\nabc\r\n", WAIT], http()) as server:
        reply = driver.open(request(server.url, streamed=True))
        assert next(iter(reply.chunks())) == b"abc"
        reply.close()
        reply.close()
        server.go_on()
        server.wait_for(ended=1)
        assert driver.call(request(server.url)).content == b"{}"
    assert server.connections == 2


def test_closed_answer_cannot_be_read(driver: Driver) -> None:
    with serving([CHUNKED, WAIT]) as server:
        reply = driver.open(request(server.url, streamed=True))
        reply.close()
        with pytest.raises(TransportError, match="closed from this side"):
            next(iter(reply.chunks()))


def test_stream_that_breaks_off_is_disconnected_after_its_chunks(driver: Driver) -> None:
    with serving([CHUNKED, b"3\r\nabc\r\n", CLOSE]) as server:
        chunks = driver.open(request(server.url, streamed=True)).chunks()
        assert next(chunks) == b"abc"
        with pytest.raises(Disconnected) as caught:
            next(chunks)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


Source = Callable[[Path], "bytes | Path | BinaryIO"]


def as_bytes(path: Path) -> bytes:
    return path.read_bytes()


def as_path(path: Path) -> Path:
    return path


def as_file(path: Path) -> BinaryIO:
    return path.open("rb")


def as_pipe(path: Path) -> BinaryIO:
    """A file of which nobody knows the length."""
    file = path.open("rb")

    class Pipe(io.RawIOBase):
        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            return file.readinto(buffer)  # type: ignore[attr-defined, no-any-return]

        def readable(self) -> bool:
            return True

        def close(self) -> None:
            file.close()
            super().close()

    return io.BufferedReader(Pipe())


@pytest.mark.parametrize("source", [as_bytes, as_path, as_file, as_pipe])
@pytest.mark.parametrize("content", [b"", b"abc", LARGE], ids=["empty", "small", "large"])
def test_upload_arrives_whole(driver: Driver, source: Source, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(content)
    opened = source(path)
    upload = Upload(opened)
    with serving() as server:
        for _ in range(1 if source is as_pipe else 2):
            driver.call(request(server.url, "POST", [("Content-Type", "message/rfc822")], upload))
    if not isinstance(opened, (bytes, Path)):
        opened.close()
    for seen in server.seen:
        assert seen.body == content
        assert seen.chunked is (source is as_pipe)
        assert seen.all("content-length") == ([] if seen.chunked else [str(len(content)).encode()])
        assert seen.all("content-type") == [b"message/rfc822"]
    assert server.connections == 1


@pytest.mark.parametrize("now", [b"ab" * 150_000, b"ab", b""], ids=["some", "little", "none"])
def test_upload_of_a_file_that_gets_shorter_is_refused(driver: Driver, now: bytes, tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(b"abcd" * 100_000)
    upload = Upload(path)
    path.write_bytes(now)
    with serving() as server:
        with pytest.raises(UsageError, match=r"^the file to upload became shorter: ") as caught:
            driver.call(request(server.url, "PUT", content=upload))
        assert (caught.value.__cause__, caught.value.__context__) == (None, None)
        # The server waits for the rest; the next request must not be taken for it.
        assert driver.call(request(server.url)).content == b"{}"
    assert [seen.lines[0] for seen in server.seen] == [b"GET / HTTP/1.1"]


def test_upload_that_cannot_be_read_is_told_in_its_own_words(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(b"abcd")
    upload = Upload(path)
    path.unlink()
    with serving() as server:
        with pytest.raises(UsageError, match=r"^the file to upload cannot be read: .*No such file"):
            driver.call(request(server.url, "POST", content=upload))
        assert driver.call(request(server.url)).content == b"{}"


def test_answer_that_comes_before_the_upload_is_whole(driver: Driver) -> None:
    refusal = http(b"no", status="413 Too Large", headers=["Connection: close"])
    with serving([refusal, WAIT], reads_body=False) as server:
        answer = driver.call(request(server.url, "POST", content=Upload(b"abcd" * 1000)))
    assert (answer.status, answer.content) == (413, b"no")
