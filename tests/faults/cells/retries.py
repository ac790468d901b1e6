"""Failures that pass, failures that do not, and servers that say when to come again.

`resets` and `timeouts` tell where a broken connection and a missing answer are tried again, `uploads` how files are.
"""

from __future__ import annotations

import math
from email.utils import formatdate
from time import time

from answers import CREATED, DONE, GOOD, JSON, OK, THING, answer, failure, http
from cell import (
    Cell,
    Differs,
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
    value,
)
from checks import connections, same_bodies, sent_on
from steps import CLOSE, RESET, Flood, Wire
from wire_checks import WITH_TOKEN, all_of, sent, targets

from mailwright.runtime import (
    Disconnected,
    InvalidRequest,
    Limits,
    NotFound,
    ProtocolError,
    RateLimited,
    ResponseInvalid,
    Retries,
    ServerError,
    full_jitter,
)
from mailwright.runtime.errors import Conflict
from mailwright.runtime.retries import FailedAttempt

HTML = b"Content-Type: text/html\r\n"
PAGE = http(b"<html>Busy", status="503 Busy", headers=HTML)
BUSY = failure("503 Busy")
SLOW = failure("429 Slow")
FOREVER = at_once(9)

PASSING = [
    Cell(
        name=f"{name}, then good",
        answers=[first, answer(gives)],
        call=call,
        retries=FOREVER,
        wants=value(gives),
        requests=2,
        check=all_of(same_bodies, WITH_TOKEN),
    )
    for name, first, call, gives in (
        ("429", SLOW, get(), THING),
        ("502", failure("502 Bad Gateway"), get(), THING),
        ("503", BUSY, get(), THING),
        ("504", failure("504 Gateway Timeout"), get(), THING),
        ("429 told with status 200", failure("200 OK", code="RateLimitedError"), get(), THING),
        ("503 with a page", PAGE, get(), THING),
        ("503 without a body", http(status="503 Busy", headers=b""), get(), THING),
        ("503 that says it went well", answer(status="503 Busy"), get(), THING),
        ("503 of HTTP/1.0", [BUSY.replace(b"HTTP/1.1", b"HTTP/1.0"), CLOSE], get(), THING),
        ("503 of a PUT", BUSY, replace(), DONE),
        ("503 of a DELETE", BUSY, delete(), DONE),
        ("429 of a PUT", SLOW, replace(), DONE),
    )
]

LASTING = [
    Cell(name=f"{status} is not tried again", answers=[failure(status), GOOD], retries=FOREVER, wants=wants, requests=1)
    for status, wants in (
        ("400 Bad Request", raises(InvalidRequest, attempts=1)),
        ("404 Not Found", raises(NotFound, attempts=1)),
        ("408 Request Timeout", raises(InvalidRequest, status=408, attempts=1)),
        ("409 Conflict", raises(Conflict, attempts=1)),
        ("413 Too Large", raises(InvalidRequest, status=413, attempts=1)),
        ("425 Too Early", raises(InvalidRequest, status=425, attempts=1)),
        ("500 Oops", raises(ServerError, status=500, attempts=1)),
        ("501 Not Implemented", raises(ServerError, status=501, attempts=1)),
        ("505 Version", raises(ServerError, status=505, attempts=1)),
        ("507 Insufficient Storage", raises(ServerError, status=507, attempts=1)),
        ("520 Unknown", raises(ServerError, status=520, attempts=1)),
        ("529 Overloaded", raises(ServerError, status=529, attempts=1)),
    )
]

UNSAFE = [
    Cell(
        name=f"{name} is not tried again",
        answers=[first, answer(CREATED)],
        call=call,
        retries=FOREVER,
        wants=raises(wants, attempts=1),
        requests=1,
    )
    for name, first, call, wants in (
        ("429 of a POST", SLOW, create(), RateLimited),
        ("502 of a POST", failure("502 Bad Gateway"), create(), ServerError),
        ("503 of a POST", BUSY, create(), ServerError),
        ("504 of a POST", failure("504 Gateway Timeout"), create(), ServerError),
        (
            "503 of a POST with a time to wait",
            failure("503 Busy", headers=b"Retry-After: 0\r\n"),
            create(),
            ServerError,
        ),
        ("503 of a GET that changes something", BUSY, take(), ServerError),
    )
]

