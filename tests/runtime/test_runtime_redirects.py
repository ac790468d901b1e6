"""Where a client lets itself be sent, and above all where not."""

from __future__ import annotations

import asyncio
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import http, loopback
from sample_api import (
    CREATE_USER,
    GET_USER,
    LIST_USERS,
    ONCE,
    Answer,
    AsyncDuck,
    AsyncScripted,
    CannedReply,
    Duck,
    Scripted,
    scripted,
)
from stream_samples import GET_SOURCE, Streamed

from mailwright.runtime import ApiKey, Client, Disconnected, Operation, ResponseInvalid, Retries, Upload
from mailwright.runtime.redirects import next_url

BASE = "http://mail.test:8080/api"
TOKEN = "tok-5f3a/9+==&x"
QUOTED = "tok-5f3a%2F9%2B%3D%3D%26x"
DELETE_USER: Operation[object] = Operation("DELETE", "/users/{}", id="deleteUser", result=object)
IMPORT: Operation[object] = Operation("PUT", "/import", id="import", result=object)


def moved(location: str | None, status: int = 307) -> CannedReply:
    return CannedReply(b"<html>moved", status, () if location is None else (("Location", location),))


def duck(*answers: Answer, base_url: str = BASE, follow: bool = True) -> tuple[Duck, Scripted]:
    backend = scripted(*answers)
    return Duck(base_url, access_token=TOKEN, backend=backend, follow_redirects=follow, retries=ONCE), backend


# Off


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308, 399])
def test_redirect_is_not_followed_unless_told(status: int) -> None:
    mail, backend = duck(moved("http://mail.test:8080/api/users/y", status), follow=False)
    with pytest.raises(
        ResponseInvalid, match=r"redirects to http://mail\.test:8080/api/users/y, which is not followed"
    ):
        mail.users.get("x")
    assert len(backend.requests) == 1


def test_following_can_be_switched_for_one_call() -> None:
    mail, backend = duck(moved("/moved"), CannedReply(), moved("/moved"), follow=False)
    mail.with_options(follow_redirects=True).users.get("x")
    with pytest.raises(ResponseInvalid, match="not followed"):
        mail.users.get("x")
    assert len(backend.requests) == 3


# Followed


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/moved", "http://mail.test:8080/moved"),
        ("/moved/", "http://mail.test:8080/moved/"),
        ("y", "http://mail.test:8080/api/users/y"),
        ("./y", "http://mail.test:8080/api/users/y"),
        ("../y", "http://mail.test:8080/api/y"),
        ("../../../../y", "http://mail.test:8080/y"),
        ("?page=2", "http://mail.test:8080/api/users/x?page=2"),
        ("/moved?a=b&c=%2F%20#part", "http://mail.test:8080/moved?a=b&c=%2F%20"),
        (
            "http://mail.test:8080/moved?a=http://elsewhere.test/",
            "http://mail.test:8080/moved?a=http://elsewhere.test/",
        ),
        ("//mail.test:8080/moved", "http://mail.test:8080/moved"),
        ("HTTP://MAIL.Test:8080/Moved", "http://mail.test:8080/Moved"),
        ("http://mail.test:08080/moved", "http://mail.test:8080/moved"),
        ("http://mail.test:8080", "http://mail.test:8080/"),
        ("http://mail.test:8080?a=b", "http://mail.test:8080/?a=b"),
        ("/a%2F..%2Fb/%00", "http://mail.test:8080/a%2F..%2Fb/%00"),
        ("/users/x:y@z", "http://mail.test:8080/users/x:y@z"),
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_on_the_same_server_is_followed(location: str, url: str, status: int) -> None:
    mail, backend = duck(moved(location, status), CannedReply())
    response = mail.send(GET_USER, "x")
    assert [sent.url for sent in backend.requests] == ["http://mail.test:8080/api/users/x", url]
    assert {sent.method for sent in backend.requests} == {"GET"}
    # The credential goes with it, in its header.
    assert all(("X-Access-Token", TOKEN) in sent.headers for sent in backend.requests)
    assert (response.attempts, response.url) == (2, url.partition("?")[0])


