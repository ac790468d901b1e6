"""How long a call lasts: all attempts, pauses, hooks, redirects and the body are under one deadline."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
from loopback import http, loopback
from sample_api import CREATE_USER, GET_USER, ONCE, PING, Answer, AsyncDuck, AsyncScripted, CannedReply, Duck, scripted
from stream_samples import GET_SOURCE, STREAM_UPDATES

from mailwright.runtime import (
    AsyncBackend,
    Attempt,
    Disconnected,
    MailwrightError,
    Operation,
    Request,
    Retries,
    ServerError,
    TimedOut,
    Timeout,
    UsageError,
)

NOW = Retries(wait=lambda _: 0)


@dataclass
class Clock:
    """Time that passes only when something takes time."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list[float])

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("time.monotonic", clock)
    monkeypatch.setattr("time.sleep", clock.sleep)
    return clock


def after(clock: Clock, seconds: float, answer: CannedReply | Exception) -> Answer:
    def slow(_: Request) -> CannedReply:
        clock.now += seconds
        if isinstance(answer, Exception):
            raise answer
        return answer

    return slow


# The sums


def test_defaults_are_those_of_the_documentation() -> None:
    assert Timeout() == Timeout(total=60.0, connect=5.0, read=30.0, pool=10.0, idle=90.0)
    backend = scripted()
    Duck("http://mail.test", backend=backend).call(PING)
    sent = backend.requests[0]
    assert 59.9 < sent.timeout <= 60.0
    assert (sent.connect, sent.read, sent.pool, sent.streamed) == (5.0, 30.0, 10.0, False)


def test_stream_is_read_with_the_idle_time() -> None:
    backend = scripted(CannedReply(b"", headers=(("Content-Type", "text/event-stream"),)))
    Duck("http://mail.test", backend=backend, timeout=Timeout(idle=7)).open(STREAM_UPDATES, "x").close()
    sent = backend.requests[0]
    assert (sent.read, sent.streamed) == (7.0, True)


def test_attempts_and_pauses_share_one_deadline(clock: Clock) -> None:
    backend = scripted(after(clock, 10, Disconnected("x")), after(clock, 20, Disconnected("x")), CannedReply())
    mail = Duck("http://mail.test", backend=backend, retries=Retries(wait=lambda failed: failed.number * 3))
    response = mail.send(GET_USER, "x")
    assert [sent.timeout for sent in backend.requests] == [60.0, 47.0, 21.0]
    assert {sent.deadline for sent in backend.requests} == {1060.0}
    assert clock.slept == [3, 6]
    assert (response.elapsed, response.attempts) == (39.0, 3)


def test_attempt_that_took_all_of_the_time_is_the_last(clock: Clock) -> None:
    backend = scripted(after(clock, 60, Disconnected("the first")), CannedReply())
    with pytest.raises(Disconnected, match="the first") as caught:
        Duck("http://mail.test", backend=backend, retries=NOW).users.get("x")
    assert (caught.value.attempts, caught.value.elapsed) == (1, 60.0)


def test_pause_that_would_end_after_the_deadline_is_not_made(clock: Clock) -> None:
    backend = scripted(after(clock, 55, Disconnected("the first")), CannedReply())
    retries = Retries(wait=lambda _: 5)
    with pytest.raises(Disconnected, match="the first"):
        Duck("http://mail.test", backend=backend, retries=retries).users.get("x")
    assert clock.slept == []


def test_pause_that_took_too_long_ends_the_call(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: clock.sleep(seconds + 100))
    backend = scripted(Disconnected("x"), CannedReply())
    with pytest.raises(TimedOut, match="no whole answer within 60 s") as caught:
        Duck("http://mail.test", backend=backend, retries=NOW).users.get("x")
    assert (caught.value.attempts, caught.value.sent) == (1, True)


def test_redirects_share_the_deadline(clock: Clock) -> None:
    moved = CannedReply(b"", 307, (("Location", "/elsewhere"),))
    backend = scripted(after(clock, 20, moved), after(clock, 30, moved), CannedReply())
    Duck("http://mail.test", backend=backend, follow_redirects=True).users.get("x")
    assert [sent.timeout for sent in backend.requests] == [60.0, 40.0, 10.0]


