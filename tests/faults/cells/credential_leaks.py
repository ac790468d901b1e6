"""Servers that try to get a secret sent elsewhere, or shown to whoever reads errors and logs.

Every cell of the matrix is judged for leaks; these are the ones that provoke them.
"""

from __future__ import annotations

import logging
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from answers import CHUNKED, DONE, GOOD, JSON, OK, THING, answer, body, failure, http, redirect
from cell import Call, Cell, Differs, Raises, at_once, create, get, listing, raises, replace, value
from secret import PASSWORD, TOKEN
from steps import CLOSE, RESET, STALL
from wire_checks import WITH_TOKEN, all_of, never, sent, targets

from mailwright.runtime import (
    Attempt,
    ConnectFailed,
    Disconnected,
    InvalidRequest,
    MailwrightError,
    NotFound,
    PermissionDenied,
    ProtocolError,
    RateLimited,
    ResponseInvalid,
    ServerError,
    TimedOut,
    UsageError,
)

T = TOKEN.encode()
QUOTED = quote(TOKEN, safe="")
HOME = str(Path(__file__).parents[1] / "home")
EVERYWHERE = {"follow_redirects": True, "requests": 1}
BORROWED = {
    "borrowed": Differs(
        raises(UsageError, says="log"),
        because="an httpx client writes each URL to its log, so a token in the query is refused",
        requests=0,
    )
}


def logged_by_httpx(wants: Raises) -> dict[str, Differs]:
    """What an httpx client that is lent writes to its log at the level INFO, as it does for its owner."""
    return {"borrowed": Differs(wants, because="an httpx client logs each URL and reason", logs=True)}


def log_attempt(attempt: Attempt) -> None:
    """What people do in hooks."""
    logging.getLogger("cell").info("%r %s %s", attempt, attempt, attempt.error)


def add_secret(attempt: Attempt) -> None:
    """A second credential, which the client cannot know to be one."""
    attempt.add_header("X-Other-Token", PASSWORD)


ELSEWHERE = [
    Cell(name=name, answers=answers, wants=wants, **{**EVERYWHERE, **more})
    for name, answers, wants, more in (
        (
            "302 to another port, token in a header (curl CVE-2022-27774)",
            [redirect(b"%elsewhere%/api/things/7")],
            raises(ResponseInvalid),
            {},
        ),
        (
            "302 to another port, token in the query",
            [redirect(b"%elsewhere%/api/things/7")],
            raises(ResponseInvalid),
            {"token": "query", "differs": BORROWED},
        ),
        (
            "307 of a password to another port",
            [redirect(b"%elsewhere%/api/things", "307 Temporary Redirect")],
            raises(ResponseInvalid),
            {"call": create()},
        ),
        (
            "308 of a password to another name of the host",
            [redirect(b"%home-localhost%/api/things/7", "308 Permanent Redirect")],
            raises(ResponseInvalid),
            {"call": replace()},
        ),
        (
            "302 from https to http (curl CVE-2025-14524)",
            [redirect(b"%home%/api/things/7")],
            raises(ResponseInvalid),
            {"base_url": "%tls%/api"},
        ),
        (
            "302 to another port over https",
            [redirect(b"%tls-elsewhere%/api/things/7")],
            raises(ResponseInvalid),
            {"base_url": "%tls%/api"},
        ),
        (
            "a header that a hook adds, and a redirect to another port (urllib3 GHSA-qccp)",
            [redirect(b"%elsewhere%/api/things/7")],
            raises(ResponseInvalid),
            {"options": {"before_send": add_secret}},
        ),
        (
            "home, home, and then to another port",
            [redirect(b"/a"), redirect(b"/b"), redirect(b"%elsewhere%/c")],
            raises(ResponseInvalid, attempts=3),
            {"requests": 3},
        ),
        (
            "the token put into the URL of another port",
            [redirect(b"%%elsewhere%%/%s?token=%s" % (quote(TOKEN).encode(), QUOTED.encode()))],
            raises(ResponseInvalid),
            {},
        ),
        (
            "a password of .netrc on the way (curl CVE-2024-11053, requests CVE-2024-47081)",
            [redirect(b"/api/moved"), GOOD],
            value(THING),
            {
                "environment": {"HOME": HOME, "NETRC": f"{HOME}/.netrc"},
                "requests": 2,
                "check": all_of(never("Authorization"), WITH_TOKEN),
            },
        ),
        (
            "another server named by Alt-Svc, Refresh, Link and Content-Location",
            [
                answer(
                    headers=b'Alt-Svc: h2=":%elsewhere-port%"; ma=86400, http/1.1=":%elsewhere-port%"\r\n'
                    b"Refresh: 0; url=%elsewhere%/\r\nLink: <%elsewhere%/>; rel=preload\r\n"
                    b"Content-Location: %elsewhere%/\r\n"
                )
            ],
            value(THING),
            {"before": [get(), get()]},
        ),
        (
            "another server as the next page's cursor",
            [
                # Without a length, for it is not known before the URL is filled in.
                [
                    OK + JSON + b"Connection: close\r\n\r\n",
                    body({"success": True, "nextCursor": "%elsewhere%/api/things?next=2", "results": [{"id": "1"}]}),
                    CLOSE,
                ],
                answer({"success": True, "nextCursor": False, "results": [{"id": "2"}]}),
            ],
            value([{"id": "1"}, {"id": "2"}]),
            {"call": listing(), "requests": 2},
        ),
    )
]

