"""Server-sent events: lines, fields and ids by the standard, streams that end, and answers that are no stream."""

from __future__ import annotations

import json

from answers import GOOD, OK, chunk, failure, http
from cell import Call, Cell, Check, Differs, at_once, events, raises, value
from steps import CLOSE, STALL, Drip, Flood, Pause
from wire_checks import all_of, sent

from mailwright.runtime import (
    AuthenticationFailed,
    Disconnected,
    LimitExceeded,
    NotFound,
    ResponseInvalid,
    ServerError,
    UsageError,
)
from mailwright.runtime.limits import Limits
from mailwright.runtime.timeouts import Timeout

HEAD = OK + b"Content-Type: text/event-stream\r\n\r\n"
CHUNKED = OK + b"Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
AT_ONCE = b"retry: 1\n"
NOTHING_MORE = b"HTTP/1.1 204 No Content\r\n\r\n"
A, B, C = ({"kind": kind} for kind in "abc")


def data(event: dict[str, str]) -> bytes:
    """The line of an event's data."""
    return b"data: %s\n" % json.dumps(event).encode()


def told(kind: str | None, event: str = "message", last_id: str = "") -> dict[str, object]:
    """An event as a client tells it."""
    return {"event": event, "data": {} if kind is None else {"kind": kind}, "id": last_id}


def stream(content: bytes) -> list[object]:
    """A stream that ends well behind these bytes."""
    return [HEAD + content, CLOSE]


def reads(name: str, content: bytes, *wants: dict[str, object]) -> Cell:
    """A stream, and the events in it."""
    return Cell(name=name, answers=[stream(content)], call=events(), wants=value(list(wants)), requests=1)


def ids(*wanted: str | None) -> Check:
    """What the connections asked to go on behind; as the UTF-8 it is on the wire."""
    return sent("Last-Event-ID", *(each and each.encode().decode("latin-1") for each in wanted))


LINES = [
    reads("one event", data(A) + b"\n", told("a")),
    reads("lines that end in CR", (data(A) + b"\n" + data(B) + b"\n").replace(b"\n", b"\r"), told("a"), told("b")),
    reads("lines that end in CR LF", (data(A) + b"\n" + data(B) + b"\n").replace(b"\n", b"\r\n"), told("a"), told("b")),
    reads("lines that end in all three ways", b'data: {"kind":\rdata: "a"\r\ndata: }\n\r\n', told("a")),
    reads("data of three lines", b'data: {"kind":\ndata:\ndata: "a"}\n\n', told("a")),
    reads("no blank behind the colon", b'data:{"kind":"a"}\n\n', told("a")),
    reads(
        "two blanks behind the colon, of which one belongs to the name",
        b"event:  x\n" + data(A) + b"\n",
        told("a", " x"),
    ),
    reads("a byte order mark in front", b"\xef\xbb\xbf" + data(A) + b"\n", told("a")),
    reads("a byte order mark in front of the second event", data(A) + b"\n\xef\xbb\xbf" + data(B) + b"\n", told("a")),
    reads("comments", b": hello\n" + data(A) + b":\n: more\n\n", told("a")),
    reads(
        "empty lines in front and between", b"\n\n\r\n" + data(A) + b"\n\n\n\n" + data(B) + b"\n", told("a"), told("b")
    ),
    reads(
        "separators of Unicode, which end no line",
        'data: {"kind": "a\u2028b\u2029c\u0085d"}\n\n'.encode(),
        told("a\u2028b\u2029c\u0085d"),
    ),
    reads(
        "tabs and feeds in a name, which end no line",
        b"event: a\x0bb\x0cc\x1cd\te\n" + data(A) + b"\n",
        told("a", "a\x0bb\x0cc\x1cd\te"),
    ),
    reads("bytes of no text, which are replaced", b'data: {"kind": "a\xff"}\n\n', told("a\ufffd")),
    reads("NUL in a name", b"event: a\0b\n" + data(A) + b"\n", told("a", "a\0b")),
    reads("no event at all", b": bye\n\n"),
    reads("nothing at all", b""),
]

