"""The mock as a backend of a client: the same requests and answers, without a socket."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

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


class MockBackend:
    """Sends a client's requests to a mock. A `reset` fault raises `ConnectionResetError`."""

    def __init__(self, mock: Mock) -> None:
        self.mock = mock
        self.closed = False

    def send(self, request: ClientRequest) -> Response:
        """Answers one request, after the delay it was given."""
        response = self.mock.handle(_read(request))
        if response.delay:
            time.sleep(_patience(request, response))
        return _let_out(request, response)

    def close(self) -> None:
        """Marks the backend as closed; the mock lives on."""
        self.closed = True


class AsyncMockBackend:
    """The same for an asynchronous client."""

    def __init__(self, mock: Mock) -> None:
        self.mock = mock
        self.closed = False

    async def send(self, request: ClientRequest) -> Response:
        """Answers one request, after the delay it was given."""
        response = self.mock.handle(_read(request))
        if response.delay:
            await asyncio.sleep(_patience(request, response))
        return _let_out(request, response)

    async def aclose(self) -> None:
        """Marks the backend as closed; the mock lives on."""
        self.closed = True


def _read(request: ClientRequest) -> Request:
    content = request.content or b""
    whole = content if isinstance(content, bytes) else b"".join(content.chunks())
    return Request(request.method, str(request.url), header_pairs(request.headers), whole)


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
