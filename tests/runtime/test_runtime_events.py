from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from sample_api import CannedReply, scripted
from stream_samples import (
    STREAM_UPDATES,
    AsyncStreamDuck,
    AsyncStreams,
    Piece,
    StreamDuck,
    Streamed,
    Streams,
    Update,
    streams,
)

from mailwright.runtime import event_course
from mailwright.runtime.errors import (
    ConnectFailed,
    Disconnected,
    LimitExceeded,
    MailwrightError,
    NotFound,
    ProtocolError,
    ResponseInvalid,
    ServerError,
    TimedOut,
    UsageError,
)
from mailwright.runtime.event_course import Event
from mailwright.runtime.events import AsyncEventStream, EventStream
from mailwright.runtime.limits import Limits
from mailwright.runtime.retries import Retries

TOKEN = "tok-5f3a9b2c"
ENOUGH = Streamed([], status=204, headers=())
ONE = b'id: 1\ndata: {"command":"EXISTS","uid":1}\n\n'
TWO = b'id: 2\ndata: {"command":"EXISTS","uid":2}\n\n'
THREE = b'id: 3\nevent: late\ndata: {\ndata:  "command": "EXPUNGE"\ndata: }\n\n'
JSON = (("Content-Type", "application/json"),)

Updates = list[Event[Update]]
Read = Callable[..., Updates]


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_course, "_PAUSE", 0.0)
    monkeypatch.setattr(event_course, "_SHORTEST", 0.0)


def duck(backend: Streams, **options: Any) -> StreamDuck:
    options.setdefault("retries", Retries(attempts=1))
    return StreamDuck("http://mail.test", access_token=TOKEN, backend=backend, **options)


def async_duck(backend: Streams, **options: Any) -> AsyncStreamDuck:
    options.setdefault("retries", Retries(attempts=1))
    return AsyncStreamDuck("http://mail.test", access_token=TOKEN, backend=AsyncStreams(backend), **options)


def in_plain_loop(
    backend: Streams, *, into: Updates | None = None, limits: Limits | None = None, **more: Any
) -> Updates:
    events: Updates = [] if into is None else into
    for event in EventStream(duck(backend, limits=limits or Limits()), STREAM_UPDATES, "u", **more):
        events.append(event)
    return events


def inside_with(backend: Streams, *, into: Updates | None = None, limits: Limits | None = None, **more: Any) -> Updates:
    events: Updates = [] if into is None else into
    with EventStream(duck(backend, limits=limits or Limits()), STREAM_UPDATES, "u", **more) as stream:
        for event in stream:
            events.append(event)
    return events


def in_async_loop(
    backend: Streams, *, into: Updates | None = None, limits: Limits | None = None, **more: Any
) -> Updates:
    events: Updates = [] if into is None else into

    async def collect() -> None:
        async for event in AsyncEventStream(
            async_duck(backend, limits=limits or Limits()), STREAM_UPDATES, "u", **more
        ):
            events.append(event)

    asyncio.run(collect())
    return events


def inside_async_with(
    backend: Streams, *, into: Updates | None = None, limits: Limits | None = None, **more: Any
) -> Updates:
    events: Updates = [] if into is None else into

    async def collect() -> None:
        mail = async_duck(backend, limits=limits or Limits())
        async with AsyncEventStream(mail, STREAM_UPDATES, "u", **more) as stream:
            async for event in stream:
                events.append(event)

    asyncio.run(collect())
    return events


READS = pytest.mark.parametrize("read", [in_plain_loop, inside_with, in_async_loop, inside_async_with])


def uids(events: Updates) -> list[int | None]:
    return [event.data.uid for event in events]


@READS
def test_events_come_typed_with_name_id_and_text(read: Read) -> None:
    backend = streams([ONE, THREE[:20], THREE[20:]], ENOUGH)
    first, second = read(backend)
    assert first == Event(Update(command="EXISTS", uid=1), "message", "1", '{"command":"EXISTS","uid":1}')
    assert second == Event(Update(command="EXPUNGE"), "late", "3", '{\n "command": "EXPUNGE"\n}')
    assert backend.all_closed()


@READS
def test_request_asks_for_events_and_for_no_old_ones(read: Read) -> None:
    backend = streams(ENOUGH)
    assert read(backend) == []
    (request,) = backend.requests
    assert (request.method, request.url, request.streamed) == ("GET", "http://mail.test/users/u/updates", True)
    headers = dict(request.headers)
    assert (headers["Accept"], headers["X-Access-Token"]) == ("text/event-stream", TOKEN)
    assert backend.asked_behind() == [None]


