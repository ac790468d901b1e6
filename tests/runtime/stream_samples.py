"""A hand-written piece of what the generator writes for streams, and backends whose answers come piece by piece."""

# pyright: strict
from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field

from sample_api import AsyncDuck, Duck

from mailwright.runtime.download import AsyncDownload, Download
from mailwright.runtime.events import AsyncEventStream, EventStream
from mailwright.runtime.models import ResponseModel
from mailwright.runtime.operation import Operation
from mailwright.runtime.request import Request


class Update(ResponseModel, kw_only=True):
    command: str
    uid: int | None = None


STREAM_UPDATES: Operation[Update] = Operation(
    "GET", "/users/{}/updates", id="streamUpdates", result=Update, stream="sse"
)
GET_SOURCE: Operation[bytes] = Operation(
    "GET", "/users/{}/messages/{}/message.eml", id="getMessageSource", result=bytes, stream="binary"
)


class StreamDuck(Duck):
    def updates(self, user: str, *, last_event_id: str = "", reconnect: bool = True) -> EventStream[Update]:
        return EventStream(self, STREAM_UPDATES, user, last_event_id=last_event_id, reconnect=reconnect)

    def source(self, user: str, message: int) -> Download:
        return Download(self, GET_SOURCE, user, message)


class AsyncStreamDuck(AsyncDuck):
    def updates(self, user: str, *, last_event_id: str = "", reconnect: bool = True) -> AsyncEventStream[Update]:
        return AsyncEventStream(self, STREAM_UPDATES, user, last_event_id=last_event_id, reconnect=reconnect)

    def source(self, user: str, message: int) -> AsyncDownload:
        return AsyncDownload(self, GET_SOURCE, user, message)


Piece = bytes | Exception | Callable[[], object]


@dataclass
class Streamed:
    """An answer in pieces: bytes are given, an exception is raised, a function is called first."""

    pieces: Sequence[Piece]
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/event-stream"),)
    closed: int = 0

    def chunks(self) -> Iterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            if isinstance(piece, bytes):
                yield piece
            else:
                piece()

    def close(self) -> None:
        self.closed += 1


@dataclass
class AsyncStreamed:
    """The same, awaited; a piece that is an `asyncio.Event` is waited for."""

    inner: Streamed

    @property
    def status(self) -> int:
        return self.inner.status

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        return self.inner.headers

    async def chunks(self) -> AsyncIterator[bytes]:
        for piece in self.inner.pieces:
            await asyncio.sleep(0)
            if isinstance(piece, Exception):
                raise piece
            if isinstance(piece, bytes):
                yield piece
            elif asyncio.iscoroutine(waiting := piece()):
                await waiting

    async def aclose(self) -> None:
        # Takes its time, so that a test sees who waits for it.
        for _ in range(10):
            await asyncio.sleep(0)
        self.inner.close()


@dataclass
class Streams:
    """A backend that gives one answer after the other; more than there are fail the test."""

    answers: list[Streamed | Exception]
    given: list[Streamed] = field(default_factory=list[Streamed])
    requests: list[Request] = field(default_factory=list[Request])

    def send(self, request: Request, /) -> Streamed:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        self.given.append(answer)
        return answer

    def close(self) -> None: ...

    def asked_behind(self) -> list[str | None]:
        """Returns the `Last-Event-ID` of each request."""
        return [dict(request.headers).get("Last-Event-ID") for request in self.requests]

    def all_closed(self) -> bool:
        return all(answer.closed for answer in self.given)


@dataclass
class AsyncStreams:
    """The same, awaited."""

    inner: Streams

    async def send(self, request: Request, /) -> AsyncStreamed:
        await asyncio.sleep(0)
        return AsyncStreamed(self.inner.send(request))

    async def aclose(self) -> None: ...


def streams(*answers: Streamed | Exception | bytes | Sequence[Piece]) -> Streams:
    """Returns a backend; bytes stand for a stream of events that ends behind them."""
    return Streams([_answer(answer) for answer in answers])


def _answer(answer: Streamed | Exception | bytes | Sequence[Piece]) -> Streamed | Exception:
    if isinstance(answer, (Streamed, Exception)):
        return answer
    return Streamed([answer] if isinstance(answer, bytes) else answer)
