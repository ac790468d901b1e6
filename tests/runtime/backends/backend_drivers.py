"""Every backend behind one face, so that each behaviour is tested once: sync ones as they are, async ones in a loop."""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from mailwright.runtime.backends import chosen_async_backend, chosen_backend
from mailwright.runtime.backends.async_pyreqwest_backend import AsyncPyreqwestBackend
from mailwright.runtime.backends.httpx2_backend import AsyncHttpx2Backend, Httpx2Backend
from mailwright.runtime.backends.httpx_backend import AsyncHttpxBackend, HttpxBackend
from mailwright.runtime.backends.pyreqwest_backend import PyreqwestBackend
from mailwright.runtime.errors import MailwrightError
from mailwright.runtime.request import Request
from mailwright.runtime.upload import Upload

OWN = ("httpx", "httpx2")
"""Those whose connections are of this package."""
BORROWED = ("borrowed httpx", "borrowed httpx2")
KINDS = (*OWN, "pyreqwest", *BORROWED)
MARGIN = 2.0
"""Seconds that a call may take beyond its deadline on a busy machine; what else would end it comes later still."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes

    def all(self, name: str) -> list[str]:
        return [value for each, value in self.headers if each.lower() == name.lower()]


Outcome = Answer | MailwrightError


@dataclass
class Kind:
    """Which backend, and how it is driven."""

    name: str
    is_async: bool
    backend: Any
    lender: Any = None

    @property
    def is_own(self) -> bool:
        return self.name in OWN

    @property
    def is_borrowed(self) -> bool:
        return self.name in BORROWED

    @property
    def is_pyreqwest(self) -> bool:
        return self.name == "pyreqwest"


@dataclass
class SyncDriver(Kind):
    """Calls in the thread of the test."""

    def call(self, request: Request) -> Answer:
        reply = self.backend.send(request)
        try:
            return Answer(reply.status, tuple(reply.headers), b"".join(reply.chunks()))
        finally:
            reply.close()

    def open(self, request: Request) -> Any:
        return self.backend.send(request)

    def at_once(self, requests: Sequence[Request]) -> list[Outcome]:
        with ThreadPoolExecutor(len(requests)) as pool:
            return list(pool.map(lambda request: outcome(lambda: self.call(request)), requests))

    def during(self, request: Request, ready: Callable[[], None], act: Callable[[], None]) -> Outcome:
        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(outcome, lambda: self.call(request))
            ready()
            act()
            return future.result(10)

    def close(self) -> None:
        self.backend.close()

    def close_lender(self) -> None:
        if self.lender is not None:
            self.lender.close()

    def finish(self) -> None:
        self.close()
        self.close_lender()


class AsyncReply:
    """A reply whose awaiting is done for the test."""

    def __init__(self, reply: Any, run: Callable[[Any], Any]) -> None:
        self.status = reply.status
        self.headers = reply.headers
        self._reply = reply
        self._run = run

    def chunks(self) -> Iterator[bytes]:
        source: AsyncIterator[bytes] = self._reply.chunks()
        while (chunk := self._run(_next(source))) is not None:
            yield chunk

    def close(self) -> None:
        self._run(self._reply.aclose())


@dataclass
class AsyncDriver(Kind):
    """Calls in an event loop, which lasts as long as the test."""

    def __post_init__(self) -> None:
        self._runner = asyncio.Runner()

    def run(self, work: Any) -> Any:
        return self._runner.run(work)

    def call(self, request: Request) -> Answer:
        answer: Answer = self.run(self._call(request))
        return answer

    def open(self, request: Request) -> Any:
        return AsyncReply(self.run(self.backend.send(request)), self.run)

    def at_once(self, requests: Sequence[Request]) -> list[Outcome]:
        async def all_of_them() -> list[Outcome]:
            return await asyncio.gather(*(self._outcome(request) for request in requests))

        found: list[Outcome] = self.run(all_of_them())
        return found

    def during(self, request: Request, ready: Callable[[], None], act: Callable[[], None]) -> Outcome:
        async def both() -> Outcome:
            task = asyncio.ensure_future(self._outcome(request))
            await asyncio.to_thread(ready)
            if act == self.close:
                await self.backend.aclose()
            elif act == self.close_lender:
                await self.lender.aclose()
            else:
                act()
            return await asyncio.wait_for(task, 10)

        found: Outcome = self.run(both())
        return found

    def close(self) -> None:
        self.run(self.backend.aclose())

    def close_lender(self) -> None:
        if self.lender is not None:
            self.run(self.lender.aclose())

    def finish(self) -> None:
        self.close()
        self.close_lender()
        self._runner.close()

    async def _call(self, request: Request) -> Answer:
        reply = await self.backend.send(request)
        try:
            return Answer(reply.status, tuple(reply.headers), b"".join([chunk async for chunk in reply.chunks()]))
        finally:
            await reply.aclose()

    async def _outcome(self, request: Request) -> Outcome:
        try:
            return await self._call(request)
        except MailwrightError as error:
            return error


Driver = SyncDriver | AsyncDriver


@contextmanager
def driving(name: str, is_async: bool, *, ca: bytes | None = None, proxy: str | None = None) -> Iterator[Driver]:
    """Gives a backend, which trusts one more authority than usual."""
    backend, lender = _made(name, is_async, ca, proxy)
    driver = AsyncDriver(name, True, backend, lender) if is_async else SyncDriver(name, False, backend, lender)
    try:
        yield driver
    finally:
        driver.finish()


def _made(name: str, is_async: bool, ca: bytes | None, proxy: str | None) -> tuple[Any, Any]:
    tls = None if ca is None else ssl.create_default_context(cadata=ca.decode())
    if name == "httpx":
        return (AsyncHttpxBackend if is_async else HttpxBackend)(tls=tls, proxy=proxy), None
    if name == "httpx2":
        return (AsyncHttpx2Backend if is_async else Httpx2Backend)(tls=tls, proxy=proxy), None
    if name == "pyreqwest":
        return (AsyncPyreqwestBackend if is_async else PyreqwestBackend)(ca_pem=ca, proxy=proxy), None
    library: Any = __import__(name.removeprefix("borrowed "))
    client = (library.AsyncClient if is_async else library.Client)(
        verify=tls or _default_tls(library), proxy=proxy, trust_env=False
    )
    return (chosen_async_backend if is_async else chosen_backend)(client)[0], client


@cache
def _default_tls(library: Any) -> ssl.SSLContext:
    # Slow to make.
    context: ssl.SSLContext = library.create_ssl_context(trust_env=False)
    return context


def request(
    url: str,
    method: str = "GET",
    headers: Sequence[tuple[str, str]] = (),
    content: bytes | Upload | None = None,
    *,
    timeout: float = 10.0,
    connect: float = 5.0,
    read: float = 8.0,
    pool: float = 5.0,
    streamed: bool = False,
) -> Request:
    return Request(
        method, url, tuple(headers), content, timeout, connect=connect, read=read, pool=pool, streamed=streamed
    )


def outcome(call: Callable[[], Answer]) -> Outcome:
    try:
        return call()
    except MailwrightError as error:
        return error


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Asserts that a block ends in time."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds


def threads_of_backends() -> int:
    return sum(thread.name == "mailwright-backend" for thread in threading.enumerate())


async def _next(source: AsyncIterator[bytes]) -> bytes | None:
    return await anext(source, None)
