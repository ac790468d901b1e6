"""Servers that send the client elsewhere: off unless switched on, and then within one origin only."""

from __future__ import annotations

import gzip
from typing import Any

from answers import DONE, GOOD, OK, THING, answer, failure, head, http, redirect
from cell import Call, Cell, Differs, at_once, create, delete, get, listing, raises, replace, take, value
from checks import same_bodies
from steps import CLOSE, STALL, Flood
from wire_checks import WITH_TOKEN, all_of, every, methods, sent, targets

from mailwright.runtime import Limits, NotFound, ProtocolError, ResponseInvalid, ServerError
from mailwright.runtime.errors import LimitExceeded

ONWARD = redirect(b"/api/moved")
KEEPING = "307 Temporary Redirect"
BOMB = gzip.compress(bytes(1024 * 1024)) * 200
PAGE = [{"id": "1"}], [{"id": "2"}]


def refused(
    name: str, answer_: bytes, *, call: Call | None = None, says: str = "", status: int = 302, **more: Any
) -> Cell:
    """A redirect that is not followed although the client follows some."""
    return Cell(
        name=name,
        answers=[answer_, GOOD],
        call=call or get(),
        follow_redirects=True,
        wants=raises(ResponseInvalid, says=says, status=status, attempts=1),
        requests=1,
        **more,
    )


def followed(name: str, location: bytes, *wanted: str, **more: Any) -> Cell:
    """A redirect of a GET that is followed to a good answer."""
    return Cell(
        name=name,
        answers=[redirect(location), GOOD],
        follow_redirects=True,
        wants=value(THING),
        requests=2,
        check=all_of(targets("/api/things/7", *wanted), WITH_TOKEN),
        **more,
    )


READ_BY_HTTPX = {
    "borrowed": Differs(
        raises(ProtocolError, attempts=1), because="an httpx client reads each Location, and gives up where it cannot"
    )
}
READ_BY_HYPER = {
    "pyreqwest": Differs(raises(ProtocolError, attempts=1), because="pyreqwest gives no headers with such characters")
}
OFF = [
    Cell(
        name=f"off: {status} of a {call.name} (urllib3 CVE-2025-50181)",
        answers=[redirect(b"%home%/api/moved", status), GOOD],
        call=call,
        wants=raises(ResponseInvalid, says="not followed", status=int(status[:3]), attempts=1),
        requests=1,
    )
    for status, call in (
        ("301 Moved Permanently", get()),
        ("302 Found", delete()),
        ("303 See Other", create()),
        (KEEPING, replace()),
        ("308 Permanent Redirect", listing()),
    )
]

NO_REDIRECTS = [
    Cell(
        name="a Location in an answer that is none of 3xx",
        answers=[answer(headers=b"Location: /api/moved\r\nRefresh: 0; url=/api/moved\r\n")],
        follow_redirects=True,
        wants=value(THING),
        requests=1,
    ),
    Cell(
        name="a 201 with the place of what it made",
        answers=[answer({"success": True, "id": "8"}, status="201 Created", headers=b"Location: /api/things/8\r\n")],
        call=create(),
        follow_redirects=True,
        wants=value({"success": True, "id": "8"}),
        requests=1,
    ),
    refused("300 Multiple Choices", redirect(b"/api/moved", "300 Multiple Choices"), status=300),
    refused("304 with a Location", redirect(b"/api/moved", "304 Not Modified"), status=304),
    refused("305 Use Proxy", redirect(b"%elsewhere%/", "305 Use Proxy"), status=305),
    refused("399, which is not registered", redirect(b"/api/moved", "399 Odd"), status=399),
    refused("no Location", http(status="302 Found"), says="no place to go on"),
    refused("an empty Location", redirect(b""), says="no place to go on"),
]

SAME_ORIGIN = [
    followed("an absolute URL", b"%home%/api/moved", "/api/moved"),
    followed("a path", b"/moved", "/moved"),
    followed("a path beside the old one", b"moved", "/api/things/moved"),
    followed("dot segments", b"../../v2/./things", "/v2/things"),
    followed("more dot segments than there are folders", b"../../../../../v2", "/v2"),
    followed("a query alone", b"?page=2", "/api/things/7?page=2"),
    followed("a fragment, which is not sent", b"/moved#part", "/moved"),
    followed("the origin without its scheme", b"//127.0.0.1:%home-port%/moved", "/moved"),
    followed("escapes that stay as they are", b"/a%2Fb%20c?d=%26%3D+e", "/a%2Fb%20c?d=%26%3D+e"),
    followed("characters that need no escape", b"/a;b=c,d@e:f!g$h'(i)*", "/a;b=c,d@e:f!g$h'(i)*"),
    followed("another case of the scheme", b"HTTP://127.0.0.1:%home-port%/moved", "/moved"),
    Cell(
        name="another case of the host",
        base_url="%home-localhost%/api",
        answers=[redirect(b"http://LocalHost:%home-port%/moved"), GOOD],
        follow_redirects=True,
        wants=value(THING),
        requests=2,
        check=all_of(targets("/api/things/7", "/moved"), WITH_TOKEN),
    ),
    Cell(
        name="a place within https",
        base_url="%tls%/api",
        answers=[redirect(b"%tls%/moved"), GOOD],
        follow_redirects=True,
        wants=value(THING),
        requests=2,
        check=all_of(targets("/api/things/7", "/moved"), WITH_TOKEN),
    ),
    Cell(
        name="the next page moved",
        answers=[
            answer({"success": True, "nextCursor": "c", "results": PAGE[0]}),
            redirect(b"/moved?next=c"),
            answer({"success": True, "nextCursor": False, "results": PAGE[1]}),
        ],
        call=listing(),
        follow_redirects=True,
        wants=value([*PAGE[0], *PAGE[1]]),
        requests=3,
    ),
]

