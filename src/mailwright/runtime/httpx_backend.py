"""The default backends, on httpx.

They stand on httpx's transports, below its client. What the client would add is what must not happen here: redirects,
a cookie jar, credentials from .netrc, and a log line with every URL, in which a token may be.
"""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass

import httpx

from mailwright.runtime.errors import (
    ConnectFailed,
    Disconnected,
    MailwrightError,
    ProtocolError,
    TimedOut,
    TransportError,
    UsageError,
)
from mailwright.runtime.request import Request

# UnicodeError is how Python itself refuses a host name.
_THEIRS = (httpx.HTTPError, httpx.InvalidURL, UnicodeError)
# The first class that fits decides.
_ERRORS: tuple[tuple[type[Exception], type[MailwrightError], str], ...] = (
    (httpx.ConnectTimeout, TimedOut, "no connection in time"),
    (httpx.TimeoutException, TimedOut, "no answer in time"),
    (httpx.ConnectError, ConnectFailed, "cannot connect"),
    (httpx.UnsupportedProtocol, UsageError, "the URL cannot be used"),
    (httpx.InvalidURL, UsageError, "the URL cannot be used"),
    (UnicodeError, UsageError, "the URL cannot be used"),
    (httpx.NetworkError, Disconnected, "the connection broke"),
    (httpx.DecodingError, ProtocolError, "the body cannot be unpacked"),
    (httpx.ProtocolError, ProtocolError, "the server does not speak HTTP properly"),
    (httpx.TransportError, TransportError, "the transport failed"),
)
# Sockets refuse a timeout of some months, with an error of their own.
_LONGEST = 86_400.0
_ENDED_EARLY = ("disconnected without", "peer closed connection")


@dataclass(frozen=True, slots=True, repr=False)
class HttpxReply:
    """One answer, read to the end."""

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes


class HttpxBackend:
    """Sends over httpx, with a pool of connections; threads may share it.

    `tls` replaces the default certificate checks, for a private authority. Proxies and certificates named by
    environment variables are not used: a mail server's token goes to the URL that was given, nowhere else.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self._transport = httpx.HTTPTransport(verify=True if tls is None else tls, trust_env=False)

    def send(self, request: Request, /) -> HttpxReply:
        """Sends one request and reads the whole answer; raises a `TransportError` when none comes."""
        try:
            return self._exchange(request)
        except _THEIRS as error:
            failure = _failure(error)
        # Raised here and not above, so that httpx's error, which knows the URL and its token, is no part of the chain.
        raise failure

    def close(self) -> None:
        """Closes all connections."""
        self._transport.close()

    def _exchange(self, request: Request) -> HttpxReply:
        deadline = time.monotonic() + request.timeout
        response = self._transport.handle_request(_outgoing(request))
        try:
            chunks: list[bytes] = []
            for chunk in response.iter_raw():
                _check(deadline, request.timeout)
                chunks.append(chunk)
        finally:
            response.close()
        return _reply(response, b"".join(chunks))


class AsyncHttpxBackend:
    """Sends over httpx without blocking; the rules of `HttpxBackend` hold. It belongs to one event loop."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self._transport = httpx.AsyncHTTPTransport(verify=True if tls is None else tls, trust_env=False)

    async def send(self, request: Request, /) -> HttpxReply:
        """Sends one request and reads the whole answer; raises a `TransportError` when none comes."""
        try:
            return await self._exchange(request)
        except _THEIRS as error:
            failure = _failure(error)
        raise failure

    async def aclose(self) -> None:
        """Closes all connections."""
        await self._transport.aclose()

    async def _exchange(self, request: Request) -> HttpxReply:
        deadline = time.monotonic() + request.timeout
        response = await self._transport.handle_async_request(_outgoing(request))
        try:
            chunks: list[bytes] = []
            async for chunk in response.aiter_raw():
                _check(deadline, request.timeout)
                chunks.append(chunk)
        finally:
            await response.aclose()
        return _reply(response, b"".join(chunks))


def _outgoing(request: Request) -> httpx.Request:
    steps = dict.fromkeys(("connect", "read", "write", "pool"), min(request.timeout, _LONGEST))
    return httpx.Request(
        request.method,
        request.url,
        # As bytes, or httpx would refuse the upper half of Latin-1.
        headers=[(name.encode("ascii"), value.encode("latin-1")) for name, value in request.headers],
        content=request.body(),
        extensions={"timeout": steps},
    )


def _reply(response: httpx.Response, content: bytes) -> HttpxReply:
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw)
    return HttpxReply(response.status_code, headers, content)


def _check(deadline: float, timeout: float) -> None:
    # httpx's timeouts are for one read each: a server that drips would never meet them.
    if time.monotonic() > deadline:
        raise TimedOut(f"no whole answer within {timeout:g} s")


def _failure(error: Exception) -> MailwrightError:
    text = str(error)
    if isinstance(error, httpx.RemoteProtocolError) and any(words in text for words in _ENDED_EARLY):
        return Disconnected(f"the connection broke: {text}")
    kind, cause = next((kind, cause) for theirs, kind, cause in _ERRORS if isinstance(error, theirs))
    return kind(f"{cause}: {text}" if text else cause)
