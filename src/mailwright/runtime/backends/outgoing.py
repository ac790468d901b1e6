"""What a request looks like on the wire: where it goes, its headers, its body."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from mailwright.runtime.backends.failures import URL_UNFIT
from mailwright.runtime.errors import UsageError
from mailwright.runtime.request import Request
from mailwright.runtime.upload import Upload

_URL = re.compile(
    r"(https?)://(\[[0-9A-Fa-f:.]+\]|[^\[\]/?#@:\\\x00-\x20\x7f]+)(?::([0-9]{0,5}))?([/?][!\"$-~]*)?(?:#.*)?"
)
_PORTS = {"http": 80, "https": 443}
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True, slots=True, repr=False)
class Destination:
    """Where a request goes: `target` is the path and query as they are in the URL, letter by letter."""

    scheme: str
    host: str
    port: int
    authority: str
    target: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """What two requests must have in common to go over one connection."""
        return self.scheme, self.host, self.port


def destination(url: str, ascii_host: Callable[[str], str]) -> Destination:
    """Takes a URL apart; raises `UsageError`, which does not repeat it, for one that cannot be sent as it is.

    `ascii_host` gives the host of a URL in letters that DNS knows; it is asked for hosts with others.
    """
    found = _URL.fullmatch(url)
    if found is None:
        raise UsageError(URL_UNFIT)
    scheme, host, port_text, target = found.groups()
    if not host.isascii():
        host = ascii_host(f"{scheme}://{host}/")
    port = int(port_text) if port_text else _PORTS[scheme]
    if not 0 < port < 65_536:
        raise UsageError(URL_UNFIT)
    authority = host if port == _PORTS[scheme] else f"{host}:{port}"
    target = target or "/"
    return Destination(
        scheme, host.strip("[]").lower(), port, authority, target if target.startswith("/") else f"/{target}"
    )


def check_method(method: str) -> None:
    """Raises `UsageError` for a method that cannot be sent."""
    if not _TOKEN.fullmatch(method):
        raise UsageError("the method is no word that HTTP allows")


def wire_headers(request: Request, authority: str = "") -> list[tuple[bytes, bytes]]:
    """Returns the headers, with those that the body needs, and `Host` when an authority is given.

    Raises `UsageError` for a method or a header that cannot be sent; it does not tell the header's value.
    """
    check_method(request.method)
    sent = [(_name(name), _value(name, value)) for name, value in request.headers]
    names = {name.lower() for name, _ in sent}
    if authority and b"host" not in names:
        sent.insert(0, (b"Host", authority.encode("ascii")))
    if not names & {b"content-length", b"transfer-encoding"}:
        length = body_length(request)
        if length is not None:
            sent.append((b"Content-Length", str(length).encode("ascii")))
        elif request.content is not None:
            sent.append((b"Transfer-Encoding", b"chunked"))
    return sent


def body_length(request: Request) -> int | None:
    """Returns the bytes of the body, 0 when a method that has one goes without, else None."""
    content = request.content
    if isinstance(content, Upload):
        return content.length
    if content is not None:
        return len(content)
    return 0 if request.method in ("POST", "PUT", "PATCH") else None


async def async_pieces(upload: Upload) -> AsyncIterator[bytes]:
    """Yields an upload; its file is read in a thread, since a disk may be slow."""
    source = upload.chunks()
    while (piece := await asyncio.to_thread(next, source, None)) is not None:
        yield piece


def _name(name: str) -> bytes:
    if not _TOKEN.fullmatch(name):
        raise UsageError(f"{name!r} is not a header name")
    return name.encode("ascii")


def _value(name: str, value: str) -> bytes:
    if _CONTROL.search(value) or value != value.strip(" \t"):
        raise UsageError(f"header {name} has a control character, or blanks around it")
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        raise UsageError(f"header {name} has a character outside Latin-1") from None
