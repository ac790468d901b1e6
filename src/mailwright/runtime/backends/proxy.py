"""The proxy that a backend may go through."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

from mailwright.runtime.errors import UsageError


@dataclass(frozen=True, slots=True, repr=False)
class Proxy:
    """A proxy that is reached without TLS; `headers` are those it asks for."""

    host: str
    port: int
    headers: tuple[tuple[bytes, bytes], ...] = ()


def checked_proxy(proxy: object) -> Proxy | None:
    """Returns the proxy of an `http://` URL, in which a user and a password may be; None for none.

    Raises `UsageError`, which does not repeat the URL, for anything else.
    """
    if proxy is None:
        return None
    if not isinstance(proxy, str):
        raise UsageError(f"proxy must be a URL, not {type(proxy).__name__}")
    try:
        parts = urlsplit(proxy)
        port = parts.port or 80
    except ValueError:
        raise UsageError("proxy is not a URL") from None
    if parts.scheme != "http" or not parts.hostname:
        raise UsageError("proxy must be a URL that starts with http:// and names a host")
    return Proxy(parts.hostname, port, _headers(parts))


def _headers(parts: SplitResult) -> tuple[tuple[bytes, bytes], ...]:
    if parts.username is None:
        return ()
    user, password = (unquote_to_bytes(text or "") for text in (parts.username, parts.password))
    return ((b"Proxy-Authorization", b"Basic " + base64.b64encode(user + b":" + password)),)