def test_nothing_is_sent_before_the_first_event_is_asked_for() -> None:
    backend = streams(ENOUGH)
    stream = duck(backend).updates("u")
    iterator = iter(stream)
    assert backend.requests == []
    assert list(iterator) == []
    assert len(backend.requests) == 1


def test_nothing_is_sent_before_the_first_event_is_awaited() -> None:
    backend = streams(ENOUGH)

    async def main() -> None:
        iterator = aiter(async_duck(backend).updates("u"))
        assert backend.requests == []
        assert [event async for event in iterator] == []

    asyncio.run(main())
    assert len(backend.requests) == 1


@READS
@pytest.mark.parametrize(
    "end", [None, Disconnected("cut"), TimedOut("idle"), ProtocolError("bad chunk"), ConnectionResetError()]
)
def test_after_any_end_the_stream_goes_on_behind_the_last_id(read: Read, end: Exception | None) -> None:
    pieces: list[Piece] = [ONE + TWO] if end is None else [ONE + TWO, end]
    backend = streams(pieces, THREE, ENOUGH)
    assert [event.id for event in read(backend)] == ["1", "2", "3"]
    assert backend.asked_behind() == [None, "2", "3"]
    assert backend.all_closed()


@READS
def test_event_that_the_stream_ends_in_is_not_given_and_asked_for_again(read: Read) -> None:
    backend = streams([ONE, TWO[:-1]], [TWO, b'data: {"command"', Disconnected("cut")], ENOUGH)
    assert uids(read(backend)) == [1, 2]
    assert backend.asked_behind() == [None, "1", "2"]


@READS
def test_id_holds_over_connections_until_the_server_names_another(read: Read) -> None:
    backend = streams(ONE, b'data: {"command":"DROP"}\n\n', b'id\ndata: {"command":"DROP"}\n\n', ENOUGH)
    assert [event.id for event in read(backend)] == ["1", "1", ""]
    assert backend.asked_behind() == [None, "1", "1", None]


@READS
def test_id_told_without_an_event_counts(read: Read) -> None:
    backend = streams(ONE + b"id: 9\n\n", ENOUGH)
    read(backend)
    assert backend.asked_behind() == [None, "9"]


@READS
@pytest.mark.parametrize(
    ("last_id", "sent"),
    [
        ("5a1bda70bfbd1442cd96c6f0", "5a1bda70bfbd1442cd96c6f0"),
        ("a: b", "a: b"),
        ("é€", "é€".encode().decode("latin-1")),
        ("\ufeff", "\ufeff".encode().decode("latin-1")),
        ("a\x01", None),
        ("a\x7f", None),
        ("a ", None),
        (" a", None),
        ("", None),
    ],
)
def test_id_that_no_header_can_carry_is_left_out(read: Read, last_id: str, sent: str | None) -> None:
    backend = streams(b"id: " + last_id.encode() + b'\ndata: {"command":"x"}\n\n', ENOUGH)
    assert [event.id for event in read(backend)] == [last_id]
    assert backend.asked_behind() == [None, sent]


@READS
def test_stream_can_begin_behind_an_id(read: Read) -> None:
    backend = streams(ENOUGH)
    read(backend, last_event_id="41")
    assert backend.asked_behind() == ["41"]


@READS
def test_id_among_the_headers_is_where_the_stream_begins_and_no_more(read: Read) -> None:
    backend = streams(ONE, ENOUGH)
    read(backend, headers={"last-event-id": "41", "X-Trace": "t"})
    assert backend.asked_behind() == ["41", "1"]
    assert all(dict(request.headers)["X-Trace"] == "t" for request in backend.requests)
    assert all("last-event-id" not in dict(request.headers) for request in backend.requests)


@READS
def test_connections_without_an_event_end_with_an_error_after_a_while(read: Read) -> None:
    backend = streams(ONE, b": hi\n\n", b"", b"data: {", TWO, b"", b"", b"", ENOUGH)
    events: Updates = []
    with pytest.raises(Disconnected, match="the server ended the stream, 3 times without an event") as caught:
        read(backend, into=events, reconnects=3)
    assert uids(events) == [1]
    assert len(backend.requests) == 4
    assert backend.all_closed()
    error = caught.value
    assert (error.operation, error.method, error.status) == ("streamUpdates", "GET", 200)
    assert error.url == "http://mail.test/users/u/updates"


