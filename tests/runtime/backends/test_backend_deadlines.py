"""No call lasts longer than it may."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from backend_drivers import MARGIN, Driver, request, threads_of_backends, within
from raw_server import HANG, deaf, eventually, http, serving

from mailwright.runtime.errors import ConnectFailed, TimedOut
from mailwright.runtime.upload import Upload

HEAD = b"HTTP/1.1 200 OK\r\n"
DRIP: list[bytes | float] = [b"X-A: b\r\n", 0.05] * 100
# Of httpx, which knows no more.
SILENT = r"^(the server was silent for {} s|no answer in time)$"


@pytest.mark.parametrize(
    "answer",
    [
        [HANG],
        [HEAD, *DRIP],
        [HEAD + b"Content-Length: 9000\r\n\r\n", *DRIP],
        [HEAD + b"Content-Length: 9000\r\n\r\n", HANG],
        [HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[b"1\r\na\r\n", 0.05] * 100],
        [HEAD + b"\r\n", *DRIP],
        [b"HTTP/1.1 100 Continue\r\n\r\n", 0.05] * 100,
    ],
    ids=["silence", "dripped head", "dripped body", "silent body", "dripped chunks", "endless body", "endless 100"],
)
def test_call_ends_at_its_deadline_and_the_backend_goes_on(driver: Driver, answer: list[Any]) -> None:
    with serving(answer, http()) as server:
        with within(0.25 + MARGIN), pytest.raises(TimedOut, match=r"^no whole answer within 0\.25 s$") as caught:
            driver.call(request(server.url, timeout=0.25))
        assert caught.value.sent
        assert (caught.value.__cause__, caught.value.__context__) == (None, None)
        assert driver.call(request(server.url)).content == b"{}"
    eventually(threads_of_backends, 0)


def test_deadline_holds_on_a_connection_that_is_used_again(driver: Driver) -> None:
    with serving(http(), [HEAD, *DRIP], http()) as server:
        driver.call(request(server.url))
        with within(0.25 + MARGIN), pytest.raises(TimedOut):
            driver.call(request(server.url, timeout=0.25))
        driver.call(request(server.url))
        assert server.connections == 2
        eventually(threads_of_backends, 0)


@pytest.mark.parametrize("answer", [[HANG], [HEAD + b"Content-Length: 9\r\n\r\n", HANG]], ids=["head", "body"])
def test_silence_ends_a_call_before_its_deadline(driver: Driver, answer: list[Any]) -> None:
    # A lent sync client knows only whole seconds.
    read = 1 if driver.is_borrowed and not driver.is_async else 0.25
    with (
        serving(answer) as server,
        within(read + MARGIN),
        pytest.raises(TimedOut, match=SILENT.format(read)) as caught,
    ):
        driver.call(request(server.url, timeout=8, read=read))
    assert caught.value.sent


def test_stream_may_last_beyond_the_deadline(driver: Driver) -> None:
    pieces = [b"1\r\na\r\n", 0.1] * 8
    with serving([HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *pieces, b"0\r\n\r\n"], http()) as server:
        answer = driver.call(request(server.url, timeout=0.3, read=5, streamed=True))
        assert answer.content == b"a" * 8


@pytest.mark.parametrize("answer", [[HANG], [HEAD, *DRIP]], ids=["silence", "dripped head"])
def test_head_of_a_stream_must_be_there_at_the_deadline(driver: Driver, answer: list[Any]) -> None:
    with serving(answer, http()) as server:
        with within(0.25 + MARGIN), pytest.raises(TimedOut, match=r"^no answer within 0\.25 s$"):
            driver.open(request(server.url, timeout=0.25, read=9, streamed=True))
        assert driver.call(request(server.url)).content == b"{}"


def test_stream_that_falls_silent_ends(driver: Driver) -> None:
    with serving([HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n", HANG], http()) as server:
        reply = driver.open(request(server.url, timeout=8, read=0.25, streamed=True))
        chunks = reply.chunks()
        assert next(chunks) == b"a"
        with (
            within(0.25 + MARGIN),
            pytest.raises(TimedOut, match=SILENT.format("0.25")),
        ):
            next(chunks)
        assert driver.call(request(server.url)).content == b"{}"


def test_server_that_takes_in_nothing_ends_an_upload(driver: Driver) -> None:
    upload = Upload(b"a" * 20_000_000)
    with serving([HANG], reads_body=False) as server, within(0.25 + MARGIN), pytest.raises(TimedOut) as caught:
        driver.call(request(server.url, "POST", content=upload, timeout=0.25))
    assert caught.value.message == "no whole answer within 0.25 s"


@pytest.mark.parametrize("total", [8.0, 0.25], ids=["connect", "deadline"])
def test_connection_that_is_not_taken_ends_in_time_and_nothing_was_sent(driver: Driver, total: float) -> None:
    with deaf() as port, within(0.25 + MARGIN), pytest.raises(TimedOut) as caught:
        driver.call(request(f"http://127.0.0.1:{port}", timeout=total, connect=0.25 if total == 8 else 5))
    # pyreqwest does not tell in which step a deadline was met.
    assert caught.value.sent is (driver.is_pyreqwest and total == 0.25)


def test_handshake_without_an_answer_ends_in_time_and_nothing_was_sent(driver: Driver) -> None:
    with (
        serving(before=[HANG]) as server,
        within(0.25 + MARGIN),
        pytest.raises(TimedOut) as caught,
    ):
        driver.call(request(server.url.replace("http", "https"), connect=0.25))
    assert not caught.value.sent


def test_very_long_timeouts_are_no_obstacle(driver: Driver) -> None:
    with serving() as server:
        answer = driver.call(request(server.url, timeout=1e300, connect=1e300, read=1e300, pool=1e300))
    assert answer.status == 200


def test_deadline_that_has_passed_sends_nothing(driver: Driver) -> None:
    late = request("http://127.0.0.1:1", timeout=-1.0)
    with within(MARGIN), pytest.raises(TimedOut):
        driver.call(late)


def test_refused_connection_is_connect_failed(driver: Driver) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with within(MARGIN), pytest.raises(ConnectFailed, match=r"^cannot connect: (.*refused|All conn)") as caught:
        driver.call(request(f"http://127.0.0.1:{port}/?token=tok-5f3a"))
    assert not caught.value.sent
    assert "tok-5f3a" not in str(caught.value)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
