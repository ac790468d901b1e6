"""Connections that are refused, closed or reset, at every point of an answer."""

from __future__ import annotations

from answers import CHUNKED, DONE, GOOD, JSON, OK, THING, answer, body, chunk, failure, head
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
from steps import CLOSE, HALF_CLOSE, RESET, STALL, Pause, Read

from mailwright.runtime import ConnectFailed, Disconnected, InvalidRequest

BODY = body(THING)
BROKEN = raises(Disconnected, attempts=1, sent=True)
NOT_SENT = raises(Disconnected, ConnectFailed, attempts=1)
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
PAGES = [
    answer({"success": True, "results": [{"id": "1"}], "nextCursor": "two"}),
    answer({"success": True, "results": [{"id": "2"}], "nextCursor": False}),
]

WHERE = {
    "before the answer": b"",
    "in the status line": b"HTTP/1.1 2",
    "in the headers": OK + b"Content-Ty",
    "after the headers": head(len(BODY)),
    "in the body": head(len(BODY)) + BODY[:10],
    "before the last byte": head(len(BODY)) + BODY[:-1],
    "in the size of a chunk": CHUNKED + b"1",
    "in a chunk": CHUNKED + chunk(BODY)[:12],
    "before the last chunk": CHUNKED + chunk(BODY),
    "after 100 Continue": CONTINUE,
    "in the body of an error": head(100, status="400 No") + b'{"err',
}
ENDS = [
    Cell(name=f"{how} {where}", answers=[[data, end]], wants=BROKEN, requests=1)
    for how, end in (("reset", RESET), ("closed", CLOSE))
    for where, data in WHERE.items()
]

CONNECTING = [
    Cell(
        name=f"refused: {name}",
        base_url="%refused%/api",
        call=call,
        retries=at_once(attempts),
        wants=raises(ConnectFailed, attempts=attempts, sent=False, status=None),
    )
    for name, call, attempts in (
        ("get", get(), 1),
        ("get, tried again", get(), 3),
        ("create, tried again because nothing was sent", create(), 3),
        ("take, tried again because nothing was sent", take(), 2),
    )
] + [
    # When the connection breaks before anything is sent, both errors are true.
    Cell(name="reset as soon as it is accepted", greets=[RESET], wants=NOT_SENT, requests=0),
    Cell(name="closed as soon as it is accepted", greets=[CLOSE], wants=NOT_SENT, requests=0),
    Cell(
        name="reset as soon as it is accepted, then good",
        greets=[RESET, b""],
        answers=[GOOD],
        retries=at_once(),
        wants=value(THING),
        requests=1,
    ),
    Cell(
        name="reset in the middle of the request, then good",
        greets=[[Read(9), RESET], b""],
        answers=[GOOD],
        retries=at_once(),
        wants=value(THING),
        requests=1,
    ),
    Cell(
        name="create: reset in the middle of the request is not tried again",
        greets=[[Read(9), RESET], b""],
        answers=[GOOD],
        call=create(),
        retries=at_once(),
        wants=BROKEN,
        requests=0,
    ),
]

AGAIN = [
    Cell(
        name=f"{name}: {how} after the request, then good",
        answers=[end, answer(gives)],
        call=call,
        retries=at_once(),
        wants=value(gives),
        requests=2,
        check=same_bodies,
    )
    for name, call, gives in (("get", get(), THING), ("replace", replace(), DONE), ("delete", delete(), DONE))
    for how, end in (("reset", RESET), ("closed", CLOSE))
] + [
    Cell(
        name=f"{name}: {how} after the request is not tried again",
        answers=[end, GOOD],
        call=call,
        retries=at_once(),
        wants=BROKEN,
        requests=1,
    )
    for name, call in (("create", create()), ("take", take()))
    for how, end in (("reset", RESET), ("closed", CLOSE))
]

