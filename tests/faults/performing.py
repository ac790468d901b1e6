"""The calls of cells on our generated client, and their values as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any, cast

import msgspec

from mailwright.runtime import Event


def plain(value: object) -> object:
    """Returns a value as JSON data, or bytes as they are."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, list):
        return [plain(item) for item in cast("list[object]", value)]
    return msgspec.to_builtins(value)


def source_of(source: object, folder: Path) -> object:
    """Returns what to upload; a callable makes it in the folder."""
    return source(folder) if callable(source) else source


def perform(client: Any, name: str, arguments: Mapping[str, Any], folder: Path) -> object:
    """Makes one call."""
    if name == "list":
        return plain(list(client.things.list(**arguments)))
    thing, rest = _thing(arguments)
    if name == "upload":
        return plain(client.things.upload(*thing, rest["source"]))
    if name == "events":
        return _events(client.things.events(*thing), **rest)
    if name == "save":
        client.things.download(*thing).save(folder / "saved")
        return (folder / "saved").read_bytes()
    if name == "download":
        return b"".join(client.things.download(*thing))
    return plain(getattr(client.things, name)(*thing, **rest))


async def perform_async(client: Any, name: str, arguments: Mapping[str, Any], folder: Path) -> object:
    """Makes one call without blocking."""
    if name == "list":
        return plain([item async for item in client.things.list(**arguments)])
    thing, rest = _thing(arguments)
    if name == "upload":
        return plain(await client.things.upload(*thing, rest["source"]))
    if name == "events":
        return await _async_events(client.things.events(*thing), **rest)
    if name == "save":
        await client.things.download(*thing).save(folder / "saved")
        return (folder / "saved").read_bytes()
    if name == "download":
        return b"".join([piece async for piece in client.things.download(*thing)])
    return plain(await getattr(client.things, name)(*thing, **rest))


def _events(stream: Any, *, reconnect: bool = False, first: int | None = None, **given: Any) -> list[object]:
    with stream.with_options(reconnect=reconnect, **given) as events:
        return [_plain(event) for event in islice(events, first)]


async def _async_events(
    stream: Any, *, reconnect: bool = False, first: int | None = None, **given: Any
) -> list[object]:
    told: list[object] = []
    async with stream.with_options(reconnect=reconnect, **given) as events:
        if first == 0:
            return told
        async for event in events:
            told.append(_plain(event))
            if len(told) == first:
                break
    return told


def _plain(event: Event[Any]) -> dict[str, object]:
    return {"event": event.event, "data": msgspec.to_builtins(event.data), "id": event.id}


def _thing(arguments: Mapping[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    rest = dict(arguments)
    return ((rest.pop("thing"),) if "thing" in rest else ()), rest
