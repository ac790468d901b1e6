"""HTTP/1.1 over connections of our own, spoken by httpcore or httpcore2, without blocking."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from functools import cached_property
from typing import Any

from mailwright.runtime.backends.async_sockets import AsyncSockets, AsyncStream
from mailwright.runtime.backends.failures import CLOSED, failure_of
from mailwright.runtime.backends.idle import IdleLinks, Lease, Link
from mailwright.runtime.backends.library import Library, answer_headers, check_tunnel, checked_tls, proxied
from mailwright.runtime.backends.outgoing import Destination, async_pieces, destination, wire_headers
from mailwright.runtime.backends.patience import Patience
from mailwright.runtime.backends.places import AsyncPlaces
from mailwright.runtime.backends.proxy import Proxy, checked_proxy
from mailwright.runtime.backends.unlogged import UNLOGGED, anext_unlogged
from mailwright.runtime.errors import ConnectFailed, MailwrightError, TimedOut, TransportError, UsageError
from mailwright.runtime.request import Request
from mailwright.runtime.upload import Upload


class AsyncHttp11Backend:
    """Keeps connections, and has at most 100 exchanges at a time; it belongs to the event loop of its first call.

    The rest is as in `Http11Backend`.
    """

    def __init__(self, library: Library, tls: object, proxy: object) -> None:
        self._library = library
        self._given_tls = checked_tls(tls)
        self._proxy = checked_proxy(proxy)
        self._sockets = AsyncSockets(library.write_error)
        self._idle = IdleLinks()
        self._places = AsyncPlaces()
        self._closed = False

    async def send(self, request: Request, /) -> AsyncHttp11Reply:
        """Sends one request and returns the answer, whose body is still to be read.

        Raises a `TransportError` when none comes, and `UsageError` for what cannot be sent.
        """
        if self._closed:
            raise UsageError("the backend is closed")
        lease = Lease(self._idle)
        try:
            return await self._answer(request, lease)
        except Exception as error:  # noqa: BLE001 (each becomes a documented one)
            failure = failure_of(error)
        except BaseException:
            lease.drop()
            raise
        lease.drop()
        # Raised here and not above, so that the library's error, which knows the URL, is no part of the chain.
        raise failure

    async def aclose(self) -> None:
        """Closes all connections; calls that are under way end with a `TransportError`."""
        self._closed = True
        self._idle.close()
        self._sockets.close()

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        # Slow to make, and not needed for a server that is reached without TLS.
        return self._given_tls or self._library.tls()

    async def _answer(self, request: Request, lease: Lease) -> AsyncHttp11Reply:
        to = destination(request.url, self._library.ascii_host)
        target, headers = proxied(to, wire_headers(request, to.authority), self._proxy)
        content = async_pieces(request.content) if isinstance(request.content, Upload) else request.content
        patience = Patience(request)
        lease.place = await self._places.take(patience)
        link = lease.link = self._idle.take(to.origin) or await self._linked(to, patience)
        link.stream.patience = patience
        outgoing = self._library.outgoing(request.method, to, headers, content, target)
        with UNLOGGED:
            response = await link.http.handle_async_request(outgoing)
        patience.answered()
        return AsyncHttp11Reply(response, lease)

    async def _linked(self, to: Destination, patience: Patience) -> Link:
        at: Destination | Proxy = self._proxy or to
        stream = await self._sockets.connect(at.host, at.port, patience)
        try:
            if to.scheme == "https":
                if self._proxy is not None:
                    await self._tunnel(stream, to, self._proxy, patience)
                self._tls.set_alpn_protocols(["http/1.1"])
                await stream.start_tls(self._tls, to.host)
        except BaseException:
            stream.close()
            raise
        return self._library.link(to, stream, is_async=True)

    async def _tunnel(self, stream: AsyncStream, to: Destination, proxy: Proxy, patience: Patience) -> None:
        patience.step = "connect"
        try:
            link = self._library.link(to, stream, is_async=True)
            with UNLOGGED:
                response = await link.http.handle_async_request(self._library.tunnel(to, proxy))
        except TimedOut:
            raise
        except Exception as error:  # noqa: BLE001 (each becomes a documented one)
            raise ConnectFailed(f"cannot connect: the proxy gave no answer: {failure_of(error).message}") from None
        check_tunnel(response)
        patience.step = "read"


class AsyncHttp11Reply:
    """One answer; the body's chunks are as they come, without their frames."""

    def __init__(self, response: Any, lease: Lease) -> None:
        self.status: int = response.status
        self.headers = answer_headers(response)
        self._stream = response.stream
        self._lease = lease

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yields the body; raises a `TransportError` when it does not come to its end."""
        failure: MailwrightError | None = None
        try:
            if self._lease.ended:
                raise TransportError(CLOSED)
            chunks: AsyncIterator[bytes] = aiter(self._stream)
            while (chunk := await anext_unlogged(chunks)) is not None:
                yield chunk
            await self._stream.aclose()
            self._lease.give_back()
        except Exception as error:  # noqa: BLE001 (each becomes a documented one)
            failure = failure_of(error)
        finally:
            self._lease.drop()
        if failure is not None:
            raise failure

    async def aclose(self) -> None:
        """Ends the connection, if the body was not read to its end; may be called again."""
        self._lease.drop()

    def __del__(self) -> None:
        self._lease.drop()
