"""A request, an answer and an error in the terms of pyreqwest."""

from __future__ import annotations

import ssl
from datetime import timedelta
from typing import TypeVar

from pyreqwest import exceptions
from pyreqwest.client import BaseClientBuilder
from pyreqwest.http import Url
from pyreqwest.proxy import ProxyBuilder
from pyreqwest.request import BaseRequestBuilder
from pyreqwest.response import BaseResponse

from mailwright.runtime.backends.failures import CLOSED, URL_UNFIT, failure_of
from mailwright.runtime.backends.idle import EXPIRY, MAX_IDLE
from mailwright.runtime.backends.outgoing import check_method, destination, wire_headers
from mailwright.runtime.backends.patience import LONGEST, Patience
from mailwright.runtime.backends.proxy import checked_proxy
from mailwright.runtime.errors import (
    ConnectFailed,
    Disconnected,
    MailwrightError,
    ProtocolError,
    TransportError,
    UsageError,
)
from mailwright.runtime.request import Request

B = TypeVar("B", bound=BaseClientBuilder)
R = TypeVar("R", bound=BaseRequestBuilder)

# hyper tells these apart by their text alone.
_CONNECTING = "client error (Connect)"
_ENDED = (
    "end of file",
    "connection closed",
    "connection error",
    "connection was not ready",
    "canceled",
    "close_notify",
)
_UNASKED = "received unexpected message from connection"
_READING = "error reading a body from connection"


def checked_options(ca_pem: object, proxy: object) -> None:
    """Raises `UsageError` for an argument that the library would misread or ignore."""
    checked_proxy(proxy)
    if ca_pem is None:
        return
    if not isinstance(ca_pem, bytes):
        raise UsageError(f"ca_pem must be bytes, not {type(ca_pem).__name__}")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=ca_pem.decode("ascii"))
    except (ValueError, OSError):
        raise UsageError("ca_pem holds no certificates in PEM form") from None


def configured(builder: B, ca_pem: bytes | None, proxy: str | None, connect: float, read: float) -> B:
    """Sets what all requests of one client have in common."""
    builder = (
        builder.gzip(False)
        .brotli(False)
        .zstd(False)
        .deflate(False)
        .follow_redirects(False)
        .referer(False)
        .no_proxy()
        .http1_only()
        .connect_timeout(_span(connect))
        .read_timeout(_span(read))
        .pool_idle_timeout(_span(EXPIRY))
        .pool_max_idle_per_host(MAX_IDLE)
    )
    if ca_pem is not None:
        builder = builder.add_root_certificate_pem(ca_pem)
    return builder if proxy is None else builder.proxy(ProxyBuilder.all(proxy))


def checked_url(request: Request) -> Url:
    """Returns the URL in the library's form, after a look at the method.

    Raises `UsageError` for one that the library would write in other letters, such as with a `%2e` in its path.
    """
    check_method(request.method)
    try:
        parsed = Url(request.url)
        to, as_parsed = destination(request.url, _ascii_host), destination(str(parsed), _ascii_host)
    except ValueError:
        raise UsageError(URL_UNFIT) from None
    if as_parsed.target != to.target:
        raise UsageError("pyreqwest would change this URL; use another backend for it")
    return parsed


def filled(builder: R, request: Request, url: Url, patience: Patience) -> R:
    """Sets the headers, a body of bytes, and the timeout; raises `UsageError` for a header that cannot be sent."""
    for name, value in wire_headers(request, destination(str(url), _ascii_host).authority):
        if name == b"Transfer-Encoding" and not _has(request, "transfer-encoding"):
            continue
        if not value.isascii():
            raise UsageError(f"header {name.decode()} has a character beyond ASCII, which pyreqwest cannot send")
        builder = builder.header(name.decode("ascii"), value.decode("ascii"))
    if isinstance(request.content, bytes):
        builder = builder.body_bytes(request.content)
    return builder if request.streamed else builder.timeout(_span(patience.whole()))


def headers_of(response: BaseResponse) -> tuple[tuple[str, str], ...]:
    """Returns the headers of an answer.

    Raises `ProtocolError` for bytes beyond ASCII, which the library hides, and for a body that is framed in any way but
    chunks: the library undoes the chunks, and leaves all else as it is.
    """
    try:
        headers = tuple(response.headers.items())
    except ValueError:
        raise ProtocolError(
            "the answer has a header with bytes beyond ASCII, which pyreqwest cannot read; use another backend"
        ) from None
    codings = [value.strip().lower() for name, value in headers if name.lower() == "transfer-encoding"]
    if codings not in ([], ["chunked"]):
        raise ProtocolError("the server does not speak HTTP properly: only chunked is a transfer coding that is known")
    return headers


def their_failure(error: Exception, patience: Patience) -> MailwrightError:
    """Returns the documented error that stands for one of the library, whose own text holds the URL."""
    if isinstance(error, exceptions.ClientClosedError):
        return TransportError(CLOSED)
    if isinstance(error, exceptions.BuilderError):
        return UsageError(URL_UNFIT)
    if not isinstance(error, exceptions.DetailedPyreqwestError):
        return patience.ran_out("read") if isinstance(error, TimeoutError) else failure_of(error)
    causes = [each["message"] for each in error.details["causes"] or ()]
    connecting = _CONNECTING in causes
    cause = next((each for each in reversed(causes) if "url (" not in each), "") or type(error).__name__
    if isinstance(error, exceptions.RequestTimeoutError):
        # It says that connecting took too long also when the answer did.
        return patience.ran_out("connect" if connecting else "read")
    if connecting:
        return ConnectFailed(f"cannot connect: {cause}")
    if isinstance(error, exceptions.RequestPanicError):
        return TransportError("the transport failed: RequestPanicError")
    if isinstance(error, exceptions.NetworkError) or any(words in each for each in causes for words in _ENDED):
        return Disconnected(f"the connection broke: {cause}")
    if isinstance(error, exceptions.DecodeError) or _READING in causes or _UNASKED in causes:
        return ProtocolError(f"the server does not speak HTTP properly: {cause}")
    return TransportError(f"the transport failed: {type(error).__name__}: {cause}")


def _has(request: Request, wanted: str) -> bool:
    return any(name.lower() == wanted for name, _ in request.headers)


def _ascii_host(url: str) -> str:
    return Url(url).host_str or ""


def _span(seconds: float) -> timedelta:
    return timedelta(seconds=min(seconds, LONGEST))