@pytest.mark.parametrize(
    ("base_url", "location"),
    [
        ("http://mail.test", "http://mail.test:80/moved"),
        ("http://mail.test:80", "http://mail.test/moved"),
        ("http://mail.test:80", "http://mail.test:/moved"),
        ("https://mail.test", "https://mail.test:443/moved"),
        ("https://mail.test:443", "https://mail.test/moved"),
        ("http://[::1]:8080", "http://[::1]:8080/moved"),
    ],
)
def test_port_that_is_not_said_is_the_usual_one(base_url: str, location: str) -> None:
    mail, backend = duck(moved(location), CannedReply(), base_url=base_url)
    mail.users.get("x")
    # As the caller wrote it, so that it is the same server to the pool of connections and in the Host header.
    assert backend.requests[1].url == f"{base_url}/moved"


@pytest.mark.parametrize("status", [307, 308])
def test_redirect_that_keeps_the_method_keeps_the_body(status: int) -> None:
    mail, backend = duck(moved("/v2/users", status), CannedReply())
    mail.users.create(username="jane", password="hunter22")
    first, second = backend.requests
    assert (second.method, second.content, second.headers) == (first.method, first.content, first.headers)
    assert second.content


@pytest.mark.parametrize("status", [301, 302, 303])
@pytest.mark.parametrize("called", [CREATE_USER, DELETE_USER, IMPORT])
def test_redirect_that_may_change_the_method_is_refused(status: int, called: Operation[object]) -> None:
    mail, backend = duck(moved("/moved", status), CannedReply())
    with pytest.raises(ResponseInvalid, match=f"redirects a {called.method} to /moved with status {status}"):
        mail.call(called, *("x",)[: called.path.count("{}")], body={})
    assert len(backend.requests) == 1


def test_upload_is_sent_again_from_its_beginning() -> None:
    bodies: list[bytes | None] = []

    def reading(answer: CannedReply) -> Answer:
        def answered(request: object) -> CannedReply:
            bodies.append(request.body())  # type: ignore[attr-defined]
            return answer

        return answered

    mail, _ = duck(reading(moved("/moved")), reading(CannedReply()))
    mail.call(IMPORT, body=Upload(b"From: jane"))
    assert bodies == [b"From: jane"] * 2


def test_async_client_follows_by_the_same_rules() -> None:
    async def main(*answers: Answer) -> list[str]:
        backend = scripted(*answers)
        async with AsyncDuck(BASE, backend=AsyncScripted(backend), follow_redirects=True) as mail:
            try:
                await mail.users.get("x")
            finally:
                urls = [sent.url for sent in backend.requests]
        return urls

    assert asyncio.run(main(moved("/moved"), CannedReply()))[1:] == ["http://mail.test:8080/moved"]
    with pytest.raises(ResponseInvalid, match="another server"):
        asyncio.run(main(moved("http://elsewhere.test/"), CannedReply()))


def test_stream_is_followed_and_the_redirect_is_closed() -> None:
    first = Streamed([b"<html>"], 302, (("Location", "/moved"),))
    second = Streamed([b"From: jane"], 200, ())
    mail, backend = duck(lambda _: first, lambda _: second)  # type: ignore[arg-type,return-value]
    opened = mail.open(GET_SOURCE, "x", 1)
    assert (first.closed, second.closed) == (1, 0)
    assert b"".join(opened.chunks()) == b"From: jane"
    assert backend.requests[1].url == "http://mail.test:8080/moved"


def test_failure_behind_a_redirect_is_tried_again_there() -> None:
    backend = scripted(moved("/moved"), Disconnected("x"), CannedReply())
    mail = Duck(BASE, backend=backend, follow_redirects=True, retries=Retries(wait=lambda _: 0))
    assert mail.send(GET_USER, "x").attempts == 3
    assert [sent.url for sent in backend.requests][1:] == ["http://mail.test:8080/moved"] * 2


