"""How a client is closed, shared, forgotten and forked."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from loopback import HANG, Loopback, free_port, http, loopback
from sample_api import ONCE, PING, AsyncDuck, Duck, scripted
from stream_samples import GET_SOURCE

from mailwright.runtime import MailwrightError, Retries, TransportError, UsageError

HERE = Path(__file__).parent
BACKENDS = pytest.mark.parametrize("backend", ["httpx", "httpx2", "pyreqwest"])
PROC_FD = Path("/proc/self/fd")


class Echo(BaseHTTPRequestHandler):
    """Answers each request with the id in its path."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        content = json.dumps({"success": True, "id": self.path.rpartition("/")[2]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None: ...


class EchoServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 200


@contextmanager
def echo_server() -> Iterator[str]:
    with EchoServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


# Closing


@BACKENDS
def test_client_is_closed_once_and_then_refuses_calls(backend: str) -> None:
    with loopback() as server:
        with Duck(server.url, backend=backend) as mail:
            mail.users.get("x")
        mail.close()
        mail.close()
        for call in (lambda: mail.users.get("x"), lambda: mail.open(GET_SOURCE, "x", 1), lambda: mail.send(PING)):
            with pytest.raises(UsageError, match="the client is closed"):
                call()
        assert len(server.requests) == 1


@BACKENDS
def test_async_client_is_closed_once_and_then_refuses_calls(backend: str) -> None:
    async def main(url: str) -> None:
        async with AsyncDuck(url, backend=backend) as mail:
            await mail.users.get("x")
        await mail.aclose()
        await mail.aclose()
        with pytest.raises(UsageError, match="the client is closed"):
            await mail.users.get("x")
        with pytest.raises(UsageError, match="the client is closed"):
            await mail.open(GET_SOURCE, "x", 1)

    with loopback() as server:
        asyncio.run(main(server.url))
        assert len(server.requests) == 1


@pytest.mark.parametrize("make", [Duck, AsyncDuck])
@BACKENDS
def test_client_that_was_never_used_can_be_closed(make: Callable[..., Any], backend: str) -> None:
    client = make("http://127.0.0.1:1", backend=backend)
    if isinstance(client, Duck):
        client.close()
    else:
        asyncio.run(client.aclose())


def test_client_is_closed_also_when_its_block_fails() -> None:
    mail = Duck("http://mail.test")
    with pytest.raises(ZeroDivisionError), mail:
        raise ZeroDivisionError
    with pytest.raises(UsageError, match="the client is closed"):
        mail.users.get("x")


def test_client_that_is_lent_stays_open() -> None:
    with loopback() as server, httpx.Client() as lent:
        with Duck(server.url, backend=lent) as mail:
            mail.users.get("x")
        assert not lent.is_closed
        assert lent.get(server.url).status_code == 200


# Forgetting


def warned(make: Callable[[], object]) -> list[str]:
    gc.collect()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        kept = make()
        del kept
        gc.collect()
    return [str(each.message) for each in caught if "was not closed" in str(each.message)]


@BACKENDS
def test_client_that_is_forgotten_warns(backend: str) -> None:
    def forget(url: str) -> None:
        mail = Duck(url, backend=backend)
        mail.users.get("x")
        mail.with_options(timeout=2).users.get("x")

    with loopback() as server:
        assert warned(lambda: forget(server.url)) == ["Duck was not closed; use it in a with statement"]


@BACKENDS
def test_async_client_that_is_forgotten_warns(backend: str) -> None:
    async def forget(url: str) -> None:
        await AsyncDuck(url, backend=backend).users.get("x")

    with loopback() as server:
        told = warned(lambda: asyncio.run(forget(server.url)))
    assert told == ["AsyncDuck was not closed; use it in a with statement"]


def test_client_without_connections_of_its_own_does_not_warn() -> None:
    assert warned(lambda: Duck("http://mail.test")) == []
    assert warned(lambda: Duck("http://mail.test", backend=scripted()).users.get("x")) == []
    with httpx.Client() as lent:
        assert warned(lambda: Duck("http://mail.test", backend=lent)) == []


def test_client_that_was_closed_does_not_warn() -> None:
    def use(url: str) -> None:
        mail = Duck(url)
        mail.users.get("x")
        mail.close()

    with loopback() as server:
        assert warned(lambda: use(server.url)) == []


def test_client_that_could_not_be_made_does_not_warn() -> None:
    def fail() -> None:
        with suppress(UsageError):
            Duck("ftp://mail.test")
        with suppress(UsageError):
            Duck("http://mail.test", backend="curl")
        with suppress(UsageError):
            Duck("http://mail.test", backend="pyreqwest", timeout=-1)

    assert warned(fail) == []


def test_program_that_ends_with_an_open_client_says_nothing_odd() -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from loopback import loopback\n"
        "from sample_api import Duck\n"
        "with loopback() as server:\n"
        "    mail = Duck(server.url)\n"
        "    print(mail.users.get('x').id)\n"
    )
    ran = run(script)
    assert ran.stdout == "1\n"
    assert ran.stderr == ""


