"""Reads what a method that streams gives: all bytes of a download, or all events."""

from __future__ import annotations

from typing import Any

from mailwright.runtime import AsyncDownload, AsyncEventStream, Download, Event, EventStream


def read(stream: Download | EventStream[Any], *, reconnect: bool = False) -> bytes | list[Event[Any]]:
    """Returns the bytes, or the events up to the end of the connection; with `reconnect` up to that of the stream."""
    if isinstance(stream, Download):
        return stream.read()
    with stream.with_options(reconnect=reconnect) as opened:
        return list(opened)


async def async_read(
    stream: AsyncDownload | AsyncEventStream[Any], *, reconnect: bool = False
) -> bytes | list[Event[Any]]:
    """Does the same with what a method of an async client gives."""
    if isinstance(stream, AsyncDownload):
        return await stream.read()
    async with stream.with_options(reconnect=reconnect) as opened:
        return [event async for event in opened]
