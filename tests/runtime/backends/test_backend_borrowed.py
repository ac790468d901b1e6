"""What is used of a client that the caller lends, and what is not."""

from __future__ import annotations

import asyncio
import contextvars
import gzip
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from backend_drivers import BORROWED, MARGIN, request, threads_of_backends, within
from raw_server import HANG, eventually, http, serving

from mailwright.runtime.backends import chosen_async_backend, chosen_backend
from mailwright.runtime.errors import ConnectFailed, Disconnected, MailwrightError, TimedOut, TransportError
from mailwright.runtime.request import Request
from mailwright.runtime.upload import Upload

MARK: contextvars.ContextVar[str] = contextvars.ContextVar("MARK", default="none")


@pytest.fixture(params=[name.removeprefix("borrowed ") for name in BORROWED])
def library(request: pytest.FixtureRequest) -> Any:
    return __import__(str(request.param))


Send = Callable[[Request], tuple[int, list[tuple[str, str]], bytes]]


@pytest.fixture
def lend(is_async: bool, library: Any) -> Iterator[Callable[..., Send]]:
    """Makes a client of the library with some arguments, and gives a function that sends over it."""
    clients: list[Any] = []
    runner = asyncio.Runner()

    def make(**arguments: Any) -> Send:
        client = library.AsyncClient(**arguments) if is_async else library.Client(**arguments)
        clients.append(client)
        if not is_async:
            backend, _ = chosen_backend(client)

            def send(out: Request) -> Any:
                reply: Any = backend.send(out)
                return reply.status, list(reply.headers), b"".join(reply.chunks())

            return send
        async_backend, _ = chosen_async_backend(client)

        async def go(out: Request) -> Any:
            reply: Any = await async_backend.send(out)
            return reply.status, list(reply.headers), b"".join([chunk async for chunk in reply.chunks()])

        return lambda out: runner.run(go(out))

    yield make
    for client in clients:
        if not is_async:
            client.close()
        else:
            runner.run(client.aclose())
    runner.close()


def test_nothing_of_the_clients_own_is_sent(lend: Callable[..., Send]) -> None:
    with serving(http(b"", status="302 Found", headers=["Location: /elsewhere", "Set-Cookie: a=b; Path=/"])) as server:
        send = lend(
            headers={"X-Theirs": "1", "Authorization": "theirs"},
            cookies={"theirs": "1"},
            params={"theirs": "1"},
            auth=("user", "password"),
            base_url="http://127.0.0.1:1/base",
            follow_redirects=True,
            trust_env=False,
        )
        for _ in range(2):
            status, _, _ = send(request(f"{server.url}/users?a=b", headers=[("X-Ours", "2")]))
            assert status == 302
    for seen in server.seen:
        assert seen.target == "/users?a=b"
        assert seen.headers == [(b"Host", f"127.0.0.1:{server.port}".encode()), (b"X-Ours", b"2")]


def test_transport_may_be_a_function(library: Any, is_async: bool, lend: Callable[..., Send]) -> None:
    calls: list[Any] = []

    def handle(theirs: Any) -> Any:
        calls.append((theirs.method, str(theirs.url), theirs.read() if theirs.method == "POST" else b"", MARK.get()))
        return library.Response(201, headers=[("X-A", "1"), ("X-A", "2")], content=b"done")

    async def ahandle(theirs: Any) -> Any:
        await theirs.aread()
        return handle(theirs)

    MARK.set("kept")
    send = lend(transport=library.MockTransport(ahandle if is_async else handle))
    status, headers, content = send(request("http://mail.test/a?b", "POST", content=b"body"))
    assert (status, content) == (201, b"done")
    assert [value for name, value in headers if name.lower() == "x-a"] == ["1", "2"]
    assert calls == [("POST", "http://mail.test/a?b", b"body", "kept")]


def test_answer_of_a_function_may_be_a_stream(library: Any, lend: Callable[..., Send]) -> None:
    class Stream(library.SyncByteStream, library.AsyncByteStream):  # type: ignore[misc, name-defined]
        def __iter__(self) -> Iterator[bytes]:
            yield from (b"a", b"b", b"c")

        async def __aiter__(self) -> Any:
            for chunk in self:
                yield chunk

    send = lend(transport=library.MockTransport(lambda _: library.Response(200, stream=Stream())))
    assert send(request("http://mail.test/", streamed=True))[2] == b"abc"


