"""Server-sent events as typed values, from a stream that is opened again when it ends."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from mailwright.runtime.caller import AsyncCaller, Caller
from mailwright.runtime.errors import TransportError, UsageError
from mailwright.runtime.event_course import Event, EventCourse
from mailwright.runtime.opened import AsyncOpened, Opened
from mailwright.runtime.operation import Operation

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")
R = TypeVar("R")


class EventStream(Generic[T]):
    """Events as the server sends them; `for` reads them, best inside `with`, which opens the stream at once.

    When the server ends or drops the connection a new one is made, after the time the server asks for (1 s by default,
    at most 30 s), and it goes on behind the last id; with `reconnect=False` a clean end ends the loop and a drop is
    raised. After `reconnects` connections in a row without an event the last error is raised, or `Disconnected`.
    `with_options` sets them. Answers with 204 end the loop. What the server answers instead of a stream is raised as
    from any call, and `ResponseInvalid` for an event that does not fit the API: inside `with` one may go on behind it.
    Where the API wants a short-lived token for a stream, each connection fetches one, unless the caller gave one.

    Outside `with` each loop makes a connection of its own, and goes on behind the last id that was seen. One thread
    reads at a time; `close` may be called from any.
    """

    def __init__(
        self,
        client: Caller,
        operation: Operation[T],
        /,
        *path: str | int,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        last_event_id: str = "",
        reconnect: bool = True,
        reconnects: int = 5,
    ) -> None:
        self._client = client
        self._course = EventCourse(
            operation, path, query, headers, last_event_id, reconnect=reconnect, reconnects=reconnects
        )
        self._opened: Opened | None = None
        self._chunks: Iterator[bytes] = iter(())
        self._entered = False
        self._closed = threading.Event()
        self._reading = threading.Lock()

    @property
    def last_event_id(self) -> str:
        """The id to go on behind, as `last_event_id` of another stream; empty when the server told none."""
        return self._course.last_event_id

    def with_options(
        self, *, last_event_id: str | None = None, reconnect: bool | None = None, reconnects: int | None = None
    ) -> EventStream[T]:
        """Returns the same stream with other options, not opened yet; by default it goes on where this one is."""
        course = self._course
        options = course.options(last_event_id, reconnect, reconnects)
        return EventStream(self._client, course.operation, *course.path, **options)

    def close(self) -> None:
        """Ends the stream for good; a loop in another thread ends without an error.

        It ends at once, or while it opens a connection when that is done; with a backend that cannot close what is
        being read, when the server sends something, and at the latest after `timeout.idle`.
        """
        self._closed.set()
        opened = self._opened
        if opened is not None:
            opened.close()
        self._rest()

    def __enter__(self) -> Self:
        self._check_not_closed()
        self._take_turn()
        try:
            if self._entered or self._opened is not None:
                raise self._course.refused("this stream is being read already")
            self._course.begin()
            self._open()
            self._entered = True
        finally:
            self._reading.release()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __iter__(self) -> Iterator[Event[T]]:
        self._start_loop()
        try:
            while (event := self._next()) is not None:
                yield event
        finally:
            if not self._entered:
                self._rest()

    def __repr__(self) -> str:
        return f"<EventStream of {self._course.operation.id}>"

    def _next(self) -> Event[T] | None:
        if self._closed.is_set():
            return None
        self._take_turn()
        try:
            return self._read()
        finally:
            self._reading.release()
            if self._closed.is_set() or self._course.over:
                self._rest()

    def _read(self) -> Event[T] | None:
        course = self._course
        while not self._closed.is_set():
            event = course.event()
            if event is not None or course.over:
                return event
            broken: TransportError | None = None
            try:
                if self._opened is None:
                    self._open()
                    continue
                chunk = next(self._chunks, None)
                if chunk is not None:
                    course.arrived(chunk)
                    continue
            except TransportError as error:
                broken = error
            except BaseException as error:
                course.broken_off(error)
                self._disconnect()
                if self._closed.is_set() and isinstance(error, Exception):
                    return None
                raise
            self._disconnect()
            if not self._closed.is_set():
                self._closed.wait(course.pause(broken))
        return None

    def _start_loop(self) -> None:
        self._check_not_closed()
        self._take_turn()
        if not self._entered and self._opened is None:
            self._course.begin()
        self._reading.release()

    def _check_not_closed(self) -> None:
        if self._closed.is_set():
            raise self._course.refused("the stream is closed")

    def _take_turn(self) -> None:
        if not self._reading.acquire(blocking=False):
            raise self._course.refused("another thread is reading this stream")

    def _open(self) -> None:
        course = self._course
        try:
            opened = self._asked()
        except UsageError:
            if not course.can_do_without_id():
                raise
            opened = self._asked()
        self._opened, self._chunks = opened, opened.chunks()
        course.connected(opened)

    def _asked(self) -> Opened:
        course = self._course
        giver = course.token_from
        query = course.query_with(None if giver is None else self._client.send(giver).value)
        return self._client.open(course.connecting, *course.path, query=query, headers=course.headers())

    def _rest(self) -> None:
        if self._reading.acquire(blocking=False):
            try:
                self._disconnect()
            finally:
                self._reading.release()

    def _disconnect(self) -> None:
        opened, self._opened, self._chunks = self._opened, None, iter(())
        if opened is not None:
            opened.close()


class AsyncEventStream(Generic[T]):
    """Events as the server sends them, for `async for`; the rules of `EventStream` hold.

    Without `async with`, a loop that is left early gives its connection back a little later. One task reads at a time;
    `aclose` may be called from any, and ends a loop of another one at once and without an error. A wait for an event
    that is cancelled, as by `asyncio.timeout`, costs the connection; the next one goes on behind the last id.
    """

    def __init__(
        self,
        client: AsyncCaller,
        operation: Operation[T],
        /,
        *path: str | int,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        last_event_id: str = "",
        reconnect: bool = True,
        reconnects: int = 5,
    ) -> None:
        self._client = client
        self._course = EventCourse(
            operation, path, query, headers, last_event_id, reconnect=reconnect, reconnects=reconnects
        )
        self._opened: AsyncOpened | None = None
        self._chunks: AsyncIterator[bytes] | None = None
        self._entered = False
        self._closed = False
        # Of the task that is reading: whether there is one, what ends its wait, and what tells that it has ended.
        self._reading = False
        self._wait: asyncio.Timeout | None = None
        self._ended: asyncio.Event | None = None

    @property
    def last_event_id(self) -> str:
        """The id to go on behind, as `last_event_id` of another stream; empty when the server told none."""
        return self._course.last_event_id

    def with_options(
        self, *, last_event_id: str | None = None, reconnect: bool | None = None, reconnects: int | None = None
    ) -> AsyncEventStream[T]:
        """Returns the same stream with other options, not opened yet; by default it goes on where this one is."""
        course = self._course
        options = course.options(last_event_id, reconnect, reconnects)
        return AsyncEventStream(self._client, course.operation, *course.path, **options)

    async def aclose(self) -> None:
        """Ends the stream for good; a loop in another task ends without an error."""
        import asyncio

        first, self._closed = not self._closed, True
        if not self._reading:
            await self._disconnect()
            return
        if first:
            self._ended = asyncio.Event()
            if self._wait is not None:
                self._wait.reschedule(asyncio.get_running_loop().time())
        if self._ended is not None:
            await self._ended.wait()

    async def __aenter__(self) -> Self:
        self._check_not_closed()
        if self._entered or self._reading or self._opened is not None:
            raise self._course.refused("this stream is being read already")
        self._course.begin()
        await self._in_turn(self._open)
        self._check_not_closed()
        self._entered = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.aclose()

    async def __aiter__(self) -> AsyncIterator[Event[T]]:
        self._check_not_closed()
        if not self._entered and self._opened is None and not self._reading:
            self._course.begin()
        try:
            while (event := await self._next()) is not None:
                yield event
        finally:
            if not self._entered and not self._reading:
                await self._disconnect()

    def __repr__(self) -> str:
        return f"<AsyncEventStream of {self._course.operation.id}>"

    async def _next(self) -> Event[T] | None:
        return None if self._closed else await self._in_turn(self._read)

    async def _in_turn(self, step: Callable[[], Awaitable[R]]) -> R | None:
        if self._reading:
            raise self._course.refused("another task is reading this stream")
        self._reading = True
        try:
            return await step()
        except TimeoutError:
            if not self._closed:
                raise
            return None
        finally:
            try:
                if self._closed or self._course.over:
                    await self._disconnect()
            finally:
                self._reading = False
                if self._ended is not None:
                    self._ended.set()

    async def _read(self) -> Event[T] | None:
        import asyncio

        course = self._course
        while not self._closed:
            event = course.event()
            if event is not None or course.over:
                return event
            broken: TransportError | None = None
            try:
                if self._chunks is None:
                    await self._open()
                    continue
                chunk = await self._waiting(anext(self._chunks, None))
                if chunk is not None:
                    course.arrived(chunk)
                    continue
            except TransportError as error:
                broken = error
            except BaseException as error:
                course.broken_off(error)
                await self._disconnect()
                raise
            await self._disconnect()
            if not self._closed:
                await self._waiting(asyncio.sleep(course.pause(broken)))
        return None

    # Around what may take long, and not around the closing, which is not to be broken off.
    async def _waiting(self, step: Awaitable[R]) -> R:
        import asyncio

        try:
            async with asyncio.timeout(None) as self._wait:
                return await step
        finally:
            self._wait = None

    def _check_not_closed(self) -> None:
        if self._closed:
            raise self._course.refused("the stream is closed")

    async def _open(self) -> None:
        course = self._course
        try:
            opened = await self._waiting(self._asked())
        except UsageError:
            if not course.can_do_without_id():
                raise
            opened = await self._waiting(self._asked())
        self._opened, self._chunks = opened, opened.chunks()
        course.connected(opened)

    async def _asked(self) -> AsyncOpened:
        course = self._course
        giver = course.token_from
        query = course.query_with(None if giver is None else (await self._client.send(giver)).value)
        return await self._client.open(course.connecting, *course.path, query=query, headers=course.headers())

    async def _disconnect(self) -> None:
        opened, self._opened, self._chunks = self._opened, None, None
        if opened is not None:
            await opened.aclose()
