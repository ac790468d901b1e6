"""The seam to HTTP: what a backend is given and what it gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """One HTTP request as it goes on the wire.

    `url` and `headers` hold credentials, so neither is shown in the repr. `content` is None when there is no body.
    `timeout` is in seconds.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    content: bytes | None
    timeout: float

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.url.partition('?')[0]}>"


class Reply(Protocol):
    """One HTTP answer, its body read to the end and unpacked."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Sequence[tuple[str, str]]: ...
    @property
    def content(self) -> bytes: ...


class Backend(Protocol):
    """Sends requests.

    It raises one of the `TransportError`s when no whole answer comes. One that does not know this package may raise
    `ConnectionRefusedError`, `ConnectionError` or `TimeoutError`: the client turns them into the former. It must not
    follow redirects.
    """

    def send(self, request: Request, /) -> Reply: ...
    def close(self) -> None: ...


class AsyncBackend(Protocol):
    """Sends requests without blocking; the rules of `Backend` hold."""

    async def send(self, request: Request, /) -> Reply: ...
    async def aclose(self) -> None: ...
