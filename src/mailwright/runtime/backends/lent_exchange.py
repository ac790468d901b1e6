"""How an exchange looks to a client that a caller lends, in the terms of its own library."""

from __future__ import annotations

import math
import socket
import time
from collections.abc import AsyncIterable, Iterable
from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import Any

from mailwright.runtime.backends.lenders import library_of
from mailwright.runtime.backends.outgoing import destination, wire_headers
from mailwright.runtime.backends.patience import LONGEST, Patience
from mailwright.runtime.errors import ProtocolError
from mailwright.runtime.request import Request

_OF_PACKED = ("content-encoding", "content-length", "transfer-encoding")


class Head:
    """The status and headers of an answer of theirs.

    `read` says that the client, or a hook of it, has read the body already; it is unpacked then, and `headers` say so.
    """

    def __init__(self, response: Any) -> None:
        self.status: int = response.status_code
        self.read: bool = response.is_stream_consumed
        raw = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw)
        self.headers = tuple(pair for pair in raw if not self.read or pair[0].lower() not in _OF_PACKED)


class WholeSeconds:
    """The timeout of each read in the thread that a deadline may leave behind: what is left, rounded up.

    Sockets take a float as it is, but ask any other object for its whole number each time. So a server that drips
    holds the thread for one second more, and not as long as it likes. `until` is the moment that was not rounded.
    """

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self.until = math.inf

    def __index__(self) -> int:
        seconds = self._patience.read()
        self.until = time.monotonic() + seconds
        return math.ceil(seconds)


def theirs(
    client: object, request: Request, patience: Patience, content: bytes | Iterable[bytes] | AsyncIterable[bytes] | None
) -> Any:
    """Returns a request of the client's library.

    It is not built by the client, which would add its own headers, cookies, and parameters. Raises `UsageError` for
    what cannot be sent.
    """
    library = import_module(library_of(client))
    headers = wire_headers(request)
    to = destination(request.url, lambda url: library.URL(url).raw_host.decode("ascii"))
    step = min(request.read, LONGEST)
    timeout = {"connect": patience.connect(), "read": step, "write": step, "pool": patience.pool()}
    outgoing = library.Request(
        request.method, request.url, headers=headers, content=content, extensions={"timeout": timeout}
    )
    target = to.target.encode("ascii")
    if outgoing.url.raw_path != target:
        outgoing.url = _exact_url(library.URL)(outgoing.url)
        outgoing.url.exact_target = target
    return outgoing


def as_answered(error: Exception) -> Exception:
    """Returns what an error stands for that a client raised while it sent a request.

    It reads the URL of a redirect even where it is not to follow it, and complains as if that were the caller's.
    """
    if type(error).__name__ == "InvalidURL":
        return ProtocolError("the server redirects to a malformed URL")
    return error


def drop_if_spoilt(response: Any) -> None:
    """Ends the connection of an answer that was read to its end, if more came than that.

    The client's library keeps what came, and would take it for the answer to its next request. It has no public way
    to look, so where its private ones have changed nothing is done.
    """
    stream = response.stream
    while stream is not None and not hasattr(stream, "_connection"):
        stream = getattr(stream, "_stream", None) or getattr(stream, "_httpcore_stream", None)
    spoken = getattr(getattr(stream, "_connection", None), "_h11_state", None)
    if spoken is not None and spoken.trailing_data[0]:
        with suppress(OSError):
            response.extensions["network_stream"].get_extra_info("socket").shutdown(socket.SHUT_RDWR)


@cache
def _exact_url(kind: type[Any]) -> type[Any]:
    """Returns a kind of URL whose path and query are not written anew by their rules."""
    return type("ExactURL", (kind,), {"raw_path": property(lambda url: url.exact_target)})
