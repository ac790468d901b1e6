"""The seam to HTTP: what a backend is given and what it gives back."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Protocol

from mailwright.runtime.upload import Upload


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """One HTTP request as it goes on the wire.

    `url` and `headers` hold credentials, so neither is shown in the repr. `content` is None when there is no body.
    `timeout`, `connect`, `read` and `pool` are in seconds. All of the exchange must end within `timeout`; with
    `streamed` only the answer's headers must, and after them each single read has `read` seconds.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    content: bytes | Upload | None
    timeout: float
    connect: float = inf
    read: float = inf
    pool: float = inf
    streamed: bool = False
    deadline: float = field(init=False)
    """The moment `timeout` ends, by `time.monotonic()`."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "deadline", time.monotonic() + self.timeout)

    def left(self) -> float:
        """Returns the seconds until the deadline; not below 0."""
        return max(0.0, self.deadline - time.monotonic())

    def body(self) -> bytes | None:
        """Returns the whole body, read from its source when it is an upload."""
        return b"".join(self.content.chunks()) if isinstance(self.content, Upload) else self.content

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.url.partition('?')[0]}>"


class Reply(Protocol):
    """One HTTP answer, its body read to the end; a `Content-Encoding` it has is not undone yet."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Sequence[tuple[str, str]]: ...
    @property
    def content(self) -> bytes: ...


class StreamedReply(Protocol):
    """One HTTP answer whose body is still to come, as it is on the wire: chunks put together, encodings not undone."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Sequence[tuple[str, str]]: ...
    def chunks(self) -> Iterator[bytes]: ...
    def close(self) -> None:
        """Gives the connection back, or ends it when the body was not read to its end.

        May be called again, and from another thread while a chunk is awaited, which then ends.
        """
        ...


class AsyncStreamedReply(Protocol):
    """The same, read without blocking."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Sequence[tuple[str, str]]: ...
    def chunks(self) -> AsyncIterator[bytes]: ...
    async def aclose(self) -> None: ...


class Backend(Protocol):
    """Sends requests.

    It gives the answer whole or as a stream, and raises one of the `TransportError`s when none comes, also while the
    chunks are read. One that does not know this package may raise `ConnectionRefusedError`, `ConnectionError` or
    `TimeoutError`: the client turns them into the former. It must not follow redirects, nor keep cookies.
    """

    def send(self, request: Request, /) -> Reply | StreamedReply: ...
    def close(self) -> None: ...


class AsyncBackend(Protocol):
    """Sends requests without blocking; the rules of `Backend` hold. The client ends it at the deadline."""

    async def send(self, request: Request, /) -> Reply | AsyncStreamedReply: ...
    async def aclose(self) -> None: ...