@READS
def test_an_event_lets_the_count_begin_anew(read: Read) -> None:
    backend = streams(b"", b"", ONE, b"", b"", TWO, b"", ENOUGH)
    assert uids(read(backend, reconnects=3)) == [1, 2]


@READS
def test_five_connections_without_an_event_are_enough_by_default(read: Read) -> None:
    backend = streams(*[b""] * 6)
    with pytest.raises(Disconnected, match="5 times"):
        read(backend)
    assert len(backend.requests) == 5


@READS
def test_error_of_the_last_connection_is_what_is_raised(read: Read) -> None:
    backend = streams(ONE, [Disconnected("cut")], ConnectFailed("refused"), [TimedOut("silent")])
    with pytest.raises(TimedOut, match="silent") as caught:
        read(backend, reconnects=3)
    assert caught.value.operation == "streamUpdates"


@READS
def test_server_that_is_away_for_a_moment_is_asked_again(read: Read) -> None:
    backend = streams(ONE, ConnectFailed("refused"), ConnectionRefusedError(), TWO, ENOUGH)
    assert uids(read(backend)) == [1, 2]
    assert backend.asked_behind() == [None, "1", "1", "1", "2"]


@READS
def test_server_that_stays_away_is_given_up(read: Read) -> None:
    backend = streams(ONE, *[ConnectFailed("refused")] * 4)
    with pytest.raises(ConnectFailed, match="refused"):
        read(backend, reconnects=3)
    assert len(backend.requests) == 4


@READS
@pytest.mark.parametrize("error", [ConnectFailed("refused"), TimedOut("silent"), Disconnected("cut")])
def test_first_connection_that_fails_is_raised_at_once(read: Read, error: MailwrightError) -> None:
    backend = streams(error)
    with pytest.raises(type(error), match=error.message):
        read(backend)
    assert len(backend.requests) == 1


@READS
def test_error_that_the_server_answers_is_raised_and_not_asked_for_again(read: Read) -> None:
    told = Streamed([b'{"error":"This user does not exist","code":"UserNotFound"}'], 404, JSON)
    backend = streams(ONE, told)
    events: Updates = []
    with pytest.raises(NotFound, match="This user does not exist") as caught:
        read(backend, into=events)
    assert uids(events) == [1]
    assert caught.value.code == "UserNotFound"
    assert len(backend.requests) == 2
    assert backend.all_closed()


@READS
@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (Streamed([b'{"error":"This user does not exist"}'], 200, JSON), NotFound, "does not exist"),
        (Streamed([b"<html>"], 200, (("Content-Type", "text/html"),)), ResponseInvalid, "HTML"),
        (Streamed([b"data: 1\n\n"], 200, (("Content-Type", "text/plain"),)), ResponseInvalid, "text/plain"),
        (Streamed([b"oops"], 502, (("Content-Type", "text/plain"),)), ServerError, "text/plain"),
        (Streamed([], 302, (("Location", "/login"),)), ResponseInvalid, "redirects"),
    ],
)
def test_answer_that_is_no_stream_is_the_error_it_is(
    read: Read, answer: Streamed, kind: type[MailwrightError], words: str
) -> None:
    backend = streams(answer)
    with pytest.raises(kind, match=words):
        read(backend)
    assert len(backend.requests) == 1
    assert backend.all_closed()


@READS
def test_no_content_ends_the_stream(read: Read) -> None:
    backend = streams(ONE, ENOUGH)
    assert uids(read(backend)) == [1]
    assert len(backend.requests) == 2


@READS
def test_without_reconnecting_a_clean_end_ends_the_loop(read: Read) -> None:
    backend = streams(ONE + TWO[:-1])
    assert uids(read(backend, reconnect=False)) == [1]
    assert backend.all_closed()


@READS
def test_without_reconnecting_a_drop_is_raised(read: Read) -> None:
    backend = streams([ONE, Disconnected("cut")])
    events: Updates = []
    with pytest.raises(Disconnected, match="cut"):
        read(backend, into=events, reconnect=False)
    assert uids(events) == [1]
    assert backend.all_closed()


