"""The clients of httpx and httpx2 that a caller may lend, as types and by sight: neither library is imported here."""

from __future__ import annotations

from typing import Any, Literal, Protocol

_LIBRARIES = ("httpx", "httpx2")


class Lender(Protocol):
    """An `httpx.Client` or an `httpx2.Client`."""

    @property
    def is_closed(self) -> bool: ...
    def build_request(self, method: str, url: Any) -> Any: ...
    def send(self, request: Any, *, stream: bool = ..., auth: Any = ..., follow_redirects: Any = ...) -> Any: ...
    def close(self) -> None: ...


class AsyncLender(Protocol):
    """An `httpx.AsyncClient` or an `httpx2.AsyncClient`."""

    @property
    def is_closed(self) -> bool: ...
    def build_request(self, method: str, url: Any) -> Any: ...
    async def send(self, request: Any, *, stream: bool = ..., auth: Any = ..., follow_redirects: Any = ...) -> Any: ...
    async def aclose(self) -> None: ...


def library_of(client: object) -> str:
    """Returns the name of the library that an HTTP client is of, or nothing for another object."""
    return _found(client)[0]


def kind_of(client: object) -> Literal["Client", "AsyncClient", ""]:
    """Returns which of the two kinds an HTTP client is, or nothing for another object."""
    name = _found(client)[1]
    return "Client" if name == "Client" else "AsyncClient" if name == "AsyncClient" else ""


def _found(client: object) -> tuple[str, str]:
    for kind in type(client).__mro__:
        library = kind.__module__.partition(".")[0]
        if library in _LIBRARIES and kind.__name__ in ("Client", "AsyncClient"):
            return library, kind.__name__
    return "", ""
