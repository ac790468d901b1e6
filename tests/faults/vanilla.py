"""The same calls on what stock openapi-python-client makes of the document."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
from cell import Cell
from certificates import Authority
from performing import source_of
from secret import TOKEN

NAMES = {
    "get": "get_thing",
    "take": "take_next",
    "list": "list_things",
    "create": "create_thing",
    "replace": "replace_thing",
    "delete": "delete_thing",
    "download": "download_thing",
    "save": "download_thing",
    "upload": "upload_thing",
}


class NotGenerated(Exception):
    """Vanilla has no such call."""


class SyncSession:
    """A sync client of a person who reads the README of openapi-python-client and sets what it lets one set."""

    def __init__(self, cell: Cell, base_url: str, authority: Authority, folder: Path) -> None:
        self._cell, self._base_url, self._authority, self._folder = cell, base_url, authority, folder
        self._client: Any = None

    def open(self) -> None:
        package = importlib.import_module("vanilla_faults.client")
        options: dict[str, Any] = {
            "base_url": self._base_url,
            "timeout": httpx.Timeout(self._cell.deadline),
            "verify_ssl": self._authority.trusting(),
            "follow_redirects": self._cell.follow_redirects,
            "raise_on_unexpected_status": True,
        }
        if self._cell.proxy:
            options["httpx_args"] = {"proxy": self._cell.proxy}
        if self._cell.token == "header":
            options |= {"token": TOKEN, "prefix": "", "auth_header_name": "X-Token"}
            self._client = package.AuthenticatedClient(**options)
        else:
            if self._cell.token == "query":
                options.setdefault("httpx_args", {})["params"] = {"token": TOKEN}
            self._client = package.Client(**options)

    def call(self, name: str, arguments: Mapping[str, Any]) -> object:
        return self._walk(name, arguments)

    def call_patiently(self, name: str, arguments: Mapping[str, Any]) -> object:
        # Not with_timeout(), which makes a client with connections of its own.
        self._http().timeout = httpx.Timeout(10.0)
        return self.call(name, arguments)

    def shown(self) -> list[str]:
        # Its repr shows the token, always: that is one fault, not one in every cell.
        return []

    def close(self) -> None:
        if self._client is not None:
            self._http().close()

    def documented(self, error: BaseException) -> bool:
        errors = importlib.import_module("vanilla_faults.errors")
        return isinstance(error, (httpx.HTTPError, errors.UnexpectedStatus, ToldFailure))

    def _http(self) -> Any:
        return self._client.get_httpx_client()

    def _walk(self, name: str, arguments: Mapping[str, Any]) -> object:
        function, given = self._prepared(name, arguments)
        if name != "list":
            return _plain(name, function.sync(**given), self._folder)
        items: list[object] = []
        while True:
            page = function.sync(**given)
            if not _take_page(page, items, given):
                return items if _is_page(page) else _plain(name, page, self._folder)

    def _prepared(self, name: str, arguments: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
        if name not in NAMES:
            raise NotGenerated(name)
        function = importlib.import_module(f"vanilla_faults.api.things.{NAMES[name]}")
        types = importlib.import_module("vanilla_faults.types")
        models = importlib.import_module("vanilla_faults.models")
        given = dict(arguments)
        if name in ("create", "replace"):
            thing = {key: given.pop(key) for key in ("thing",) if key in given}
            given = {**thing, "body": models.NewThing(**given)}
        elif name == "upload":
            source = source_of(given.pop("source"), self._folder)
            given["body"] = types.File(payload=_opened(source))
        return function, {**given, "client": self._client}


class AsyncSession(SyncSession):
    """An async client, with an event loop of its own."""

    def open(self) -> None:
        self._runner = asyncio.Runner()
        super().open()

    def call(self, name: str, arguments: Mapping[str, Any]) -> object:
        return self._runner.run(self._walk_async(name, arguments))

    def close(self) -> None:
        try:
            if self._client is not None:
                self._runner.run(self._http().aclose())
        finally:
            self._runner.close()

    def _http(self) -> Any:
        return self._client.get_async_httpx_client()

    async def _walk_async(self, name: str, arguments: Mapping[str, Any]) -> object:
        function, given = self._prepared(name, arguments)
        if name != "list":
            return _plain(name, await function.asyncio(**given), self._folder)
        items: list[object] = []
        while True:
            page = await function.asyncio(**given)
            if not _take_page(page, items, given):
                return items if _is_page(page) else _plain(name, page, self._folder)


def _is_page(page: Any) -> bool:
    return type(page).__name__ == "ThingPage"


def _take_page(page: Any, items: list[object], given: dict[str, Any]) -> bool:
    """Keeps the items of a page; returns whether there is another."""
    if not _is_page(page):
        return False
    items += [item.to_dict() for item in page.results]
    following = page.next_cursor
    given["next_"] = following
    return isinstance(following, str) and bool(following)


def _plain(name: str, value: Any, folder: Path) -> object:
    if type(value).__name__ == "Failure":
        raise ToldFailure(repr(value))
    if type(value).__name__ == "File":
        content = value.payload.read()
        if name == "save":
            (folder / "saved").write_bytes(content)
        return content
    return value.to_dict() if hasattr(value, "to_dict") else value


class ToldFailure(Exception):
    """Stands for a failure that vanilla gives as a value, which is its documented way."""


def _opened(source: object) -> Any:
    if isinstance(source, bytes):
        return BytesIO(source)
    return source.open("rb") if isinstance(source, Path) else source
