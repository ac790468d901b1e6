"""What httpcore and its successor httpcore2 have in common, as far as it is used here."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from mailwright.runtime.backends.idle import Link
from mailwright.runtime.backends.outgoing import Destination
from mailwright.runtime.backends.proxy import Proxy
from mailwright.runtime.errors import ConnectFailed, UsageError

Headers = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Library:
    """The parts of one of them, and `tls` and `ascii_host`, which are of httpx or httpx2.

    `connection` and `async_connection` speak HTTP/1.1 over one stream. `tls` makes the default context without a look
    at the environment; `ascii_host` gives the host of a URL as DNS knows it.
    """

    connection: Callable[..., Any]
    async_connection: Callable[..., Any]
    request: Callable[..., Any]
    url: Callable[..., Any]
    origin: Callable[..., Any]
    write_error: type[Exception]
    tls: Callable[[], ssl.SSLContext]
    ascii_host: Callable[[str], str]

    def link(self, to: Destination, stream: Any, *, is_async: bool) -> Link:
        """Returns a connection over a stream."""
        connection = self.async_connection if is_async else self.connection
        origin = self.origin(scheme=to.scheme.encode(), host=to.host.encode(), port=to.port)
        return Link(to.origin, connection(origin=origin, stream=stream), stream)

    def outgoing(self, method: str, to: Destination, headers: Headers, content: object, target: str = "") -> Any:
        """Returns a request in the library's form; `target` is what it asks for, if that is not the path."""
        url = self.url(scheme=to.scheme, host=to.host, port=to.port, target=target or to.target)
        return self.request(method, url, headers=list(headers), content=content)

    def tunnel(self, to: Destination, proxy: Proxy) -> Any:
        """Returns the request for a way through a proxy."""
        there = f"[{to.host}]:{to.port}" if ":" in to.host else f"{to.host}:{to.port}"
        return self.outgoing("CONNECT", to, [(b"Host", there.encode()), *proxy.headers], None, there)


def check_tunnel(response: Any) -> None:
    """Raises `ConnectFailed` when a proxy does not let the connection through."""
    if not 200 <= response.status < 300:
        raise ConnectFailed(f"cannot connect: the proxy answered with status {response.status}")


def answer_headers(response: Any) -> tuple[tuple[str, str], ...]:
    """Returns the headers of an answer in their order, with the letters they have."""
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers)


def proxied(to: Destination, headers: Headers, proxy: Proxy | None) -> tuple[str, list[tuple[bytes, bytes]]]:
    """Returns what to ask for and with which headers, on a way without TLS: a proxy is told the whole URL."""
    if proxy is None or to.scheme == "https":
        return to.target, list(headers)
    return f"http://{to.authority}{to.target}", [*headers, *proxy.headers]


def checked_tls(tls: object) -> ssl.SSLContext | None:
    """Returns the TLS context a backend was given; raises `UsageError` for anything else."""
    if tls is None or isinstance(tls, ssl.SSLContext):
        return tls
    raise UsageError(f"tls must be an ssl.SSLContext, not {type(tls).__name__}")
