"""Every way to read a stream of events, behind one face."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from stream_samples import (
    STREAM_UPDATES,
    AsyncStreamDuck,
    AsyncStreams,
    StreamDuck,
    Streamed,
    Streams,
    Update,
)

from mailwright.runtime.event_course import Event
from mailwright.runtime.events import AsyncEventStream, EventStream
from mailwright.runtime.limits import Limits
from mailwright.runtime.retries import Retries

TOKEN = "tok-5f3a9b2c"


ENOUGH = Streamed([], status=204, headers=())


ONE = b'id: 1\ndata: {"command":"EXISTS","uid":1}\n\n'


TWO = b'id: 2\ndata: {"command":"EXISTS","uid":2}\n\n'


THREE = b'id: 3\nevent: late\ndata: {\ndata:  "command": "EXPUNGE"\ndata: }\n\n'


JSON = (("Content-Type", "application/json"),)


Updates = list[Event[Update]]


Read = Callable[..., Updates]


def duck(backend: Streams, **options: Any) -> StreamDuck:
    options.setdefault("retries", Retries(attempts=1))
    return StreamDuck("http://mail.test", access_token=TOKEN, backend=backend, **options)


def async_duck(backend: Streams, **options: Any) -> AsyncStreamDuck:
    options.setdefault("retries", Retries(attempts=1))
    return AsyncStreamDuck("http://mail.test", access_token=TOKEN, backend=AsyncStreams(backend), **options)


def in_plain_loop(
    backend: Streams, *, into: Updates | None = None, limits: Limits | None = None, **more: Any
) -> Updates:
    events: Updates = [] if into is None else into
    for event in EventStream(duck(backend, limits=limits or Limits()), STREAM_UPDATES, "u", **more):
        events.append(event)
    return events


def inside_with(backend: Streams, *, into: Updates | None = None, limits: Limits | None = None, **more: Any) -> Updates:
    events: Updates = [] if into is None else into
    with EventStream(duck(backend, limits=limits or Limits()), STREAM_UPDATES, "u", **more) as stream:
        for event in stream:
            events.append(event)
    return events


def in_async_loop(
    backend: Streams, *, into: Updates | None = None, limits: Limits | None = None, **more: Any
) -> Updates:
    events: Updates = [] if into is None else into

    async def collect() -> None:
        async for event in AsyncEventStream(
            async_duck(backend, limits=limits or Limits()), STREAM_UPDATES, "u", **more
        ):
            events.append(event)

    asyncio.run(collect())
    return events


def inside_async_with(
    backend: Streams, *, into: Updates | None = None, limits: Limits | None = None, **more: Any
) -> Updates:
    events: Updates = [] if into is None else into

    async def collect() -> None:
        mail = async_duck(backend, limits=limits or Limits())
        async with AsyncEventStream(mail, STREAM_UPDATES, "u", **more) as stream:
            async for event in stream:
                events.append(event)

    asyncio.run(collect())
    return events


READS = pytest.mark.parametrize("read", [in_plain_loop, inside_with, in_async_loop, inside_async_with])


def uids(events: Updates) -> list[int | None]:
    return [event.data.uid for event in events]