AT_HOME = [
    Cell(
        name="the token still goes with a redirect within the origin",
        answers=[redirect(b"/moved"), GOOD],
        follow_redirects=True,
        wants=value(THING),
        requests=2,
        check=WITH_TOKEN,
    ),
    Cell(
        name="a token in the query is in no header, and the other way round",
        token="query",
        differs=BORROWED,
        answers=[GOOD],
        call=get(note="n"),
        wants=value(THING),
        requests=1,
        check=all_of(targets(f"/api/things/7?note=n&token={QUOTED}"), never("X-Token", "Authorization")),
    ),
    Cell(
        name="a hook's header is for one attempt",
        answers=[failure("503 Busy"), GOOD],
        retries=at_once(),
        options={
            "before_send": lambda attempt: attempt.number == 1 and attempt.add_header("X-Once", "1"),
        },
        wants=value(THING),
        requests=2,
        check=sent("X-Once", "1", None),
    ),
]


def told(name: str, answer_: object, kind: type[MailwrightError], **more: Any) -> Cell:
    """The server repeats a secret where the error that is raised could tell it."""
    return Cell(name=f"repeated {name}", answers=[answer_], wants=raises(kind), requests=1, **more)  # type: ignore[list-item]


REPEATED = [
    told("in the error's words", failure(error=f"bad token {TOKEN}!"), ServerError),
    told("in the error's code", failure("403 No", code=f"No{TOKEN}No"), PermissionDenied),
    told(
        "in the error's details",
        answer({"error": "no", "details": [{"headers": {"x-token": f"<{TOKEN}>"}}]}, status="400 No"),
        InvalidRequest,
    ),
    told("as a key of the details", answer({"error": "no", "details": {TOKEN: 1}}, status="400 No"), InvalidRequest),
    told(
        "with JSON's escapes", http(b'{"error": "%s"}' % T.replace(b"+", b"\\u002b"), status="400 No"), InvalidRequest
    ),
    told(
        "as part of the URL",
        failure("404 No", error=f"no route for GET /api/things/7?token={QUOTED}&x=1"),
        NotFound,
        token="query",
        differs=BORROWED,
    ),
    told(
        "as part of a URL in small letters",
        failure("404 No", error=f"no route for GET /x?token={QUOTED.replace('%2B', '%2b')}"),
        NotFound,
        token="query",
        differs=BORROWED,
    ),
    told(
        "as part of a form", failure("400 No", error=f"password={quote_plus(PASSWORD)}"), InvalidRequest, call=create()
    ),
    told("as part of the body", failure("400 No", error=f"password {PASSWORD!r}?"), InvalidRequest, call=create()),
    told("as HTML writes it", failure("400 No", error=f"<b>{escape(PASSWORD)}</b>?"), InvalidRequest, call=create()),
    told("in a page", http(b"<html>%s" % T, status="403 No", headers=b"Content-Type: text/html\r\n"), PermissionDenied),
    told("in text that is no JSON", http(b'{"id": %s}' % T), ResponseInvalid),
    told("as a value of the wrong type", answer({**THING, "tags": TOKEN}), ResponseInvalid),
    told("as the word for success", answer({**THING, "success": TOKEN}), ResponseInvalid),
    told("in the reason", failure(f"500 {TOKEN}"), ServerError, differs=logged_by_httpx(raises(ServerError))),
    told("in the Location, redirects off", redirect(b"/%s" % T), ResponseInvalid),
    told("in the Location, quoted", redirect(b"/login/%s/" % QUOTED.encode()), ResponseInvalid),
    told("in a malformed Location", redirect(b"http://[%s/" % T), ResponseInvalid),
    told(
        "as the host of the Location", redirect(b"http://%s.example.org/" % T), ResponseInvalid, follow_redirects=True
    ),
    told("as the media type", http(b"{}", headers=b"Content-Type: text/%s\r\n" % T), ResponseInvalid),
    told("as the encoding", http(b"{}", headers=JSON + b"Content-Encoding: %s\r\n" % T), ProtocolError),
    told("as the status line", [T + b"\r\n\r\n", CLOSE], ProtocolError),
    told("as the status", [b"HTTP/1.1 %s OK\r\n\r\n" % T, CLOSE], ProtocolError),
    told("as a header's name", [OK + b"X Token %s: 1\r\n\r\n" % T, CLOSE], ProtocolError),
    told("as the length", [OK + JSON + b"Content-Length: %s\r\n\r\n" % T, CLOSE], ProtocolError),
    told("as the size of a chunk", [CHUNKED + b"%s\r\n" % T, CLOSE], ProtocolError),
    told("as the time to wait", failure("429 Slow", headers=b"Retry-After: %s\r\n" % T), RateLimited),
]

