"""Bodies that are shorter or longer than they were announced, or whose end nobody announced."""

from __future__ import annotations

from answers import CHUNKED, GOOD, JSON, OK, THING, answer, body, failure, head, http
from cell import Cell, at_once, create, delete, download, get, listing, raises, save, value
from checks import sent_on
from steps import CLOSE, HALF_CLOSE, RESET, STALL, Drip, Pause

from mailwright.runtime import Disconnected, NotFound, ResponseInvalid, TimedOut

THE_BODY = body(THING)
HALF = THE_BODY[:20]
HEAD = head(len(THE_BODY))
BYTES = b"Content-Type: application/octet-stream\r\n"
FILE = bytes(range(256)) * 16
POISON = answer({"success": True, "id": "0", "name": "poison"})
NOT_ANNOUNCED = OK + JSON + b"\r\n"
PAGE = {"success": True, "results": [{"id": "1"}], "nextCursor": "two"}


CUT_OFF = [
    Cell(name="nothing of the body, then the end", answers=[[HEAD, CLOSE]], wants=raises(Disconnected, attempts=1)),
    Cell(name="half of the body, then the end", answers=[[HEAD + HALF, CLOSE]], wants=raises(Disconnected)),
    Cell(
        name="all of the JSON, but one byte less than announced",
        answers=[[head(len(THE_BODY) + 1) + THE_BODY, CLOSE]],
        wants=raises(Disconnected),
    ),
    Cell(name="half of the body, then a reset", answers=[[HEAD + HALF, RESET]], wants=raises(Disconnected)),
    Cell(
        name="half of the body, then the end of what the server sends, who goes on reading",
        answers=[[HEAD + HALF, HALF_CLOSE, STALL]],
        wants=raises(Disconnected),
    ),
    Cell(name="half of the body, then silence", answers=[[HEAD + HALF, STALL]], timeout=0.3, wants=raises(TimedOut)),
    Cell(
        name="half of an error, then the end",
        answers=[[failure("404 Not Found")[:-10], CLOSE]],
        wants=raises(Disconnected),
    ),
    Cell(
        name="half of a body whose connection was to be closed anyway",
        answers=[[head(len(THE_BODY), headers=JSON + b"Connection: close\r\n") + HALF, CLOSE]],
        wants=raises(Disconnected),
    ),
    Cell(
        name="half of the second page",
        answers=[answer(PAGE), [head(200) + b'{"success": true, "results": [{"id"', CLOSE]],
        call=listing(),
        wants=raises(Disconnected),
        requests=2,
    ),
    Cell(
        name="half of the body, and all of it when asked again",
        answers=[[HEAD + HALF, CLOSE], GOOD],
        retries=at_once(2),
        wants=value(THING),
        requests=2,
    ),
    Cell(
        name="half of the answer to a POST, which is not sent again",
        answers=[[HEAD + HALF, CLOSE], GOOD],
        call=create(),
        retries=at_once(3),
        wants=raises(Disconnected, attempts=1),
        requests=1,
    ),
    Cell(
        name="a part of a file although all of it was asked for (206)",
        answers=[
            http(
                FILE[:2000],
                status="206 Partial Content",
                headers=BYTES + b"Content-Range: bytes 0-1999/%d\r\n" % len(FILE),
            )
        ],
        call=save(),
        wants=raises(ResponseInvalid, status=206),
    ),
]

# What stays on the connection would be the answer to the next request.
TOO_LONG = [
    Cell(
        name="a length that ends in the middle of the JSON",
        answers=[http(THE_BODY, length=20)],
        wants=raises(ResponseInvalid, status=200),
    ),
    Cell(name="a length that leaves a line end behind", answers=[HEAD + THE_BODY + b"\r\n"], wants=value(THING)),
    Cell(
        name="a second answer behind an error",
        answers=[failure("404 Not Found") + POISON],
        wants=raises(NotFound, status=404, code="Broken"),
    ),
    Cell(
        name="a 204 with a body",
        answers=[b"HTTP/1.1 204 No Content\r\nContent-Length: %d\r\n\r\n%s" % (len(THE_BODY), THE_BODY)],
        call=delete(),
        wants=raises(ResponseInvalid, status=204),
    ),
    Cell(
        name="a 204 with a whole answer behind it",
        answers=[b"HTTP/1.1 204 No Content\r\n\r\n" + POISON],
        call=delete(),
        wants=raises(ResponseInvalid, status=204),
    ),
    Cell(
        name="a 304 that announces a body, which it cannot have",
        answers=[b"HTTP/1.1 304 Not Modified\r\nContent-Length: 45\r\n\r\n"],
        wants=raises(ResponseInvalid, status=304),
    ),
]

NO_LENGTH = [
    Cell(
        name="no length, and the end of the connection", answers=[[NOT_ANNOUNCED + THE_BODY, CLOSE]], wants=value(THING)
    ),
    Cell(
        name="no length, and the end in the middle of the JSON",
        answers=[[NOT_ANNOUNCED + HALF, CLOSE]],
        wants=raises(ResponseInvalid, status=200),
    ),
    Cell(name="no length, and a reset", answers=[[NOT_ANNOUNCED + THE_BODY, RESET]], wants=raises(Disconnected)),
    Cell(
        name="no length, and a connection that stays open",
        answers=[[NOT_ANNOUNCED + THE_BODY, STALL]],
        timeout=0.3,
        wants=raises(TimedOut),
    ),
    Cell(
        name="no length, in an answer of HTTP/1.0",
        answers=[[b"HTTP/1.0 200 OK\r\n" + JSON + b"\r\n" + THE_BODY, CLOSE]],
        wants=value(THING),
    ),
    Cell(name="no length and no body", answers=[[NOT_ANNOUNCED, CLOSE]], wants=raises(ResponseInvalid, status=200)),
    Cell(
        name="a download without a length",
        answers=[[OK + BYTES + b"\r\n" + FILE, CLOSE]],
        call=download(),
        wants=value(FILE),
    ),
    Cell(
        name="a download without a length, reset at its end",
        answers=[[OK + BYTES + b"\r\n" + FILE, RESET]],
        call=save(),
        wants=raises(Disconnected),
    ),
]

IN_PIECES = [
    Cell(name="the whole answer byte by byte", answers=[Drip(GOOD, every=0.0)], wants=value(THING)),
    Cell(
        name="a pause in the middle of the body", answers=[[HEAD + HALF, Pause(0.1), THE_BODY[20:]]], wants=value(THING)
    ),
    Cell(
        name="a body of no bytes where JSON is due",
        answers=[http(b"")],
        wants=raises(ResponseInvalid, status=200, content=b""),
    ),
    Cell(name="a download of no bytes", answers=[http(b"", headers=BYTES)], call=download(), wants=value(b"")),
    Cell(
        name="a whole body keeps the connection",
        answers=[GOOD],
        before=[get()],
        wants=value(THING),
        check=sent_on(0),
    ),
    Cell(
        name="a chunked body keeps the connection",
        answers=[CHUNKED + b"%x\r\n%s\r\n0\r\n\r\n" % (len(THE_BODY), THE_BODY)],
        before=[get()],
        wants=value(THING),
        check=sent_on(0),
    ),
]

CELLS = [*CUT_OFF, *TOO_LONG, *NO_LENGTH, *IN_PIECES]