FIELDS = [
    reads("a name", b"event: thing\n" + data(A) + b"\n", told("a", "thing")),
    reads("a name twice, of which the last counts", b"event: x\nevent: y\n" + data(A) + b"\n", told("a", "y")),
    reads("a name without data, which is forgotten", b"event: x\n\n" + data(A) + b"\n", told("a")),
    reads("a name that is empty", b"event: x\nevent\n" + data(A) + b"\n", told("a")),
    reads("fields that are not known", b"Data: {}\nnote: x\ndata2: y\n data: z\n" + data(A) + b"\n", told("a")),
    reads(
        "an id, which stays for the events behind it",
        b"id: 5\n" + data(A) + b"\n" + data(B) + b"\n",
        told("a", last_id="5"),
        told("b", last_id="5"),
    ),
    reads(
        "an id that is taken back",
        b"id: 5\n" + data(A) + b"\nid\n" + data(B) + b"\n",
        told("a", last_id="5"),
        told("b"),
    ),
    reads(
        "an id with NUL, which is none",
        b"id: 5\n" + data(A) + b"\nid: 6\0\n" + data(B) + b"\n",
        told("a", last_id="5"),
        told("b", last_id="5"),
    ),
    reads(
        "retry that is no number",
        b"retry: 1s\nretry: -1\nretry:\nretry: 1.5\nretry: \xd9\xa1\n" + data(A) + b"\n",
        told("a"),
    ),
    reads("retry of five thousand digits", b"retry: " + b"9" * 5000 + b"\n" + data(A) + b"\n", told("a")),
    reads("a colon in the value", b'event: a:b\ndata: {"kind": "c:d"}\n\n', told("c:d", "a:b")),
    reads("an event whose data is an empty object", b"data: {}\n\n", told(None)),
]

IN_PIECES = [
    Cell(
        name="each byte on its own",
        answers=[[Drip(HEAD + 'id: é\r\ndata: {"kind": "€"}\r\n\r\n'.encode(), every=0.0), CLOSE]],
        call=events(),
        wants=value([told("€", last_id="é")]),
    ),
    Cell(
        name="each byte in a chunk of its own",
        answers=[CHUNKED + b"".join(chunk(bytes([byte])) for byte in data(A) + b"\r\n") + b"0\r\n\r\n"],
        call=events(),
        wants=value([told("a")]),
    ),
    Cell(
        name="CR and LF in two pieces, which are one line end",
        answers=[
            [
                HEAD + b'data: {"kind":\r',
                Pause(0.05),
                b'\ndata: "a"}\r',
                Pause(0.05),
                b"\n\r",
                Pause(0.05),
                b"\n",
                CLOSE,
            ]
        ],
        call=events(),
        wants=value([told("a")]),
    ),
    Cell(
        name="an event is told as soon as its empty line is there",
        answers=[[HEAD + data(A) + b"\n", STALL]],
        call=events(first=1),
        wants=value([told("a")]),
    ),
    Cell(
        name="an event is told at its CR, without a wait for an LF",
        answers=[[HEAD + data(A) + b"\r", STALL]],
        call=events(first=1),
        wants=value([told("a")]),
    ),
    Cell(
        name="twenty thousand events in one piece",
        answers=[stream((data(A) + b"\n") * 20_000)],
        call=events(),
        timeout=5.0,
        wants=value([told("a")] * 20_000),
    ),
    Cell(
        name="a stream that is left early, while the server floods it",
        answers=[[HEAD, Flood((data(A) + b"\n") * 100)]],
        call=events(first=3),
        wants=value([told("a")] * 3),
    ),
]

