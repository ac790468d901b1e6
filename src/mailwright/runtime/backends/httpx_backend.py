"""The default backends, on what httpx stands on.

They use httpcore and the certificates of httpx, not its client. What the client would add is what must not happen here:
redirects, a cookie jar, credentials from .netrc, and a log line with every URL, in which a token may be.
"""

from __future__ import annotations

import ssl

import httpcore
import httpx

from mailwright.runtime.backends.async_http11 import AsyncHttp11Backend
from mailwright.runtime.backends.http11 import Http11Backend
from mailwright.runtime.backends.library import Library

_LIBRARY = Library(
    connection=httpcore.HTTP11Connection,
    async_connection=httpcore.AsyncHTTP11Connection,
    request=httpcore.Request,
    url=httpcore.URL,
    origin=httpcore.Origin,
    write_error=httpcore.WriteError,
    tls=lambda: httpx.create_ssl_context(trust_env=False),
    ascii_host=lambda url: httpx.URL(url).raw_host.decode("ascii"),
)


class HttpxBackend(Http11Backend):
    """Sends over httpcore 1, with a pool of connections; threads may share it.

    `tls` replaces the default certificate checks, for a private authority. `proxy` is an `http://` URL. Nothing that
    environment variables name is used: a mail server's token goes to the URL that was given, nowhere else. Raises
    `UsageError` for arguments it cannot use.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None, proxy: str | None = None) -> None:
        super().__init__(_LIBRARY, tls, proxy)


class AsyncHttpxBackend(AsyncHttp11Backend):
    """Sends over httpcore 1 without blocking; the rules of `HttpxBackend` hold. It belongs to one event loop."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, proxy: str | None = None) -> None:
        super().__init__(_LIBRARY, tls, proxy)