def test_answer_that_a_hook_has_read_is_whole_and_unpacked(is_async: bool, lend: Callable[..., Send]) -> None:
    def read(response: Any) -> None:
        response.read()

    async def aread(response: Any) -> None:
        await response.aread()

    with serving(http(gzip.compress(b"{}"), headers=["Content-Encoding: gzip", "X-A: 1"])) as server:
        send = lend(event_hooks={"response": [aread if is_async else read]}, trust_env=False)
        _, headers, content = send(request(server.url))
    assert (headers, content) == ([("X-A", "1")], b"{}")


def test_answer_of_a_wsgi_application(library: Any) -> None:
    def application(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("X-Path", environ["PATH_INFO"])])
        return [b"got ", environ["wsgi.input"].read()]

    with library.Client(transport=library.WSGITransport(app=application)) as client:
        backend, _ = chosen_backend(client)
        reply: Any = backend.send(request("http://mail.test/a", "POST", content=b"body"))
        assert (b"".join(reply.chunks()), dict(reply.headers)["X-Path"]) == (b"got body", "/a")


def test_answer_of_an_asgi_application(library: Any) -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-path", scope["path"].encode())]})
        await send({"type": "http.response.body", "body": b"got " + body})

    async def call() -> None:
        async with library.AsyncClient(transport=library.ASGITransport(app=application)) as client:
            backend, _ = chosen_async_backend(client)
            reply: Any = await backend.send(request("http://mail.test/a", "POST", content=Upload(b"body")))
            content = b"".join([chunk async for chunk in reply.chunks()])
            assert (content, dict(reply.headers)["x-path"]) == (b"got body", "/a")

    asyncio.run(call())


@pytest.mark.parametrize(
    ("error", "kind", "told"),
    [
        (ZeroDivisionError("tok-5f3a"), TransportError, "the transport failed: ZeroDivisionError"),
        (ConnectionRefusedError("no"), ConnectFailed, "cannot connect: no"),
        (ConnectionResetError("reset"), Disconnected, "the connection broke: reset"),
        (TimeoutError("tok-5f3a"), TimedOut, ""),
        ("ReadError", Disconnected, "the connection broke: tok"),
        ("ConnectTimeout", TimedOut, "no connection in time"),
        ("PoolTimeout", TimedOut, "no connection was free in time"),
        ("ProxyError", ConnectFailed, "the proxy refuses: tok"),
        ("TooManyRedirects", TransportError, "the transport failed: TooManyRedirects"),
    ],
)
def test_errors_of_a_transport_are_documented_ones(
    library: Any, lend: Callable[..., Send], error: Exception | str, kind: type[MailwrightError], told: str
) -> None:
    raised = getattr(library, error)("tok") if isinstance(error, str) else error

    def fail(_: Any) -> Any:
        raise raised

    with pytest.raises(MailwrightError) as caught:
        lend(transport=library.MockTransport(fail))(request("http://mail.test/"))
    assert type(caught.value) is kind
    assert caught.value.message == told or not told
    assert "tok-5f3a" not in str(caught.value)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    if isinstance(error, str):
        assert getattr(caught.value, "sent", True) is (error not in ("ConnectTimeout", "PoolTimeout", "ProxyError"))


def test_pool_of_the_client_is_its_own(library: Any, lend: Callable[..., Send]) -> None:
    send = lend(limits=library.Limits(max_connections=1), trust_env=False)
    with serving() as server, serving([HANG]) as silent:
        assert send(request(server.url))[2] == b"{}"
        with within(1 + MARGIN), pytest.raises(TimedOut):
            send(request(silent.url, timeout=1))
        assert send(request(server.url, pool=1))[2] == b"{}"
    eventually(threads_of_backends, 0)


def test_client_logs_its_requests_which_is_told(library: Any, lend: Callable[..., Send], caplog: Any) -> None:
    caplog.set_level(logging.INFO)
    with serving() as server:
        lend(trust_env=False)(request(f"{server.url}/?token=secret"))
    # Which is why `logs_urls` is set.
    assert "token=secret" in caplog.text
