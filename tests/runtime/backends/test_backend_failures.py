"""What a broken answer or connection becomes, and that it breaks nothing else."""

from __future__ import annotations

import socket
import traceback
from collections.abc import Sequence
from pathlib import Path

import pytest
from backend_drivers import Driver, driving, request
from raw_server import CLOSE, RESET, TELL, WAIT, Step, eventually, http, serving

from mailwright.runtime.backends import chosen_backend
from mailwright.runtime.errors import ConnectFailed, Disconnected, MailwrightError, ProtocolError, UsageError
from mailwright.runtime.upload import Upload

TOKEN = "tok-5f3a"
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
LENGTH = HEAD + b"Content-Length: 50\r\n\r\n"

BROKEN: dict[str, tuple[Sequence[Step], type[MailwrightError] | None]] = {
    "closed without an answer": ([CLOSE], Disconnected),
    "reset without an answer": ([RESET], Disconnected),
    "closed in the status line": ([b"HTTP/1", CLOSE], Disconnected),
    "closed in the head": ([HEAD + b"Content-Ty", CLOSE], Disconnected),
    "reset in the head": ([HEAD + b"Content-Ty", 0.05, RESET], Disconnected),
    "closed after an early hint": ([b"HTTP/1.1 103 Hints\r\n\r\n", CLOSE], Disconnected),
    "closed in the body": ([LENGTH + b"{", CLOSE], Disconnected),
    "reset in the body": ([LENGTH + b"{", 0.05, RESET], Disconnected),
    "closed in a chunk": ([CHUNKED + b"5\r\n{", CLOSE], Disconnected),
    "closed between chunks": ([CHUNKED + b"1\r\n{\r\n", CLOSE], Disconnected),
    "closed in the size of a chunk": ([CHUNKED + b"1\r\n{\r\n1", CLOSE], Disconnected),
    "reset in a chunk": ([CHUNKED + b"5\r\n{", 0.05, RESET], Disconnected),
    "a size that is no number": ([CHUNKED + b"zz\r\n{"], ProtocolError),
    "another protocol": ([b"220 mail.test ESMTP\r\n\r\n"], ProtocolError),
    # Which of the two depends on whether a line or the whole head is waited for.
    "another protocol, ended": ([b"220 mail.test ESMTP\r\n", CLOSE], None),
    "garbage": ([bytes(range(128, 256)) * 4 + b"\r\n\r\n"], ProtocolError),
    "a status that is no number": ([b"HTTP/1.1 abc OK\r\n\r\n"], ProtocolError),
    "HTTP/2": ([b"HTTP/2 200 OK\r\n\r\n"], ProtocolError),
    "a negative length": ([HEAD + b"Content-length: -1\r\n\r\n"], ProtocolError),
    "two lengths": ([HEAD + b"Content-length: 1\r\nContent-length: 2\r\n\r\n{}"], ProtocolError),
    "NUL in a header": ([HEAD + b"A\0: b\r\n\r\n"], ProtocolError),
    "a header without a colon": ([HEAD + b"Nonsense\r\n\r\n"], ProtocolError),
    "a header without end": ([HEAD + b"X: " + b"a" * 2_000_000], ProtocolError),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_answer_is_a_documented_error_and_the_backend_goes_on(driver: Driver, case: str) -> None:
    steps, kind = BROKEN[case]
    with serving(steps, http()) as server:
        with pytest.raises(MailwrightError) as caught:
            driver.call(request(f"{server.url}/?token={TOKEN}", headers=[("X-Access-Token", TOKEN)], timeout=3))
        assert type(caught.value) in ((kind,) if kind else (Disconnected, ProtocolError))
        assert (caught.value.__cause__, caught.value.__context__) == (None, None)
        assert TOKEN not in "".join(traceback.format_exception(caught.value))
        assert driver.call(request(server.url)).content == b"{}"
        server.wait_for(connections=2, ended=1)


@pytest.mark.parametrize(
    "steps",
    [[LENGTH + b"{", CLOSE], [CHUNKED + b"5\r\n{", 0.05, RESET], [b"220 mail.test\r\n\r\n"], [CLOSE]],
    ids=["cut", "reset", "no http", "no answer"],
)
def test_failed_calls_leave_no_socket_open(kind: str, is_async: bool, steps: Sequence[Step]) -> None:
    with serving(steps) as server:
        with driving(kind, is_async) as driver:
            outcomes = driver.at_once([request(server.url)] * 5)
            assert all(isinstance(each, MailwrightError) for each in outcomes)
            server.wait_for(connections=5, ended=5)
        server.wait_for(ended=server.connections)
        eventually(lambda: sockets_to(server.port), 0)


def test_connection_closed_while_idle_is_not_used_again(driver: Driver) -> None:
    with serving([http(), CLOSE]) as server:
        for number in range(1, 4):
            assert driver.call(request(server.url)).content == b"{}"
            server.wait_for(ended=number)
            if driver.is_pyreqwest:
                # It learns of the end in a thread of its own; the others look when they take a connection up again.
                eventually(lambda: sockets_to(server.port), 0)


def test_what_a_server_sends_after_its_answer_is_not_taken_for_the_next_one(driver: Driver) -> None:
    evil = http(b"evil")
    with serving(http() + evil, http(b"good")) as server:
        assert driver.call(request(server.url)).content == b"{}"
        assert driver.call(request(server.url)).content == b"good"


def test_what_a_server_sends_while_idle_is_not_taken_for_the_next_answer(driver: Driver) -> None:
    with serving([http(), WAIT, http(b"evil"), TELL, WAIT], http(b"good")) as server:
        assert driver.call(request(server.url)).content == b"{}"
        server.go_on()
        server.wait_for(told=1)
        # Whether pyreqwest sees it in time is up to its own thread.
        allowed = (b"good", b"evil") if driver.is_pyreqwest else (b"good",)
        assert driver.call(request(server.url)).content in allowed


def test_server_that_breaks_off_an_upload_is_disconnected(driver: Driver) -> None:
    with serving([RESET], http(), reads_body=False) as server, pytest.raises(Disconnected):
        driver.call(request(server.url, "POST", content=Upload(b"a" * 20_000_000)))


def test_name_that_resolves_to_nothing_is_connect_failed(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> object:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    # pyreqwest asks the system itself, which knows no such name without asking further.
    host = "a" * 64 + ".invalid" if driver.is_pyreqwest else "mail.test"
    with pytest.raises(ConnectFailed, match="cannot connect"):
        driver.call(request(f"http://{host}/"))


@pytest.mark.parametrize("host", ["a" * 70 + ".test", "a..test"])
def test_host_that_can_be_no_name_is_refused(driver: Driver, host: str) -> None:
    with pytest.raises((UsageError, ConnectFailed)):
        driver.call(request(f"http://{host}/"))


def test_unknown_error_of_a_library_is_told_by_its_name_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    import httpcore

    def fail(*_: object) -> object:
        raise ZeroDivisionError(TOKEN)

    monkeypatch.setattr(httpcore.HTTP11Connection, "handle_request", fail)
    backend, _ = chosen_backend("httpx")
    with serving() as server, pytest.raises(MailwrightError, match=r"^the transport failed: ZeroDivisionError$"):
        backend.send(request(server.url))
    backend.close()


def sockets_to(port: int) -> int:
    """Counts the sockets that some process holds open on the client's side of a port of 127.0.0.1."""
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    # One that is closed and only remembered by the system has no inode.
    return sum(row[2] == f"0100007F:{port:04X}" and row[9] != "0" for row in rows)
