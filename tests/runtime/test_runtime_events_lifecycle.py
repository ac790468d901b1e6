"""When a stream is opened, closed, gone on with, and given back; by threads and tasks too."""

from __future__ import annotations

import asyncio
import threading
from contextlib import nullcontext
from typing import Any

import pytest
from event_readers import (
    ENOUGH,
    JSON,
    ONE,
    THREE,
    TWO,
    async_duck,
    duck,
    uids,
)
from stream_samples import (
    STREAM_UPDATES,
    AsyncStreamDuck,
    AsyncStreams,
    Piece,
    Streamed,
    Update,
    streams,
)

from mailwright.runtime import event_course
from mailwright.runtime.errors import (
    ConnectFailed,
    Disconnected,
    MailwrightError,
    ResponseInvalid,
    UsageError,
)
from mailwright.runtime.events import AsyncEventStream, EventStream
from mailwright.runtime.limits import Limits

pytestmark = pytest.mark.usefixtures("no_pauses")


def test_with_opens_the_stream_and_keeps_it_over_several_loops() -> None:
    backend = streams([ONE + TWO, THREE], ENOUGH)
    with duck(backend).updates("u") as stream:
        assert len(backend.requests) == 1
        for event in stream:
            assert event.id == "1"
            break
        assert next(iter(stream)).id == "2"
        assert backend.given[0].closed == 0
        assert stream.last_event_id == "2"
        assert [event.id for event in stream] == ["3"]
        assert list(stream) == []
    assert len(backend.requests) == 2
    assert backend.all_closed()


def test_async_with_opens_the_stream_and_keeps_it_over_several_loops() -> None:
    backend = streams([ONE + TWO, THREE], ENOUGH)

    async def main() -> None:
        async with async_duck(backend).updates("u") as stream:
            assert len(backend.requests) == 1
            async for event in stream:
                assert event.id == "1"
                break
            assert (await anext(aiter(stream))).id == "2"
            assert backend.given[0].closed == 0
            assert stream.last_event_id == "2"
            assert [event.id async for event in stream] == ["3"]
            assert [event async for event in stream] == []

    asyncio.run(main())
    assert len(backend.requests) == 2
    assert backend.all_closed()


def test_inside_with_one_may_go_on_behind_an_event_that_does_not_fit() -> None:
    backend = streams([b"data: {}\n\n" + TWO], ENOUGH)
    with duck(backend).updates("u") as stream:
        with pytest.raises(ResponseInvalid):
            next(iter(stream))
        assert uids(list(stream)) == [2]
    assert len(backend.requests) == 2


def test_inside_async_with_one_may_go_on_behind_an_event_that_does_not_fit() -> None:
    backend = streams([b"data: {}\n\n" + TWO], ENOUGH)

    async def main() -> None:
        async with async_duck(backend).updates("u") as stream:
            with pytest.raises(ResponseInvalid):
                await anext(aiter(stream))
            assert uids([event async for event in stream]) == [2]

    asyncio.run(main())
    assert len(backend.requests) == 2


OVER: dict[str, list[Streamed | Exception | bytes]] = {
    "no content": [ENOUGH],
    "not found": [Streamed([b'{"error":"no"}'], 404, JSON)],
    "not reachable": [ConnectFailed("refused"), ConnectFailed("refused")],
    "nothing ever comes": [b"", b""],
    "event too large": [b"data: " + b"x" * 200],
    "line too large": [b"x" * 200],
}


@pytest.mark.parametrize("how", OVER)
def test_stream_that_is_over_inside_with_stays_over_and_gives_its_connection_back_at_once(how: str) -> None:
    backend = streams(ONE, *OVER[how], TWO)
    mail = duck(backend, limits=Limits(event_bytes=100))
    with EventStream(mail, STREAM_UPDATES, "u", reconnects=2) as stream:
        with nullcontext() if how == "no content" else pytest.raises(MailwrightError):
            list(stream)
        assert backend.all_closed()
        assert list(stream) == []
    assert len(backend.answers) == 1


@pytest.mark.parametrize("how", OVER)
def test_stream_that_is_over_inside_async_with_stays_over_and_gives_its_connection_back_at_once(how: str) -> None:
    backend = streams(ONE, *OVER[how], TWO)

    async def main() -> None:
        mail = async_duck(backend, limits=Limits(event_bytes=100))
        async with AsyncEventStream(mail, STREAM_UPDATES, "u", reconnects=2) as stream:
            with nullcontext() if how == "no content" else pytest.raises(MailwrightError):
                async for _ in stream:
                    pass
            assert backend.all_closed()
            assert [event async for event in stream] == []

    asyncio.run(main())
    assert len(backend.answers) == 1


def test_each_plain_loop_makes_its_own_connection_and_goes_on_behind_the_last_id() -> None:
    backend = streams([ONE + TWO], [TWO], ENOUGH)
    stream = duck(backend).updates("u")
    for event in stream:
        assert event.id == "1"
        break
    assert backend.all_closed()
    assert [event.id for event in stream] == ["2"]
    assert backend.asked_behind() == [None, "1", "2"]


