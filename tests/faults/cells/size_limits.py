"""Answers that are too large in any way, and how much memory and time they take."""

from __future__ import annotations

import gzip

from answers import CHUNKED, GOOD, JSON, OK, THING, body, chunk, failure, head, http
from cell import Call, Cell, at_once, delete, download, events, get, listing, raises, save, value
from steps import CLOSE, STALL, Flood

from mailwright.runtime import LimitExceeded, NotFound, RateLimited, ResponseInvalid, ServerError
from mailwright.runtime.limits import Limits, MiB

THE_BODY = body(THING)
LONGER = {"success": True, "id": "7", "name": "kettle of steel"}
LONGER_BODY = body(LONGER)
SIZE = len(LONGER_BODY)
BYTES = b"Content-Type: application/octet-stream\r\n"
EVENTS = OK + b"Content-Type: text/event-stream\r\n\r\n"
START = b'{"success": true, "id": "7", "name": "kettle", "x": '
FILE = bytes(range(256)) * 16
FLOOD = Flood(b"flood" * 13_107, 128 * MiB)
GZIP = JSON + b"Content-Encoding: gzip\r\n"
LARGE = {"success": True, "id": "7", "name": "k" * 1000}
PACKED = gzip.compress(body(LARGE), 1, mtime=0)
PAGE = body({"success": True, "results": [{"id": "1"}], "nextCursor": "two"})
SMALL = Limits(response_bytes=MiB)


def beyond(
    name: str, steps: object, *, limit: str = "response_bytes", limits: Limits | None = SMALL, **rest: object
) -> Cell:
    """One that is larger than the limit of that name allows."""
    return Cell(name=name, answers=[steps], limits=limits, wants=raises(LimitExceeded, limit=limit), **rest)  # type: ignore[arg-type]


def within(
    name: str, content: bytes, limits: Limits, *, headers: bytes = JSON, wants: object = THING, call: Call | None = None
) -> Cell:
    """One that is just as large as it may be."""
    return Cell(
        name=name, answers=[http(content, headers=headers)], limits=limits, call=call or get(), wants=value(wants)
    )


EDGES = [
    within("as many bytes as it may have", LONGER_BODY, Limits(response_bytes=SIZE), wants=LONGER),
    beyond("one byte more than it may have", http(LONGER_BODY), limits=Limits(response_bytes=SIZE - 1)),
    beyond(
        "one byte more, in chunks",
        CHUNKED + chunk(LONGER_BODY[:9]) + chunk(LONGER_BODY[9:]) + b"0\r\n\r\n",
        limits=Limits(response_bytes=SIZE - 1),
    ),
    beyond(
        "one byte more, without a length",
        [OK + JSON + b"\r\n" + LONGER_BODY, CLOSE],
        limits=Limits(response_bytes=SIZE - 1),
    ),
    within(
        "as many bytes unpacked as it may have",
        PACKED,
        Limits(decoded_bytes=len(body(LARGE))),
        headers=GZIP,
        wants=LARGE,
    ),
    beyond(
        "one byte more when it is unpacked",
        http(PACKED, headers=GZIP),
        limit="decoded_bytes",
        limits=Limits(decoded_bytes=len(body(LARGE)) - 1),
    ),
    within("few bytes that unpack to many", PACKED, Limits(response_bytes=len(PACKED)), headers=GZIP, wants=LARGE),
    beyond(
        "one byte more while it is packed", http(PACKED, headers=GZIP), limits=Limits(response_bytes=len(PACKED) - 1)
    ),
    within(
        "a download as large as it may be",
        FILE,
        Limits(stream_bytes=len(FILE), response_bytes=SIZE),
        headers=BYTES,
        wants=FILE,
        call=download(),
    ),
    beyond(
        "a download one byte larger than it may be",
        http(FILE, headers=BYTES),
        limit="stream_bytes",
        limits=Limits(stream_bytes=len(FILE) - 1),
        call=download(),
    ),
    beyond(
        "a packed file to save, one byte larger than it may be",
        http(gzip.compress(FILE), headers=BYTES + b"Content-Encoding: gzip\r\n"),
        limit="stream_bytes",
        limits=Limits(stream_bytes=len(FILE) - 1),
        call=save(),
    ),
    Cell(
        name="a second page one byte larger than it may be",
        answers=[http(PAGE), http(PAGE + b" ")],
        limits=Limits(response_bytes=len(PAGE)),
        call=listing(),
        wants=raises(LimitExceeded, limit="response_bytes"),
        requests=2,
    ),
]

