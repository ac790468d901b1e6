from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable

import pytest
from sample_api import PING, AsyncDuck, AsyncScripted, Duck, Scripted, scripted

from mailwright.runtime import ApiKey, Client, UsageError


def test_import_of_the_runtime_does_not_import_httpx_nor_anything_slow() -> None:
    script = (
        "import sys, mailwright.runtime as r\n"
        "type('C', (r.Client,), {'_dialect': 'wildduck'})('http://mail.test')\n"
        "print([m for m in ('httpx', 'httpcore', 'anyio', 'asyncio', 'ssl', 'socket', 'jinja2') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        ("http://mail.test", "http://mail.test/ping"),
        ("http://mail.test/", "http://mail.test/ping"),
        ("https://mail.test:8443/api/v1/", "https://mail.test:8443/api/v1/ping"),
        ("HTTP://[::1]:8080/ä b".replace(" ", "%20"), "http://[::1]:8080/%C3%A4%20b/ping"),
    ],
)
def test_base_url_is_a_prefix(base_url: str, url: str) -> None:
    backend = scripted()
    Duck(base_url, backend=backend).call(PING)
    assert backend.requests[0].url == url


@pytest.mark.parametrize(
    ("base_url", "cause"),
    [
        ("", "base_url is empty"),
        ("mail.test:8080", "must start with http"),
        ("ftp://mail.test", "must start with http"),
        ("file:///etc/passwd", "must start with http"),
        ("http://", "names no host"),
        ("http://:8080", "names no host"),
        ("http:///users", "names no host"),
        ("http://jane:hunter22@mail.test", "user or a password"),
        ("http://hunter22@mail.test", "user or a password"),
        ("http://mail.test/?accessToken=hunter22", "query or a fragment"),
        ("http://mail.test/?", "query or a fragment"),
        ("http://mail.test#hunter22", "query or a fragment"),
        ("http://mail.test:hunter22", "port"),
        ("http://mail.test:99999", "port"),
        ("http://[mail.test", "host is malformed"),
        ("http://mail.test/a b", "blank"),
        ("http://mail.test/\r\nX: hunter22", "control character"),
        ("http://mail..test", "host is malformed"),
        ("http://" + "a" * 64 + ".test", "host is malformed"),
        ("http://mail.test\\@evil.test", "backslash"),
        ("http://mail.test/a/../b", "'.' or '..'"),
        ("http://\ud800.test", "control character"),
        (b"http://mail.test", "must be a str, not bytes"),
        (None, "must be a str, not NoneType"),
    ],
)
@pytest.mark.parametrize("make", [Duck, AsyncDuck])
def test_base_url_that_is_none_is_refused_and_not_repeated(
    make: Callable[..., object], base_url: object, cause: str
) -> None:
    with pytest.raises(UsageError, match="base_url") as caught:
        make(base_url)
    assert cause in str(caught.value)
    assert "hunter22" not in str(caught.value)


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf"), 10**400, True, "30", None])
@pytest.mark.parametrize("make", [Duck, AsyncDuck])
def test_timeout_that_is_no_time_is_refused(make: Callable[..., object], timeout: object) -> None:
    with pytest.raises(UsageError, match="timeout must be"):
        make("http://mail.test", timeout=timeout)


def test_timeout_reaches_the_backend_in_seconds() -> None:
    backend = scripted()
    Duck("http://mail.test", timeout=2, backend=backend).call(PING)
    assert 1.9 < backend.requests[0].timeout <= 2.0
    assert backend.requests[0].connect == 5.0


@pytest.mark.parametrize(
    ("make", "backend", "cause"),
    [
        (Duck, AsyncScripted(), "a sync client needs a sync backend, which AsyncScripted is not"),
        (AsyncDuck, Scripted(), "an async client needs an async backend, which Scripted is not"),
        (Duck, 5, "backend"),
    ],
)
def test_backend_of_the_wrong_kind_is_refused(make: Callable[..., object], backend: object, cause: str) -> None:
    with pytest.raises(UsageError, match=cause):
        make("http://mail.test", backend=backend)


