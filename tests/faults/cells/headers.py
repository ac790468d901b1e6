"""Header fields that are none, too many, too long or contradict each other; and what a request must not carry."""

from __future__ import annotations

from answers import DONE, GOOD, JSON, OK, THING, answer, body, http
from cell import Cell, Check, Differs, create, download, get, raises, replace, value
from checks import sent_on
from journal import Journal
from steps import CLOSE, Flood
from wire_checks import all_of, every, never, sent

from mailwright.runtime import Disconnected, LimitExceeded, ProtocolError, ServerError, UsageError
from mailwright.runtime.limits import Limits

THE_BODY = body(THING)
LENGTH = b"Content-Length: %d\r\n" % len(THE_BODY)
POISON = answer({"success": True, "id": "0", "name": "poison"})

BEYOND_ASCII = {
    "pyreqwest": Differs(raises(ProtocolError, attempts=1), because="pyreqwest gives no headers beyond ASCII")
}
FOLDED = {"pyreqwest": Differs(raises(ProtocolError, attempts=1), because="hyper takes no folded headers")}
TOO_MANY_FOR_HYPER = {
    "pyreqwest": Differs(raises(ProtocolError, attempts=1), because="hyper takes no more than 100 headers")
}


def with_lines(*lines: bytes) -> bytes:
    """A whole answer with these header lines, and the body."""
    return OK + b"".join(lines) + b"\r\n" + THE_BODY


def good(name: str, *lines: bytes, differs: dict[str, Differs] | None = None) -> Cell:
    """One that a client must take."""
    return Cell(name=name, answers=[with_lines(*lines)], wants=value(THING), differs=differs or {})


def refused(name: str, *lines: bytes) -> Cell:
    """One that is not HTTP."""
    return Cell(name=name, answers=[[with_lines(*lines), CLOSE]], wants=raises(ProtocolError, attempts=1))


def fields(count: int) -> bytes:
    """So many header lines, those of the type and the length among them."""
    return JSON + LENGTH + b"".join(b"X-%d: 1\r\n" % number for number in range(count - 2))


FITTING = [
    good("names in capitals", JSON.upper().replace(b"APPLICATION/JSON", b"application/json"), LENGTH.upper()),
    good("names in small letters", JSON.lower(), LENGTH.lower()),
    good("no blank after the colon", JSON, LENGTH.replace(b": ", b":")),
    good("tabs and blanks around a value", JSON, LENGTH.replace(b": ", b":\t  ").replace(b"\r", b" \t\r")),
    good("a header without a value", JSON, LENGTH, b"X-Empty:\r\n"),
    good("a header twice", JSON, LENGTH, b"X-Twice: 1\r\nX-Twice: 2\r\n"),
    good("a value in Latin-1", JSON, LENGTH, b"X-Name: J\xfcrgen\r\n", differs=BEYOND_ASCII),
    good("a value in UTF-8", JSON, LENGTH, "X-Name: Jürgen €\r\n".encode(), differs=BEYOND_ASCII),
    good("a value of bytes that are no text", JSON, LENGTH, b"X-Name: \xff\xfe\x80\r\n", differs=BEYOND_ASCII),
    good(
        "a Content-Type with bytes that are no text",
        b"Content-Type: application/json; x=\xff\r\n",
        LENGTH,
        differs=BEYOND_ASCII,
    ),
    good("a Content-Type in capitals", b"Content-Type: APPLICATION/JSON\r\n", LENGTH),
    good("a Content-Type with parameters that are none", b"Content-Type: application/json;;=;charset\r\n", LENGTH),
    good("no Content-Type", LENGTH),
    good("a name of signs that are allowed", JSON, LENGTH, b"!#$%&'*+-.^_`|~: 1\r\n"),
    good(
        "a value folded into two lines",
        b"Content-Type: application/json;\r\n charset=utf-8\r\n",
        LENGTH,
        differs=FOLDED,
    ),
    good("a header of 64 KiB", JSON, LENGTH, b"X-Long: " + b"l" * 65536 + b"\r\n"),
    good("a name of a thousand letters", JSON, LENGTH, b"X-" + b"n" * 1000 + b": 1\r\n"),
    Cell(
        name="lines that end in LF alone",
        answers=[with_lines(JSON, LENGTH).replace(b"\r\n", b"\n")],
        wants=value(THING),
    ),
    Cell(name="no header at all", answers=[[OK + b"\r\n" + THE_BODY, CLOSE]], wants=value(THING)),
    Cell(
        name="a Content-Disposition with a path in it",
        answers=[http(b"bytes", headers=b'Content-Disposition: attachment; filename="../../etc/passwd"\r\n')],
        call=download(),
        wants=value(b"bytes"),
    ),
]

