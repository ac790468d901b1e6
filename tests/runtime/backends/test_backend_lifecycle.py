"""Many at once, kept connections, cancelling, closing, and what is left behind."""

from __future__ import annotations

import asyncio
import gc
import socket
import threading
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from backend_drivers import (
    KINDS,
    MARGIN,
    OWN,
    Answer,
    AsyncDriver,
    Driver,
    driving,
    request,
    threads_of_backends,
    within,
)
from raw_server import HANG, WAIT, RawServer, deaf, eventually, free_port, http, serving

from mailwright.runtime.backends import idle
from mailwright.runtime.backends.patience import Patience
from mailwright.runtime.backends.places import AsyncPlaces, Places
from mailwright.runtime.errors import ConnectFailed, MailwrightError, TimedOut, TransportError, UsageError

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"


def test_connection_is_used_again(driver: Driver) -> None:
    with serving() as server:
        for _ in range(5):
            driver.call(request(server.url))
        assert server.connections == 1


def test_connection_that_the_server_wants_closed_is_not_used_again(driver: Driver) -> None:
    with serving(http(headers=["Connection: close"])) as server:
        for number in range(1, 4):
            assert driver.call(request(server.url)).content == b"{}"
            server.wait_for(ended=number)
        assert server.connections == 3


@pytest.mark.parametrize("kind", OWN)
def test_connection_idle_for_long_is_not_used_again(kind: str, is_async: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle, "EXPIRY", -1.0)
    with driving(kind, is_async) as driver, serving() as server:
        for number in range(1, 4):
            driver.call(request(server.url))
            assert server.connections == number


def test_servers_have_connections_of_their_own(driver: Driver) -> None:
    with serving(http(b"one")) as one, serving(http(b"two")) as two:
        found = [driver.call(request(server.url)).content for server in (one, two) * 3]
    assert found == [b"one", b"two"] * 3
    assert (one.connections, two.connections) == (1, 1)


def test_many_calls_at_once(driver: Driver) -> None:
    count = 100 if driver.is_async else 20
    with serving([0.02, http()]) as server:
        for _ in range(5):
            outcomes = driver.at_once([request(f"{server.url}/{number}") for number in range(count)])
            assert outcomes == [Answer(200, outcomes[0].headers, b"{}")] * count  # type: ignore[union-attr]
    assert len(server.seen) == 5 * count
    assert sorted(int(seen.target[1:]) for seen in server.seen) == sorted(list(range(count)) * 5)
    assert len({seen.connection for seen in server.seen}) <= 5 * count


def all_at_once(driver: Driver, server: RawServer, count: int, at_the_server: int) -> None:
    """Makes calls that the server answers when so many of them are there."""

    def answer() -> None:
        server.wait_for(seen=at_the_server)
        for _ in range(count):
            server.go_on()

    thread = threading.Thread(target=answer)
    thread.start()
    outcomes = driver.at_once([request(server.url)] * count)
    thread.join()
    assert [each.content for each in outcomes if isinstance(each, Answer)] == [b"{}"] * count


@pytest.mark.parametrize("kind", OWN)
def test_twenty_connections_are_kept(kind: str, is_async: bool) -> None:
    with driving(kind, is_async) as driver, serving([WAIT, http()]) as server:
        all_at_once(driver, server, 30, at_the_server=30)
        assert server.connections == 30
        server.wait_for(ended=10)
        all_at_once(driver, server, 20, at_the_server=50)
        assert (server.connections, server.ended) == (30, 10)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("borrowed")])
def test_no_more_than_a_hundred_are_at_the_server(kind: str, is_async: bool) -> None:
    with driving(kind, is_async) as driver, serving([WAIT, http()]) as server:
        all_at_once(driver, server, 120, at_the_server=100)
        assert server.busiest == 100


def patience(pool: float, timeout: float = 5.0) -> Patience:
    return Patience(request("http://127.0.0.1", pool=pool, timeout=timeout))


