"""A backend on an `httpx.AsyncClient` or `httpx2.AsyncClient` that the caller lends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from mailwright.runtime.backends.failures import CLOSED, failure_of
from mailwright.runtime.backends.lenders import AsyncLender, library_of
from mailwright.runtime.backends.lent_exchange import Head, as_answered, drop_if_spoilt, theirs
from mailwright.runtime.backends.outgoing import async_pieces
from mailwright.runtime.backends.patience import Patience
from mailwright.runtime.backends.unlogged import UNLOGGED, anext_unlogged
from mailwright.runtime.errors import MailwrightError, TransportError, UsageError
from mailwright.runtime.request import Request
from mailwright.runtime.upload import Upload

# The library's own timeouts, which know what they waited for, come first.
_GRACE = 0.05


class AsyncBorrowedClient:
    """Sends over the connections, the TLS and the proxies of a client, and leaves it open.

    Its own headers, cookies, parameters and credentials are not sent. Its hooks are called, and it writes every URL to
    its log.
    """

    logs_urls = True

    def __init__(self, client: AsyncLender) -> None:
        self._client = client

    async def send(self, request: Request, /) -> AsyncBorrowedReply:
        """Sends one request and returns the answer, whose body is still to be read.

        Raises a `TransportError` when none comes, and `UsageError` for what cannot be sent.
        """
        if self._client.is_closed:
            raise UsageError(f"the {library_of(self._client)}.AsyncClient that was given as backend is closed")
        patience = Patience(request)
        try:
            content = async_pieces(request.content) if isinstance(request.content, Upload) else request.content
            outgoing = theirs(self._client, request, patience, content)
            async with asyncio.timeout(patience.whole() + _GRACE):
                response = await self._sent(outgoing)
        except TimeoutError:
            failure: MailwrightError = patience.ran_out("read")
        except Exception as error:  # noqa: BLE001 (each becomes a documented one)
            failure = failure_of(error)
        else:
            patience.answered()
            return AsyncBorrowedReply(response, patience)
        # Raised here and not above, so that the library's error, which knows the URL, is no part of the chain.
        raise failure

    async def aclose(self) -> None:
        """Closes nothing: the client is its owner's."""

    async def _sent(self, outgoing: Any) -> Any:
        try:
            with UNLOGGED:
                return await self._client.send(outgoing, stream=True, auth=None, follow_redirects=False)
        except Exception as error:  # noqa: BLE001 (each becomes a documented one)
            raise as_answered(error) from None


class AsyncBorrowedReply:
    """One answer; the body's chunks are as they come, without their frames."""

    def __init__(self, response: Any, patience: Patience) -> None:
        head = Head(response)
        self.status = head.status
        self.headers = head.headers
        self._read = head.read
        self._response = response
        self._patience = patience
        self._closed = False

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yields the body; raises a `TransportError` when it does not come to its end."""
        failure: MailwrightError | None = None
        try:
            if self._closed:
                raise TransportError(CLOSED)
            if self._read:
                yield self._response.content
            else:
                source: AsyncIterator[bytes] = aiter(self._response.stream)
                while (chunk := await self._next(source)) is not None:
                    yield chunk
                drop_if_spoilt(self._response)
        except TimeoutError:
            failure = self._patience.ran_out("read")
        except Exception as error:  # noqa: BLE001 (each becomes a documented one)
            failure = failure_of(error)
        finally:
            await self.aclose()
        if failure is not None:
            raise failure

    async def aclose(self) -> None:
        """Ends the connection, if the body was not read to its end; may be called again."""
        self._closed = True
        with suppress(Exception):
            # Cancelled in the middle, it would leave the connection in the client's pool for ever.
            await asyncio.shield(asyncio.ensure_future(self._response.aclose()))

    async def _next(self, source: AsyncIterator[bytes]) -> bytes | None:
        async with asyncio.timeout(self._patience.read()):
            return await anext_unlogged(source)
