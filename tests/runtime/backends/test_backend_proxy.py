"""Proxies that a backend is told to use."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import pytest
from backend_drivers import MARGIN, OWN, driving, request, within
from raw_server import CLOSE, HANG, RESET, Step, deaf, free_port, http, serving
from test_backend_tls import PEM, server_tls

from mailwright.runtime.backends.async_pyreqwest_backend import AsyncPyreqwestBackend
from mailwright.runtime.backends.httpx_backend import AsyncHttpxBackend, HttpxBackend
from mailwright.runtime.backends.pyreqwest_backend import PyreqwestBackend
from mailwright.runtime.errors import ConnectFailed, MailwrightError, TimedOut, UsageError

CREDENTIALS = b"Basic " + base64.b64encode("user:p ß/w".encode())
BEHIND = server_tls("mail.test")
LET_THROUGH = b"HTTP/1.1 200 Connection established\r\n\r\n"


def test_proxy_is_told_the_whole_url(kind: str, is_async: bool) -> None:
    with (
        serving(http(b"by proxy")) as proxy,
        driving(kind, is_async, proxy=f"http://user:p%20%C3%9F%2Fw@127.0.0.1:{proxy.port}") as driver,
    ):
        for path in ("/a%2Fb?c", "/d"):
            answer = driver.call(request(f"http://mail.test:8080{path}", headers=[("X-A", "1")]))
            assert answer.content == b"by proxy"
    assert [seen.target for seen in proxy.seen] == ["http://mail.test:8080/a%2Fb?c", "http://mail.test:8080/d"]
    for seen in proxy.seen:
        assert seen.all("host") == [b"mail.test:8080"]
        assert seen.all("proxy-authorization") == [CREDENTIALS]
        assert seen.all("x-a") == [b"1"]
    assert proxy.connections == 1


def test_proxy_knows_no_more_than_the_host_of_what_goes_through_it(kind: str, is_async: bool) -> None:
    with (
        serving(LET_THROUGH, http(b"through"), tunnel=BEHIND) as proxy,
        driving(kind, is_async, ca=PEM, proxy=f"http://user:p%20%C3%9F%2Fw@127.0.0.1:{proxy.port}") as driver,
    ):
        for path in ("/a%2Fb?c", "/d"):
            answer = driver.call(request(f"https://mail.test{path}", headers=[("X-Access-Token", "tok-5f3a")]))
            assert answer.content == b"through"
    connect, first, second = proxy.seen
    assert connect.lines[0] == b"CONNECT mail.test:443 HTTP/1.1"
    assert connect.all("host") == [b"mail.test:443"]
    assert connect.all("proxy-authorization") == [CREDENTIALS]
    assert connect.all("x-access-token") == []
    for seen, target in ((first, "/a%2Fb?c"), (second, "/d")):
        assert (seen.target, seen.all("host")) == (target, [b"mail.test"])
        assert seen.all("proxy-authorization") == []
    assert proxy.connections == 1


@pytest.mark.parametrize(
    "answer",
    [
        http(b"no", status="407 Proxy Authentication Required"),
        http(b"no", status="502 Bad Gateway"),
        http(b"no", status="302 Found", headers=["Location: http://127.0.0.1/"]),
        [CLOSE],
        [RESET],
        b"220 mail.test ESMTP\r\n\r\n",
        [LET_THROUGH, CLOSE],
    ],
    ids=["407", "502", "302", "closed", "reset", "no http", "closed behind it"],
)
def test_proxy_that_lets_nothing_through_is_connect_failed(
    kind: str, is_async: bool, answer: bytes | Sequence[Step]
) -> None:
    with (
        serving(answer) as proxy,
        driving(kind, is_async, proxy=f"http://user:password-5f3a@127.0.0.1:{proxy.port}") as driver,
        pytest.raises(MailwrightError) as caught,
    ):
        driver.call(request("https://mail.test/?token=tok-5f3a", timeout=3))
    # httpx tells them from those of the server only when the proxy answers with a status.
    if driver.is_borrowed and not (isinstance(answer, bytes) and b"Content-Length" in answer):
        assert not isinstance(caught.value, UsageError)
    else:
        assert isinstance(caught.value, ConnectFailed)
    assert "5f3a" not in str(caught.value)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


@pytest.mark.parametrize(
    "answer", [[HANG], [b"HTTP/1.1 200 OK\r\n", *[b"X: a\r\n", 0.05] * 60]], ids=["silent", "drip"]
)
def test_proxy_that_takes_its_time_is_timed_out(kind: str, is_async: bool, answer: list[Any]) -> None:
    # Only backends of our own hold a proxy to the time for connecting.
    times = {"connect": 0.3, "timeout": 5.0} if kind in OWN else {"connect": 5.0, "timeout": 0.3}
    with (
        serving(answer) as proxy,
        driving(kind, is_async, proxy=f"http://127.0.0.1:{proxy.port}") as driver,
        within(0.3 + MARGIN),
        pytest.raises(TimedOut) as caught,
    ):
        driver.call(request("https://mail.test/", **times))
    if kind in OWN:
        assert not caught.value.sent


def test_proxy_that_is_not_there_is_connect_failed(kind: str, is_async: bool) -> None:
    with driving(kind, is_async, proxy=f"http://127.0.0.1:{free_port()}") as driver:
        for url in ("http://mail.test/", "https://mail.test/"):
            with pytest.raises(ConnectFailed):
                driver.call(request(url))
    with (
        deaf() as port,
        driving(kind, is_async, proxy=f"http://127.0.0.1:{port}") as driver,
        within(0.3 + MARGIN),
        pytest.raises(TimedOut),
    ):
        driver.call(request("http://mail.test/", connect=0.3))


@pytest.mark.parametrize("make", [HttpxBackend, AsyncHttpxBackend, PyreqwestBackend, AsyncPyreqwestBackend])
@pytest.mark.parametrize(
    "proxy",
    [
        "https://mail.test",
        "socks5://mail.test",
        "mail.test:3128",
        "http://",
        "http://a:b-5f3a@h:99999",
        3128,
        b"http://h",
    ],
)
def test_proxy_that_cannot_be_used_is_refused_and_not_repeated(make: Any, proxy: object) -> None:
    with pytest.raises(UsageError, match=r"^proxy (must be|is not) a URL") as caught:
        make(proxy=proxy)
    assert "5f3a" not in str(caught.value)