# Sharing


@BACKENDS
def test_twenty_threads_share_a_client(backend: str) -> None:
    with echo_server() as url, Duck(url, backend=backend) as mail, ThreadPoolExecutor(20) as pool:
        ids = [f"u{number}" for number in range(400)]
        assert list(pool.map(lambda user: mail.users.get(user).id, ids)) == ids


@BACKENDS
def test_first_calls_of_many_threads_make_one_backend(backend: str) -> None:
    start = threading.Barrier(20)

    def first(mail: Duck) -> object:
        start.wait(10)
        mail.users.get("x")
        return mail._connection.backend()

    with echo_server() as url, Duck(url, backend=backend) as mail, ThreadPoolExecutor(20) as pool:
        assert len(set(pool.map(lambda _: id(first(mail)), range(20)))) == 1


@BACKENDS
def test_hundred_tasks_share_a_client(backend: str) -> None:
    async def main(url: str) -> list[str]:
        async with AsyncDuck(url, backend=backend) as mail:
            users = await asyncio.gather(*(mail.users.get(f"u{number}") for number in range(150)))
            return [user.id for user in users]

    with echo_server() as url:
        assert asyncio.run(main(url)) == [f"u{number}" for number in range(150)]


@BACKENDS
def test_task_that_is_cancelled_does_not_disturb_the_others(backend: str) -> None:
    async def main(url: str) -> list[object]:
        async with AsyncDuck(url, backend=backend) as mail:
            tasks = [asyncio.create_task(mail.users.get(f"u{number}")) for number in range(100)]
            for number, task in enumerate(tasks):
                if number % 3 == 0:
                    task.cancel()
                if number % 10 == 0:
                    await asyncio.sleep(0)
            found = await asyncio.gather(*tasks, return_exceptions=True)
            assert (await mail.users.get("last")).id == "last"
        return list(found)

    with echo_server() as url:
        found = asyncio.run(main(url))
    for number, each in enumerate(found):
        if isinstance(each, asyncio.CancelledError):
            assert number % 3 == 0
        else:
            assert each.id == f"u{number}"  # type: ignore[attr-defined]


# Closing while calls are running


def wait_for_requests(server: Loopback, count: int) -> None:
    end = time.monotonic() + 10
    while len(server.requests) < count and time.monotonic() < end:
        time.sleep(0.005)
    assert len(server.requests) == count


@pytest.mark.parametrize(
    ("backend", "answer"),
    [
        *((backend, HANG) for backend in ("httpx", "httpx2", "pyreqwest")),
        # What pyreqwest reads of a body is not to be interrupted.
        *((backend, [http()[:-3], b"}"]) for backend in ("httpx", "httpx2")),
    ],
)
def test_calls_that_are_running_end_with_a_documented_error(backend: str, answer: list[bytes] | None) -> None:
    def call(mail: Duck) -> object:
        try:
            return mail.users.get("x")
        except MailwrightError as error:
            return error

    with loopback(answer, pause=5) as server, ThreadPoolExecutor(5) as pool:
        mail = Duck(server.url, backend=backend, timeout=20, retries=Retries(wait=lambda _: 0))
        calls = [pool.submit(call, mail) for _ in range(5)]
        wait_for_requests(server, 5)
        began = time.monotonic()
        mail.close()
        ends = [each.result(10) for each in calls]
        assert time.monotonic() - began < 2
        server.over.set()
    assert {type(end) for end in ends} <= {TransportError, UsageError}
    assert all("closed" in str(end) for end in ends)


@BACKENDS
def test_async_calls_that_are_running_end_with_a_documented_error(backend: str) -> None:
    async def main(server: Loopback) -> list[object]:
        mail = AsyncDuck(server.url, backend=backend, timeout=20, retries=Retries(wait=lambda _: 0))
        calls = [asyncio.create_task(mail.users.get("x")) for _ in range(5)]
        await asyncio.to_thread(wait_for_requests, server, 5)
        await mail.aclose()
        async with asyncio.timeout(2):
            return list(await asyncio.gather(*calls, return_exceptions=True))

    with loopback(HANG) as server:
        ends = asyncio.run(main(server))
    assert {type(end) for end in ends} <= {TransportError, UsageError}
    assert all("closed" in str(end) for end in ends)


def test_call_that_waits_for_its_next_attempt_ends_with_a_usage_error() -> None:
    mail = Duck("http://127.0.0.1:1", backend="httpx", retries=Retries(attempts=2, wait=lambda _: 0.1))
    closing = threading.Timer(0.03, mail.close)
    closing.start()
    with pytest.raises(UsageError, match="the client is closed") as caught:
        mail.users.get("x")
    closing.join()
    assert (caught.value.operation, caught.value.attempts) == ("getUser", 1)


# Nothing left behind