@READS
def test_data_that_does_not_fit_is_refused_with_its_place(read: Read) -> None:
    backend = streams(ONE + b'data: {"command":"x","uid":[]}\n\n')
    events: Updates = []
    with pytest.raises(ResponseInvalid, match=r"does not fit the API at \$\.uid") as caught:
        read(backend, into=events)
    error = caught.value
    assert (error.place, error.content) == ("$.uid", b'{"command":"x","uid":[]}')
    assert (error.operation, error.status) == ("streamUpdates", 200)
    assert uids(events) == [1]
    assert backend.all_closed()


@READS
@pytest.mark.parametrize("data", [b"", b"{", b"NaN", b"[" * 5000 + b"]" * 5000, b'{"command":"\xff"}\n\ndata: {}'])
def test_data_that_is_no_json_is_refused(read: Read, data: bytes) -> None:
    with pytest.raises(ResponseInvalid):
        read(streams(b"data: " + data + b"\n\n", ENOUGH))


@READS
def test_numbers_in_quotes_are_read_as_in_answers(read: Read) -> None:
    assert uids(read(streams(b'data: {"command":"x","uid":"7"}\n\n', ENOUGH))) == [7]


@READS
def test_data_nested_too_deeply_is_refused(read: Read) -> None:
    deep = b'data: {"command":"x","more":' + b"[" * 20 + b"]" * 20 + b"}\n\n"
    with pytest.raises(LimitExceeded) as caught:
        read(streams(deep), limits=Limits(nesting=10))
    assert caught.value.limit == "nesting"


@READS
def test_event_named_error_is_an_error_of_the_server(read: Read) -> None:
    backend = streams(ONE + f"event: error\ndata: the journal broke for {TOKEN}\n\n".encode())
    with pytest.raises(ServerError, match=r"the journal broke for \*\*\*") as caught:
        read(backend)
    assert caught.value.operation == "streamUpdates"
    assert TOKEN not in str(caught.value)
    assert backend.all_closed()


@READS
def test_event_named_error_that_fits_the_api_is_an_event(read: Read) -> None:
    (event,) = read(streams(b'event: error\ndata: {"command":"LOGOUT"}\n\n', ENOUGH))
    assert (event.event, event.data.command) == ("error", "LOGOUT")


@READS
def test_event_that_is_too_large_ends_the_stream(read: Read) -> None:
    backend = streams([ONE, b"data: " + b"x" * 60, b"x" * 60])
    events: Updates = []
    with pytest.raises(LimitExceeded) as caught:
        read(backend, into=events, limits=Limits(event_bytes=100))
    assert (caught.value.limit, caught.value.operation) == ("event_bytes", "streamUpdates")
    assert uids(events) == [1]
    assert backend.all_closed()


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


def test_closing_from_another_thread_ends_the_loop_without_an_error_when_its_read_returns() -> None:
    reading, goes_on = threading.Event(), threading.Event()
    backend = streams([ONE, reading.set, lambda: goes_on.wait(10), TWO])
    stream = duck(backend).updates("u")
    events: list[object] = []
    thread = waiting_thread(stream, events)
    assert reading.wait(10)
    stream.close()
    assert backend.given[0].closed == 0
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


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"reconnects": 0}, "reconnects must be a whole number above 0"),
        ({"reconnects": True}, "reconnects must be"),
        ({"reconnects": 1.5}, "reconnects must be"),
        ({"last_event_id": 5}, "last_event_id must be a str, not int"),
        ({"last_event_id": None}, "last_event_id must be a str"),
        ({"last_event_id": "a\nb"}, "last_event_id has a character"),
        ({"last_event_id": "\ud800"}, "last_event_id has a character"),
        ({"headers": {"Last-Event-ID": "a\0"}}, "last_event_id has a character"),
    ],
)
@pytest.mark.parametrize("kind", [EventStream, AsyncEventStream])
def test_arguments_that_cannot_be_used_are_refused_at_once(
    kind: type[Any], arguments: dict[str, object], words: str
) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        kind(duck(streams()), STREAM_UPDATES, "u", **arguments)
    assert caught.value.operation == "streamUpdates"


def test_options_can_be_set_on_what_a_method_gives() -> None:
    backend = streams(ONE, TWO, [TWO, Disconnected("cut")], b"", b"")
    stream = EventStream(duck(backend), STREAM_UPDATES, "u", query={"a": 1}, headers={"X-Trace": "t"})
    once = stream.with_options(reconnect=False)
    assert uids(list(once)) == [1]
    assert uids(list(stream.with_options(reconnect=False, last_event_id="7"))) == [2]
    with pytest.raises(Disconnected, match="cut"):
        list(once.with_options())
    with pytest.raises(Disconnected, match="2 times"):
        list(once.with_options(reconnect=True, reconnects=2))
    assert stream.last_event_id == ""
    assert backend.asked_behind() == [None, "7", "1", "1", "1"]
    assert {request.url for request in backend.requests} == {"http://mail.test/users/u/updates?a=1"}
    assert all(dict(request.headers)["X-Trace"] == "t" for request in backend.requests)


