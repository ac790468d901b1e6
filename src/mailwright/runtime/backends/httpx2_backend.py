"""The backends on httpx2, the successor of httpx, which the extra `httpx2` installs."""

from __future__ import annotations

import ssl

import httpcore2
import httpx2

from mailwright.runtime.backends.async_http11 import AsyncHttp11Backend
from mailwright.runtime.backends.http11 import Http11Backend
from mailwright.runtime.backends.library import Library

_LIBRARY = Library(
    connection=httpcore2.HTTP11Connection,
    async_connection=httpcore2.AsyncHTTP11Connection,
    request=httpcore2.Request,
    url=httpcore2.URL,
    origin=httpcore2.Origin,
    write_error=httpcore2.WriteError,
    tls=lambda: httpx2.create_ssl_context(trust_env=False),
    ascii_host=lambda url: httpx2.URL(url).raw_host.decode("ascii"),
)


class Httpx2Backend(Http11Backend):
    """Sends over httpcore2, with a pool of connections; threads may share it.

    `tls` replaces the default certificate checks, for a private authority. `proxy` is an `http://` URL. Nothing that
    environment variables name is used: a mail server's token goes to the URL that was given, nowhere else. Raises
    `UsageError` for arguments it cannot use.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None, proxy: str | None = None) -> None:
        super().__init__(_LIBRARY, tls, proxy)


class AsyncHttpx2Backend(AsyncHttp11Backend):
    """Sends over httpcore2 without blocking; the rules of `Httpx2Backend` hold. It belongs to one event loop."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, proxy: str | None = None) -> None:
        super().__init__(_LIBRARY, tls, proxy)