def test_hooks_count(clock: Clock) -> None:
    def slow(_: Attempt) -> None:
        clock.now += 7

    backend = scripted(Disconnected("x"), CannedReply())
    mail = Duck("http://mail.test", backend=backend, retries=NOW, before_send=slow, after_response=slow)
    response = mail.send(GET_USER, "x")
    assert [sent.timeout for sent in backend.requests] == [53.0, 39.0]
    assert response.elapsed == 21.0


def test_hook_that_takes_all_of_the_time_ends_the_call_before_it_is_sent(clock: Clock) -> None:
    backend = scripted()
    mail = Duck("http://mail.test", backend=backend, retries=NOW, before_send=lambda _: clock.sleep(60))
    with pytest.raises(TimedOut) as caught:
        mail.users.get("x")
    assert backend.requests == []
    assert (caught.value.attempts, caught.value.sent) == (0, False)


def test_making_the_request_does_not_count(clock: Clock) -> None:
    class Slow(dict[str, object]):
        def items(self) -> object:  # type: ignore[override]
            clock.now += 5
            return super().items()

    backend = scripted()
    Duck("http://mail.test", backend=backend).call(GET_USER, "x", query=Slow(a=1))
    assert backend.requests[0].timeout == 60.0


@pytest.mark.parametrize("timeout", [2, 2.0, Timeout(total=2.0)])
def test_one_call_may_have_another_timeout(clock: Clock, timeout: float | Timeout) -> None:
    backend = scripted()
    mail = Duck("http://mail.test", backend=backend, timeout=Timeout(total=50, read=1))
    mail.with_options(timeout=timeout).users.get("x")
    mail.users.get("x")
    assert [(sent.timeout, sent.read) for sent in backend.requests] == [(2.0, 30.0), (50.0, 1.0)]


@pytest.mark.parametrize("name", ["total", "connect", "read", "pool", "idle"])
@pytest.mark.parametrize(
    "value",
    [0, -1, float("nan"), float("inf"), 10**400, pytest.param(10**5000, id="5000 digits"), True, "1", None, [1]],
)
def test_step_that_is_no_time_is_refused_by_name(name: str, value: object) -> None:
    shown = "timeout" if name == "total" else f"timeout.{name}"
    with pytest.raises(UsageError) as caught:
        Timeout(**{name: value})  # type: ignore[arg-type]
    assert caught.value.message.startswith(f"{shown} must be ")


# Bodies that come too late


class Slowly:
    """An answer whose pieces take time."""

    status = 200
    headers = (("Content-Type", "application/json"),)

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.clock, self.seconds, self.closed = clock, seconds, 0

    def chunks(self) -> Iterator[bytes]:
        for piece in (b'{"success":true', b',"id":"1"', b"}"):
            self.clock.now += self.seconds
            yield piece

    def close(self) -> None:
        self.closed += 1


def test_body_is_under_the_deadline_also_when_the_backend_does_not_look(clock: Clock) -> None:
    slow = Slowly(clock, 25)
    mail = Duck("http://mail.test", backend=scripted(lambda _: slow), retries=ONCE)  # type: ignore[arg-type,return-value]
    with pytest.raises(TimedOut, match="no whole answer within 60 s"):
        mail.users.get("x")
    assert slow.closed == 1
    slow.seconds = 19
    assert mail.users.get("x").id == "1"


@dataclass
class Silent:
    """An answer that says nothing after its head until the test is over, or it is closed."""

    status: int = 500
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    first: bytes = b'{"error":'
    ended: threading.Event = field(default_factory=threading.Event)

    def chunks(self) -> Iterator[bytes]:
        yield self.first
        self.ended.wait(20)

    def close(self) -> None:
        self.ended.set()


SILENT = {
    "an error where events are due": (STREAM_UPDATES, Silent()),
    "JSON where events are due": (STREAM_UPDATES, Silent(200)),
    "an error where a file is due": (GET_SOURCE, Silent()),
    "JSON where a file is due": (GET_SOURCE, Silent(200)),
}