@pytest.mark.parametrize("credentials", ["token", ("token",), [None], None])
def test_credentials_that_are_none_are_refused(credentials: object) -> None:
    class Bare(Client):
        _dialect = "wildduck"

    with pytest.raises(UsageError, match="credentials must"):
        Bare("http://mail.test", credentials=credentials)  # type: ignore[arg-type]


def test_given_backend_stays_open_and_the_client_does_not() -> None:
    backend = scripted()
    with Duck("http://mail.test", backend=backend) as mail:
        mail.call(PING)
    assert backend.closed == 0
    with pytest.raises(UsageError, match="the client is closed") as caught:
        mail.call(PING)
    assert caught.value.operation == "ping"
    mail.close()


def test_async_client_closes_the_same_way() -> None:
    backend = AsyncScripted()

    async def use_after_close() -> None:
        async with AsyncDuck("http://mail.test", backend=backend) as mail:
            await mail.call(PING)
        assert backend.inner.closed == 0
        await mail.aclose()
        await mail.call(PING)

    with pytest.raises(UsageError, match="the client is closed"):
        asyncio.run(use_after_close())
    assert len(backend.inner.requests) == 1


def test_repr_is_the_class_and_the_base_url() -> None:
    mail = Duck("http://mail.test/api/", access_token="hunter22hunter22", backend=scripted())
    assert repr(mail) == "Duck('http://mail.test/api')"
    assert repr(mail.users) == "<Users resource>"


def test_request_says_who_asks_and_for_what() -> None:
    backend = scripted()
    Duck("http://mail.test", backend=backend).call(PING)
    request = backend.requests[0]
    sent = dict(request.headers)
    assert (request.method, request.content) == ("GET", None)
    assert sent["Accept"] == "application/json"
    assert sent["Accept-Encoding"] == "gzip"
    assert sent["User-Agent"].startswith("mailwright/0")


def test_token_goes_in_the_header_and_only_where_the_operation_wants_it() -> None:
    backend = scripted()
    mail = Duck("http://mail.test", access_token="s3cret", backend=backend)
    mail.users.get("x")
    mail.call(PING)
    assert ("X-Access-Token", "s3cret") in backend.requests[0].headers
    assert "X-Access-Token" not in dict(backend.requests[1].headers)


def test_token_goes_in_the_query_on_request() -> None:
    class ByQuery(Client):
        _dialect = "wildduck"

    backend = scripted()
    mail = ByQuery("http://mail.test", credentials=(ApiKey("query", "accessToken", "a b&c=ü"),), backend=backend)
    mail.call(PING, query={"limit": 5})
    assert backend.requests[0].url == "http://mail.test/ping?limit=5"
    from sample_api import LIST_USERS

    backend.answers = scripted(b'{"success":true,"results":[]}').answers
    response = mail.send(LIST_USERS, query={"query": "x"})
    assert backend.requests[1].url == "http://mail.test/users?query=x&accessToken=a%20b%26c%3D%C3%BC"
    assert response.url == "http://mail.test/users?query=x&accessToken=***"


@pytest.mark.parametrize("location", ["header", "query"])
@pytest.mark.parametrize("secret", ["", "a\n", "a\rb", "a\0b", "\ud800", b"token", None, 5])
def test_token_that_cannot_be_sent_is_refused_and_not_repeated(location: str, secret: object) -> None:
    with pytest.raises(UsageError, match="the token for X-Access-Token") as caught:
        ApiKey(location, "X-Access-Token", secret)  # type: ignore[arg-type]
    assert not secret or str(secret) not in str(caught.value).removeprefix("the token for X-Access-Token")


@pytest.mark.parametrize("secret", [" padded", "padded\t", "€uro", "a\x01b"])
def test_token_that_a_header_cannot_carry_is_refused(secret: str) -> None:
    with pytest.raises(UsageError, match="the token for X-Access-Token has"):
        ApiKey("header", "X-Access-Token", secret)


def test_token_in_an_unknown_place_is_refused() -> None:
    with pytest.raises(UsageError, match="not 'cookie'"):
        ApiKey("cookie", "a", "b")  # type: ignore[arg-type]
