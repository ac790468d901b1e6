"""A backend on an `httpx.Client` or `httpx2.Client` that the caller lends."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import suppress
from typing import Any

from mailwright.runtime.backends.failures import CLOSED, failure_of
from mailwright.runtime.backends.lenders import Lender, library_of
from mailwright.runtime.backends.lent_exchange import Head, WholeSeconds, as_answered, drop_if_spoilt, theirs
from mailwright.runtime.backends.patience import Patience
from mailwright.runtime.backends.pump import Pump
from mailwright.runtime.backends.unlogged import UNLOGGED, next_unlogged
from mailwright.runtime.errors import MailwrightError, TransportError, UsageError
from mailwright.runtime.request import Request
from mailwright.runtime.upload import Upload

# The library's own timeouts, which know what they waited for, come first.
_GRACE = 0.05


class BorrowedClient:
    """Sends over the connections, the TLS and the proxies of a client, and leaves it open.

    Its own headers, cookies, parameters and credentials are not sent. Its hooks are called, and it writes every URL to
    its log. A read of its sockets cannot be ended from outside, so each exchange has a thread of its own, which is
    left behind at the deadline and ends within a second. Where such a client differs from the other backends:

    | what | here |
    | --- | --- |
    | how many connections there are, and are kept | as its owner says; `pool` is how long to wait for one |
    | `connect` | is for each address of a host, and once more for the handshake; a proxy's tunnel has `read` |
    | a redirect to what is no URL | `ProtocolError` with httpx, although it would not be followed |
    | an answer that a hook or a transport has read already | comes unpacked, without its `Content-Encoding` |
    | its owner closes it during a call | the call ends at its deadline at the latest |
    """

    logs_urls = True

    def __init__(self, client: Lender) -> None:
        self._client = client

    def send(self, request: Request, /) -> BorrowedReply:
        """Sends one request and returns the answer, whose body is still to be read.

        Raises a `TransportError` when none comes, and `UsageError` for what cannot be sent.
        """
        if self._client.is_closed:
            raise UsageError(f"the {library_of(self._client)}.Client that was given as backend is closed")
        exchange: _Exchange | None = None
        try:
            exchange = _Exchange(self._client, request)
            return BorrowedReply(exchange, exchange.head())
        except Exception as error:  # noqa: BLE001 (each becomes a documented one)
            failure = failure_of(error)
        except BaseException:
            if exchange is not None:
                exchange.end()
            raise
        if exchange is not None:
            exchange.end()
        # Raised here and not above, so that the library's error, which knows the URL, is no part of the chain.
        raise failure

    def close(self) -> None:
        """Closes nothing: the client is its owner's."""


class BorrowedReply:
    """One answer; its body comes through the thread that reads it."""

    def __init__(self, exchange: _Exchange, head: Head) -> None:
        self.status = head.status
        self.headers = head.headers
        self._exchange = exchange
        self._closed = False

    def chunks(self) -> Iterator[bytes]:
        """Yields the body; raises a `TransportError` when it does not come to its end."""
        failure: MailwrightError | None = None
        try:
            while (chunk := self._chunk()) is not None:
                yield chunk
        except Exception as error:  # noqa: BLE001 (each becomes a documented one)
            failure = failure_of(error)
        finally:
            self.close()
        if failure is not None:
            raise failure

    def close(self) -> None:
        """Ends the connection, if the body was not read to its end; may be called again."""
        self._closed = True
        self._exchange.end()

    def _chunk(self) -> bytes | None:
        chunk = None if self._closed else self._exchange.chunk()
        if self._closed:
            raise TransportError(CLOSED)
        return chunk

    def __del__(self) -> None:
        self.close()


class _Exchange:
    """One request in its thread, seen from the thread that waits for it."""

    def __init__(self, client: Lender, request: Request) -> None:
        self._client = client
        self._patience = Patience(request)
        content = request.content.chunks() if isinstance(request.content, Upload) else request.content
        self._outgoing = theirs(client, request, self._patience, content)
        self._seconds = WholeSeconds(self._patience)
        self._outgoing.extensions["timeout"].update(read=self._seconds, write=self._seconds)
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._pump: Pump[Any] = Pump(self._work)

    def head(self) -> Head:
        """Waits for the answer's head."""
        head: Head | None = None
        while head is None:
            # No read can run out sooner, and the thread tells when the one it is at does.
            soonest = min(self._patience.read(), self._seconds.until - time.monotonic())
            try:
                head = self._pump.take(min(soonest, self._patience.whole()) + _GRACE)
            except TimeoutError:
                if time.monotonic() > self._seconds.until:
                    raise self._patience.ran_out("read") from None
        self._patience.answered()
        return head

    def chunk(self) -> bytes | None:
        """Waits for the next piece of the body; returns None at its end."""
        chunk: bytes | None = self._take(self._patience.read())
        return chunk

    def end(self) -> None:
        """Ends the connection, if it is not given back yet; may be called again."""
        self._pump.abandon()
        with self._lock:
            if self._socket is not None:
                # Wakes the thread. Past SSLSocket's own, which is not for two threads.
                with suppress(OSError):
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _take(self, seconds: float) -> Any:
        try:
            return self._pump.take(seconds)
        except TimeoutError:
            raise self._patience.ran_out("read") from None

    def _work(self) -> Generator[Any]:
        try:
            with UNLOGGED:
                response = self._client.send(self._outgoing, stream=True, auth=None, follow_redirects=False)
        except Exception as error:  # noqa: BLE001 (each becomes a documented one)
            raise as_answered(error) from None
        try:
            self._know_socket(response.extensions.get("network_stream"))
            head = Head(response)
            yield head
            chunks: Iterator[bytes] = iter((response.content,) if head.read else response.stream)
            while (chunk := next_unlogged(chunks)) is not None:
                yield chunk
            drop_if_spoilt(response)
        finally:
            # From here on the socket may be another exchange's.
            self._know_socket(None)
            response.close()

    def _know_socket(self, stream: Any) -> None:
        found = None if stream is None else stream.get_extra_info("socket")
        with self._lock:
            self._socket = found if isinstance(found, socket.socket) else None