OTHERS = [
    Cell(
        name="reset twice, then good",
        answers=[RESET, RESET, GOOD],
        retries=at_once(),
        wants=value(THING),
        requests=3,
    ),
    Cell(
        name="reset each time",
        answers=[RESET],
        retries=at_once(),
        wants=raises(Disconnected, attempts=3),
        requests=3,
    ),
    Cell(
        name="closed in the body, then good",
        answers=[[head(100) + b"{", CLOSE], GOOD],
        retries=at_once(),
        wants=value(THING),
        requests=2,
    ),
    Cell(
        name="closed in the body of a 503, then good",
        answers=[[head(100, status="503 Busy") + b"{", CLOSE], GOOD],
        retries=at_once(),
        wants=value(THING),
        requests=2,
    ),
    Cell(
        name="create: closed in the body of a 503",
        answers=[[head(100, status="503 Busy") + b"{", CLOSE], GOOD],
        call=create(),
        retries=at_once(),
        wants=BROKEN,
        requests=1,
    ),
    Cell(name="half closed without an answer", answers=[[HALF_CLOSE, STALL]], wants=BROKEN, requests=1),
    Cell(name="half closed after the answer", answers=[[GOOD, HALF_CLOSE, STALL]], wants=value(THING), requests=1),
    Cell(name="reset after the whole answer", answers=[[GOOD, RESET]], wants=value(THING), requests=1),
    Cell(name="closed after the whole answer", answers=[[GOOD, CLOSE]], wants=value(THING), requests=1),
    Cell(
        name="closed where the end of the connection is the end of the body",
        answers=[[OK + JSON + b"\r\n" + BODY, CLOSE]],
        wants=value(THING),
        requests=1,
    ),
    Cell(
        name="reset where the end of the connection is the end of the body",
        answers=[[OK + JSON + b"\r\n" + BODY, RESET]],
        wants=BROKEN,
        requests=1,
    ),
    Cell(
        name="reset while a large request is sent",
        answers=[RESET],
        call=replace(tags=["x" * 1024] * 4096),
        reads_body=False,
        wants=BROKEN,
        cap_bytes=16 * 1024 * 1024,
    ),
    Cell(
        name="the second page is reset",
        answers=[PAGES[0], RESET],
        call=listing(),
        wants=BROKEN,
        requests=2,
    ),
    Cell(
        name="the second page is reset, then good",
        answers=[PAGES[0], RESET, PAGES[1]],
        call=listing(),
        retries=at_once(),
        wants=value([{"id": "1"}, {"id": "2"}]),
        requests=3,
    ),
    Cell(
        name="an error, whole, before the connection is reset",
        answers=[[failure("400 No", code="Wrong"), RESET]],
        wants=raises(InvalidRequest, status=400, code="Wrong", attempts=1),
        requests=1,
    ),
]

STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
PART = STREAM + b"Content-Length: 100\r\n\r\nhalf"
CHUNKED_PART = STREAM + b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"
EVENTS = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"

STREAMS = [
    Cell(name=f"{call.name}: {how} {where}", answers=[[data, end]], call=call, wants=BROKEN, requests=1)
    for call in (download(), save())
    for how, end in (("reset", RESET), ("closed", CLOSE))
    for where, data in (("in the body", PART), ("between two chunks", CHUNKED_PART))
] + [
    Cell(
        name="download: reset before the answer, then good",
        answers=[RESET, STREAM + b"Content-Length: 4\r\n\r\ngood"],
        call=download(),
        retries=at_once(),
        wants=value(b"good"),
        requests=2,
    ),
    Cell(
        name="download: reset in the body is not tried again",
        answers=[[PART, Pause(0.1), RESET], STREAM + b"Content-Length: 4\r\n\r\ngood"],
        call=download(),
        retries=at_once(),
        wants=BROKEN,
        requests=1,
    ),
    Cell(
        name="upload: reset while it is sent, then good",
        greets=[[Read(9_000), RESET], b""],
        answers=[answer(DONE)],
        call=upload(b"x" * 1_000_000),
        retries=at_once(),
        wants=value(DONE),
        requests=1,
        check=lambda journal: "" if journal.requests[0].length == 1_000_000 else "the body is not whole",
    ),
    Cell(
        name="events: reset in an event",
        answers=[[EVENTS + b'data: {"kind":"one"}\n\ndata: {"ki', RESET]],
        call=events(),
        wants=BROKEN,
        requests=1,
    ),
    Cell(
        name="events: reset, and a new connection goes on behind the last id",
        answers=[
            [EVENTS + b'retry: 100\nid: 5\ndata: {"kind":"one"}\n\nid: 6\ndata: {"ki', Pause(0.1), RESET],
            [EVENTS + b'id: 6\ndata: {"kind":"two"}\n\n', STALL],
        ],
        call=events(reconnect=True, first=2),
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

CELLS = [*ENDS, *CONNECTING, *AGAIN, *OTHERS, *STREAMS]
