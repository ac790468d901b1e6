"""Servers that are slow or silent."""

from __future__ import annotations

from answers import CHUNKED, DONE, GOOD, JSON, LAST_CHUNK, OK, THING, answer, body, chunk, failure, head
from cell import (
    Cell,
    at_once,
    create,
    delete,
    download,
    events,
    get,
    listing,
    raises,
    replace,
    save,
    take,
    upload,
    value,
)
from checks import same_bodies
from steps import CLOSE, STALL, Drip, Pause

from mailwright.runtime import ServerError, TimedOut
from mailwright.runtime.timeouts import Timeout

BODY = body(THING)
PIECES = [BODY[at : at + 9] for at in range(0, len(BODY), 9)]
TIMED_OUT = raises(TimedOut, attempts=1, sent=True)
PAGES = [
    answer({"success": True, "results": [{"id": "1"}], "nextCursor": "two"}),
    answer({"success": True, "results": [{"id": "2"}], "nextCursor": False}),
]

SILENT = [
    Cell(name=f"{name}: no answer", answers=[STALL], call=call, timeout=0.3, wants=TIMED_OUT, requests=1)
    for name, call in (
        ("get", get()),
        ("create", create()),
        ("replace", replace()),
        ("delete", delete()),
        ("take", take()),
        ("list", listing()),
    )
]

STALLED = [
    Cell(name=f"silence {where}", answers=[[data, STALL]], timeout=0.3, wants=TIMED_OUT, requests=1)
    for where, data in {
        "in the status line": b"HTTP/1.1 2",
        "after the status line": OK,
        "in a header": OK + b"Content-Ty",
        "before the end of the headers": OK + JSON,
        "after the headers": head(len(BODY)),
        "in the body": head(len(BODY)) + BODY[:10],
        "before the last byte": head(len(BODY)) + BODY[:-1],
        "in the size of a chunk": CHUNKED + b"1",
        "in a chunk": CHUNKED + chunk(BODY)[:12],
        "between two chunks": CHUNKED + chunk(BODY[:9]),
        "before the last chunk": CHUNKED + chunk(BODY),
        "in the trailers": CHUNKED + chunk(BODY) + b"0\r\nX-Sum: 1\r\n",
        "after a body whose end is the connection's": OK + JSON + b"\r\n" + BODY,
        "after 100 Continue": b"HTTP/1.1 100 Continue\r\n\r\n",
        "in the body of an error": head(100, status="503 Busy") + b'{"err',
    }.items()
]

DRIPPING = [
    Cell(name=f"by the byte: {what}", answers=[steps], timeout=0.3, wants=TIMED_OUT, requests=1)
    for what, steps in {
        "headers": [Drip(GOOD)],
        "a header without end": [OK + b"X: ", Drip(b"x" * 200)],
        "headers without end": [OK, Drip(b"X: y\r\n" * 50, each=6)],
        "body": [head(200), Drip(b" " * 200)],
        "chunks": [CHUNKED, Drip(chunk(b" ") * 200, each=6)],
        "a body until the connection ends": [OK + JSON + b"\r\n", Drip(b" " * 200)],
        "trailers without end": [CHUNKED + chunk(BODY) + b"0\r\n", Drip(b"X: y\r\n" * 50, each=6)],
        "informational answers": [Drip(b"HTTP/1.1 102 Processing\r\n\r\n" * 50, each=27)],
        "an error": [Drip(failure("500 Oops"))],
    }.items()
]

IN_TIME = [
    Cell(name=f"slow, but in time: {what}", answers=[steps], wants=value(THING), requests=1, takes_at_least=0.1)
    for what, steps in {
        "headers": [Drip(GOOD[:20], every=0.01), GOOD[20:]],
        "body": [head(len(BODY)), Drip(BODY, every=0.005)],
        "chunks": [CHUNKED, Drip(b"".join(map(chunk, PIECES)), each=3, every=0.01), LAST_CHUNK],
        "the end of the connection": [OK + JSON + b"\r\n" + BODY, Pause(0.2), CLOSE],
    }.items()
]