BAD: list[bytes | list[bytes]] = [
    b"",
    [b"HTTP/1.1 200 OK\r\n", b"Content-Length: 100\r\n\r\n{"],
    b"no HTTP at all\r\n\r\n",
    http(b"<html>"),
    http(b'{"error":"no"}', status="500 No"),
    http(b"?", headers=["Content-Encoding: gzip"]),
    http(headers=[f"X-{number}: 1" for number in range(90)] * 3),
    http(status="302 Found", headers=["Location: http://elsewhere.test/"]),
    [b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", b"{"],
]


def sockets_settled(most: int) -> int:
    # The other side of a connection, and the threads of a library, end a moment later.
    end = time.monotonic() + 5
    while (count := sockets()) > most and time.monotonic() < end:
        time.sleep(0.01)
    return count


def sockets() -> int:
    count = 0
    for number in PROC_FD.iterdir():
        with suppress(OSError):
            count += number.readlink().name.startswith("socket:")
    return count


@pytest.mark.skipif(not PROC_FD.exists(), reason="there is no /proc/self/fd to count")
@BACKENDS
def test_no_socket_is_left_open_after_errors(backend: str) -> None:
    async def fail(url: str) -> None:
        async with AsyncDuck(url, backend=backend, retries=ONCE, follow_redirects=True, timeout=5) as mail:
            with suppress(MailwrightError):
                await mail.users.get("x")
            with suppress(MailwrightError):
                await (await mail.open(GET_SOURCE, "x", 1)).aclose()

    gc.collect()
    before = sockets()
    for answer in BAD:
        with loopback(answer, pause=0.01) as server:
            with Duck(server.url, backend=backend, retries=ONCE, follow_redirects=True, timeout=5) as mail:
                with suppress(MailwrightError):
                    mail.users.get("x")
                with suppress(MailwrightError):
                    mail.open(GET_SOURCE, "x", 1).close()
            asyncio.run(fail(server.url))
            assert len(server.requests) == 4
    gc.collect()
    assert sockets_settled(before) <= before


# Forking


def run(script: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", script, str(HERE)]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)


FORK = (
    "import os, sys; sys.path.insert(0, sys.argv[1])\n"
    "from loopback import loopback\n"
    "from sample_api import Duck\n"
    "from mailwright.runtime import UsageError\n"
    "def child(work):\n"
    "    sys.stdout.flush()\n"
    "    process = os.fork()\n"
    "    if not process:\n"
    "        try:\n"
    "            work()\n"
    "        except BaseException as error:\n"
    "            print(type(error).__name__, error)\n"
    "        sys.stdout.flush()\n"
    "        os._exit(0)\n"
    "    os.waitpid(process, 0)\n"
)
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


@needs_fork
@BACKENDS
def test_connections_of_the_parent_are_refused_in_a_child_and_stay_the_parents(backend: str) -> None:
    script = FORK + (
        "with loopback() as server:\n"
        f"    mail = Duck(server.url, backend={backend!r})\n"
        "    mail.users.get('x')\n"
        "    def work():\n"
        "        with mail:\n"
        "            mail.with_options(timeout=2).users.get('x')\n"
        "    child(work)\n"
        "    print(mail.users.get('x').id, len(server.requests))\n"
        "    mail.close()\n"
    )
    ran = run(script)
    told, parent = ran.stdout.splitlines()
    assert told.startswith("UsageError this client has connections of process ")
    assert "make a client after the fork" in told
    assert parent == "1 2"
    assert ran.stderr == ""


@needs_fork
def test_client_that_was_not_used_works_in_both(tmp_path: Path) -> None:
    script = FORK + (
        "with loopback() as server:\n"
        "    mail = Duck(server.url)\n"
        "    def work():\n"
        "        with mail:\n"
        "            print('child', mail.users.get('x').id, flush=True)\n"
        "    child(work)\n"
        "    print('parent', mail.users.get('x').id)\n"
        "    mail.close()\n"
    )
    ran = run(script)
    assert ran.stdout.splitlines() == ["child 1", "parent 1"]
    assert ran.stderr == ""


@needs_fork
def test_lock_that_was_held_at_the_fork_holds_nobody() -> None:
    script = FORK + (
        "with loopback() as server:\n"
        "    used, unused, closed = Duck(server.url), Duck(server.url), Duck(server.url)\n"
        "    used.users.get('x')\n"
        "    def work():\n"
        "        used.close()\n"
        "        closed.close()\n"
        "        print(unused.users.get('x').id)\n"
        "    with used._connection._lock, unused._connection._lock, closed._connection._lock:\n"
        "        child(work)\n"
        "    used.close()\n"
    )
    assert run(script).stdout.splitlines() == ["1"]


# Event loops


def test_server_that_is_not_there_leaves_the_client_usable() -> None:
    port = free_port()
    with Duck(f"http://127.0.0.1:{port}", retries=ONCE) as mail:
        for _ in range(150):
            with pytest.raises(TransportError):
                mail.users.get("x")
