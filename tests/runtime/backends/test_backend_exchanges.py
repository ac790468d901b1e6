"""What goes out and what comes back, letter by letter."""

from __future__ import annotations

import gzip
import traceback
from pathlib import Path

import pytest
from backend_drivers import Driver, driving, request
from raw_server import CLOSE, free_port, http, serving

from mailwright.runtime.errors import ProtocolError, UsageError

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
# What httpcore and httpx take as it is, and the rules of browsers that pyreqwest follows do not.
EXACT = [
    "/",
    "/a%2Fb/c",
    "/a%2fb",
    "/%41%7e~",
    "/a//b/",
    "/a;b=c,d!*()$&+:@",
    "/users?q=%20+%2B&a=%zz&&b",
    "/users?",
    "/?a=[b]|^`{}",
    "/%",
    "/a|b/[x]",
    "/x?redirect=http://a.test/%2F..",
]
EXACT_BUT_FOR_PYREQWEST = ["/a%2Fb/%2e%2e/x", "/%2E/x", "/a/../b", "/a/./b", "/a\\b", "/a'b?c='d'", "/a^b`{}", '/?<">']


@pytest.mark.parametrize("target", [*EXACT, *EXACT_BUT_FOR_PYREQWEST])
def test_url_is_the_same_on_the_wire(driver: Driver, target: str) -> None:
    with serving() as server:
        if driver.is_pyreqwest and target in EXACT_BUT_FOR_PYREQWEST:
            with pytest.raises(UsageError, match=r"^pyreqwest would change this URL; use another backend for it$"):
                driver.call(request(server.url + target))
            assert server.seen == []
        else:
            assert driver.call(request(server.url + target)).status == 200
            assert server.seen[0].target == target


@pytest.mark.parametrize(("tail", "target"), [("", "/"), ("?a=b", "/?a=b"), ("/x?a#b", "/x?a"), ("#b", "/")])
def test_url_without_a_path_and_with_a_fragment(driver: Driver, tail: str, target: str) -> None:
    with serving() as server:
        driver.call(request(server.url + tail))
    assert server.seen[0].target == target


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "PURGE"])
@pytest.mark.parametrize("content", [None, b"", b'{"a":"\xff\x00"}'])
def test_method_and_body_arrive(driver: Driver, method: str, content: bytes | None) -> None:
    with serving(http(b"yes", status="207 Multi")) as server:
        answer = driver.call(request(server.url, method, content=content))
    assert (answer.status, answer.content) == (207, b"yes")
    (seen,) = server.seen
    assert seen.lines[0] == f"{method} / HTTP/1.1".encode()
    assert (seen.body, seen.chunked) == (content or b"", False)
    assert seen.all("host") == [f"127.0.0.1:{server.port}".encode()]
    takes_body = content is not None or method in ("POST", "PUT", "PATCH")
    assert seen.all("content-length") == ([str(len(content or b"")).encode()] if takes_body else [])


def test_head_has_no_body_whatever_its_headers_say(driver: Driver) -> None:
    with serving(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n") as server:
        answers = [driver.call(request(server.url, "HEAD")) for _ in range(2)]
    assert [(answer.status, answer.content) for answer in answers] == [(200, b"")] * 2
    assert server.connections == 1


HEADERS = (("X-One", "1"), ("Accept", "a/b"), ("x-two", "2"), ("X-One", "3 4"), ("User-Agent", "me"), ("X-tab", "a\tb"))


def test_headers_go_out_in_order_and_nothing_is_added(driver: Driver) -> None:
    with serving() as server:
        driver.call(request(server.url, headers=HEADERS))
    (seen,) = server.seen
    host = (b"Host", f"127.0.0.1:{server.port}".encode())
    sent = [(name.encode(), value.encode()) for name, value in HEADERS]
    if driver.is_pyreqwest:
        # It writes names its own way and keeps those of one name together.
        sent = [(name.title(), value) for name, value in sent]
        sent.insert(1, sent.pop(3))
    assert seen.headers == [host, *sent]


def test_only_pyreqwest_adds_headers_of_its_own(driver: Driver) -> None:
    with serving() as server:
        driver.call(request(server.url))
    names = {name.lower() for name, _ in server.seen[0].headers}
    assert names == {b"host", *([b"accept", b"user-agent"] if driver.is_pyreqwest else [])}


def test_latin_1_goes_out_in_headers(driver: Driver) -> None:
    with serving() as server:
        if driver.is_pyreqwest:
            with pytest.raises(UsageError, match=r"^header X-Note has a character beyond ASCII"):
                driver.call(request(server.url, headers=[("X-Note", "grün")]))
        else:
            driver.call(request(server.url, headers=[("X-Note", "grün")]))
            assert server.seen[0].all("x-note") == [b"gr\xfcn"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Note", "tok-5f3a\r\nX-Evil: b"),
        ("X-Note", "tok-5f3a\nb"),
        ("X-Note", "tok-5f3a\0b"),
        ("X-Note", " tok-5f3a"),
        ("X-Note", "tok-5f3a€"),
        ("X-Note", "tok-5f3a\ud800"),
        ("X Note", "tok-5f3a"),
        ("X-Nöte", "tok-5f3a"),
        ("", "tok-5f3a"),
    ],
)
def test_header_that_would_not_arrive_is_refused(driver: Driver, name: str, value: str) -> None:
    with serving() as server, pytest.raises(UsageError) as caught:
        driver.call(request(server.url, headers=[(name, value)]))
    assert server.seen == []
    assert name in caught.value.message
    assert "tok-5f3a" not in "".join(traceback.format_exception(caught.value))
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/",
        "127.0.0.1/",
        "http://",
        "http:///x",
        "http://user:pass-5f3a@127.0.0.1/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1/a b",
        "http://127.0.0.1/a\r\nb",
        "http://127.0.0.1/ü",
        "http://[::1/",
        "http://a b/",
        "http://xn--ü.test/",
    ],
)
def test_url_that_cannot_be_used_is_refused_and_not_repeated(driver: Driver, url: str) -> None:
    with pytest.raises(UsageError, match=r"^the URL cannot be used$") as caught:
        driver.call(request(url))
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