MANY = [
    Cell(
        name="five in a row",
        answers=[redirect(b"/moved/%d" % number) for number in range(5)] + [GOOD],
        follow_redirects=True,
        wants=value(THING),
        requests=6,
        check=targets("/api/things/7", *(f"/moved/{number}" for number in range(5))),
    ),
    Cell(
        name="a URL that redirects to itself",
        answers=[redirect(b"/api/things/7")],
        follow_redirects=True,
        wants=raises(ResponseInvalid, says="more than 5", status=302, attempts=6),
        requests=6,
    ),
    Cell(
        name="two URLs that redirect to each other",
        answers=[redirect(b"/ping"), redirect(b"/pong")] * 20,
        follow_redirects=True,
        wants=raises(ResponseInvalid, says="more than 5", status=302, attempts=6),
        requests=6,
    ),
    Cell(
        name="ever new URLs, with failures in between",
        answers=[redirect(b"/moved"), failure("503 Busy")] * 20,
        follow_redirects=True,
        retries=at_once(4),
        wants=raises(ServerError, status=503, attempts=8),
        requests=8,
    ),
    Cell(
        name="to a URL that fails once",
        answers=[ONWARD, failure("503 Busy"), GOOD],
        follow_redirects=True,
        retries=at_once(),
        wants=value(THING),
        check=targets("/api/things/7", "/api/moved", "/api/moved"),
    ),
    Cell(
        name="to an error, which is told with its own URL",
        answers=[ONWARD, failure("404 Gone")],
        follow_redirects=True,
        retries=at_once(),
        wants=raises(NotFound, says="/api/moved", status=404, attempts=2),
        requests=2,
    ),
]

BODIES = [
    Cell(
        name="the body is never waited for",
        answers=[[head(10**9, status="302 Found", headers=b"Location: /api/moved\r\n"), STALL], GOOD],
        follow_redirects=True,
        wants=value(THING),
        requests=2,
        takes_at_most=0.2,
    ),
    Cell(
        name="the body has no end",
        answers=[
            [
                b"HTTP/1.1 302 Found\r\nLocation: /api/moved\r\nTransfer-Encoding: chunked\r\n\r\n",
                Flood(b"4000\r\n%s\r\n" % bytes(0x4000)),
            ],
            GOOD,
        ],
        follow_redirects=True,
        wants=value(THING),
        requests=2,
    ),
    Cell(
        name="the body is a bomb (urllib3 CVE-2026-21441)",
        answers=[redirect(b"/api/moved", content=BOMB, headers=b"Content-Encoding: gzip\r\n"), GOOD],
        follow_redirects=True,
        wants=value(THING),
        requests=2,
    ),
    Cell(
        name="off: the body is a bomb",
        answers=[redirect(b"/api/moved", content=BOMB, headers=b"Content-Encoding: gzip\r\n")],
        limits=Limits(decoded_bytes=1_000_000),
        wants=raises(LimitExceeded, status=302, limit="decoded_bytes"),
        requests=1,
    ),
    Cell(
        name="the connection ends with the redirect",
        answers=[[b"HTTP/1.0 302 Found\r\nLocation: /api/moved\r\n\r\nMoved.", CLOSE], GOOD],
        follow_redirects=True,
        wants=value(THING),
        requests=2,
    ),
]

