"""Chunked bodies: sizes that are none, ends that do not come, extensions and trailers without end, two framings."""

from __future__ import annotations

from answers import CHUNKED, GOOD, JSON, LAST_CHUNK, OK, THING, answer, body, chunk
from cell import Cell, Differs, at_once, events, get, raises, value
from checks import sent_on
from steps import CLOSE, STALL, Answer, Drip, Flood, Pause

from mailwright.runtime import Disconnected, NotFound, ProtocolError, ResponseInvalid, TimedOut

THE_BODY = body(THING)
SIZE = b"%x" % len(THE_BODY)
WHOLE = chunk(THE_BODY)
POISON = answer({"success": True, "id": "0", "name": "poison"})
LONG = {"success": True, "id": "7", "name": "k" * 20_000}
LONG_BODY = body(LONG)
ACCENTED = {"success": True, "id": "7", "name": "Kessel für Zürich €"}
EVENTS_HEAD = OK + b"Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
ACCENTED_BODY = b'{"success":true,"id":"7","name":"' + ACCENTED["name"].encode() + b'"}'


def good(name: str, *answer: bytes, wants: object = THING) -> Cell:
    """One that a client must take."""
    return Cell(name=name, answers=[b"".join(answer)], wants=value(wants))


def refused(name: str, *answer: bytes) -> Cell:
    """One that is not HTTP."""
    return Cell(name=name, answers=[[b"".join(answer), CLOSE]], wants=raises(ProtocolError, attempts=1))


def broken(name: str, *answer: bytes) -> Cell:
    """One that ends too early."""
    return Cell(name=name, answers=[[b"".join(answer), CLOSE]], wants=raises(Disconnected, attempts=1))


def one_by_one(data: bytes) -> bytes:
    """Each byte in a chunk of its own."""
    return b"".join(chunk(data[at : at + 1]) for at in range(len(data)))


