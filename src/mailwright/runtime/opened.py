"""An answer that is read as it comes: its status and headers are there, its body is not."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from mailwright.runtime.answers import is_json
from mailwright.runtime.errors import ResponseInvalid
from mailwright.runtime.exchange import Exchange
from mailwright.runtime.receiving import (
    Body,
    InTime,
    aclose,
    async_chunks_of,
    async_received,
    chunks_of,
    close,
    received,
)
from mailwright.runtime.request import AsyncStreamedReply, Reply, Request, StreamedReply
from mailwright.runtime.response import header_of, media_type_of

_NO_CONTENT = 204
_PARTIAL_CONTENT = 206
# An error is small; what is larger is the data itself, which may be JSON as well.
_ERROR_BYTES = 65_536


class _Head:
    """What both kinds know of the answer."""

    def __init__(self, exchange: Exchange[Any], status: int, headers: Sequence[tuple[str, str]]) -> None:
        self._exchange = exchange
        self.status = status
        self.headers = tuple(headers)

    @property
    def exchange(self) -> Exchange[Any]:
        """The call: its limits hold for what is made of the body, and as a context manager it tells errors of it."""
        return self._exchange

    @property
    def url(self) -> str:
        """Where the request went, with `***` in the place of secrets."""
        return self._exchange.url

    def header(self, name: str) -> str | None:
        """Returns the first header of that name, in any case of letters, or None."""
        return header_of(self.headers, name)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.status} of {self._exchange.operation.id}>"


class Opened(_Head):
    """The body of a stream; give it back with `close`."""

    def __init__(
        self, exchange: Exchange[Any], reply: Reply | StreamedReply, body: Body, chunks: Iterator[bytes]
    ) -> None:
        super().__init__(exchange, reply.status, reply.headers)
        self._reply = reply
        self._body = body
        self._chunks = chunks

    def chunks(self) -> Iterator[bytes]:
        """Yields the body, unpacked, as it comes; raises a `MailwrightError` when it breaks off or is too large."""
        with self._exchange.translating():
            for chunk in self._chunks:
                yield from self._body.pieces(chunk)
            self._body.finish()

    def close(self) -> None:
        """Ends the answer, also when it was not read to its end; may be called again."""
        close(self._reply)


class AsyncOpened(_Head):
    """The body of a stream, read without blocking; give it back with `aclose`."""

    def __init__(
        self, exchange: Exchange[Any], reply: Reply | AsyncStreamedReply, body: Body, chunks: AsyncIterator[bytes]
    ) -> None:
        super().__init__(exchange, reply.status, reply.headers)
        self._reply = reply
        self._body = body
        self._chunks = chunks

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yields the body, unpacked, as it comes; raises a `MailwrightError` when it breaks off or is too large."""
        with self._exchange.translating():
            async for chunk in self._chunks:
                for piece in self._body.pieces(chunk):
                    yield piece
            self._body.finish()

    async def aclose(self) -> None:
        """Ends the answer, also when it was not read to its end; may be called again."""
        await aclose(self._reply)


def opened(exchange: Exchange[Any], reply: Reply | StreamedReply, request: Request) -> Opened:
    """Returns the stream that a reply is; raises the error that it is instead."""
    limits = exchange.settings.limits
    if not _is_stream(exchange, reply):
        with exchange.taking_in(reply.status, reply.headers):
            content = received(reply, request, limits)
        raise _no_stream(exchange, reply, content)
    body = _body(exchange, reply)
    chunks = chunks_of(reply)
    if _may_be_error(exchange, reply):
        in_time = InTime(reply, request)
        start, chunks = b"", iter(in_time)
        for chunk in chunks:
            start += chunk
            if len(start) > _ERROR_BYTES:
                break
        else:
            _check_small(exchange, reply, start)
        in_time.relax()
        chunks = itertools.chain((start,), chunks)
    return Opened(exchange, reply, body, chunks)


async def async_opened(exchange: Exchange[Any], reply: Reply | AsyncStreamedReply) -> AsyncOpened:
    """Returns the stream that a reply is; raises the error that it is instead."""
    limits = exchange.settings.limits
    if not _is_stream(exchange, reply):
        with exchange.taking_in(reply.status, reply.headers):
            content = await async_received(reply, limits)
        raise _no_stream(exchange, reply, content)
    body = _body(exchange, reply)
    chunks = async_chunks_of(reply)
    if _may_be_error(exchange, reply):
        start = b""
        async for chunk in chunks:
            start += chunk
            if len(start) > _ERROR_BYTES:
                break
        else:
            _check_small(exchange, reply, start)
        chunks = _after(start, chunks)
    return AsyncOpened(exchange, reply, body, chunks)


async def _after(start: bytes, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield start
    async for chunk in chunks:
        yield chunk


def _is_stream(exchange: Exchange[Any], reply: Reply | StreamedReply | AsyncStreamedReply) -> bool:
    if not 200 <= reply.status < 300:
        return False
    if exchange.operation.stream == "sse":
        # 204 is how a server of events says that there is nothing more to come.
        return media_type_of(reply.headers) == "text/event-stream" or reply.status == _NO_CONTENT
    return True


def _body(exchange: Exchange[Any], reply: Reply | StreamedReply | AsyncStreamedReply) -> Body:
    if reply.status == _PARTIAL_CONTENT and not exchange.sends("range"):
        raise ResponseInvalid("the server answered with a part only of what was asked for")
    limits = exchange.settings.limits
    if exchange.operation.stream == "sse":
        # Such a stream has no end; each of its events has a limit.
        limits = replace(limits, stream_bytes=None)
    return Body(reply.headers, limits, streamed=True)


def _no_stream(
    exchange: Exchange[Any], reply: Reply | StreamedReply | AsyncStreamedReply, content: bytes
) -> ResponseInvalid:
    exchange.check(reply.status, reply.headers, content)
    came = media_type_of(reply.headers) or "something without a media type"
    return ResponseInvalid(f"the server answered {came} where a stream of events is due", content=content)


def _may_be_error(exchange: Exchange[Any], reply: Reply | StreamedReply | AsyncStreamedReply) -> bool:
    # A file that is JSON itself comes with a Content-Disposition.
    return (
        exchange.operation.stream == "binary"
        and is_json(media_type_of(reply.headers))
        and header_of(reply.headers, "content-disposition") is None
    )


def _check_small(exchange: Exchange[Any], reply: Reply | StreamedReply | AsyncStreamedReply, packed: bytes) -> None:
    limits = exchange.settings.limits
    body = Body(reply.headers, limits)
    content = b"".join(body.pieces(packed))
    body.finish()
    # What the dialect cannot read is not an error of its API, so it is the data.
    with suppress(ResponseInvalid):
        exchange.check(reply.status, reply.headers, content)