BAD_ANSWERS = [
    Cell(
        name=f"{name} is not tried again",
        answers=[first, GOOD],
        retries=FOREVER,
        wants=raises(wants, attempts=1),
        requests=1,
    )
    for name, first, wants in (
        ("a page for an answer", http(b"<html>", headers=HTML), ResponseInvalid),
        ("no body for an answer", http(status="204 No Content", headers=b""), ResponseInvalid),
        ("JSON that is cut off", http(b'{"success": true, "id'), ResponseInvalid),
        ("a value of the wrong type", answer({**THING, "id": [7]}), ResponseInvalid),
        ("an answer that is no HTTP", [b"SSH-2.0-OpenSSH_9.6\r\n\r\n", CLOSE], ProtocolError),
        (
            "a body that cannot be unpacked",
            http(b"not gzip", headers=JSON + b"Content-Encoding: gzip\r\n"),
            ProtocolError,
        ),
        ("a redirect", http(status="302 Found", headers=b"Location: /x\r\nRetry-After: 0\r\n"), ResponseInvalid),
    )
] + [
    Cell(
        name="503 with a body without end, then good",
        answers=[[OK.replace(b"200 OK", b"503 Busy") + JSON + b"\r\n", Flood(b"x" * 65536)], GOOD],
        limits=Limits(response_bytes=100_000),
        retries=FOREVER,
        wants=value(THING),
        requests=2,
    ),
    Cell(
        name="201 with a time to wait is an answer",
        answers=[answer(CREATED, status="201 Created", headers=b"Retry-After: 5\r\n")],
        call=create(),
        retries=FOREVER,
        takes_at_most=0.1,
        wants=value(CREATED),
        requests=1,
    ),
]

NOT_ASCII = {
    "pyreqwest": Differs(
        raises(ProtocolError, says="beyond ASCII", attempts=1), because="pyreqwest cannot read headers beyond ASCII"
    )
}
SAID = [
    Cell(
        name=f"Retry-After says {name}",
        answers=[failure("429 Slow", headers=headers)],
        wants=raises(RateLimited, status=429, retry_after=seconds, attempts=1),
        requests=1,
        differs=NOT_ASCII if max(headers) > 127 else {},
    )
    for name, headers, seconds in (
        ("seconds", b"Retry-After: 120\r\n", 120.0),
        ("nothing to wait for", b"retry-after: 0\r\n", 0.0),
        ("parts of a second", b"Retry-After: 1.5\r\n", 1.5),
        ("milliseconds", b"Retry-After-Ms: 2500\r\n", 2.5),
        ("milliseconds in Azure's way", b"x-ms-retry-after-ms: 30\r\n", 0.03),
        ("both, and milliseconds are more exact", b"Retry-After: 3\r\nRetry-After-Ms: 2500\r\n", 2.5),
        ("both, and the milliseconds are none", b"Retry-After: 3\r\nRetry-After-Ms: soon\r\n", 3.0),
        ("a date that is over", b"Retry-After: Fri, 20 Nov 2020 10:00:00 GMT\r\n", 0.0),
        ("a date in the form of RFC 850", b"Retry-After: Friday, 20-Nov-20 10:00:00 GMT\r\n", 0.0),
        ("a date in the form of asctime", b"Retry-After: Fri Nov 20 10:00:00 2020\r\n", 0.0),
        ("a date in a zone", b"Retry-After: Fri, 20 Nov 2020 10:00:00 +0300\r\n", 0.0),
        ("a word", b"Retry-After: soon\r\n", None),
        ("nothing", b"Retry-After:\r\n", None),
        ("a negative number", b"Retry-After: -5\r\n", None),
        ("a number with an exponent", b"Retry-After: 1e3\r\n", None),
        ("a number in hexadecimal", b"Retry-After: 0x10\r\n", None),
        ("a number with a unit", b"Retry-After: 2 s\r\n", None),
        ("a digit that is none in ASCII", b"Retry-After: \xb2\r\n", None),
        ("NaN", b"Retry-After: nan\r\n", None),
        ("infinity", b"Retry-After: inf\r\n", None),
        ("a list", b"Retry-After: 1, 2\r\n", None),
        ("two things", b"Retry-After: 3\r\nRetry-After: 9\r\n", 3.0),
        ("a day there is not", b"Retry-After: Sun, 31 Feb 2027 10:00:00 GMT\r\n", None),
        ("a year of five digits", b"Retry-After: Sun, 20 Nov 99999 10:00:00 GMT\r\n", None),
        ("a number of 400 digits", b"Retry-After: %s\r\n" % (b"9" * 400), math.inf),
    )
]