@pytest.mark.parametrize(
    ("pool", "timeout", "told"),
    [(0.1, 5, "no connection was free within 0.1 s"), (5, 0.1, "no whole answer within 0.1 s")],
)
def test_place_that_does_not_get_free_is_timed_out_and_nothing_was_sent(pool: float, timeout: float, told: str) -> None:
    places = Places(1)
    place = places.take(patience(5))
    with within(0.1 + MARGIN), pytest.raises(TimedOut) as caught:
        places.take(patience(pool, timeout))
    assert (caught.value.message, caught.value.sent) == (told, False)
    assert (place.leave(), place.leave(), place.left) == (True, False, True)
    places.take(patience(0.1))

    async def wait() -> None:
        places = AsyncPlaces(1)
        place = await places.take(patience(5))
        with within(0.1 + MARGIN), pytest.raises(TimedOut) as caught:
            await places.take(patience(pool, timeout))
        assert (caught.value.message, caught.value.sent) == (told, False)
        place.leave()
        await places.take(patience(0.1))

    asyncio.run(wait())


@pytest.mark.parametrize("kind", OWN)
def test_next_address_is_tried_when_one_does_not_answer(
    kind: str, is_async: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with driving(kind, is_async) as driver, serving() as server, deaf() as nobody:
        ports = (free_port(), nobody, server.port)
        addresses = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)) for port in ports]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: addresses)
        # The second address gets half of the time that the first, which refuses, has left.
        with within(1.6):
            assert driver.call(request("http://mail.test/", connect=2)).status == 200
        addresses.reverse()
        del addresses[0]
        with within(2.6), pytest.raises((TimedOut, ConnectFailed)) as caught:
            driver.call(request("http://other.test/", connect=2))
        assert not caught.value.sent


@pytest.mark.parametrize("stage", ["connecting", "shaking hands", "head", "body"])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("borrowed")])
def test_closing_during_a_call_ends_it_at_once(kind: str, is_async: bool, stage: str) -> None:
    answer = [HEAD, b"{", HANG] if stage == "body" else [HANG]
    before = [HANG] if stage == "shaking hands" else []
    with driving(kind, is_async) as driver, serving(answer, before=before) as server, deaf() as nobody:
        url = {
            "connecting": f"http://127.0.0.1:{nobody}",
            "shaking hands": server.url.replace("http", "https"),
        }.get(stage, server.url)
        ready: Callable[[], None] = {
            "connecting": lambda: eventually(lambda: connecting_to(nobody), True),
            "shaking hands": lambda: server.wait_for(connections=1),
        }.get(stage, lambda: server.wait_for(seen=1))
        # pyreqwest goes on reading a body until its deadline.
        prompt = not (driver.is_pyreqwest and stage == "body")
        timeout = 8 if prompt else 1.5
        with within(MARGIN if prompt else timeout + MARGIN):
            outcome = driver.during(request(url, timeout=timeout, connect=8), ready, driver.close)
        assert isinstance(outcome, TransportError)
        assert "closed from this side" in outcome.message or not prompt
        assert (outcome.__cause__, outcome.__context__) == (None, None)
        driver.close()
        with pytest.raises(UsageError, match="closed"):
            driver.call(request(server.url))


def test_closing_a_client_that_was_lent_is_a_documented_error(is_async: bool) -> None:
    for kind in ("borrowed httpx", "borrowed httpx2"):
        with driving(kind, is_async) as driver, serving([HEAD, b"{", HANG]) as server:
            with within(1 + MARGIN):
                outcome = driver.during(
                    request(server.url, timeout=1), lambda: server.wait_for(seen=1), driver.close_lender
                )
            assert isinstance(outcome, TransportError)
            with pytest.raises(UsageError, match=r"^the httpx2?\.(Async)?Client that was given as backend is closed$"):
                driver.call(request(server.url))


def test_backend_that_is_closed_leaves_a_lent_client_open(is_async: bool) -> None:
    for kind in ("borrowed httpx", "borrowed httpx2"):
        with driving(kind, is_async) as driver, serving() as server:
            driver.call(request(server.url))
            driver.close()
            assert not driver.lender.is_closed
            assert driver.call(request(server.url)).status == 200
            assert server.connections == 1


def test_forgotten_answer_gives_its_connection_up(kind: str, is_async: bool) -> None:
    with driving(kind, is_async) as driver, serving([HEAD, b"{", HANG]) as server:
        reply = driver.open(request(server.url, streamed=True))
        chunks = reply.chunks()
        assert next(chunks) == b"{"
        del reply, chunks
        gc.collect()
        if isinstance(driver, AsyncDriver):
            driver.run(asyncio.sleep(0.05))
            gc.collect()
        server.wait_for(ended=1)
    eventually(threads_of_backends, 0)