def test_options_can_be_set_on_what_an_async_method_gives() -> None:
    backend = streams(ONE, TWO, b"", b"")

    async def main() -> None:
        stream = AsyncEventStream(async_duck(backend), STREAM_UPDATES, "u", query={"a": 1}, headers={"X-Trace": "t"})
        once = stream.with_options(reconnect=False)
        assert uids([event async for event in once]) == [1]
        assert uids([event async for event in stream.with_options(reconnect=False, last_event_id="7")]) == [2]
        with pytest.raises(Disconnected, match="2 times"):
            async for _ in once.with_options(reconnect=True, reconnects=2):
                pass

    asyncio.run(main())
    assert backend.asked_behind() == [None, "7", "1", "1"]
    assert {request.url for request in backend.requests} == {"http://mail.test/users/u/updates?a=1"}
    assert all(dict(request.headers)["X-Trace"] == "t" for request in backend.requests)


def test_repr_shows_no_secret() -> None:
    mail = duck(streams())
    stream = EventStream(mail, STREAM_UPDATES, "u", query={"key": TOKEN}, headers={"X-Key": TOKEN})
    assert repr(stream) == "<EventStream of streamUpdates>"
    assert "hunter2" not in repr(Event(1, text="hunter2"))


def test_backend_that_gives_whole_answers_streams_too() -> None:
    backend = scripted(CannedReply(ONE + TWO, headers=(("Content-Type", "text/event-stream"),)))
    mail = StreamDuck("http://mail.test", backend=backend)
    assert uids(list(mail.updates("u", reconnect=False))) == [1, 2]


class Clock:
    """Stands in for the `time` module."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    clock = Clock()
    monkeypatch.setattr(event_course, "time", clock)
    return clock


@pytest.mark.parametrize(("piece", "good"), [(b": idling 60\n", True), (b"", False)])
def test_connection_heard_of_after_a_minute_counts_as_good(clock: Clock, piece: bytes, good: bool) -> None:
    def a_minute_goes_by() -> None:
        clock.now += 61

    lasting: list[Piece] = [a_minute_goes_by, piece]
    backend = streams(ONE, *[[*lasting] if piece else lasting[:1]] * 4, TWO, ENOUGH)
    if good:
        assert uids(in_plain_loop(backend, reconnects=3)) == [1, 2]
    else:
        with pytest.raises(Disconnected, match="3 times"):
            in_plain_loop(backend, reconnects=3)


def pauses(monkeypatch: pytest.MonkeyPatch, *answers: bytes | Exception) -> list[float]:
    """Returns how long the stream waits after each connection, the first of which gives an event."""
    monkeypatch.undo()
    waited: list[float] = []
    stream = duck(streams(*answers, ENOUGH)).updates("u")
    monkeypatch.setattr(stream._closed, "wait", waited.append)
    list(stream)
    return waited


def test_pause_is_a_second_and_doubles_while_nothing_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    waited = pauses(monkeypatch, ONE, b"", b"", ConnectFailed("refused"), b": hi\n\n", TWO)
    for found, least in zip(waited, [1, 1, 2, 4, 8, 1], strict=True):
        assert least <= found <= least * 1.25


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        (b"2500", 2.5, 3.125),
        (b"0", 0.1, 0.125),
        (b"29000", 29, 30),
        (b"86400000", 30, 30),
        (b"9" * 5000, 30, 30),
        (b"soon", 1, 1.25),
    ],
)
def test_pause_is_what_the_server_asks_for_within_bounds(
    monkeypatch: pytest.MonkeyPatch, asked: bytes, least: float, most: float
) -> None:
    for found in pauses(monkeypatch, b"retry: " + asked + b"\n" + ONE, TWO):
        assert least <= found <= most


def test_pause_stays_bounded_over_very_many_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    course = duck(streams(ONE)).updates("u")._course
    opened = duck(streams(ONE)).open(STREAM_UPDATES, "u")
    course.connected(opened)
    course.reconnects = 5000
    assert max(course.pause(None) for _ in range(4999)) == 30.0
    opened.close()
