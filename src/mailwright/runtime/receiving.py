"""Takes in the body of an answer, within limits; sync and async clients share all but the reading."""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from io import BytesIO
from typing import cast

from mailwright.runtime.backends.pump import Pump
from mailwright.runtime.errors import LimitExceeded, TimedOut
from mailwright.runtime.limits import Limits
from mailwright.runtime.request import AsyncStreamedReply, Reply, Request, StreamedReply
from mailwright.runtime.response import header_of
from mailwright.runtime.unpacking import Unpacker

_NOT_STRUCTURE = bytes(set(range(256)) - set(b'[]{}"'))
# What a bracket adds to the depth, as a signed byte.
_DOWN, _UP = b"\x01", b"\xff"
_PAIR = _DOWN + _UP
_STEPS = bytes.maketrans(b"[{]}", _DOWN * 2 + _UP * 2)
_SLICE = 65_536
_LENGTH = re.compile(r"[0-9]{1,20}")


class Body:
    """The body of one answer while it comes; raises `LimitExceeded` as soon as it is too large.

    With `streamed` the limit is `stream_bytes`, for one that is handed on and not kept.
    """

    def __init__(self, headers: Sequence[tuple[str, str]], limits: Limits, *, streamed: bool = False) -> None:
        limits.check("headers", len(headers))
        self._limits = limits
        self._came_limit, self._held_limit = ("stream_bytes",) * 2 if streamed else ("response_bytes", "decoded_bytes")
        limits.check(self._came_limit, _announced(headers))
        self._unpacker = Unpacker(headers, limits, most=self._held_limit)
        self._came = 0
        self._held = 0

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """Yields what a chunk unpacks to."""
        self._came += len(chunk)
        self._limits.check(self._came_limit, self._came)
        for piece in self._unpacker.feed(chunk):
            self._held += len(piece)
            self._limits.check(self._held_limit, self._held)
            yield piece

    def finish(self) -> None:
        """Raises `Disconnected` when the body is cut off, as far as can be told from it."""
        self._unpacker.finish()


def _announced(headers: Sequence[tuple[str, str]]) -> int:
    length = header_of(headers, "content-length") or ""
    # Beside chunks a length says nothing.
    known = _LENGTH.fullmatch(length) and header_of(headers, "transfer-encoding") is None
    return int(length) if known else 0


def received(reply: Reply | StreamedReply, request: Request, limits: Limits) -> bytes:
    """Returns the whole body, unpacked.

    Raises `LimitExceeded`, `TimedOut` at the deadline, and what the backend raises.
    """
    body = Body(reply.headers, limits)
    content = BytesIO()
    for chunk in InTime(reply, request) if request.streamed else chunks_of(reply):
        if not request.left():
            raise TimedOut(f"no whole answer within {request.timeout:.3g} s")
        for piece in body.pieces(chunk):
            content.write(piece)
    body.finish()
    return content.getvalue()


async def async_received(reply: Reply | AsyncStreamedReply, limits: Limits) -> bytes:
    """Returns the whole body, unpacked, like `received`; to end at the deadline is up to the caller."""
    body = Body(reply.headers, limits)
    content = BytesIO()
    async for chunk in async_chunks_of(reply):
        for piece in body.pieces(chunk):
            content.write(piece)
    body.finish()
    return content.getvalue()


class InTime:
    """The chunks of an answer to a request for a stream; they end at its deadline, until `relax` is called.

    A backend lets the body of a stream last, so a thread of its own waits for what turns out to be no stream.
    """

    def __init__(self, reply: Reply | StreamedReply, request: Request) -> None:
        self._request = request
        self._pump = Pump(lambda: (chunk for chunk in chunks_of(reply)))
        self._left = request.left

    def relax(self) -> None:
        """Leaves it to the backend how long the chunks may take."""
        self._left = lambda: threading.TIMEOUT_MAX

    def __iter__(self) -> Iterator[bytes]:
        try:
            while (chunk := self._pump.take(self._left())) is not None:
                yield chunk
        except TimeoutError:
            raise TimedOut(f"no whole answer within {self._request.timeout:.3g} s") from None
        finally:
            self._pump.abandon()


def is_streamed(reply: object) -> bool:
    """Returns whether a reply's body is still to come."""
    return hasattr(reply, "chunks")


def chunks_of(reply: Reply | StreamedReply) -> Iterator[bytes]:
    """Returns the body's chunks, of a whole reply too."""
    if is_streamed(reply):
        return cast("StreamedReply", reply).chunks()
    return iter((cast("Reply", reply).content,))


async def async_chunks_of(reply: Reply | AsyncStreamedReply) -> AsyncIterator[bytes]:
    """Yields the body's chunks, of a whole reply too."""
    if is_streamed(reply):
        async for chunk in cast("AsyncStreamedReply", reply).chunks():
            yield chunk
    else:
        yield cast("Reply", reply).content


def close(reply: Reply | StreamedReply) -> None:
    """Closes a reply, if it is one that can be closed."""
    if is_streamed(reply):
        cast("StreamedReply", reply).close()


async def aclose(reply: Reply | AsyncStreamedReply) -> None:
    """Closes a reply, if it is one that can be closed."""
    if is_streamed(reply):
        await cast("AsyncStreamedReply", reply).aclose()


@contextmanager
def closing(reply: Reply | StreamedReply) -> Generator[None]:
    """Closes a reply at the end, whatever happens."""
    try:
        yield
    finally:
        close(reply)


@asynccontextmanager
async def async_closing(reply: Reply | AsyncStreamedReply) -> AsyncGenerator[None]:
    """Closes a reply at the end, whatever happens."""
    try:
        yield
    finally:
        await aclose(reply)


def check_nesting(content: bytes, limits: Limits) -> None:
    """Raises `LimitExceeded` when brackets outside strings are nested deeper than `limits.nesting`."""
    # Few brackets cannot be deep, and most answers end here.
    if content.count(b"[") + content.count(b"{") <= limits.nesting:
        return
    # Backslashes are in strings only, where pairs of them come first.
    text = content.replace(b"\\\\", b"").replace(b'\\"', b"")
    marks = text.translate(None, _NOT_STRUCTURE).replace(b'""', b"")
    depth, quoted = 0, 0
    for start in range(0, len(marks), _SLICE):
        parts = marks[start : start + _SLICE].split(b'"')
        steps = b"".join(parts[quoted::2]).translate(_STEPS)
        quoted ^= (len(parts) - 1) & 1
        if not _surely_flat(steps, limits.nesting - depth):
            try:
                limits.check("nesting", max(itertools.accumulate(memoryview(steps).cast("b"), initial=depth)))
            except LimitExceeded as error:
                error.content = content
                raise
        depth += 2 * steps.count(_DOWN) - len(steps)


def _surely_flat(steps: bytes, levels: int) -> bool:
    # Without the pairs that hold nothing it is one level less deep, and mostly much shorter.
    for taken in range(8):
        if steps.count(_DOWN) + taken <= levels:
            return True
        steps = steps.replace(_PAIR, b"")
    return False