ENDS = [
    reads("the end in the middle of an event, which is not told", data(A) + b"\n" + data(B), told("a")),
    reads("the end in the middle of a line", data(A) + b'\ndata: {"ki', told("a")),
    reads("the end behind the line break that was to end the event", data(A) + b"\n" + data(B)[:-1] + b"\r", told("a")),
    Cell(
        name="a length, and the end before it",
        answers=[[OK + b"Content-Type: text/event-stream\r\nContent-Length: 100\r\n\r\n" + data(A) + b"\n", CLOSE]],
        call=events(),
        wants=raises(Disconnected),
    ),
    Cell(
        name="the end, and a new connection goes on behind the last id",
        answers=[stream(AT_ONCE + b"id: 5\n" + data(A) + b"\n"), stream(b"id: 6\n" + data(B) + b"\n"), NOTHING_MORE],
        call=events(reconnect=True),
        wants=value([told("a", last_id="5"), told("b", last_id="6")]),
        requests=3,
        check=ids(None, "5", "6"),
    ),
    Cell(
        name="the id of an event that was cut off is not gone on behind",
        answers=[
            stream(AT_ONCE + b"id: 5\n" + data(A) + b"\nid: 6\n" + data(B)),
            stream(data(C) + b"\n"),
            NOTHING_MORE,
        ],
        call=events(reconnect=True),
        wants=value([told("a", last_id="5"), told("c", last_id="5")]),
        check=ids(None, "5", "5"),
    ),
    Cell(
        name="an id without data is gone on behind",
        answers=[stream(AT_ONCE + data(A) + b"\nid: 7\n\n"), NOTHING_MORE],
        call=events(reconnect=True),
        wants=value([told("a")]),
        check=ids(None, "7"),
    ),
    Cell(
        name="an id that was taken back is not sent",
        answers=[stream(AT_ONCE + b"id: 5\n" + data(A) + b"\nid:\n" + data(B) + b"\n"), NOTHING_MORE],
        call=events(reconnect=True),
        wants=value([told("a", last_id="5"), told("b")]),
        check=ids(None, None),
    ),
    Cell(
        name="an id outside Latin-1 is sent as UTF-8",
        answers=[stream(AT_ONCE + "id: 5 €\n".encode() + data(A) + b"\n"), NOTHING_MORE],
        call=events(reconnect=True),
        wants=value([told("a", last_id="5 €")]),
        check=ids(None, "5 €"),
        differs={
            "pyreqwest": Differs(
                value([told("a", last_id="5 €")]),
                because="pyreqwest sends no headers beyond ASCII, so it goes on without the id",
                check=ids(None, None),
            )
        },
    ),
    Cell(
        name="an id that no header can carry is kept, and not sent",
        answers=[stream(AT_ONCE + b"id: 5\x01\n" + data(A) + b"\n"), NOTHING_MORE],
        call=events(reconnect=True),
        wants=value([told("a", last_id="5\x01")]),
        check=ids(None, None),
    ),
    Cell(
        name="half a line of the old connection is no part of the new one",
        answers=[stream(AT_ONCE + data(A) + b"\nevent: x\nda"), stream(b"ta: {}\n\n" + data(B) + b"\n"), NOTHING_MORE],
        call=events(reconnect=True),
        wants=value([told("a"), told("b")]),
    ),
    Cell(
        name="an id to go on behind from the beginning",
        answers=[stream(data(A) + b"\n")],
        call=events(last_event_id="4"),
        wants=value([told("a", last_id="4")]),
        check=all_of(ids("4"), sent("Accept", "text/event-stream"), sent("Cache-Control", "no-store")),
    ),
    Cell(
        name="an id to begin with that no header can carry",
        answers=[stream(data(A) + b"\n")],
        call=events(last_event_id="4\r\nX-Evil: 1"),
        wants=raises(UsageError),
        requests=0,
    ),
    Cell(
        name="retry: 0 does not make it hammer the server",
        answers=[stream(b"retry: 0\n" + data(A) + b"\n")] * 3 + [NOTHING_MORE],
        call=events(reconnect=True),
        wants=value([told("a")] * 3),
        takes_at_least=0.3,
        requests=4,
    ),
    Cell(
        name="a server that ends each connection without an event is given up",
        answers=[stream(AT_ONCE)],
        call=events(reconnect=True, reconnects=2),
        wants=raises(Disconnected),
        requests=2,
    ),
    Cell(
        name="204 in the place of a stream",
        answers=[NOTHING_MORE],
        call=events(reconnect=True),
        wants=value([]),
        requests=1,
    ),
]


def no_stream(name: str, answer: bytes, wants: object, call: Call | None = None) -> Cell:
    """An answer that is none, as the first or at a new connection."""
    return Cell(name=name, answers=[answer], call=call or events(), wants=wants, requests=1)


def again(name: str, answer: object, wants: object) -> Cell:
    """The same when a new connection is made."""
    first = stream(AT_ONCE + b"id: 5\n" + data(A) + b"\n")
    return Cell(name=name, answers=[first, answer], call=events(reconnect=True), wants=wants, requests=2)


