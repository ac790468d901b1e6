"""The mock as a backend of a client: the same requests and answers, without a socket."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from math import inf
from typing import Any, Protocol

from mailwright.mock.live import Live, async_follow, follow
from mailwright.mock.message import Request, Response, header_pairs
from mailwright.mock.server import Mock


class Upload(Protocol):
    """A body that a client sends piece by piece."""

    def chunks(self) -> Iterable[bytes]: ...


class ClientRequest(Protocol):
    """What a client hands to its backend, as far as the mock reads it."""

    @property
    def method(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def headers(self) -> Mapping[str, str] | Iterable[tuple[str, str]]: ...
    @property
    def content(self) -> bytes | Upload | None: ...


class Stream:
    """An answer that is read as it comes; to close it ends it, also from another thread."""

    def __init__(self, response: Response, live: Live, read: float) -> None:
        self.status = response.status
        self.headers: Sequence[tuple[str, str]] = response.headers
        self._beginning = response.content
        self._live = live
        self._read = read

    def chunks(self) -> Iterator[bytes]:
        """Gives the answer piece by piece; raises `TimeoutError` where nothing comes in time."""
        yield self._beginning
        yield from follow(self._live, read=self._read)

    def close(self) -> None:
        """Ends the answer."""
        self._live.close()


class AsyncStream:
    """The same for an asynchronous client."""

    def __init__(self, response: Response, live: Live, read: float) -> None:
        self.status = response.status
        self.headers: Sequence[tuple[str, str]] = response.headers
        self._beginning = response.content
        self._live = live
        self._read = read

    async def chunks(self) -> AsyncIterator[bytes]:
        """Gives the answer piece by piece; raises `TimeoutError` where nothing comes in time."""
        yield self._beginning
        async for chunk in async_follow(self._live, read=self._read):
            yield chunk

    async def aclose(self) -> None:
        """Ends the answer."""
        self._live.close()


class MockBackend:
    """Sends a client's requests to a mock. A `reset` fault raises `ConnectionResetError`."""

    def __init__(self, mock: Mock) -> None:
        self.mock = mock
        self.closed = False

    def send(self, request: ClientRequest) -> Response | Stream:
        """Answers one request, after the delay it was given; with a stream where that stays open."""
        response = self.mock.handle(_read(request))
        if response.delay:
            time.sleep(_patience(request, response))
        whole = _let_out(request, response)
        return whole if whole.live is None else Stream(whole, whole.live, _read_seconds(request))

    def close(self) -> None:
        """Marks the backend as closed; the mock lives on."""
        self.closed = True


class AsyncMockBackend:
    """The same for an asynchronous client."""

    def __init__(self, mock: Mock) -> None:
        self.mock = mock
        self.closed = False

    async def send(self, request: ClientRequest) -> Response | AsyncStream:
        """Answers one request, after the delay it was given; with a stream where that stays open."""
        response = self.mock.handle(_read(request))
        if response.delay:
            await asyncio.sleep(_patience(request, response))
        whole = _let_out(request, response)
        return whole if whole.live is None else AsyncStream(whole, whole.live, _read_seconds(request))

    async def aclose(self) -> None:
        """Marks the backend as closed; the mock lives on."""
        self.closed = True


def _read(request: ClientRequest) -> Request:
    content = request.content or b""
    whole = content if isinstance(content, bytes) else b"".join(content.chunks())
    return Request(request.method, str(request.url), header_pairs(request.headers), whole)


def _read_seconds(request: ClientRequest) -> float:
    """How long a stream may be silent, in seconds."""
    read: Any = getattr(request, "read", inf)
    return float(read) if isinstance(read, int | float) else inf


def _patience(request: ClientRequest, response: Response) -> float:
    """How long to wait, in seconds: not longer than the request allows."""
    timeout: Any = getattr(request, "timeout", None)
    return min(response.delay, timeout) if isinstance(timeout, int | float) else response.delay


def _let_out(request: ClientRequest, response: Response) -> Response:
    timeout: Any = getattr(request, "timeout", None)
    if isinstance(timeout, int | float) and response.delay > timeout:
        raise TimeoutError(f"no answer within {timeout} s")
    if response.cut == "reset":
        raise ConnectionResetError("the mock reset the connection")
    return response
