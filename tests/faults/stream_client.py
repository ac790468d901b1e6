"""The operations on streams, as a generator would write them; codegen makes none yet."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from mailwright.runtime import AsyncCaller, AsyncResource, Caller, Operation, Resource, ResponseModel
from mailwright.runtime.download import AsyncDownload, Download
from mailwright.runtime.event_course import Event
from mailwright.runtime.events import AsyncEventStream, EventStream
from mailwright.runtime.upload import Upload


class Happening(ResponseModel):
    """The data of an event."""

    kind: str | None = None


class Done(ResponseModel, kw_only=True):
    """The answer to an upload."""

    success: bool


DOWNLOAD: Operation[bytes] = Operation("GET", "/things/{}/content", id="downloadThing", result=bytes, stream="binary")
UPLOAD: Operation[Done] = Operation(
    "PUT", "/things/{}/content", id="uploadThing", result=Done, media_type="application/octet-stream"
)
WATCH: Operation[Happening] = Operation("GET", "/things/{}/events", id="watchThing", result=Happening, stream="sse")


class Streams(Resource):
    """The sync ones."""

    def __init__(self, client: Caller) -> None:
        super().__init__(client)
        self._caller = client

    def perform(self, name: str, arguments: Mapping[str, Any], folder: Path) -> object:
        """Makes one call and gives its value as plain data."""
        thing, rest = _split(arguments)
        if name == "upload":
            return msgspec.to_builtins(self._caller.call(UPLOAD, thing, body=Upload(rest["source"])))
        if name == "events":
            return self._events(thing, **rest)
        if name == "save":
            Download(self._caller, DOWNLOAD, thing).save(folder / "saved")
            return (folder / "saved").read_bytes()
        return b"".join(Download(self._caller, DOWNLOAD, thing))

    def _events(self, thing: str, *, reconnect: bool = False, first: int | None = None, **given: Any) -> object:
        with EventStream(self._caller, WATCH, thing, reconnect=reconnect, **given) as stream:
            return [_plain(event) for event in islice(stream, first)]


class AsyncStreams(AsyncResource):
    """The async ones."""

    def __init__(self, client: AsyncCaller) -> None:
        super().__init__(client)
        self._caller = client

    async def perform(self, name: str, arguments: Mapping[str, Any], folder: Path) -> object:
        """Makes one call and gives its value as plain data."""
        thing, rest = _split(arguments)
        if name == "upload":
            return msgspec.to_builtins(await self._caller.call(UPLOAD, thing, body=Upload(rest["source"])))
        if name == "events":
            return await self._events(thing, **rest)
        if name == "save":
            await AsyncDownload(self._caller, DOWNLOAD, thing).save(folder / "saved")
            return (folder / "saved").read_bytes()
        return b"".join([piece async for piece in AsyncDownload(self._caller, DOWNLOAD, thing)])

    async def _events(self, thing: str, *, reconnect: bool = False, first: int | None = None, **given: Any) -> object:
        told: list[object] = []
        async with AsyncEventStream(self._caller, WATCH, thing, reconnect=reconnect, **given) as stream:
            if first == 0:
                return told
            async for event in stream:
                told.append(_plain(event))
                if len(told) == first:
                    break
        return told


def _split(arguments: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    rest = dict(arguments)
    return rest.pop("thing"), rest


def _plain(event: Event[Happening]) -> dict[str, object]:
    return {"event": event.event, "data": msgspec.to_builtins(event.data), "id": event.id}
