"""The calls of cells on our generated client, and their values as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import msgspec
from stream_client import AsyncStreams, Streams


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
    if name in ("download", "save", "events", "upload"):
        return Streams(client).perform(name, arguments, folder)
    thing, rest = _thing(arguments)
    return plain(getattr(client.things, name)(*thing, **rest))


async def perform_async(client: Any, name: str, arguments: Mapping[str, Any], folder: Path) -> object:
    """Makes one call without blocking."""
    if name == "list":
        return plain([item async for item in client.things.list(**arguments)])
    if name in ("download", "save", "events", "upload"):
        return await AsyncStreams(client).perform(name, arguments, folder)
    thing, rest = _thing(arguments)
    return plain(await getattr(client.things, name)(*thing, **rest))


def _thing(arguments: Mapping[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    rest = dict(arguments)
    return ((rest.pop("thing"),) if "thing" in rest else ()), rest
