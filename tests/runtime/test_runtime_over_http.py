"""Calls from the client down to the wire, over the default backend."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import ssl
import traceback
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from loopback import HANG, http, loopback
from sample_api import CREATE_USER, GET_USER, PING, AsyncDuck, CreateUser, Duck, User

from mailwright.runtime import (
    ApiKey,
    AsyncClient,
    Client,
    Disconnected,
    MailwrightError,
    NotFound,
    ProtocolError,
    ResponseInvalid,
    ServerError,
    UsageError,
)
from mailwright.runtime.backends.httpx_backend import AsyncHttpxBackend, HttpxBackend

TOKEN = "tok-5f3a/9+==&x"


class QueryDuck(Client):
    _dialect = "wildduck"


class AsyncQueryDuck(AsyncClient):
    _dialect = "wildduck"


def get_sync(url: str, user: str, timeout: float = 5.0) -> User:
    with Duck(url, access_token=TOKEN, timeout=timeout) as mail:
        return mail.users.get(user)


def get_async(url: str, user: str, timeout: float = 5.0) -> User:
    async def get() -> User:
        async with AsyncDuck(url, access_token=TOKEN, timeout=timeout) as mail:
            return await mail.users.get(user)

    return asyncio.run(get())


Get = Callable[..., User]
BOTH = pytest.mark.parametrize("get", [get_sync, get_async])


@BOTH
def test_call_goes_out_and_its_answer_comes_back(get: Get) -> None:
    with loopback(http(b'{"success":true,"id":"a"}')) as server:
        assert get(server.url + "/api", "a/b") == User(success=True, id="a")
    head = server.requests[0].decode().split("\r\n")
    assert head[0] == "GET /api/users/a%2Fb HTTP/1.1"
    assert f"X-Access-Token: {TOKEN}" in head
    assert f"Host: 127.0.0.1:{server.port}" in head
    assert not any(line.lower().startswith(("cookie", "authorization")) for line in head)


@BOTH
@pytest.mark.parametrize("user", ["..%2f", "%2e%2e", "a b", "ü", "a?b#c", "a;b", "*~'()!", "a\\b", "[x]", "|", "😀"])
def test_path_argument_is_the_same_on_the_wire(get: Get, user: str) -> None:
    with loopback() as server:
        get(server.url, user)
    target = server.requests[0].split(b" ")[1].decode("ascii")
    assert target.startswith("/users/")
    assert unquote(target.removeprefix("/users/")) == user


def test_body_and_headers_arrive() -> None:
    with loopback() as server, Duck(server.url) as mail:
        mail.call(CREATE_USER, body=CreateUser(username="ü", password=False), headers={"X-Note": "grün"})
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert json.loads(body) == {"username": "ü", "password": False}
    assert b"X-Note: gr\xfcn" in head.split(b"\r\n")
    assert b"Content-Type: application/json" in head.split(b"\r\n")


@BOTH
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"", Disconnected),
        (b"HTTP/1.1 200 OK\r\nContent-Ty", Disconnected),
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-length: 50\r\n\r\n{", Disconnected),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{", Disconnected),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{", ProtocolError),
        (b"220 mail.test ESMTP\r\n\r\n", ProtocolError),
        (b"HTTP/1.1 200 OK\r\nContent-length: -1\r\n\r\n", ProtocolError),
        (b"HTTP/1.1 200 OK\r\nContent-length: 1\r\nContent-length: 2\r\n\r\n{}", ProtocolError),
        (b"HTTP/1.1 200 OK\r\nA\0: b\r\n\r\n", ProtocolError),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-length: 2\r\n\r\n{}", ProtocolError),
        (b"HTTP/1.0 200 OK\r\n\r\n", ResponseInvalid),
        (b'HTTP/1.0 200 OK\r\n\r\n{"success":tr', ResponseInvalid),
    ],
)
def test_answer_that_is_no_whole_http_is_a_typed_error(get: Get, answer: bytes, kind: type[MailwrightError]) -> None:
    with loopback(answer) as server, pytest.raises(kind) as caught:
        get(server.url, "x")
    assert type(caught.value) is kind
    assert caught.value.operation == "getUser"
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


@BOTH
def test_html_is_told_as_such(get: Get) -> None:
    page = http(b"<!DOCTYPE html><title>hi", headers=["content-type: text/html"]).replace(
        b"Content-Type: application/json\r\n", b""
    )
    with loopback(page) as server, pytest.raises(ResponseInvalid, match="HTML, not JSON; is this URL the API"):
        get(server.url, "x")
    with (
        loopback(page.replace(b"200 OK", b"502 Bad Gateway")) as server,
        pytest.raises(ServerError, match="HTML, not JSON"),
    ):
        get(server.url, "x")


@BOTH
def test_packed_answer_is_unpacked(get: Get) -> None:
    with loopback(http(gzip.compress(b'{"success":true,"id":"a"}'), headers=["Content-Encoding: gzip"])) as server:
        assert get(server.url, "x").id == "a"


@BOTH
@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_redirect_is_not_followed_and_the_token_not_sent_on(get: Get, status: str) -> None:
    with loopback() as other:
        moved = http(b"", status=status, headers=[f"Location: {other.url}/users/x?a=b"])
        with loopback(moved) as server, pytest.raises(ResponseInvalid, match=f"redirects to {other.url}/users/x,"):
            get(server.url, "x")
    assert (len(server.requests), other.requests) == (1, [])


def query_sync(url: str) -> None:
    with QueryDuck(url, credentials=(ApiKey("query", "accessToken", TOKEN),), timeout=1) as mail:
        mail.call(GET_USER, "x")


def query_async(url: str) -> None:
    async def call() -> None:
        async with AsyncQueryDuck(url, credentials=(ApiKey("query", "accessToken", TOKEN),), timeout=1) as mail:
            await mail.call(GET_USER, "x")

    asyncio.run(call())


def failure_of(call: Callable[[str], None], url: str) -> MailwrightError | None:
    try:
        call(url)
    except MailwrightError as error:
        return error
    return None


@pytest.mark.parametrize("call", [query_sync, query_async])
@pytest.mark.parametrize(
    "answer",
    [http(), http(b'{"error":"does not exist"}'), b"", b"no http\r\n\r\n", HANG],
    ids=["ok", "error", "cut", "junk", "silent"],
)
def test_token_in_the_query_is_in_no_log_and_no_error(
    call: Callable[[str], None], answer: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with loopback(answer) as server:
        error = failure_of(call, server.url)
    shown = ""
    if error is not None:
        assert error.url == f"{server.url}/users/x?accessToken=***"
        assert (error.__cause__, error.__context__) == (None, None)
        shown = "".join(traceback.format_exception(error)) + repr(vars(error))
    assert server.requests[0].startswith(b"GET /users/x?accessToken=tok-5f3a%2F9%2B%3D%3D%26x HTTP/1.1")
    logged = caplog.text + " ".join(repr(record.args) for record in caplog.records)
    assert "127.0.0.1" in logged
    assert "tok-5f3a" not in shown + logged


def test_connection_is_kept_and_usable_after_an_error() -> None:
    with loopback(http(b"{}", status="404 Not Found"), http()) as server, Duck(server.url) as mail:
        with pytest.raises(NotFound):
            mail.users.get("x")
        assert mail.users.get("x").id == "1"


def test_own_backend_is_closed_with_the_client() -> None:
    with loopback() as server:
        mail = Duck(server.url)
        mail.call(PING)
        mail.close()
        with pytest.raises(UsageError, match="closed"):
            mail.call(PING)


def test_backend_takes_a_tls_context_and_serves_several_clients() -> None:
    with loopback() as server:
        backend = HttpxBackend(tls=ssl.create_default_context())
        for _ in range(2):
            with Duck(server.url, backend=backend) as mail:
                assert mail.users.get("x").id == "1"
        backend.close()

        async def both() -> None:
            shared = AsyncHttpxBackend(tls=ssl.create_default_context())
            for _ in range(2):
                async with AsyncDuck(server.url, backend=shared) as mail:
                    assert (await mail.users.get("x")).id == "1"
            await shared.aclose()

        asyncio.run(both())
    assert len(server.requests) == 4