TOO_LONG = [
    Cell(
        name=f"a pause of {name} is not made",
        answers=[failure("503 Busy", headers=headers), GOOD],
        timeout=100_000.0,
        takes_at_most=0.1,
        retries=Retries(attempts=3, longest_wait=longest),
        wants=raises(ServerError, status=503, attempts=1),
        requests=1,
    )
    for name, headers, longest in (
        ("31 seconds", b"Retry-After: 31\r\n", 30.0),
        ("a day in milliseconds", b"Retry-After-Ms: 86400000\r\n", 30.0),
        ("a century by its date", b"Retry-After: Sun, 20 Nov 2126 10:00:00 GMT\r\n", 30.0),
        ("400 digits of seconds", b"Retry-After: %s\r\n" % (b"9" * 400), 30.0),
        ("more than this client takes", b"Retry-After: 0.2\r\n", 0.1),
    )
]


async def in_two_seconds(wire: Wire) -> None:
    """A 503 until the second after the next."""
    await wire.send(failure("503 Busy", headers=b"Retry-After: %s\r\n" % formatdate(time() + 2, usegmt=True).encode()))


PAUSES = [
    Cell(
        name=f"waits for {name}",
        answers=[first, GOOD],
        timeout=5.0,
        takes_at_least=least,
        takes_at_most=most,
        retries=retries,
        wants=value(THING),
        requests=2,
    )
    for name, first, retries, least, most in (
        ("200 ms", failure("503 Busy", headers=b"Retry-After-Ms: 200\r\n"), at_once(), 0.2, 0.3),
        (
            "a second, under the policy that is the default",
            failure("503 Busy", headers=b"Retry-After: 1\r\n"),
            Retries(),
            1,
            1.1,
        ),
        ("a date", in_two_seconds, at_once(), 0.99, 2.1),
        ("no more than 0.5 s when nothing is said", BUSY, Retries(), 0.0, 0.6),
        (
            "no more than 0.5 s when nonsense is said",
            failure("503 Busy", headers=b"Retry-After: x\r\n"),
            Retries(),
            0.0,
            0.6,
        ),
        ("as long as a policy says", BUSY, Retries(wait=lambda failed: 0.1 * failed.number), 0.1, 0.2),
        (
            "a quarter of what is said, when a policy says so",
            failure("503 Busy", headers=b"Retry-After: 1\r\n"),
            Retries(wait=lambda failed: full_jitter(failed) / 4),
            0.25,
            0.35,
        ),
    )
] + [
    Cell(
        name="pauses that together go beyond the deadline",
        answers=[BUSY],
        timeout=0.5,
        retries=Retries(attempts=99, wait=lambda failed: 0.2),
        takes_at_least=0.4,
        takes_at_most=0.5,
        wants=raises(ServerError, status=503, attempts=3),
        requests=3,
    ),
]


def decides(failed: FailedAttempt) -> bool:
    """A policy that asks for everything it is told."""
    asked = (failed.number, failed.operation, failed.method, failed.repeatable, failed.retry_after)
    return asked == (1, "createThing", "POST", False, 0.0) and isinstance(failed.error, ServerError)


POLICIES = [
    Cell(
        name=f"a policy {name}",
        answers=[first, answer(gives)],
        call=call,
        retries=retries,
        wants=value(gives) if requests == 2 else raises(ServerError, status=503, attempts=requests),
        requests=requests,
        takes_at_most=0.1,
    )
    for name, first, call, gives, retries, requests in (
        ("of one attempt", BUSY, get(), THING, Retries(attempts=1), 1),
        (
            "that tries a POST again",
            failure("503 Busy", headers=b"Retry-After: 0\r\n"),
            create(),
            CREATED,
            Retries(again=decides),
            2,
        ),
        ("that tries nothing again", BUSY, get(), THING, Retries(again=lambda failed: False), 1),
        ("that waits NaN seconds", BUSY, get(), THING, Retries(wait=lambda failed: math.nan), 1),
        ("that waits for ever", BUSY, get(), THING, Retries(wait=lambda failed: math.inf), 1),
        ("that waits less than nothing", BUSY, get(), THING, Retries(wait=lambda failed: -1.0), 1),
    )
]