STEPS = [
    Cell(
        name="the read timeout is shorter than the whole: no answer",
        answers=[STALL],
        timeout=Timeout(total=5, read=0.2),
        takes_at_most=0.2,
        wants=TIMED_OUT,
    ),
    Cell(
        name="the read timeout is shorter than the whole: silence in the body",
        answers=[[head(100) + b"{", STALL]],
        timeout=Timeout(total=5, read=0.2),
        takes_at_most=0.2,
        wants=TIMED_OUT,
    ),
    Cell(
        name="bytes that come before the read timeout do not move the deadline",
        answers=[[head(200), Drip(b" " * 200, every=0.1)]],
        timeout=Timeout(total=0.4, read=0.3),
        wants=TIMED_OUT,
        takes_at_least=0.35,
    ),
    Cell(
        name="connecting takes for ever",
        base_url="%silent%/api",
        timeout=Timeout(total=5, connect=0.2),
        takes_at_most=0.2,
        wants=raises(TimedOut, attempts=1, sent=False),
    ),
    Cell(
        name="connecting takes longer than the whole may",
        base_url="%silent%/api",
        timeout=Timeout(total=0.3, connect=5),
        wants=raises(TimedOut, attempts=1),
    ),
    Cell(
        name="connecting takes for ever, POST too is tried again",
        base_url="%silent%/api",
        call=create(),
        timeout=Timeout(total=5, connect=0.15),
        retries=at_once(2),
        takes_at_least=0.3,
        takes_at_most=0.3,
        wants=raises(TimedOut, attempts=2, sent=False),
    ),
    Cell(
        name="a TLS handshake takes for ever",
        base_url="%tls-silent%/api",
        timeout=Timeout(total=5, connect=0.2),
        takes_at_most=0.2,
        wants=raises(TimedOut, attempts=1, sent=False),
        requests=0,
    ),
    Cell(
        name="a request that the server does not read",
        answers=[STALL],
        call=create(name="x" * 6 * 1024 * 1024),
        reads_body=False,
        timeout=0.4,
        wants=raises(TimedOut, attempts=1),
        cap_bytes=12 * 1024 * 1024,
    ),
    Cell(
        name="a whole answer needs no end of the connection",
        answers=[[GOOD, STALL]],
        takes_at_most=0.1,
        wants=value(THING),
    ),
    Cell(
        name="a last chunk needs no end of the connection",
        answers=[[CHUNKED + chunk(BODY) + LAST_CHUNK, STALL]],
        takes_at_most=0.1,
        wants=value(THING),
    ),
]

AGAIN = [
    Cell(
        name="get: no answer, then one",
        answers=[STALL, GOOD],
        timeout=Timeout(total=3, read=0.2),
        retries=at_once(),
        takes_at_least=0.2,
        takes_at_most=0.4,
        wants=value(THING),
        requests=2,
    ),
    Cell(
        name="replace: no answer, then one",
        answers=[STALL, answer(DONE)],
        call=replace(),
        timeout=Timeout(total=3, read=0.2),
        retries=at_once(),
        wants=value(DONE),
        requests=2,
        check=same_bodies,
    ),
    Cell(
        name="delete: no answer, then one",
        answers=[STALL, answer(DONE)],
        call=delete(),
        timeout=Timeout(total=3, read=0.2),
        retries=at_once(),
        wants=value(DONE),
        requests=2,
    ),
    Cell(
        name="create: no answer is not asked for again",
        answers=[STALL, GOOD],
        call=create(),
        timeout=Timeout(total=3, read=0.2),
        retries=at_once(),
        takes_at_most=0.2,
        wants=TIMED_OUT,
        requests=1,
    ),
    Cell(
        name="take: no answer is not asked for again",
        answers=[STALL, GOOD],
        call=take(),
        timeout=Timeout(total=3, read=0.2),
        retries=at_once(),
        takes_at_most=0.2,
        wants=TIMED_OUT,
        requests=1,
    ),
    Cell(
        name="the deadline ends the last attempt",
        answers=[STALL],
        timeout=Timeout(total=0.8, read=0.3),
        retries=at_once(9),
        takes_at_least=0.75,
        wants=raises(TimedOut, attempts=3),
        requests=3,
    ),
    Cell(
        name="a pause beyond the deadline is not made",
        answers=[failure("503 Busy", headers=b"Retry-After: 5\r\n")],
        retries=at_once(),
        timeout=1.0,
        takes_at_most=0.1,
        wants=raises(ServerError, status=503, attempts=1),
        requests=1,
    ),
    Cell(
        name="redirects that each take their time",
        answers=[[Pause(0.2), b"HTTP/1.1 302 Found\r\nLocation: /api/x\r\nContent-Length: 0\r\n\r\n"]],
        follow_redirects=True,
        timeout=0.58,
        wants=raises(TimedOut, attempts=3),
        requests=3,
    ),
    Cell(
        name="each page has a deadline of its own",
        answers=[[Pause(0.3), page] for page in PAGES],
        call=listing(),
        timeout=0.5,
        takes_at_least=0.55,
        takes_at_most=1.0,
        wants=value([{"id": "1"}, {"id": "2"}]),
        requests=2,
    ),
    Cell(
        name="the second page never comes",
        answers=[PAGES[0], STALL],
        call=listing(),
        timeout=0.3,
        wants=TIMED_OUT,
        requests=2,
    ),
]

STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
EVENTS = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
IDLE = Timeout(total=0.3, idle=0.3)

STREAMS = [
    Cell(name="download: no answer", answers=[STALL], call=download(), timeout=0.3, wants=TIMED_OUT, requests=1),
    Cell(name="save: no answer", answers=[STALL], call=save(), timeout=0.3, wants=TIMED_OUT, requests=1),
    Cell(name="events: no answer", answers=[STALL], call=events(), timeout=0.3, wants=TIMED_OUT, requests=1),
    Cell(
        name="upload: no answer",
        answers=[STALL],
        call=upload(b"x" * 100_000),
        timeout=0.3,
        wants=TIMED_OUT,
        requests=1,
    ),
    Cell(
        name="upload: the server reads nothing",
        answers=[STALL],
        call=upload(b"x" * 16 * 1024 * 1024),
        reads_body=False,
        timeout=0.4,
        wants=raises(TimedOut, attempts=1),
    ),
    *(
        Cell(
            name=f"{call.name}: silence longer than the idle time",
            answers=[[STREAM + b"Content-Length: 100\r\n\r\nhalf", STALL]],
            call=call,
            timeout=Timeout(total=5, idle=0.2),
            takes_at_least=0.2,
            takes_at_most=0.2,
            wants=TIMED_OUT,
            requests=1,
        )
        for call in (download(), save())
    ),
    Cell(
        name="download: longer than the deadline, but never silent for long",
        answers=[[STREAM + b"Content-Length: 50\r\n\r\n", Drip(b"x" * 50, each=5, every=0.05)]],
        call=download(),
        timeout=IDLE,
        takes_at_least=0.4,
        takes_at_most=0.6,
        wants=value(b"x" * 50),
        requests=1,
    ),
    Cell(
        name="download: the headers come by the byte",
        answers=[[Drip(STREAM + b"Content-Length: 4\r\n\r\n"), b"good"]],
        call=download(),
        timeout=0.3,
        wants=TIMED_OUT,
        requests=1,
    ),
    Cell(
        name="download: an error whose body never comes",
        answers=[[head(100, status="404 Not Found") + b"{", STALL]],
        call=download(),
        timeout=Timeout(total=0.3, idle=5),
        wants=TIMED_OUT,
        requests=1,
    ),
    Cell(
        name="events: silence longer than the idle time",
        answers=[[EVENTS + b'data: {"kind":"one"}\n\n', STALL]],
        call=events(),
        timeout=Timeout(total=5, idle=0.2),
        takes_at_least=0.2,
        takes_at_most=0.2,
        wants=TIMED_OUT,
        requests=1,
    ),
    Cell(
        name="events: longer than the deadline, but never silent for long",
        answers=[[EVENTS, *([b": still here\n\n", Pause(0.1)] * 5), b'data: {"kind":"one"}\n\n', CLOSE]],
        call=events(),
        timeout=IDLE,
        takes_at_least=0.45,
        takes_at_most=0.6,
        wants=value([{"event": "message", "data": {"kind": "one"}, "id": ""}]),
        requests=1,
    ),
    Cell(
        name="events: silence, and a new connection goes on behind the last id",
        answers=[
            [EVENTS + b'retry: 100\nid: 5\ndata: {"kind":"one"}\n\n', STALL],
            [EVENTS + b'id: 6\ndata: {"kind":"two"}\n\n', STALL],
        ],
        call=events(reconnect=True, first=2),
        timeout=Timeout(total=5, idle=0.2),
        takes_at_least=0.3,
        takes_at_most=0.6,
        wants=value(
            [
                {"event": "message", "data": {"kind": "one"}, "id": "5"},
                {"event": "message", "data": {"kind": "two"}, "id": "6"},
            ]
        ),
        requests=2,
        check=lambda journal: "" if journal.requests[1].header("last-event-id") == "5" else "no Last-Event-ID: 5",
    ),
]

CELLS = [*SILENT, *STALLED, *DRIPPING, *IN_TIME, *STEPS, *AGAIN, *STREAMS]
