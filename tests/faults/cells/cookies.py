"""Servers that set cookies: a client of an API keeps none, sends none, and stumbles over none."""

from __future__ import annotations

from answers import DONE, GOOD, JSON, OK, THING, answer, body, chunk, failure, http, redirect
from cell import Cell, Differs, at_once, create, delete, download, events, get, listing, raises, value
from secret import TOKEN
from wire_checks import WITH_TOKEN, all_of, never, sent

from mailwright.runtime import AuthenticationFailed, ProtocolError, ResponseInvalid
from mailwright.runtime.errors import LimitExceeded

NONE = all_of(never("Cookie", "Cookie2"), WITH_TOKEN)
NOT_ASCII = {
    "pyreqwest": Differs(
        raises(ProtocolError, says="beyond ASCII"), because="pyreqwest cannot read headers beyond ASCII"
    )
}


def with_cookie(*cookies: bytes) -> bytes:
    """A good answer that sets cookies."""
    return answer(headers=b"".join(b"Set-Cookie: %s\r\n" % cookie for cookie in cookies))


CREATED_TOO = answer({"success": True, "id": "7", "name": "kettle"}, headers=b"Set-Cookie: session=2; Path=/\r\n")

PLAIN = [
    Cell(
        name=name,
        answers=[with_cookie(*cookies), CREATED_TOO, GOOD],
        before=[get(), create()],
        wants=value(THING),
        requests=1,
        check=NONE,
    )
    for name, cookies in (
        ("a session", (b"session=1; Path=/; HttpOnly",)),
        ("a session for https alone", (b"__Host-session=1; Path=/; Secure; SameSite=Strict",)),
        ("a session for the host by its name", (b"session=1; Domain=127.0.0.1; Path=/api",)),
        ("a session for years", (b"session=1; Max-Age=99999999999999999999; Expires=Fri, 31 Dec 9999 23:59:59 GMT",)),
        ("a session for all of a public suffix (curl CVE-2023-46218)", (b"session=1; Domain=co.UK", b"s=1; Domain=.")),
        ("the same cookie twice, and once taken back", (b"a=1", b"a=2", b"a=; Max-Age=0")),
    )
]

MALFORMED = [
    Cell(
        name=name,
        answers=[with_cookie(*cookies)],
        wants=value(THING),
        requests=1,
        check=NONE,
        differs=NOT_ASCII if any(max(cookie) > 127 for cookie in cookies) else {},
    )
    for name, cookies in (
        ("a cookie that is nothing but separators", (b'=;;;=,"',)),
        ("a date that is none", (b"a=1; Expires=Thu, 99 Foo 99999 99:99:99 GMT; Max-Age=soon; Path; Domain",)),
        ("a cookie beyond ASCII", (b"n\xe4me=\xff\xfe; Path=/\xe9",)),
        ("90 cookies", tuple(b"c%d=1" % number for number in range(90))),
        ("a cookie of 60 KB", (b"a=" + b"x" * 60_000,)),
        ("a name that objects have already", (b"__proto__=1", b"constructor=1", b"$Version=1; $Path=/")),
    )
]