@pytest.mark.parametrize("method", ["", "G ET", "GET\r\n", "ü"])
def test_method_that_cannot_be_sent_is_refused(driver: Driver, method: str) -> None:
    with serving() as server, pytest.raises(UsageError, match="method"):
        driver.call(request(server.url, method))
    assert server.seen == []


def test_answer_comes_with_all_its_headers_in_order(driver: Driver) -> None:
    lines = ["X-One: 1", "Set-Cookie: a=b", "X-TWO:2", "X-One:  3 ", "x-empty:", "Set-Cookie: c=d"]
    with serving(http(headers=lines)) as server:
        answer = driver.call(request(server.url))
    told = [
        ("X-One", "1"),
        ("Set-Cookie", "a=b"),
        ("X-TWO", "2"),
        ("X-One", "3"),
        ("x-empty", ""),
        ("Set-Cookie", "c=d"),
    ]
    told.append(("Content-Length", "2"))
    if driver.is_pyreqwest:
        # Its names are in lower case, and those of one name stand together.
        assert sorted(answer.headers) == sorted((name.lower(), value) for name, value in told)
        assert answer.all("x-one") == ["1", "3"]
        assert answer.all("set-cookie") == ["a=b", "c=d"]
    else:
        assert list(answer.headers) == told


def test_latin_1_comes_back_in_headers(driver: Driver) -> None:
    with serving(http(headers=[b"X-Note: gr\xfcn \xe2\x82\xac"])) as server:
        if driver.is_pyreqwest:
            with pytest.raises(ProtocolError, match="a header with bytes beyond ASCII, which pyreqwest cannot read"):
                driver.call(request(server.url))
        else:
            assert driver.call(request(server.url)).all("x-note") == ["grün â\x82¬"]


def test_answer_with_very_many_headers(driver: Driver) -> None:
    with serving(http(headers=[f"X-{number}: a" for number in range(150)])) as server:
        if driver.is_pyreqwest:
            with pytest.raises(ProtocolError, match="message head is too large"):
                driver.call(request(server.url))
        else:
            assert len(driver.call(request(server.url)).headers) == 151


def test_packed_body_stays_packed(driver: Driver) -> None:
    packed = gzip.compress(b"{}" * 1000)
    with serving(http(packed, headers=["Content-Encoding: gzip"])) as server:
        answer = driver.call(request(server.url))
    assert answer.content == packed
    assert answer.all("content-encoding") == ["gzip"]
    assert answer.all("content-length") == [str(len(packed))]


@pytest.mark.parametrize(
    ("answer", "content"),
    [
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1;x=y\r\nd\r\n0\r\nX-Late: 1\r\n\r\n",
            b"abcd",
        ),
        ([b"HTTP/1.0 200 OK\r\n\r\nabc", 0.05, b"d", CLOSE], b"abcd"),
        ([b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabcd", CLOSE], b"abcd"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", b""),
        (b"HTTP/1.1 200\r\nContent-Length: 4\r\n\r\nabcd", b"abcd"),
        (b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd", b"abcd"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd", b"abcd"),
    ],
    ids=["chunked", "http/1.0", "until the end", "204", "304", "no reason", "early hints", "continue"],
)
def test_body_is_taken_out_of_its_frame(driver: Driver, answer: bytes, content: bytes) -> None:
    with serving(answer) as server:
        assert [driver.call(request(server.url)).content for _ in range(2)] == [content] * 2


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_redirect_is_not_followed(driver: Driver, status: str) -> None:
    with serving() as other, serving(http(b"", status=status, headers=[f"Location: {other.url}/x"])) as server:
        answer = driver.call(request(server.url, headers=[("X-Access-Token", "t")]))
    assert answer.status == int(status[:3])
    assert answer.all("location") == [f"{other.url}/x"]
    assert (len(server.seen), other.seen) == (1, [])


def test_redirect_to_what_is_no_url_is_an_answer_like_others(driver: Driver) -> None:
    with serving(http(b"", status="302 Found", headers=["Location: http://[::1/"])) as server:
        if driver.name == "borrowed httpx":
            # It makes the next request already, which nobody wants.
            with pytest.raises(ProtocolError):
                driver.call(request(server.url))
        else:
            assert driver.call(request(server.url)).all("location") == ["http://[::1/"]


def test_cookies_are_not_sent_back(driver: Driver) -> None:
    with serving(http(headers=["Set-Cookie: session=abc; Path=/"])) as server:
        first, _ = (driver.call(request(server.url)) for _ in range(2))
    assert first.all("set-cookie") == ["session=abc; Path=/"]
    assert server.seen[1].all("cookie") == []


def test_environment_names_no_proxy_and_no_credentials(
    kind: str, is_async: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name in (".netrc", "_netrc"):
        (tmp_path / name).write_text("machine 127.0.0.1\nlogin user\npassword secret\n")
        (tmp_path / name).chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with driving(kind, is_async) as driver, serving() as server:
        assert driver.call(request(server.url)).status == 200
    assert server.seen[0].all("authorization") == []


def test_host_is_told_as_the_url_has_it(driver: Driver) -> None:
    with serving() as server:
        driver.call(request(f"http://LOCALHOST:{server.port}"))
    assert server.seen[0].all("host")[0].lower() == f"localhost:{server.port}".encode()