@pytest.mark.parametrize("name", SILENT)
def test_answer_that_is_no_stream_is_under_the_deadline_though_streams_are_not(name: str) -> None:
    called, silent = SILENT[name]
    silent = replace(silent, ended=threading.Event())
    mail = Duck("http://mail.test", backend=scripted(lambda _: silent), timeout=0.1, retries=ONCE)  # type: ignore[arg-type,return-value]
    began = time.monotonic()
    with pytest.raises(TimedOut, match="no whole answer within"):
        mail.open(called, *("x", 1)[: called.path.count("{}")])
    assert time.monotonic() - began < 5
    assert silent.ended.is_set()


def test_stream_that_began_as_an_error_might_lasts_beyond_the_deadline() -> None:
    class Long(Silent):
        def chunks(self) -> Iterator[bytes]:
            yield b"[" + b" " * 70_000
            time.sleep(0.2)
            yield b"]"

    mail = Duck("http://mail.test", backend=scripted(lambda _: Long(200)), timeout=0.1, retries=ONCE)  # type: ignore[arg-type,return-value]
    opened = mail.open(GET_SOURCE, "x", 1)
    assert sum(map(len, opened.chunks())) == 70_002
    opened.close()


@pytest.mark.parametrize("called", [STREAM_UPDATES, GET_SOURCE])
@pytest.mark.parametrize("backend", ["httpx", "httpx2", "pyreqwest"])
def test_error_in_the_place_of_a_stream_is_under_the_deadline_on_a_network(
    backend: str, called: Operation[object]
) -> None:
    head = b"HTTP/1.1 500 No\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n"
    # The second piece does not come before the test is over.
    with loopback([head, b"{"], pause=2.0) as server, Duck(server.url, backend=backend, timeout=0.2) as mail:
        began = time.monotonic()
        with pytest.raises(TimedOut):
            mail.open(called, *("x", 1)[: called.path.count("{}")])
        assert time.monotonic() - began < 0.2 + 0.5


@pytest.mark.parametrize("backend", ["httpx", "httpx2", "pyreqwest"])
def test_server_that_drips_does_not_prolong_a_call(backend: str) -> None:
    drops = [http()[at : at + 1] for at in range(len(http()))]
    with loopback(drops, pause=0.02) as server, Duck(server.url, backend=backend, timeout=0.2) as mail:
        began = time.monotonic()
        with pytest.raises(TimedOut) as caught:
            mail.users.get("x")
        assert time.monotonic() - began < 0.2 + 0.5
        assert caught.value.sent


# Without blocking