METHODS = [
    *(
        refused(
            f"{status} of a {call.name}, which would become a GET",
            redirect(b"/api/moved", status),
            call=call,
            says="which may change it",
            status=int(status[:3]),
        )
        for status, call in (
            ("301 Moved Permanently", delete()),
            ("302 Found", create()),
            ("303 See Other", replace()),
        )
    ),
    Cell(
        name="307 of a POST: the same body again",
        answers=[redirect(b"/moved", KEEPING), answer({"success": True, "id": "8"})],
        call=create(),
        follow_redirects=True,
        wants=value({"success": True, "id": "8"}),
        requests=2,
        check=all_of(methods("POST", "POST"), same_bodies, sent("Content-Type", "application/json"), WITH_TOKEN),
    ),
    Cell(
        name="308 of a PUT: the same body again, and the same after a failure",
        answers=[redirect(b"/moved", "308 Permanent Redirect"), failure("503 Busy"), answer(DONE)],
        call=replace(),
        follow_redirects=True,
        retries=at_once(),
        wants=value(DONE),
        requests=3,
        check=all_of(methods("PUT", "PUT", "PUT"), same_bodies, every("with a body", lambda seen: seen.length > 9)),
    ),
    Cell(
        name="303 of a GET that changes something",
        answers=[redirect(b"/moved", "303 See Other"), GOOD],
        call=take(),
        follow_redirects=True,
        wants=value(THING),
        requests=2,
        check=methods("GET", "GET"),
    ),
]

OTHER_ORIGINS = [
    refused(f"to {name}", redirect(location), **{"says": "another server", **more})
    for name, location, more in (
        ("another port", b"%elsewhere%/api/moved", {}),
        ("another name of the same address", b"%home-localhost%/api/moved", {}),
        ("another server without the scheme", b"//127.0.0.1:%elsewhere-port%/api/moved", {}),
        ("https on another port", b"%tls%/api/moved", {}),
        ("https on the same port", b"https://127.0.0.1:%home-port%/api/moved", {}),
        ("http, from https", b"http://127.0.0.1:%tls-port%/api/moved", {"base_url": "%tls%/api"}),
        ("the origin with a user", b"http://jane:pass@127.0.0.1:%home-port%/api/moved", {}),
        ("a user who looks like the origin", b"http://127.0.0.1:%home-port%@127.0.0.1:%elsewhere-port%/", {}),
        ("a host that begins like the origin", b"http://127.0.0.1.example.org:%home-port%/", {}),
        ("the same address written otherwise", b"http://2130706433:%home-port%/api/moved", {}),
        ("a file", b"file:///etc/passwd", {"says": "malformed"}),
        ("FTP on the same port", b"ftp://127.0.0.1:%home-port%/api/moved", {}),
        ("a script", b"javascript:alert(1)", {"says": "malformed", "differs": READ_BY_HTTPX}),
        ("data", b"data:application/json,%7B%22success%22:true%7D", {"says": "malformed", "differs": READ_BY_HTTPX}),
        ("a Unix socket", b"unix:/var/run/docker.sock:/", {"says": "malformed"}),
    )
]

MALFORMED = [
    refused(f"to a URL with {name}", redirect(location), says="malformed", differs=differs)
    for name, location, differs in (
        ("a port of 99999", b"http://127.0.0.1:99999/", {}),
        ("a port in letters", b"http://127.0.0.1:port/", READ_BY_HTTPX),
        ("half an IPv6 address", b"http://[::1/", READ_BY_HTTPX),
        ("a backslash for a slash", b"\\\\127.0.0.1:%elsewhere-port%\\moved", {}),
        ("a backslash after the host", b"http://127.0.0.1:%elsewhere-port%\\@127.0.0.1:%home-port%/", {}),
        ("a tab in its scheme", b"ht\ttp://127.0.0.1:%elsewhere-port%/", READ_BY_HTTPX),
        ("a blank, which would end the request's target", b"/moved HTTP/1.1", {}),
        ("a control character", b"/moved\x01", {**READ_BY_HTTPX, **READ_BY_HYPER}),
        ("UTF-8 in it", "/möved".encode(), READ_BY_HYPER),
        ("Latin-1 in it", "/möved".encode("latin-1"), READ_BY_HYPER),
    )
]

TWO_LOCATIONS = [
    Cell(
        name="two Locations, the first to another server",
        answers=[redirect(b"%elsewhere%/", headers=b"Location: /api/moved\r\n"), GOOD],
        follow_redirects=True,
        wants=raises(ResponseInvalid, status=302),
        requests=1,
    ),
    Cell(
        name="a redirect in an interim answer",
        answers=[b"HTTP/1.1 103 Early Hints\r\nLocation: /api/moved\r\n\r\n" + GOOD],
        follow_redirects=True,
        wants=value(THING),
        requests=1,
    ),
    Cell(
        name="a meta refresh in a page",
        answers=[[OK + b"Content-Type: text/html\r\n\r\n<meta http-equiv=refresh content='0;url=/moved'>", CLOSE]],
        follow_redirects=True,
        wants=raises(ResponseInvalid, says="HTML", status=200, attempts=1),
        requests=1,
    ),
]

CELLS = [
    *OFF,
    *NO_REDIRECTS,
    *SAME_ORIGIN,
    *MANY,
    *BODIES,
    *METHODS,
    *OTHER_ORIGINS,
    *MALFORMED,
    *TWO_LOCATIONS,
]
