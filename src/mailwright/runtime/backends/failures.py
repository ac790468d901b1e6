"""Turns the errors of HTTP libraries into those of this package."""

from __future__ import annotations

import os
import ssl

from mailwright.runtime.errors import (
    ConnectFailed,
    Disconnected,
    MailwrightError,
    ProtocolError,
    TimedOut,
    TransportError,
    UsageError,
)

URL_UNFIT = "the URL cannot be used"
CLOSED = "it was closed from this side during the call"

# By name, for httpx, httpcore and their successors name theirs alike, and so none of them is imported here. The first
# name that the error's class or one of its bases has decides. The last item says whether the library's own text may be
# told: some quote the URL or a header.
_BY_NAME: dict[str, tuple[type[MailwrightError], str, bool]] = {
    "PoolTimeout": (TimedOut, "no connection was free in time", False),
    "ConnectTimeout": (TimedOut, "no connection in time", False),
    "TimeoutException": (TimedOut, "no answer in time", False),
    "ConnectError": (ConnectFailed, "cannot connect", True),
    "ProxyError": (ConnectFailed, "the proxy refuses", True),
    "UnsupportedProtocol": (UsageError, URL_UNFIT, False),
    "InvalidURL": (UsageError, URL_UNFIT, False),
    "UnicodeError": (UsageError, URL_UNFIT, False),
    "NetworkError": (Disconnected, "the connection broke", True),
    "DecodingError": (ProtocolError, "the body cannot be unpacked", True),
    "LocalProtocolError": (UsageError, "the request is not proper HTTP", False),
    "ProtocolError": (ProtocolError, "the server does not speak HTTP properly", True),
    "ConnectionRefusedError": (ConnectFailed, "cannot connect", True),
    "ConnectionError": (Disconnected, "the connection broke", True),
    "TimeoutError": (TimedOut, "no answer in time", False),
}
_UNSENT = {"PoolTimeout", "ConnectTimeout"}
_ENDED_EARLY = ("disconnected without", "peer closed connection", "peer unexpectedly closed connection")


def failure_of(error: Exception) -> MailwrightError:
    """Returns the documented error that stands for one of a library, cut off from it: that one knows the URL."""
    if isinstance(error, MailwrightError):
        return cut_off(error)
    names = [kind.__name__ for kind in type(error).__mro__]
    text = str(error)
    if "ProtocolError" in names and any(words in text for words in _ENDED_EARLY):
        return Disconnected(f"the connection broke: {text}")
    for name in names:
        if name in _BY_NAME:
            kind, cause, quoted = _BY_NAME[name]
            failure = kind(f"{cause}: {text}" if quoted and text else cause)
            if isinstance(failure, TransportError):
                failure.sent = failure.sent and name not in _UNSENT
            return failure
    return TransportError(f"the transport failed: {type(error).__name__}")


def cut_off(error: MailwrightError) -> MailwrightError:
    """Returns the error without what it was caused by."""
    error.__cause__ = error.__context__ = error.__traceback__ = None
    return error


def reason(error: OSError) -> str:
    """Returns what the system says of an error."""
    if error.errno and error.errno > 0 and not isinstance(error, ssl.SSLError):
        # asyncio puts the address in the place of the reason.
        return os.strerror(error.errno)
    return error.strerror or str(error) or type(error).__name__