NO_STREAM = [
    no_stream(
        "an error in JSON", failure("404 Not Found", code="ThingNotFound"), raises(NotFound, code="ThingNotFound")
    ),
    no_stream("an error under status 200", failure("200 OK", code="ThingNotFound"), raises(NotFound, status=200)),
    no_stream("a good answer in JSON", GOOD, raises(ResponseInvalid, status=200)),
    no_stream("an HTML page", http(b"<html>", headers=b"Content-Type: text/html\r\n"), raises(ResponseInvalid)),
    no_stream(
        "events that say they are text",
        http(data(A) + b"\n", headers=b"Content-Type: text/plain\r\n"),
        raises(ResponseInvalid),
    ),
    no_stream("events without a media type", http(data(A) + b"\n", headers=b""), raises(ResponseInvalid)),
    no_stream(
        "an error whose media type is that of events",
        http(data(A), status="500 Oops", headers=b"Content-Type: text/event-stream\r\n"),
        raises(ServerError, status=500),
    ),
    no_stream(
        "a redirect",
        http(b"", status="307 Moved", headers=b"Location: %elsewhere%/\r\n"),
        raises(ResponseInvalid, status=307),
    ),
    no_stream(
        "a media type in capitals, with a charset",
        http(data(A) + b"\n", headers=b"Content-Type: Text/Event-Stream; charset=latin-1\r\n"),
        value([told("a")]),
    ),
    again("an error at a new connection", failure("404 Not Found"), raises(NotFound, status=404)),
    again(
        "a token that is no longer good at a new connection",
        failure("401 No", code="InvalidToken"),
        raises(AuthenticationFailed, status=401),
    ),
    again(
        "an HTML page at a new connection",
        http(b"<html>", headers=b"Content-Type: text/html\r\n"),
        raises(ResponseInvalid),
    ),
    again("204 at a new connection", NOTHING_MORE, value([told("a", last_id="5")])),
    Cell(
        name="a server that is busy at a new connection, and then is not",
        answers=[stream(AT_ONCE + data(A) + b"\n"), failure("503 Busy"), stream(data(B) + b"\n"), NOTHING_MORE],
        call=events(reconnect=True),
        retries=at_once(2),
        wants=value([told("a"), told("b")]),
        requests=4,
    ),
    Cell(
        name="an endless page in the place of a stream",
        answers=[[OK + b"Content-Type: text/html\r\n\r\n", Flood(b"<p>" * 10_000)]],
        call=events(),
        limits=Limits(response_bytes=1_000_000),
        wants=raises(LimitExceeded, limit="response_bytes"),
    ),
]

DATA = [
    Cell(name=f"data: {text}", answers=[stream(content)], call=events(), wants=wants)
    for text, content, wants in (
        ("no JSON", b"data: hello\n\n", raises(ResponseInvalid, status=200)),
        ("empty", b"data\n\n", raises(ResponseInvalid)),
        ("cut off JSON in a whole event", b'data: {"kind": "a\n\n', raises(ResponseInvalid)),
        ("of another shape", b"data: []\n\n", raises(ResponseInvalid, place="$")),
        ("of another type", b'data: {"kind": 1}\n\n', raises(ResponseInvalid, place="$.kind")),
        ("NaN", b'data: {"x": NaN}\n\n', raises(ResponseInvalid)),
        ("a thousand steps deep", b"data: " + b"[" * 1000 + b"\n\n", raises(LimitExceeded, limit="nesting")),
        ("an error in words, by its name", b"event: error\ndata: worn out\n\n", raises(ServerError, says="worn out")),
        (
            "the token of the call, in words",
            b"event: error\ndata: not for s3cr3t+T0ken/of=Jane-4711\n\n",
            raises(ServerError, says="***"),
        ),
        ("the mark that some streams end with", b"data: [DONE]\n\n", raises(ResponseInvalid)),
    )
]

LIMITS = [
    Cell(
        name=name,
        answers=[[HEAD, *steps]],
        call=events(),
        limits=Limits(event_bytes=100_000),
        timeout=Timeout(total=5.0, idle=1.0),
        wants=raises(LimitExceeded, limit="event_bytes"),
    )
    for name, steps in (
        ("a line without end", [b"data: ", Flood(b"x" * 65_536)]),
        ("an event of lines without end", [Flood(b"data: x\n" * 8_192)]),
        ("a name without end", [b"event: ", Flood(b"x" * 65_536)]),
        ("an event of empty data lines without end", [Flood(b"data\n" * 8_192)]),
        ("comments without end inside an event", [data(A), Flood(b": alive\n" * 8_192)]),
    )
] + [
    Cell(
        name="comments without end between events are no event, and take no memory",
        answers=[stream(b": alive\n\n" * 60_000 + data(A) + b"\n")],
        call=events(),
        limits=Limits(event_bytes=100_000),
        timeout=5.0,
        wants=value([told("a")]),
    ),
    Cell(
        name="an event as large as it may be",
        answers=[stream(b'data: {"kind": "' + b"k" * (100_000 - 19) + b'"}\n\n')],
        call=events(),
        limits=Limits(event_bytes=100_000),
        wants=value([told("k" * (100_000 - 19))]),
    ),
    Cell(
        name="events that are more than a download may be, for a stream has no end",
        answers=[stream((data(A) + b"\n") * 5000)],
        call=events(),
        timeout=5.0,
        limits=Limits(stream_bytes=10_000),
        wants=value([told("a")] * 5000),
    ),
]

CELLS = [*LINES, *FIELDS, *IN_PIECES, *ENDS, *NO_STREAM, *DATA, *LIMITS]