ON_OTHER_ANSWERS = [
    Cell(
        name="the old header Set-Cookie2",
        answers=[answer(headers=b'Set-Cookie2: a="1"; Version="1"; Port\r\n'), GOOD],
        before=[get()],
        wants=value(THING),
        check=NONE,
    ),
    Cell(
        name="on an interim answer",
        answers=[b"HTTP/1.1 103 Early Hints\r\nSet-Cookie: a=1\r\n\r\n" + GOOD],
        before=[get()],
        wants=value(THING),
        check=NONE,
    ),
    Cell(
        name="in a trailer",
        answers=[
            OK
            + JSON
            + b"Transfer-Encoding: chunked\r\nTrailer: Set-Cookie\r\n\r\n"
            + chunk(body(THING))
            + b"0\r\nSet-Cookie: a=1\r\n\r\n"
        ],
        before=[get()],
        wants=value(THING),
        check=NONE,
    ),
    Cell(
        name="on a refusal, which asks for it",
        answers=[failure("401 Who", headers=b"Set-Cookie: session=1\r\nWWW-Authenticate: Cookie\r\n")],
        retries=at_once(),
        wants=raises(AuthenticationFailed, attempts=1),
        requests=1,
        check=NONE,
    ),
    Cell(
        name="on a failure before another attempt",
        answers=[failure("503 Busy", headers=b"Set-Cookie: server=b; Path=/\r\n"), answer(DONE)],
        call=delete(),
        retries=at_once(),
        wants=value(DONE),
        requests=2,
        check=NONE,
    ),
    Cell(
        name="on a redirect within the origin",
        answers=[redirect(b"/moved", headers=b"Set-Cookie: seen=1; Path=/\r\n"), GOOD],
        follow_redirects=True,
        wants=value(THING),
        requests=2,
        check=NONE,
    ),
    Cell(
        name="a wall that redirects until there is a cookie",
        answers=[redirect(b"/api/things/7", headers=b"Set-Cookie: seen=1; Path=/\r\n")],
        follow_redirects=True,
        wants=raises(ResponseInvalid, says="more than 5", attempts=6),
        requests=6,
        check=NONE,
    ),
    Cell(
        name="between the pages of a list",
        answers=[
            answer({"success": True, "nextCursor": "c", "results": [{"id": "1"}]}, headers=b"Set-Cookie: cursor=c\r\n"),
            answer({"success": True, "nextCursor": False, "results": [{"id": "2"}]}),
        ],
        call=listing(),
        wants=value([{"id": "1"}, {"id": "2"}]),
        requests=2,
        check=NONE,
    ),
    Cell(
        name="on a download, and then on another one",
        answers=[http(b"kettle", headers=b"Content-Type: application/octet-stream\r\nSet-Cookie: a=1; Path=/\r\n")],
        before=[download()],
        call=download(),
        wants=value(b"kettle"),
        requests=1,
        check=NONE,
    ),
    Cell(
        name="on a stream of events that goes on over a new connection",
        answers=[
            http(
                b'retry: 100\nid: %d\ndata: {"kind":"a"}\n\n' % number,
                headers=b"Content-Type: text/event-stream\r\nSet-Cookie: a=1; Path=/\r\n",
            )
            for number in (1, 2)
        ],
        call=events(reconnect=True, first=2),
        wants=value([{"event": "message", "data": {"kind": "a"}, "id": number} for number in ("1", "2")]),
        requests=2,
        check=NONE,
    ),
    Cell(
        name="with the client's own token in it",
        answers=[failure("403 No", headers=b"Set-Cookie: token=%s\r\n" % TOKEN.encode(), code="InvalidToken")],
        wants=raises(AuthenticationFailed, status=403),
        requests=1,
        check=NONE,
    ),
]

LIMITED = [
    Cell(
        name="more cookies than there may be headers",
        answers=[with_cookie(*(b"c%d=%d" % (number, number) for number in range(300)))],
        wants=raises(LimitExceeded, limit="headers"),
        differs={"pyreqwest": Differs(raises(ProtocolError), because="hyper takes no more than 100 headers")},
        requests=1,
        check=NONE,
    ),
    Cell(
        name="a cookie that a hook sends is for that attempt alone",
        answers=[failure("503 Busy", headers=b"Set-Cookie: a=1\r\n"), GOOD],
        retries=at_once(),
        options={"before_send": lambda attempt: attempt.number == 1 and attempt.add_header("Cookie", "mine=1")},
        wants=value(THING),
        requests=2,
        check=sent("Cookie", "mine=1", None),
    ),
]

CELLS = [*PLAIN, *MALFORMED, *ON_OTHER_ANSWERS, *LIMITED]