def test_redirects_are_no_failures_to_the_policy() -> None:
    backend = scripted(moved("/1"), moved("/2"), moved("/3"), Disconnected("x"), Disconnected("x"), CannedReply())
    mail = Duck(BASE, backend=backend, follow_redirects=True, retries=Retries(wait=lambda _: 0))
    assert mail.send(GET_USER, "x").attempts == 6


@pytest.mark.parametrize("location", ["/moved", "", "#part", "?a=b"])
def test_redirects_come_to_an_end(location: str) -> None:
    mail, backend = duck(moved(location))
    with pytest.raises(ResponseInvalid, match="more than 5 times" if location else "no place to go on") as caught:
        mail.users.get("x")
    assert caught.value.attempts == len(backend.requests) == (6 if location else 1)


# Not followed

ELSEWHERE = {
    "another host": "http://elsewhere.test/",
    "a host below": "http://api.mail.test:8080/",
    "a host above": "http://test:8080/",
    "a host that begins the same": "http://mail.test.elsewhere.test:8080/",
    "the host with a dot": "http://mail.test.:8080/",
    "another port": "http://mail.test:8081/",
    "the usual port": "http://mail.test/",
    "port 0": "http://mail.test:0/",
    "with TLS": "https://mail.test:8080/",
    "another host, same scheme": "//elsewhere.test/",
    "a user": "http://jane@mail.test:8080/",
    "a user and a password": "http://jane:secret@mail.test:8080/",
    "no user before the at": "http://@mail.test:8080/",
    "a user like the host": "http://mail.test:8080@elsewhere.test/",
    "a user like the host, twice": "http://mail.test:8080@elsewhere.test@mail.test:8080/",
    "a host like a user": "http://elsewhere.test#@mail.test:8080/",
    "a host before a question mark": "http://elsewhere.test?@mail.test:8080/",
    "a host quoted": "http://mail.test%2eelsewhere.test:8080/",
    "no scheme but a colon": "http:elsewhere.test/",
    "one slash": "http:/elsewhere.test/",
    "three slashes": "http:///elsewhere.test/",
    "only slashes": "///elsewhere.test/",
    "many slashes": "/////elsewhere.test/",
    "no host": "http://",
    "an empty host": "http://:8080/",
    "a backslash": "http://mail.test:8080\\@elsewhere.test/",
    "only backslashes": "\\\\elsewhere.test/",
    "slash and backslash": "/\\elsewhere.test/",
    "a blank": "http://mail.test:8080/a b",
    "a blank first": " http://elsewhere.test/",
    "a tab": "ht\ttp://elsewhere.test/",
    "a tab between slashes": "/\t/elsewhere.test/",
    "a line break": "/moved\r\nX-Injected: 1",
    "NUL": "/moved\0",
    "beyond ASCII": "http://mäil.test:8080/",
    "beyond ASCII in the path": "/grün",
    "a dot that is none": "http://mail\u3002test:8080/",
    "a file": "file:///etc/passwd",
    "a file on the server": "file://mail.test:8080/etc/passwd",
    "a script": "javascript:alert(1)",
    "data": "data:text/html,hi",
    "ftp": "ftp://mail.test:8080/",
    "gopher": "gopher://mail.test:8080/_",
    "half an address": "http://[::1/",
    "no address": "http://[mail.test]:8080/",
    "a port in letters": "http://mail.test:eighty/",
    "a port too high": "http://mail.test:99999/",
    "a negative port": "http://mail.test:-1/",
    "nothing": "",
    "none": None,
}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("name", ELSEWHERE)
def test_redirect_elsewhere_is_refused_and_nothing_is_sent_there(name: str, status: int) -> None:
    mail, backend = duck(moved(ELSEWHERE[name], status), CannedReply())
    with pytest.raises(ResponseInvalid, match=r"the server (redirects|answered)") as caught:
        mail.users.get("x")
    assert [sent.url for sent in backend.requests] == ["http://mail.test:8080/api/users/x"]
    assert (caught.value.status, caught.value.attempts) == (status, 1)
    assert "secret" not in str(caught.value)
    assert str(caught.value).isprintable()


