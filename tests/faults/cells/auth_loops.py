"""Servers that ask again and again who is calling: a client answers once, with what it was given."""

from __future__ import annotations

import gzip

from answers import CHUNKED, DONE, GOOD, JSON, THING, answer, body, chunk, failure, http, redirect
from cell import Call, Cell, at_once, create, delete, get, listing, raises, value
from steps import CLOSE, RESET, STALL
from wire_checks import WITH_TOKEN, all_of, never

from mailwright.runtime import (
    AuthenticationFailed,
    InvalidRequest,
    PermissionDenied,
    ResponseInvalid,
    Retries,
    ServerError,
    TimedOut,
)

HTML = b"Content-Type: text/html\r\n"
LOGIN = http(b"<!doctype html><form action=/login>", headers=HTML)
NOTHING_MORE = never("Authorization", "Proxy-Authorization", "Cookie")
ONCE = raises(AuthenticationFailed, status=401, attempts=1)
MANY = at_once(5)


def challenge(*schemes: bytes, status: str = "401 Unauthorized", name: bytes = b"WWW-Authenticate") -> bytes:
    """A refusal that says how to prove who is calling."""
    return failure(status, error="Who?", code="", headers=b"".join(b"%s: %s\r\n" % (name, each) for each in schemes))


CHALLENGES = [
    Cell(
        name=f"challenged by {name}",
        answers=[challenge(*schemes)],
        retries=MANY,
        environment={"NETRC": "/dev/null", "KRB5CCNAME": "/dev/null"},
        wants=ONCE,
        requests=1,
        check=all_of(NOTHING_MORE, WITH_TOKEN),
    )
    for name, schemes in (
        ("Basic", (b'Basic realm="Things"',)),
        ("Digest", (b'Digest realm="Things", nonce="1", qop="auth", algorithm=SHA-256',)),
        ("Digest that is stale each time", (b'Digest realm="Things", nonce="2", stale=true',)),
        ("Digest without a nonce, at which parsers fail", (b"Digest",)),
        ("Digest of an algorithm there is not", (b'Digest realm="", nonce="", algorithm=CRC32, qop="auth-conf"',)),
        ("Negotiate and NTLM, which are for a connection", (b"Negotiate", b"NTLM TlRMTVNTUAACAAAA")),
        ("Bearer with an error", (b'Bearer error="invalid_token", error_description="expired"',)),
        ("a scheme that nobody knows", (b'Kettle a=1, b=, =c, "d',)),
        ("fifty schemes", (b'Basic realm="x"',) * 50),
    )
]

REFUSED_ONCE = [
    Cell(name=name, answers=[first, GOOD], call=call, retries=MANY, wants=wants, requests=1, check=NOTHING_MORE)
    for name, first, call, wants in (
        ("401 and then a good answer: nobody asks again", failure("401 Who"), get(), ONCE),
        ("401 of a POST", failure("401 Who"), create(), ONCE),
        ("401 with a time to wait", failure("401 Who", headers=b"Retry-After: 0\r\n"), get(), ONCE),
        ("401 without a body", http(status="401 Who", headers=b""), get(), ONCE),
        ("401 as a page", http(b"<html>Who?", status="401 Who", headers=HTML), get(), ONCE),
        (
            "401 that is packed",
            http(
                gzip.compress(body({"error": "Who?"})), status="401 Who", headers=JSON + b"Content-Encoding: gzip\r\n"
            ),
            delete(),
            raises(AuthenticationFailed, says="Who?", status=401, attempts=1),
        ),
        ("401 that says it went well", answer(DONE, status="401 Who"), delete(), ONCE),
        (
            "401 with a session to use from now on",
            failure("401 Who", headers=b"Set-Cookie: session=1; Path=/\r\n"),
            get(),
            ONCE,
        ),
        (
            "403 with the code of a wrong token",
            failure("403 No", code="InvalidToken"),
            get(),
            raises(AuthenticationFailed, status=403, code="InvalidToken", attempts=1),
        ),
        (
            "403, which is about rights",
            failure("403 No", code="MissingPrivileges", headers=b'WWW-Authenticate: Basic realm="x"\r\n'),
            get(),
            raises(PermissionDenied, status=403, attempts=1),
        ),
        (
            "a wrong token told with status 200",
            failure("200 OK", code="AuthFailed"),
            get(),
            raises(AuthenticationFailed, status=200, attempts=1),
        ),
        (
            "407, as if it were a proxy",
            challenge(b"Basic", status="407 Proxy Authentication Required", name=b"Proxy-Authenticate"),
            get(),
            raises(InvalidRequest, status=407, attempts=1),
        ),
        (
            "419, a session that is over",
            failure("419 Expired"),
            get(),
            raises(InvalidRequest, status=419, attempts=1),
        ),
        (
            "511, a network that wants a login",
            http(LOGIN, status="511 Network Authentication Required", headers=HTML),
            get(),
            raises(ServerError, status=511, attempts=1),
        ),
        ("a login page with status 200", LOGIN, get(), raises(ResponseInvalid, says="HTML", status=200, attempts=1)),
    )
]