LINES = [
    refused("a line without a colon", JSON, LENGTH, b"nothing\r\n"),
    refused("a header without a name", JSON, LENGTH, b": 1\r\n"),
    refused("a blank between name and colon", JSON, LENGTH.replace(b":", b" :")),
    refused("a blank in a name", JSON, LENGTH, b"X Name: 1\r\n"),
    refused("a bracket in a name", JSON, LENGTH, b"X(Name): 1\r\n"),
    refused("letters outside ASCII in a name", JSON, LENGTH, "X-Größe: 1\r\n".encode()),
    refused("NUL in a name", JSON, LENGTH, b"X\0Name: 1\r\n"),
    refused("NUL in a value", JSON, LENGTH, b"X-Name: 1\0002\r\n"),
    refused("a CR in a value", JSON, LENGTH, b"X-Name: 1\rX-Other: 2\r\n"),
    refused("a first line that is folded, with nothing before it", b" X-Name: 1\r\n", JSON, LENGTH),
    Cell(
        name="the end in the middle of a name",
        answers=[[OK + JSON + b"Content-Len", CLOSE]],
        wants=raises(Disconnected, attempts=1),
    ),
    Cell(
        name="the end after the last header, without the empty line",
        answers=[[OK + JSON + LENGTH, CLOSE]],
        wants=raises(Disconnected, attempts=1),
    ),
]

LENGTHS = [
    good("the same length twice", JSON, LENGTH, LENGTH),
    good("the same length twice in one header", JSON, b"Content-Length: %d, %d\r\n" % (len(THE_BODY), len(THE_BODY))),
    good("a length with zeros in front", JSON, b"Content-Length: 000%d\r\n" % len(THE_BODY)),
    refused("two lengths", JSON, LENGTH, b"Content-Length: 4\r\n"),
    refused("two lengths in one header", JSON, b"Content-Length: %d, 4\r\n" % len(THE_BODY)),
    *(
        refused(f"a length that is none: {text}", JSON, b"Content-Length: %s\r\n" % length)
        for text, length in {
            "negative": b"-1",
            "with a plus": b"+%d" % len(THE_BODY),
            "with an underscore": b"4_5",
            "with 0x in front": b"0x%x" % len(THE_BODY),
            "a fraction": b"45.0",
            "two numbers": b"4 5",
            "empty": b"",
            "words": b"forty-five",
            "full-width digits": "４５".encode(),
            "two hundred digits": b"9" * 200,
        }.items()
    ),
]

TOO_MANY = [
    good("a hundred headers", fields(100)),
    Cell(
        name="as many headers as a client takes",
        answers=[with_lines(fields(200))],
        wants=value(THING),
        differs=TOO_MANY_FOR_HYPER,
    ),
    Cell(
        name="one header more than a client takes",
        answers=[with_lines(fields(201))],
        wants=raises(LimitExceeded, limit="headers", attempts=1),
        differs=TOO_MANY_FOR_HYPER,
    ),
    Cell(
        name="five thousand headers",
        answers=[with_lines(fields(5000))],
        wants=raises(LimitExceeded, limit="headers"),
        differs=TOO_MANY_FOR_HYPER,
    ),
    Cell(
        name="more headers than this client is told to take",
        answers=[with_lines(fields(6))],
        limits=Limits(headers=5),
        wants=raises(LimitExceeded, limit="headers"),
    ),
    Cell(
        name="five thousand headers before an error, which stays one",
        answers=[http(THE_BODY, status="500 Oops", headers=JSON + b"X-A: 1\r\n" * 5000)],
        wants=raises(ServerError, status=500),
        differs=TOO_MANY_FOR_HYPER,
    ),
    Cell(
        name="five thousand headers before a download",
        answers=[http(b"bytes", headers=b"X-A: 1\r\n" * 5000)],
        call=download(),
        wants=raises(LimitExceeded, limit="headers"),
        differs=TOO_MANY_FOR_HYPER,
    ),
    Cell(
        name="a header of 1 MiB",
        answers=[[OK + JSON + LENGTH + b"X-Long: " + b"l" * 1024 * 1024 + b"\r\n\r\n" + THE_BODY, CLOSE]],
        wants=raises(ProtocolError),
    ),
    Cell(
        name="headers without end (curl CVE-2023-38039)",
        answers=[[OK + JSON, Flood(b"X-More: and more\r\n" * 1024, 8 * 1024 * 1024), CLOSE]],
        wants=raises(ProtocolError),
    ),
    Cell(
        name="one header without end",
        answers=[[OK + JSON + b"X-More: ", Flood(b"and more" * 1024, 8 * 1024 * 1024), CLOSE]],
        wants=raises(ProtocolError),
    ),
    Cell(
        name="one folded header without end",
        answers=[[OK + JSON + b"X-More: ", Flood(b"and more\r\n " * 1024, 8 * 1024 * 1024), CLOSE]],
        wants=raises(ProtocolError),
    ),
]