IN_A_ROW = [
    Cell(
        name="all attempts fail: the last failure is told",
        answers=[failure("502 A"), failure("504 B", error="The last")],
        retries=at_once(3),
        wants=raises(ServerError, says="The last", status=504, attempts=3),
        requests=3,
    ),
    Cell(
        name="a server that always says now",
        answers=[failure("429 Slow", headers=b"Retry-After: 0\r\n")],
        retries=at_once(20),
        wants=raises(RateLimited, retry_after=0.0, attempts=20),
        requests=20,
    ),
    Cell(
        name="one failure of each kind, then good",
        answers=[BUSY, RESET, SLOW, CLOSE, GOOD],
        retries=at_once(5),
        wants=value(THING),
        requests=5,
    ),
    Cell(
        name="503, and then an error that lasts",
        answers=[BUSY, failure("404 Gone"), GOOD],
        retries=FOREVER,
        wants=raises(NotFound, status=404, attempts=2),
        requests=2,
    ),
    Cell(
        name="503, and then the connection ends each time: there is no status",
        answers=[BUSY, CLOSE],
        retries=at_once(3),
        wants=raises(Disconnected, status=None, attempts=3),
        requests=3,
    ),
    Cell(
        name="failures go over one connection, which is not lost",
        answers=[BUSY, PAGE, http(b"x" * 1_000_000, status="503 Busy"), GOOD],
        retries=FOREVER,
        wants=value(THING),
        requests=4,
        check=all_of(sent_on(0, 0, 0, 0), connections(1)),
    ),
    Cell(
        name="failures that each end their connection",
        answers=[failure("503 Busy", headers=b"Connection: close\r\n")] * 2 + [GOOD],
        retries=FOREVER,
        wants=value(THING),
        requests=3,
        check=sent_on(0, 1, 2),
    ),
    Cell(
        name="hooks know the attempt's number",
        answers=[BUSY, BUSY, GOOD],
        retries=FOREVER,
        options={"before_send": lambda attempt: attempt.add_header("X-Attempt", str(attempt.number))},
        wants=value(THING),
        requests=3,
        check=sent("X-Attempt", "1", "2", "3"),
    ),
    Cell(
        name="all arguments are the same again",
        answers=[BUSY, BUSY, GOOD],
        call=get("a/b", note="ü&", tags=["x", "y"], count=2, x_trace="t"),
        retries=FOREVER,
        wants=value(THING),
        check=all_of(targets(*["/api/things/a%2Fb?note=%C3%BC%26&tags=x%2Cy&count=2"] * 3), sent("X-Trace", "t")),
    ),
    Cell(
        name="the second page fails once: each item comes once",
        answers=[
            answer({"success": True, "nextCursor": "c", "results": [{"id": "1"}]}),
            BUSY,
            answer({"success": True, "nextCursor": False, "results": [{"id": "2"}]}),
        ],
        call=listing(query="q"),
        retries=FOREVER,
        wants=value([{"id": "1"}, {"id": "2"}]),
        check=targets("/api/things?query=q", *["/api/things?query=q&next=c"] * 2),
    ),
]


BYTES = http(b"kettle", headers=b"Content-Type: application/octet-stream\r\n")
STREAM = http(b'id: 1\ndata: {"kind":"a"}\n\n', headers=b"Content-Type: text/event-stream\r\n")
STREAMS = [
    Cell(
        name="503 of a download, then good",
        answers=[BUSY, BYTES],
        call=download(),
        retries=FOREVER,
        wants=value(b"kettle"),
        requests=2,
    ),
    Cell(
        name="503 of what is saved, then good",
        answers=[PAGE, BYTES],
        call=save(),
        retries=FOREVER,
        wants=value(b"kettle"),
        requests=2,
    ),
    Cell(
        name="503 of events, then good",
        answers=[BUSY, STREAM],
        call=events(),
        retries=FOREVER,
        wants=value([{"event": "message", "data": {"kind": "a"}, "id": "1"}]),
        requests=2,
    ),
]

CELLS = [
    *PASSING,
    *LASTING,
    *UNSAFE,
    *BAD_ANSWERS,
    *SAID,
    *TOO_LONG,
    *PAUSES,
    *POLICIES,
    *IN_A_ROW,
    *STREAMS,
]