FLOODS = [
    beyond("a body without end and without a length", [OK + JSON + b"\r\n", FLOOD]),
    beyond("a body of 1 TiB, as announced", [head(2**40), FLOOD]),
    beyond("a length above the limit, and then silence", [head(2**40) + b"{", STALL], timeout=0.3),
    beyond("a chunk without end", [CHUNKED + b"ffffffffff\r\n", FLOOD]),
    beyond("chunks without end", [CHUNKED, Flood(chunk(b"flood" * 13_000), 128 * MiB)]),
    beyond("blanks without end in front of the JSON", [OK + JSON + b"\r\n", Flood(b" \r\n\t" * 16_384, 128 * MiB)]),
    beyond("a page of HTML without end", [OK + b"Content-Type: text/html\r\n\r\n", FLOOD]),
    beyond("an answer to DELETE without end", [OK + JSON + b"\r\n", FLOOD], call=delete()),
    beyond("a body without end is not asked for again", [OK + JSON + b"\r\n", FLOOD], retries=at_once(3), requests=1),
    beyond("a redirect without end that is not followed", [b"HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n", FLOOD]),
    beyond(
        "a body without end, with the limits a client has when it is told none",
        [OK + JSON + b"\r\n", FLOOD],
        limits=None,
        cap_bytes=64 * MiB,
        timeout=5.0,
    ),
    beyond(
        "a download without end",
        [OK + BYTES + b"\r\n", FLOOD],
        limit="stream_bytes",
        limits=Limits(stream_bytes=16 * MiB),
        call=save(),
        timeout=5.0,
    ),
    Cell(
        name="a second page without end",
        answers=[http(PAGE), [OK + JSON + b"\r\n", FLOOD]],
        limits=SMALL,
        call=listing(),
        wants=raises(LimitExceeded, limit="response_bytes"),
        requests=2,
    ),
    Cell(
        name="a redirect without end that is followed, and not read (urllib3 GHSA-mf9v)",
        answers=[[b"HTTP/1.1 302 Found\r\nLocation: /api/things/8\r\n\r\n", FLOOD], GOOD],
        follow_redirects=True,
        wants=value(THING),
        requests=2,
    ),
    *(
        Cell(
            name=f"an error without end, which stays one: {status}",
            answers=[[f"HTTP/1.1 {status}\r\n".encode() + JSON + b"\r\n", FLOOD]],
            limits=SMALL,
            call=call,
            wants=raises(kind, status=int(status[:3]), attempts=1),
        )
        for status, kind, call in (
            ("404 Not Found", NotFound, get()),
            ("500 Oops", ServerError, download()),
            ("429 Slow Down", RateLimited, events()),
        )
    ),
    Cell(
        name="a 503 without end, and a good answer when asked again",
        answers=[[b"HTTP/1.1 503 Busy\r\n" + JSON + b"\r\n", FLOOD], GOOD],
        limits=SMALL,
        retries=at_once(2),
        wants=value(THING),
        requests=2,
    ),
    Cell(
        name="a 204 with a flood behind it",
        answers=[[b"HTTP/1.1 204 No Content\r\n\r\n", FLOOD]],
        call=delete(),
        wants=raises(ResponseInvalid, status=204),
    ),
    Cell(
        name="a whole answer with a flood behind it",
        answers=[[GOOD, FLOOD]],
        wants=value(THING),
    ),
]

# 16 MiB that are costly to read in some way; none may take more than a few times their own size, nor long.
COSTLY = [
    Cell(name=name, answers=[http(content)], timeout=5.0, takes_at_most=3.0, cap_bytes=64 * MiB, wants=wants)
    for name, content, wants in (
        ("16 MiB of opening brackets", b"[" * (16 * MiB), raises(LimitExceeded, limit="nesting")),
        ("16 MiB of opening brackets in a string", START + b'"' + b"[" * (16 * MiB) + b'"}', value(THING)),
        ("16 MiB of closing brackets", START + b"]" * (16 * MiB), raises(ResponseInvalid, status=200)),
        ("five million empty lists", START + b"[" + b"[]," * (5 * MiB) + b"0]}", value(THING)),
        ("a million objects", START + b"[" + b'{"a":[1]},' * MiB + b"0]}", value(THING)),
        ("eight million escapes in a string", START + b'"' + b"\\n" * (8 * MiB) + b'"}', value(THING)),
        (
            "eight million escaped quotes behind a thousand brackets",
            START + b"[" + b"[]," * 1000 + b'"' + b'\\"' * (8 * MiB) + b'"]}',
            value(THING),
        ),
        ("five million empty strings", START + b"[" + b'"",' * (5 * MiB) + b"0]}", value(THING)),
        (
            "five million quotes that open a string, and none that closes it",
            START + b'"' + b'\\"[' * (5 * MiB),
            raises(ResponseInvalid),
        ),
        ("a number of 16 million digits", START + b"9" * (16 * MiB) + b"}", value(THING)),
        ("16 MiB of blanks", b" " * (16 * MiB) + THE_BODY, value(THING)),
        ("16 MiB of blanks only", b" " * (16 * MiB), raises(ResponseInvalid, status=200)),
        ("two million characters of four bytes", START + b'"' + "😀".encode() * (2 * MiB) + b'"}', value(THING)),
        ("a key of 16 MiB", b'{"' + b"k" * (16 * MiB) + b'": 1, ' + THE_BODY[1:], value(THING)),
    )
]

OTHERS = [
    Cell(
        name="an error whose text has 1 MiB",
        answers=[failure("500 Oops", error="e" * MiB)],
        wants=raises(ServerError, status=500),
    ),
    Cell(
        name="a download as large as it likes, where it has no limit",
        answers=[[head(24 * MiB, headers=BYTES), Flood(bytes(MiB), 24 * MiB), CLOSE]],
        call=download(),
        limits=Limits(stream_bytes=None, response_bytes=SIZE),
        timeout=5.0,
        cap_bytes=48 * MiB,
        wants=value(bytes(24 * MiB)),
    ),
    Cell(
        name="40 MiB that are within the limits",
        answers=[[head(40 * MiB), THE_BODY, Flood(b" " * MiB, 40 * MiB), CLOSE]],
        timeout=5.0,
        cap_bytes=80 * MiB,
        wants=value(THING),
    ),
    Cell(
        name="64 MiB to a file, which are never in memory",
        answers=[[head(64 * MiB, headers=BYTES), Flood(bytes(MiB), 65 * MiB), CLOSE]],
        call=save(),
        limits=Limits(stream_bytes=64 * MiB - 1),
        timeout=5.0,
        wants=raises(LimitExceeded, limit="stream_bytes"),
    ),
    Cell(
        name="one event as large as a client takes, and one more byte",
        answers=[[EVENTS + b"data: " + b" " * MiB + b"{}\n\n", CLOSE]],
        call=events(),
        wants=raises(LimitExceeded, limit="event_bytes"),
    ),
]

CELLS = [*EDGES, *FLOODS, *COSTLY, *OTHERS]