def test_each_plain_async_loop_makes_its_own_connection_and_goes_on_behind_the_last_id() -> None:
    backend = streams([ONE + TWO], [TWO], ENOUGH)

    async def main() -> None:
        stream = async_duck(backend).updates("u")
        events = aiter(stream)
        assert (await anext(events)).id == "1"
        await events.aclose()  # type: ignore[attr-defined]
        assert backend.all_closed()
        assert [event.id async for event in stream] == ["2"]

    asyncio.run(main())
    assert backend.asked_behind() == [None, "1", "2"]


def test_loop_that_ends_with_an_error_gives_its_connection_back() -> None:
    backend = streams(ONE + TWO)

    def broken_loop() -> None:
        for _ in duck(backend).updates("u"):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_loop()
    assert backend.all_closed()


def test_async_with_that_ends_with_an_error_gives_its_connection_back() -> None:
    backend = streams(ONE + TWO)

    async def main() -> None:
        async with async_duck(backend).updates("u") as stream:
            async for _ in stream:
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(main())
    assert backend.all_closed()


def test_plain_async_loop_that_is_left_gives_its_connection_back_a_little_later() -> None:
    backend = streams(ONE + TWO)

    async def main() -> None:
        async for _ in async_duck(backend).updates("u"):
            break
        while not backend.all_closed():
            await asyncio.sleep(0)

    asyncio.run(asyncio.wait_for(main(), 10))


def test_closed_stream_is_refused() -> None:
    backend = streams(ONE)
    with duck(backend).updates("u") as stream:
        pass
    assert backend.all_closed()
    stream.close()
    with pytest.raises(UsageError, match="closed"):
        next(iter(stream))
    with pytest.raises(UsageError, match="closed"):
        stream.__enter__()
    assert len(backend.requests) == 1


def test_closed_async_stream_is_refused() -> None:
    backend = streams(ONE)

    async def main() -> None:
        async with async_duck(backend).updates("u") as stream:
            pass
        assert backend.all_closed()
        await stream.aclose()
        with pytest.raises(UsageError, match="closed"):
            await anext(aiter(stream))
        with pytest.raises(UsageError, match="closed"):
            await stream.__aenter__()

    asyncio.run(main())
    assert len(backend.requests) == 1


def test_stream_is_opened_but_once_at_a_time() -> None:
    backend = streams(ONE, ONE)
    with duck(backend).updates("u") as stream, pytest.raises(UsageError, match="being read already"):
        stream.__enter__()
    other = duck(backend).updates("u")
    for _ in other:
        with pytest.raises(UsageError, match="being read already"):
            other.__enter__()
        break
    assert len(backend.requests) == 2
    assert backend.all_closed()


def test_async_stream_is_opened_but_once_at_a_time() -> None:
    backend = streams(ONE)

    async def main() -> None:
        async with async_duck(backend).updates("u") as stream:
            with pytest.raises(UsageError, match="being read already"):
                await stream.__aenter__()

    asyncio.run(main())
    assert len(backend.requests) == 1


def test_closing_while_events_are_left_ends_the_loop() -> None:
    backend = streams(ONE + TWO)
    stream = duck(backend).updates("u")
    seen = []
    for event in stream:
        seen.append(event.id)
        stream.close()
    assert seen == ["1"]
    assert backend.all_closed()


def waiting_thread(stream: EventStream[Update], events: list[object]) -> threading.Thread:
    def loop() -> None:
        try:
            events.extend(event.id for event in stream)
        except Exception as error:
            events.append(error)

    thread = threading.Thread(target=loop)
    thread.start()
    return thread


def test_closing_from_another_thread_closes_the_connection_and_ends_the_loop_without_an_error() -> None:
    reading, goes_on = threading.Event(), threading.Event()
    backend = streams([ONE, reading.set, lambda: goes_on.wait(10), TWO])
    stream = duck(backend).updates("u")
    events: list[object] = []
    thread = waiting_thread(stream, events)
    assert reading.wait(10)
    stream.close()
    assert backend.given[0].closed == 1
    goes_on.set()
    thread.join(10)
    assert not thread.is_alive()
    assert events == ["1"]
    assert backend.all_closed()


@pytest.mark.parametrize("end", [Disconnected("cut"), ValueError("read of closed file")])
def test_what_happens_to_a_stream_that_was_closed_is_no_error(end: Exception) -> None:
    reading, goes_on = threading.Event(), threading.Event()
    backend = streams([ONE, reading.set, lambda: goes_on.wait(10), end])
    stream = duck(backend).updates("u", reconnect=False)
    events: list[object] = []
    thread = waiting_thread(stream, events)
    assert reading.wait(10)
    stream.close()
    goes_on.set()
    thread.join(10)
    assert events == ["1"]
    assert backend.all_closed()


def test_closing_from_another_thread_ends_a_pause_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_course, "_SHORTEST", 25.0)
    over = threading.Event()
    backend = streams([ONE, over.set])
    stream = duck(backend).updates("u")
    events: list[object] = []
    thread = waiting_thread(stream, events)
    assert over.wait(10)
    stream.close()
    thread.join(10)
    assert not thread.is_alive()
    assert events == ["1"]
    assert backend.all_closed()