FITTING = [
    good("all in one chunk", CHUNKED, WHOLE, LAST_CHUNK),
    good("each byte in a chunk of its own", CHUNKED, one_by_one(THE_BODY), LAST_CHUNK),
    good("a character cut in two by chunks", CHUNKED, one_by_one(ACCENTED_BODY), LAST_CHUNK, wants=ACCENTED),
    good(
        "a size in capitals, with zeros in front", CHUNKED, b"000", SIZE.upper(), b"\r\n", THE_BODY, b"\r\n000\r\n\r\n"
    ),
    good("chunk extensions", CHUNKED, SIZE, b';name=value;quoted="a;b"\r\n', THE_BODY, b"\r\n0;last\r\n\r\n"),
    good("trailers, which change nothing", CHUNKED, WHOLE, b"0\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n"),
    good("Chunked, with a capital", OK, JSON, b"Transfer-Encoding: Chunked\r\n\r\n", WHOLE, LAST_CHUNK),
    Cell(
        name="twenty thousand chunks (aiohttp CVE-2025-69229)",
        answers=[CHUNKED + one_by_one(LONG_BODY) + LAST_CHUNK],
        timeout=5.0,
        wants=value(LONG),
    ),
    Cell(
        name="sizes and data byte by byte on the wire",
        answers=[Drip(CHUNKED + WHOLE + LAST_CHUNK, every=0.0)],
        wants=value(THING),
    ),
    Cell(
        name="a pause between two chunks",
        answers=[[CHUNKED + chunk(THE_BODY[:9]), Pause(0.1), chunk(THE_BODY[9:]) + LAST_CHUNK]],
        wants=value(THING),
    ),
    Cell(
        name="an error in chunks",
        answers=[
            b"HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            + one_by_one(body({"success": False, "error": "No kettle", "code": "ThingNotFound"}))
            + LAST_CHUNK
        ],
        wants=raises(NotFound, status=404, code="ThingNotFound"),
    ),
    Cell(
        name="chunks and a length, of which the chunks count",
        answers=[OK + JSON + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + WHOLE + LAST_CHUNK],
        wants=value(THING),
    ),
    Cell(
        name="chunks and a length of nothing, with an answer smuggled in between",
        answers=[[OK + JSON + b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n" + WHOLE + LAST_CHUNK], GOOD],
        before=[get()],
        wants=value(THING),
    ),
    Cell(
        name="an answer behind the last chunk that nobody asked for",
        answers=[CHUNKED + WHOLE + LAST_CHUNK + POISON],
        wants=value(THING),
    ),
]

SIZES = [
    refused(f"a chunk size that is none: {text}", CHUNKED, size, b"\r\n", THE_BODY, b"\r\n", LAST_CHUNK)
    for text, size in {
        "no digits": b"xyz",
        "nothing at all": b"",
        "negative": b"-" + SIZE,
        "with a plus": b"+" + SIZE,
        "with 0x in front": b"0x" + SIZE,
        "with an underscore": b"2_d",
        "full-width digits": "２d".encode(),
        "a blank in front": b" " + SIZE,
        "two numbers": SIZE + b" " + SIZE,
        "thirty-two digits": b"f" * 32,
    }.items()
]

FRAMES = [
    refused(
        "two bytes more than the chunk's size (h11 CVE-2025-43859)", CHUNKED, SIZE, b"\r\n", THE_BODY, b"XX", LAST_CHUNK
    ),
    refused("no line end after the chunk's data", CHUNKED, SIZE, b"\r\n", THE_BODY, LAST_CHUNK),
    refused("a bare LF after the size", CHUNKED, SIZE, b"\n", THE_BODY, b"\r\n", LAST_CHUNK),
    refused("a trailer without a colon", CHUNKED, WHOLE, b"0\r\nnothing\r\n\r\n"),
    refused("a body that is not chunked at all", CHUNKED, THE_BODY, b"\r\n"),
    refused("chunked twice", OK, JSON, b"Transfer-Encoding: chunked, chunked\r\n\r\n", WHOLE, LAST_CHUNK),
    refused("chunked in two headers", OK, JSON, b"Transfer-Encoding: chunked\r\n" * 2, b"\r\n", WHOLE, LAST_CHUNK),
    refused("a transfer coding that is not known", OK, JSON, b"Transfer-Encoding: xchunked\r\n\r\n", WHOLE, LAST_CHUNK),
    refused(
        "gzip as transfer coding, which was not asked for",
        OK,
        JSON,
        b"Transfer-Encoding: gzip, chunked\r\n\r\n",
        WHOLE,
        LAST_CHUNK,
    ),
    Cell(
        name="a chunk of no bytes in the middle, which is the end",
        answers=[CHUNKED + chunk(THE_BODY[:20]) + LAST_CHUNK + chunk(THE_BODY[20:]) + LAST_CHUNK],
        wants=raises(ResponseInvalid, status=200),
    ),
]

ENDS = [
    broken("all of the JSON, but no last chunk", CHUNKED, WHOLE),
    broken("the last chunk without the line behind it", CHUNKED, WHOLE, b"0\r\n"),
    broken("the end in the middle of a chunk", CHUNKED, SIZE, b"\r\n", THE_BODY[:20]),
    broken("the end in the middle of a size", CHUNKED, WHOLE, b"1"),
    broken("the end in the middle of the trailers", CHUNKED, WHOLE, b"0\r\nX-Trailer: half"),
    Cell(
        name="no last chunk, and silence",
        answers=[[CHUNKED + WHOLE, STALL]],
        timeout=0.3,
        wants=raises(TimedOut),
    ),
    Cell(
        name="a chunk of 4 GiB is announced, and silence",
        answers=[[CHUNKED + b"ffffffff\r\n" + THE_BODY, STALL]],
        timeout=0.3,
        wants=raises(TimedOut),
    ),
    Cell(
        name="no last chunk, and a whole answer when asked again",
        answers=[[CHUNKED + WHOLE, CLOSE], GOOD],
        retries=at_once(2),
        wants=value(THING),
        requests=2,
        check=sent_on(0, 1),
    ),
    Cell(
        name="events without the last chunk",
        answers=[[EVENTS_HEAD + chunk(b'data: {"kind": "a"}\n\n'), CLOSE]],
        call=events(reconnect=False),
        wants=raises(Disconnected),
    ),
]


def endless(name: str, start: bytes, piece: bytes, *, differs: dict[str, Differs] | None = None) -> Cell:
    """One that would fill the memory, with 4 MiB of what has no limit of its own."""
    flood: Answer = [start, Flood(piece * 1024, 4 * 1024 * 1024), CLOSE]
    return Cell(name=name, answers=[flood], wants=raises(ProtocolError, attempts=1), differs=differs or {})


ENDLESS = [
    endless("chunk extensions without end", CHUNKED + SIZE + b";", b"extension;"),
    endless(
        "zeros in front of a size without end",
        CHUNKED,
        b"0000",
        differs={"pyreqwest": Differs(raises(Disconnected, attempts=1), because="hyper does not count leading zeros")},
    ),
    endless("trailers without end (aiohttp CVE-2026-22815)", CHUNKED + WHOLE + b"0\r\n", b"X-Trailer: more\r\n"),
    endless("one trailer without end", CHUNKED + WHOLE + b"0\r\nX-Trailer: ", b"more"),
]

CELLS = [*FITTING, *SIZES, *FRAMES, *ENDS, *ENDLESS]