LOGGED = [
    Cell(
        name=f"logged: {name}",
        token="query",
        differs=BORROWED,
        answers=[first, GOOD],
        call=call,
        timeout=timeout,
        retries=at_once(2),
        options={"before_send": log_attempt, "after_response": log_attempt},
        wants=wants,
        requests=requests,
    )
    for name, first, call, timeout, wants, requests in (
        ("a failure that is tried again", failure("503 Busy", error=f"{TOKEN} {QUOTED}"), get(), 1.0, value(THING), 2),
        ("a reset that is tried again", RESET, get(), 1.0, value(THING), 2),
        ("a timeout", STALL, get(), 0.3, raises(TimedOut), 1),
        ("an error with the password", failure(error=PASSWORD), create(), 1.0, raises(ServerError), 1),
        ("the connection ends", CLOSE, create(), 1.0, raises(Disconnected), 1),
    )
]

NOT_SENT = [
    Cell(
        name=name,
        token="query",
        differs=BORROWED,
        base_url=base_url,
        wants=raises(ConnectFailed),
        afterwards=afterwards,
        options={"after_response": log_attempt},
    )
    for name, base_url, afterwards in (
        ("nobody listens", "%refused%/api", value(THING)),
        ("there is no such host", "http://no-such-host.invalid/api", raises(ConnectFailed)),
        ("the certificate is unknown", "%tls-unknown%/api", raises(ConnectFailed)),
    )
]


def unfit(name: str, call: Call | None = None, says: str = "", **more: Any) -> Cell:
    """An argument that cannot be sent and has a secret in it."""
    return Cell(
        name=f"refused: {name}",
        answers=[GOOD],
        call=call or get(),
        wants=raises(UsageError, says=says),
        requests=0,
        **more,
    )


REFUSED = [
    unfit("a token with a line break", options={"token": f"{TOKEN}\r\nX-Evil: 1"}, says="line break"),
    unfit("a token outside Latin-1", options={"token": f"{TOKEN}€"}, says="Latin-1"),
    unfit("a password in base_url", base_url=f"http://jane:{quote(PASSWORD)}@127.0.0.1:%home-port%/", says="password"),
    unfit("an unquoted password in base_url", base_url=f"http://jane:{PASSWORD}/@127.0.0.1:%home-port%/", says="blank"),
    unfit("a token in base_url", base_url=f"%home%/api?token={QUOTED}", says="query"),
    unfit("a password that is no text", create(password=f"{PASSWORD}\ud800"), says="surrogate"),
    unfit("a password as bytes", create(password=PASSWORD.encode()), says="bytes"),
]

ARGUMENTS = [
    Cell(
        name=f"the token as {name}",
        answers=[failure("404 Not found", error="No such thing")],
        call=call,
        options={"after_response": log_attempt},
        wants=raises(NotFound, status=404),
        requests=1,
        differs=differs,
    )
    for name, call, differs in (
        ("a path argument", get(TOKEN), logged_by_httpx(raises(NotFound))),
        ("a query argument", get(note=TOKEN), logged_by_httpx(raises(NotFound))),
        ("a header argument", get(x_trace=TOKEN), {}),
    )
]

VALUES = [
    Cell(
        name="a value that came after the server repeated all secrets in its headers",
        answers=[
            answer(
                DONE, headers=b"X-Token: %s\r\nSet-Cookie: a=%s\r\nWarning: 199 - %s\r\n" % (T, T, PASSWORD.encode())
            )
        ],
        call=replace(),
        options={"after_response": log_attempt},
        wants=value(DONE),
        requests=1,
    ),
]

CELLS = [*ELSEWHERE, *AT_HOME, *REPEATED, *LOGGED, *NOT_SENT, *REFUSED, *ARGUMENTS, *VALUES]