def test_two_threads_cannot_read_one_stream_at_once() -> None:
    reading, goes_on = threading.Event(), threading.Event()
    backend = streams([reading.set, lambda: goes_on.wait(10), ONE], ENOUGH)
    stream = duck(backend).updates("u")
    events: list[object] = []
    thread = waiting_thread(stream, events)
    assert reading.wait(10)
    try:
        with pytest.raises(UsageError, match="another thread"):
            next(iter(stream))
    finally:
        goes_on.set()
        thread.join(10)
    assert events == ["1"]


async def waiting_task(stream: AsyncEventStream[Update], events: list[object]) -> asyncio.Task[None]:
    async def loop() -> None:
        async for event in stream:
            events.append(event.id)

    return asyncio.create_task(loop())


def test_closing_from_another_task_ends_the_loop_at_once_without_an_error() -> None:
    async def main() -> None:
        reading = asyncio.Event()
        backend = streams([ONE, reading.set, asyncio.Event().wait, TWO])
        stream = async_duck(backend).updates("u")
        events: list[object] = []
        task = await waiting_task(stream, events)
        await reading.wait()
        first = asyncio.create_task(stream.aclose())
        await stream.aclose()
        assert backend.all_closed()
        await first
        await task
        assert events == ["1"]

    asyncio.run(asyncio.wait_for(main(), 10))


def test_closing_from_another_task_ends_a_pause_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_course, "_SHORTEST", 25.0)

    async def main() -> None:
        over = asyncio.Event()
        backend = streams([ONE, over.set])
        stream = async_duck(backend).updates("u")
        events: list[object] = []
        task = await waiting_task(stream, events)
        await over.wait()
        await stream.aclose()
        await task
        assert events == ["1"]
        assert backend.all_closed()

    asyncio.run(asyncio.wait_for(main(), 10))


def test_closing_from_another_task_ends_the_opening() -> None:
    class Never(AsyncStreams):
        async def send(self, request: object, /) -> Any:
            asking.set()
            await asyncio.Event().wait()

    asking = asyncio.Event()

    async def main() -> None:
        mail = AsyncStreamDuck("http://mail.test", backend=Never(streams()))
        stream = mail.updates("u")
        entering = asyncio.create_task(stream.__aenter__())
        await asking.wait()
        await stream.aclose()
        with pytest.raises(UsageError, match="closed"):
            await entering

    asyncio.run(asyncio.wait_for(main(), 10))


def test_two_tasks_cannot_read_one_stream_at_once() -> None:
    async def main() -> None:
        reading, goes_on = asyncio.Event(), asyncio.Event()
        backend = streams([reading.set, goes_on.wait, ONE], ENOUGH)
        stream = async_duck(backend).updates("u")
        events: list[object] = []
        task = await waiting_task(stream, events)
        await reading.wait()
        with pytest.raises(UsageError, match="another task"):
            await anext(aiter(stream))
        goes_on.set()
        await task
        assert events == ["1"]

    asyncio.run(asyncio.wait_for(main(), 10))


def test_cancelled_loop_gives_its_connection_back_and_stays_cancelled() -> None:
    async def main() -> None:
        reading = asyncio.Event()
        backend = streams([ONE, reading.set, asyncio.Event().wait])
        task = await waiting_task(async_duck(backend).updates("u"), [])
        await reading.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert backend.all_closed()

    asyncio.run(asyncio.wait_for(main(), 10))


def test_wait_that_the_caller_gave_up_can_be_gone_on_with() -> None:
    async def main() -> None:
        silent: list[Piece] = [asyncio.Event().wait]
        backend = streams([ONE, *silent], silent, silent, TWO, ENOUGH)
        async with AsyncEventStream(async_duck(backend), STREAM_UPDATES, "u", reconnects=2) as stream:
            assert (await anext(aiter(stream))).id == "1"
            for _ in range(3):
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.01):
                        await anext(aiter(stream))
            assert [event.id async for event in stream] == ["2"]
        assert backend.asked_behind() == [None, "1", "1", "1", "2"]
        assert backend.all_closed()

    asyncio.run(asyncio.wait_for(main(), 10))


def test_wait_that_the_caller_gave_up_is_the_end_without_reconnecting() -> None:
    async def main() -> None:
        backend = streams([ONE, asyncio.Event().wait], TWO)
        async with async_duck(backend).updates("u", reconnect=False) as stream:
            assert (await anext(aiter(stream))).id == "1"
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.01):
                    await anext(aiter(stream))
            assert backend.all_closed()
            assert [event async for event in stream] == []
        assert len(backend.requests) == 1

    asyncio.run(asyncio.wait_for(main(), 10))


def test_interrupted_loop_can_be_gone_on_with() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    backend = streams([ONE, interrupt], [interrupt], TWO, ENOUGH)
    with EventStream(duck(backend), STREAM_UPDATES, "u", reconnects=1) as stream:
        assert next(iter(stream)).id == "1"
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                next(iter(stream))
        assert [event.id for event in stream] == ["2"]
    assert backend.all_closed()
