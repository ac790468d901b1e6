"""Status lines that are none, informational answers, and statuses that no answer should have."""

from __future__ import annotations

from answers import GOOD, JSON, THING, answer, body, failure, http
from cell import Cell, raises, value
from checks import connections
from steps import CLOSE

from mailwright.runtime import Disconnected, InvalidRequest, NotFound, ProtocolError, ResponseInvalid, ServerError

REST = GOOD.partition(b"\r\n")[2]
NOT_HTTP = raises(ProtocolError, attempts=1, status=None)

GOOD_ONES = [
    Cell(name=name, answers=[data], wants=value(THING), requests=1)
    for name, data in {
        "an answer as it should be": GOOD,
        "no reason": b"HTTP/1.1 200 \r\n" + REST,
        "no reason and no blank": b"HTTP/1.1 200\r\n" + REST,
        "a reason in Latin-1": b"HTTP/1.1 200 D\xe9j\xe0\r\n" + REST,
        "a reason in UTF-8": "HTTP/1.1 200 Déjà\r\n".encode() + REST,
        "a reason of 4 KiB": b"HTTP/1.1 200 " + b"o" * 4096 + b"\r\n" + REST,
        "HTTP/1.0": b"HTTP/1.0 200 OK\r\n" + REST,
        "lines that end without CR": GOOD.replace(b"\r\n", b"\n"),
        "status 201": b"HTTP/1.1 201 Created\r\n" + REST,
        "status 202": b"HTTP/1.1 202 Accepted\r\n" + REST,
        "status 299, which is not registered": b"HTTP/1.1 299 Odd\r\n" + REST,
        "100 Continue before the answer": b"HTTP/1.1 100 Continue\r\n\r\n" + GOOD,
        "102 Processing before the answer": b"HTTP/1.1 102 Processing\r\n\r\n" * 3 + GOOD,
        "103 Early Hints before the answer": b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n" + GOOD,
        "199, which is not registered, before the answer": b"HTTP/1.1 199 Odd\r\n\r\n" + GOOD,
        "200 times 100 Continue before the answer": b"HTTP/1.1 100 Continue\r\n\r\n" * 200 + GOOD,
    }.items()
]

NOT_HTTP_AT_ALL = [
    Cell(name=name, answers=[[data, CLOSE]], wants=NOT_HTTP, requests=1)
    for name, data in {
        "a version that is none": b"HTTP/9 lol\r\n\r\n",
        "small letters": b"http/1.1 200 OK\r\n" + REST,
        "another protocol": b"ICY 200 OK\r\n" + REST,
        "a status of two digits": b"HTTP/1.1 20 OK\r\n" + REST,
        "a status of four digits": b"HTTP/1.1 2000 OK\r\n" + REST,
        "a status in letters": b"HTTP/1.1 abc OK\r\n" + REST,
        "a negative status": b"HTTP/1.1 -200 OK\r\n" + REST,
        "a status of 0": b"HTTP/1.1 000 OK\r\n" + REST,
        "a status of 99": b"HTTP/1.1 099 OK\r\n" + REST,
        "no status": b"HTTP/1.1\r\n" + REST,
        "a status with a sign": b"HTTP/1.1 +20 OK\r\n" + REST,
        "NUL in the reason": b"HTTP/1.1 200 O\0K\r\n" + REST,
        "headers without a status line": REST,
        "a page without headers": b"<html>\r\n\r\n<body>hi</body></html>\r\n\r\n",
        "a request": b"GET / HTTP/1.1\r\nHost: you\r\n\r\n",
        "every byte there is": bytes(range(256)) + b"\r\n\r\n",
        "a mail server's greeting": b"220 mail.example.org ESMTP\r\n\r\n",
        "an IMAP server's greeting": b"* OK IMAP4rev1 ready\r\n\r\n",
        "a preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "frames of HTTP/2": b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0d\0\x04@\0\0\0\0\x02\0\0\0\0\r\n\r\n",
        "a TLS alert": b"\x15\x03\x01\x00\x02\x02\x46\r\n\r\n",
        "a status line of 1 MiB": b"HTTP/1.1 200 " + b"o" * 1024 * 1024 + b"\r\n" + REST,
    }.items()
]

STATUSES = [
    Cell(
        name=name,
        answers=[data],
        wants=raises(kind, status=status, attempts=1),
        requests=1,
    )
    for name, status, kind, data in (
        ("418 with an error", 418, InvalidRequest, failure("418 Teapot")),
        ("410 with an error", 410, NotFound, failure("410 Gone")),
        ("499, which is not registered", 499, InvalidRequest, failure("499 Odd")),
        ("599, which is not registered", 599, ServerError, failure("599 Odd")),
        ("600, which is no class", 600, ServerError, failure("600 Odd")),
        ("999, which is no class", 999, ServerError, failure("999 Odd")),
        ("500 that says it went well", 500, ServerError, answer(status="500 Oops")),
        ("404 without a body", 404, NotFound, http(status="404 Not Found")),
        ("502 with a page", 502, ServerError, http(b"<html>Bad gateway", status="502 Bad", headers=b"")),
        ("200 without a body", 200, ResponseInvalid, http()),
        ("204 where a value is due", 204, ResponseInvalid, b"HTTP/1.1 204 No Content\r\n\r\n"),
        ("205 where a value is due", 205, ResponseInvalid, http(status="205 Reset Content")),
        ("304 that nobody asked for", 304, ResponseInvalid, b"HTTP/1.1 304 Not Modified\r\n\r\n"),
        ("300 with a choice", 300, ResponseInvalid, answer(status="300 Choices")),
    )
]

OTHERS = [
    Cell(
        name="204 with a body, which belongs to nothing",
        answers=[b"HTTP/1.1 204 No Content\r\n" + JSON + b"Content-Length: 43\r\n\r\n" + body(THING)],
        wants=raises(ResponseInvalid, status=204, attempts=1),
        requests=1,
    ),
    Cell(
        name="two answers to one request",
        answers=[GOOD + answer({"success": True, "id": "666", "name": "evil"})],
        wants=value(THING),
        requests=1,
        check=connections(2),
    ),
    Cell(
        name="101 Switching Protocols that nobody asked for",
        answers=[[b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", CLOSE]],
        wants=raises(ResponseInvalid, ProtocolError, attempts=1),
        requests=1,
    ),
    Cell(
        name="100 Continue and nothing else",
        answers=[[b"HTTP/1.1 100 Continue\r\n\r\n", CLOSE]],
        wants=raises(Disconnected, attempts=1),
        requests=1,
    ),
]

CELLS = [*GOOD_ONES, *NOT_HTTP_AT_ALL, *STATUSES, *OTHERS]