LOOPS = [
    Cell(
        name="sent to a login page, which sends back",
        answers=[redirect(b"/login?back=/api/things/7"), redirect(b"/api/things/7", headers=b"Set-Cookie: seen=1\r\n")]
        * 20,
        follow_redirects=True,
        retries=MANY,
        wants=raises(ResponseInvalid, says="more than 5", attempts=6),
        requests=6,
        check=NOTHING_MORE,
    ),
    Cell(
        name="sent to a login page, redirects off",
        answers=[redirect(b"/login")],
        retries=MANY,
        wants=raises(ResponseInvalid, says="/login", status=302, attempts=1),
        requests=1,
    ),
    Cell(
        name="sent to a login page of another server",
        answers=[redirect(b"%elsewhere%/login")],
        follow_redirects=True,
        wants=raises(ResponseInvalid, says="another server", status=302, attempts=1),
        requests=1,
    ),
    Cell(
        name="sent to a place that refuses the token",
        answers=[redirect(b"/moved"), challenge(b"Basic")],
        follow_redirects=True,
        retries=MANY,
        wants=raises(AuthenticationFailed, status=401, attempts=2),
        requests=2,
        check=all_of(NOTHING_MORE, WITH_TOKEN),
    ),
    Cell(
        name="busy, and then refused",
        answers=[failure("503 Busy"), failure("401 Who"), GOOD],
        retries=MANY,
        wants=raises(AuthenticationFailed, status=401, attempts=2),
        requests=2,
    ),
    Cell(
        name="a policy that never gives up gives up after its attempts",
        answers=[failure("401 Who")],
        retries=Retries(attempts=4, again=lambda failed: True, wait=lambda failed: 0.0),
        wants=raises(AuthenticationFailed, status=401, attempts=4),
        requests=4,
    ),
    Cell(
        name="a policy that tries a refusal once more",
        answers=[failure("401 Who"), GOOD],
        retries=Retries(
            attempts=2, again=lambda failed: isinstance(failed.error, AuthenticationFailed), wait=lambda failed: 0.0
        ),
        wants=value(THING),
        requests=2,
    ),
    Cell(
        name="the second page is refused",
        answers=[answer({"success": True, "nextCursor": "c", "results": [{"id": "1"}]}), failure("401 Who")],
        call=listing(),
        retries=MANY,
        wants=ONCE,
        requests=2,
    ),
    Cell(
        name="the connection is closed with each refusal",
        answers=[[failure("401 Who", headers=b"Connection: close\r\n"), CLOSE]],
        retries=MANY,
        wants=ONCE,
        requests=1,
    ),
    Cell(
        name="the connection breaks right after the refusal",
        answers=[[failure("401 Who"), RESET]],
        retries=MANY,
        wants=ONCE,
        requests=1,
    ),
    Cell(
        name="refused before the body is read",
        answers=[[failure("401 Who", headers=b"Connection: close\r\n"), CLOSE]],
        call=create(),
        reads_body=False,
        retries=MANY,
        wants=ONCE,
        requests=1,
    ),
    Cell(
        name="a refusal whose body never ends",
        answers=[[CHUNKED.replace(b"200 OK", b"401 Who"), chunk(b'{"error": "Wh'), STALL]],
        timeout=0.3,
        retries=MANY,
        wants=raises(TimedOut, attempts=1),
        requests=1,
    ),
    Cell(
        name="no token, and one is wanted",
        token="none",
        answers=[challenge(b"Basic")],
        retries=MANY,
        wants=ONCE,
        requests=1,
        check=never("Authorization", "X-Token"),
    ),
]

STREAMS = [
    Cell(
        name=f"{call} is refused: nobody connects again",
        answers=[challenge(b"Basic")],
        call=Call(call, {"thing": "7"}),
        retries=MANY,
        wants=ONCE,
        requests=1,
        check=NOTHING_MORE,
    )
    for call in ("events", "download", "save")
]

CELLS = [*CHALLENGES, *REFUSED_ONCE, *LOOPS, *STREAMS]