def test_nothing_is_left_open_for_the_garbage_collector(kind: str, is_async: bool) -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        with driving(kind, is_async) as driver, serving(http(), [HEAD, b"{"], http()) as server:
            driver.call(request(server.url))
            with pytest.raises(MailwrightError):
                driver.call(request(server.url, timeout=0.2))
            driver.call(request(server.url))
        del driver
        gc.collect()
    # The server's own sockets end when its threads do.
    assert [str(each.message) for each in told if "raddr" in str(each.message)] == []
    assert [str(each.message) for each in told if each.category is not ResourceWarning] == []


STAGES: dict[str, list[Any]] = {
    "head": [HANG],
    "body": [HEAD, b"{", HANG],
    "dripped body": [HEAD, *[b"{", 0.05] * 8, HANG],
}


@pytest.mark.parametrize("stage", STAGES)
def test_cancelled_call_leaves_the_backend_usable(kind: str, stage: str) -> None:
    with driving(kind, True) as driver, serving(STAGES[stage], http()) as server:
        assert isinstance(driver, AsyncDriver)

        async def cancel() -> None:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await driver._call(request(server.url, timeout=1.0))

        driver.run(cancel())
        # At once; but pyreqwest waits for the head until the deadline.
        server.wait_for(ended=1)
        for _ in range(3):
            assert driver.call(request(server.url)).content == b"{}"
        assert server.connections == 2


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("borrowed")])
def test_calls_cancelled_at_any_moment_lose_no_place_and_no_socket(kind: str) -> None:
    with driving(kind, True) as driver, serving() as server:
        assert isinstance(driver, AsyncDriver)

        async def cancel_after(steps: int) -> None:
            task = asyncio.ensure_future(driver._call(request(server.url)))
            for _ in range(steps):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        async def all_steps() -> None:
            for steps in range(60):
                await cancel_after(steps)

        for _ in range(3):
            driver.run(all_steps())
        driver.run(asyncio.sleep(0.05))
        outcomes = driver.at_once([request(server.url, pool=2)] * 100)
        assert all(isinstance(each, Answer) for each in outcomes), outcomes
        driver.close()
        driver.run(asyncio.sleep(0.05))
        eventually(lambda: server.connections - server.ended, 0)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("borrowed")])
def test_async_backend_belongs_to_one_event_loop(kind: str) -> None:
    with driving(kind, True) as driver, serving() as server:
        driver.call(request(server.url))
        with pytest.raises(UsageError, match="another event loop"):
            asyncio.run(driver.backend.send(request(server.url)))
        assert driver.call(request(server.url)).status == 200


def test_async_backend_is_closed_after_its_event_loop(kind: str) -> None:
    with serving() as server:
        with driving(kind, True) as driver:
            assert isinstance(driver, AsyncDriver)
            driver.call(request(server.url))
            backend, driver.backend = driver.backend, _Nothing()
        if not driver.is_borrowed:
            asyncio.run(backend.aclose())
        server.wait_for(ended=0 if driver.is_borrowed else 1)


@pytest.mark.parametrize("kind", OWN)
def test_stream_may_be_closed_by_another_thread(kind: str) -> None:
    with driving(kind, False) as driver, serving([HEAD, b"{", HANG]) as server:
        reply = driver.open(request(server.url, streamed=True))
        chunks = reply.chunks()
        assert next(chunks) == b"{"
        timer = threading.Timer(0.1, reply.close)
        timer.start()
        with within(2), pytest.raises(TransportError, match="closed from this side"):
            next(chunks)
        timer.join()


class _Nothing:
    async def aclose(self) -> None:
        """Closes nothing."""


def connecting_to(port: int) -> bool:
    with socket.socket():
        rows = [row.split() for row in open("/proc/net/tcp").read().splitlines()[1:]]  # noqa: PTH123, SIM115
    # 02 is a connection that waits for its first answer; the listener's own clients have theirs already but one.
    return sum(row[2] == f"0100007F:{port:04X}" and row[3] == "02" for row in rows) > 1