@dataclass
class Hanging:
    """A backend that never ends by itself: after `answers`, it hangs, where it is told to."""

    where: str = "send"
    status: int = 200
    ended: list[str] = field(default_factory=list[str])
    hangs: bool = True

    async def send(self, request: Request, /) -> CannedReply | Hanging:
        if not self.hangs:
            return CannedReply()
        if self.where == "send":
            await self.hang("send")
        return self

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        return (("Content-Type", "application/json"),)

    async def chunks(self) -> AsyncIterator[bytes]:
        yield b"{"
        await self.hang("body")

    async def hang(self, where: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            self.ended.append(where)

    async def aclose(self) -> None:
        self.ended.append("closed")


AsyncCall = Callable[[AsyncDuck], object]
ASYNC_CALLS: dict[str, AsyncCall] = {
    "call": lambda mail: mail.call(GET_USER, "x"),
    "open a file": lambda mail: mail.open(GET_SOURCE, "x", 1),
    "open events": lambda mail: mail.open(STREAM_UPDATES, "x"),
}
ENDINGS = {"send": ["send"], "body": ["body", "closed"]}


def hanging_duck(backend: Hanging, timeout: float) -> AsyncDuck:
    return AsyncDuck("http://mail.test", backend=backend, timeout=timeout, retries=ONCE)  # type: ignore[arg-type]


@pytest.mark.parametrize("call", ASYNC_CALLS)
@pytest.mark.parametrize("where", ["send", "body"])
def test_deadline_ends_an_async_backend_that_does_not_look(call: str, where: str) -> None:
    backend = Hanging(where)

    async def main() -> None:
        mail = hanging_duck(backend, 0.05)
        with pytest.raises(TimedOut, match=r"no whole answer within 0\.05 s") as caught:
            await ASYNC_CALLS[call](mail)  # type: ignore[misc]
        assert caught.value.elapsed < 1
        backend.hangs = False
        assert (await mail.call(GET_USER, "x")).id == "1"

    asyncio.run(main())
    assert backend.ended == ENDINGS[where]


@pytest.mark.parametrize("call", ASYNC_CALLS)
@pytest.mark.parametrize("where", ["send", "body"])
def test_timeout_of_the_callers_own_is_his(call: str, where: str) -> None:
    backend = Hanging(where)

    async def main() -> None:
        mail = hanging_duck(backend, 30)
        with pytest.raises(TimeoutError) as caught:
            async with asyncio.timeout(0.05):
                await ASYNC_CALLS[call](mail)  # type: ignore[misc]
        assert not isinstance(caught.value, MailwrightError)
        assert isinstance(caught.value.__cause__, asyncio.CancelledError)
        backend.hangs = False
        assert (await mail.call(GET_USER, "x")).id == "1"

    asyncio.run(main())
    assert backend.ended == ENDINGS[where]


@pytest.mark.parametrize("call", ASYNC_CALLS)
@pytest.mark.parametrize("where", ["send", "body"])
def test_cancelled_call_is_cancelled_and_leaves_the_client_usable(call: str, where: str) -> None:
    backend = Hanging(where)

    async def main() -> None:
        mail = hanging_duck(backend, 30)
        task = asyncio.ensure_future(ASYNC_CALLS[call](mail))  # type: ignore[call-overload]
        for _ in range(5):
            await asyncio.sleep(0)
        task.cancel("enough")
        with pytest.raises(asyncio.CancelledError, match="enough"):
            await task
        backend.hangs = False
        assert (await mail.call(GET_USER, "x")).id == "1"

    asyncio.run(main())
    assert backend.ended == ENDINGS[where]


def test_pause_between_attempts_can_be_cancelled() -> None:
    backend = scripted(Disconnected("x"), CannedReply())

    async def main() -> None:
        mail = AsyncDuck("http://mail.test", backend=AsyncScripted(backend), retries=Retries(wait=lambda _: 20))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await mail.users.get("x")
        assert (await mail.users.get("x")).id == "1"

    asyncio.run(main())
    assert len(backend.requests) == 2


def test_async_attempts_share_one_deadline() -> None:
    backend = scripted(Disconnected("x"), Disconnected("x"), CannedReply())

    async def main() -> None:
        retries = Retries(wait=lambda _: 0.02)
        mail = AsyncDuck("http://mail.test", backend=AsyncScripted(backend), retries=retries, timeout=5)
        await mail.users.get("x")

    asyncio.run(main())
    deadlines = [sent.deadline for sent in backend.requests]
    assert max(deadlines) - min(deadlines) < 0.01
    assert backend.requests[0].timeout - backend.requests[2].timeout >= 0.04


def test_error_of_the_last_attempt_is_not_hidden_by_the_deadline() -> None:
    class Late:
        async def send(self, request: Request, /) -> CannedReply:
            return CannedReply(b'{"error":"no"}', 503)

        async def aclose(self) -> None: ...

    async def main(backend: AsyncBackend) -> None:
        retries = Retries(attempts=1000, wait=lambda _: 0.02)
        await AsyncDuck("http://mail.test", backend=backend, retries=retries, timeout=0.1).users.get("x")

    with pytest.raises((ServerError, TimedOut)) as caught:
        asyncio.run(main(Late()))
    assert 2 <= caught.value.attempts <= 6
    assert caught.value.elapsed < 0.5


def test_unsafe_call_that_timed_out_was_sent_once() -> None:
    backend = Hanging()

    async def main() -> None:
        mail = AsyncDuck("http://mail.test", backend=backend, timeout=0.05, retries=NOW)  # type: ignore[arg-type]
        await mail.call(CREATE_USER, body={})

    with pytest.raises(TimedOut) as caught:
        asyncio.run(main())
    assert (caught.value.attempts, caught.value.sent) == (1, True)