CONNECTION = [
    Cell(
        name="Connection: close, and the server leaves it open",
        answers=[http(THE_BODY, headers=JSON + b"Connection: close\r\n"), GOOD],
        before=[get()],
        wants=value(THING),
        check=sent_on(1),
    ),
    Cell(
        name="Connection: close in a list, in capitals",
        answers=[http(THE_BODY, headers=JSON + b"Connection: X-Thing, CLOSE\r\n"), GOOD],
        before=[get()],
        wants=value(THING),
        check=sent_on(1),
    ),
    Cell(
        name="Connection: close, and another answer behind it",
        answers=[http(THE_BODY, headers=JSON + b"Connection: close\r\n") + POISON, GOOD],
        before=[get()],
        wants=value(THING),
    ),
    Cell(
        name="an upgrade that is offered, and not taken",
        answers=[http(THE_BODY, headers=JSON + b"Upgrade: h2c, websocket\r\nConnection: Upgrade\r\n")],
        before=[get()],
        wants=value(THING),
    ),
    Cell(
        name="Connection names the length, which still counts",
        answers=[http(THE_BODY, headers=JSON + b"Connection: Content-Length\r\n"), GOOD],
        wants=value(THING),
    ),
    Cell(
        name="a status of 200 in the place of a header",
        answers=[[OK + JSON + LENGTH + OK + b"\r\n" + THE_BODY, CLOSE]],
        wants=raises(ProtocolError),
    ),
]


def once(*names: str) -> Check:
    """Each judged request has each of these headers exactly once."""

    def check(journal: Journal) -> str:
        for seen in journal.requests:
            for name in names:
                count = sum(key == name for key, _ in seen.headers)
                if count != 1:
                    return f"{seen} has {name} {count} times"
        return ""

    return check


def unsent(name: str, text: str) -> Cell:
    """An argument for a header that no header can carry."""
    return Cell(name=name, answers=[GOOD], call=get(x_trace=text), wants=raises(UsageError, attempts=0), requests=0)


def add_broken_header(attempt: object) -> None:
    """A hook that would split the request for thing 7."""
    if attempt.url.endswith("/7"):  # type: ignore[attr-defined]
        attempt.add_header("X-Hook", "1\r\nX-Evil: 2")  # type: ignore[attr-defined]


def add_header(attempt: object) -> None:
    """A hook as it should be."""
    attempt.add_header("X-Hook", f"attempt {attempt.number}")  # type: ignore[attr-defined]


SENT = [
    unsent("a line break in a header to send", "1\r\nX-Evil: 2"),
    unsent("an LF in a header to send", "1\nX-Evil: 2"),
    unsent("a CR in a header to send", "1\rX-Evil: 2"),
    unsent("NUL in a header to send", "1\0002"),
    unsent("a character outside Latin-1 in a header to send", "5 €"),
    unsent("a lone surrogate in a header to send", "\ud800"),
    unsent("blanks around a header to send", " 1 "),
    Cell(
        name="a line break in a header that a hook adds",
        answers=[GOOD],
        options={"before_send": add_broken_header},
        wants=raises(UsageError),
        requests=0,
    ),
    Cell(
        name="a header that a hook adds",
        answers=[GOOD],
        options={"before_send": add_header},
        wants=value(THING),
        check=sent("X-Hook", "attempt 1"),
    ),
    Cell(
        name="a header in Latin-1 to send",
        answers=[GOOD],
        call=get(x_trace="Jürgen\tx"),
        wants=value(THING),
        check=sent("X-Trace", "Jürgen\tx"),
        differs={
            "pyreqwest": Differs(raises(UsageError), because="pyreqwest sends no headers beyond ASCII", requests=0)
        },
    ),
    Cell(
        name="an empty header to send",
        answers=[GOOD],
        call=get(x_trace=""),
        wants=value(THING),
        check=sent("X-Trace", ""),
    ),
    Cell(
        name="one Host and one length in each request (aiohttp CVE-2026-34525)",
        answers=[answer(DONE)],
        call=replace(),
        wants=value(DONE),
        check=once("host", "content-length", "content-type", "x-token", "accept", "accept-encoding", "user-agent"),
    ),
    Cell(
        name="no framing in a request without a body",
        answers=[GOOD],
        wants=value(THING),
        check=all_of(
            every("free of a body", lambda seen: not seen.body), never("transfer-encoding", "content-type", "expect")
        ),
    ),
    Cell(
        name="JSON with its exact length and type",
        answers=[answer({"success": True, "id": "7"})],
        call=create("Zürich"),
        wants=value({"success": True, "id": "7"}),
        check=all_of(
            every("as long as it says", lambda seen: seen.header("content-length") == str(seen.length)),
            sent("Content-Type", "application/json"),
        ),
    ),
]

CELLS = [*FITTING, *LINES, *LENGTHS, *TOO_MANY, *CONNECTION, *SENT]
