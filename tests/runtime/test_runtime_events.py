from __future__ import annotations

import asyncio
from typing import Any

import pytest
from event_readers import (
    ENOUGH,
    JSON,
    ONE,
    READS,
    THREE,
    TOKEN,
    TWO,
    Read,
    Updates,
    async_duck,
    duck,
    uids,
)
from sample_api import CannedReply, scripted
from stream_samples import (
    STREAM_UPDATES,
    Piece,
    StreamDuck,
    Streamed,
    Update,
    streams,
)

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

pytestmark = pytest.mark.usefixtures("no_pauses")


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
@pytest.mark.parametrize("first", [None, "ö"])
def test_id_that_a_backend_cannot_send_is_left_out(read: Read, first: str | None) -> None:
    refusal = UsageError("header Last-Event-ID has a character beyond ASCII")
    answers: list[Streamed | Exception | bytes] = [refusal, TWO, ENOUGH]
    if first is None:
        answers.insert(0, 'id: ö\ndata: {"command":"x"}\n\n'.encode())
    backend = streams(*answers)
    assert read(backend, last_event_id=first or "")[-1].id == "2"
    assert backend.asked_behind()[-3:] == ["Ã¶", None, "2"]


@READS
def test_other_request_that_cannot_be_sent_is_refused(read: Read) -> None:
    for last_event_id in ("", "7", "ö"):
        backend = streams(*[UsageError("the client is closed")] * 2)
        with pytest.raises(UsageError, match="the client is closed"):
            read(backend, last_event_id=last_event_id)


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
