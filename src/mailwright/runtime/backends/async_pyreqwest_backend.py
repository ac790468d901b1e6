"""The async backend on pyreqwest, an HTTP library in Rust, which the extra `fast` installs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.request import StreamRequest
from pyreqwest.response import Response

from mailwright.runtime.backends.failures import CLOSED
from mailwright.runtime.backends.patience import Patience
from mailwright.runtime.backends.places import AsyncPlaces, Place
from mailwright.runtime.backends.pyreqwest_clients import Clients
from mailwright.runtime.backends.pyreqwest_terms import (
    checked_options,
    checked_url,
    configured,
    filled,
    headers_of,
    their_failure,
)
from mailwright.runtime.errors import MailwrightError, TransportError, UsageError
from mailwright.runtime.request import Request
from mailwright.runtime.upload import Upload


class AsyncPyreqwestBackend:
    """Sends over pyreqwest without blocking; the rules of `PyreqwestBackend` hold. It belongs to one event loop."""

    def __init__(self, *, ca_pem: bytes | None = None, proxy: str | None = None) -> None:
        checked_options(ca_pem, proxy)
        self._clients: Clients[Client] = Clients(
            lambda connect, read: configured(ClientBuilder(), ca_pem, proxy, connect, read).build()
        )
        self._places = AsyncPlaces()
        self._closed = False

    async def send(self, request: Request, /) -> AsyncPyreqwestReply:
        """Sends one request and returns the answer, whose body is still to be read.

        Raises a `TransportError` when none comes, and `UsageError` for what cannot be sent.
        """
        if self._closed:
            raise UsageError("the backend is closed")
        patience = Patience(request)
        place: Place | None = None
        try:
            place = await self._places.take(patience)
            return await self._answer(request, patience, place)
        except Exception as error:  # noqa: BLE001 (each becomes a documented one)
            failure = their_failure(error, patience)
        except BaseException:
            _leave(place)
            raise
        _leave(place)
        # Raised here and not above, so that the library's error, which knows the URL, is no part of the chain.
        raise failure

    async def aclose(self) -> None:
        """Closes all connections; calls that are under way end with a `TransportError`."""
        self._closed = True
        for client in self._clients.all():
            await client.close()

    async def _answer(self, request: Request, patience: Patience, place: Place) -> AsyncPyreqwestReply:
        opening = self._opening(request, patience)
        # For the library, the deadline of a request is that of its body too, and a stream's body has none.
        async with asyncio.timeout(patience.whole() if request.streamed else None):
            response = await opening.__aenter__()
        try:
            patience.answered()
            return AsyncPyreqwestReply(opening, response, patience, place)
        except BaseException:
            await opening.__aexit__(None, None, None)
            raise

    def _opening(self, request: Request, patience: Patience) -> StreamRequest:
        url = checked_url(request)
        builder = filled(self._clients.of(request).request(request.method, url), request, url, patience)
        if isinstance(request.content, Upload):
            # The library reads it in a thread of its own.
            builder = builder.body_stream(request.content.chunks())
        # Or the library would read ahead, and hold back events and the headers of a download until it has 64 KiB.
        return builder.streamed_read_buffer_limit(0).build_streamed()


class AsyncPyreqwestReply:
    """One answer; the body's chunks are as they come, without their frames."""

    def __init__(self, opening: StreamRequest, response: Response, patience: Patience, place: Place) -> None:
        self.status = response.status
        self.headers = headers_of(response)
        self._opening = opening
        self._response = response
        self._patience = patience
        self._place = place

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yields the body; raises a `TransportError` when it does not come to its end."""
        failure: MailwrightError | None = None
        try:
            if self._place.left:
                raise TransportError(CLOSED)
            reader = self._response.body_reader
            while (chunk := await reader.read_chunk()) is not None:
                yield bytes(chunk)
        except Exception as error:  # noqa: BLE001 (each becomes a documented one)
            failure = their_failure(error, self._patience)
        finally:
            await self.aclose()
        if failure is not None:
            raise failure

    async def aclose(self) -> None:
        """Ends the connection, if the body was not read to its end; may be called again."""
        if self._place.leave():
            with suppress(Exception):
                await self._opening.__aexit__(None, None, None)

    def __del__(self) -> None:
        if hasattr(self, "_place"):
            self._place.leave()


def _leave(place: Place | None) -> None:
    if place is not None:
        place.leave()