def test_port_zero_is_not_the_usual_one() -> None:
    mail, backend = duck(moved("http://mail.test:0/"), base_url="http://mail.test")
    with pytest.raises(ResponseInvalid, match="another server"):
        mail.users.get("x")
    assert len(backend.requests) == 1


@pytest.mark.parametrize("status", [300, 304, 305, 306, 309, 399])
def test_status_that_is_no_redirect_of_its_own_is_refused(status: int) -> None:
    mail, backend = duck(moved("/moved", status), CannedReply())
    with pytest.raises(ResponseInvalid, match=f"status {status} and no place to go on"):
        mail.users.get("x")
    assert len(backend.requests) == 1


PIECES = [":", "/", "//", "\\", "@", "?", "#", "%", ".", "..", "[", "]", "\t", "\n", " ", "-", ";", "=", "&"]
WORDS = ["http", "https", "mail.test", "elsewhere.test", "8080", "::1", "a", "%2f", "%40", "\u3002", "ß", "\ud800"]


@given(st.lists(st.sampled_from(PIECES + WORDS), min_size=1, max_size=10).map("".join))
def test_no_location_leads_off_the_server(location: str) -> None:
    try:
        url = next_url("http://mail.test:8080/api/users?a=b", "GET", 302, location, 0)
    except ResponseInvalid:
        return
    assert url.startswith("http://mail.test:8080/")
    assert url.isascii()
    assert url.isprintable()
    assert not {" ", "\\", "#"} & set(url)


def test_another_server_gets_no_connection() -> None:
    with (
        loopback(http()) as elsewhere,
        loopback(http(status="302 Found", headers=[f"Location: {elsewhere.url}/"])) as server,
    ):
        with Duck(server.url, access_token=TOKEN, follow_redirects=True) as mail, pytest.raises(ResponseInvalid):
            mail.users.get("x")
        assert (len(server.requests), elsewhere.requests) == (1, [])


# What is told of it


class QueryDuck(Client):
    _dialect = "wildduck"


@pytest.mark.parametrize("location", ["header", "query"])
@pytest.mark.parametrize(
    "to",
    [
        f"/moved/{QUOTED}?accessToken={QUOTED}",
        f"/moved/{QUOTED.lower()}",
        f"/moved?accessToken={QUOTED}",
        f"http://elsewhere.test/{QUOTED}?accessToken={QUOTED}",
        f"http://{QUOTED}@elsewhere.test/",
        f"http://{QUOTED}:8080/",
        f"http:{QUOTED}",
    ],
)
@pytest.mark.parametrize("follow", [False, True])
def test_token_that_the_server_sends_back_is_not_shown(
    location: str, to: str, follow: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    key = ApiKey(location, "accessToken", TOKEN)  # type: ignore[arg-type]
    backend = scripted(moved(to), CannedReply(b"oops"))
    mail = QueryDuck(BASE, credentials=(key,), backend=backend, follow_redirects=follow)
    with pytest.raises(ResponseInvalid) as caught:
        mail.call(LIST_USERS)
    shown = " ".join([str(caught.value), repr(caught.value), caught.value.url, caplog.text]).lower()
    assert "mail.test" in shown
    assert TOKEN.lower() not in shown
    assert QUOTED.lower() not in shown


@pytest.mark.parametrize("token", ["8080", "1", "::1", "mail", "http"])
def test_short_secret_does_not_break_what_is_told_of_the_server(token: str) -> None:
    for base_url in ("http://mail.test:8080", "http://[::1]:8080"):
        backend = scripted(moved("/moved"), CannedReply())
        mail = Duck(base_url, access_token=token, backend=backend, follow_redirects=True)
        assert mail.send(GET_USER, "x").url == f"{base_url}/moved"
