"""What the matrix has columns for: our client on each backend, and vanilla openapi-python-client, sync and async."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any, Protocol

import vanilla
from cell import Cell
from performing import perform, perform_async, source_of
from secret import TOKEN

OURS = ("httpx", "httpx2", "pyreqwest", "borrowed")
VANILLA = "vanilla"
STACKS = (*OURS, VANILLA)
_PATIENT = 10.0


class Session(Protocol):
    """One client for one cell."""

    def open(self) -> None: ...
    def call(self, name: str, arguments: Mapping[str, Any]) -> object: ...
    def call_patiently(self, name: str, arguments: Mapping[str, Any]) -> object:
        """Makes a call on the same connections, but with time for it."""
        ...

    def shown(self) -> list[str]:
        """What a person may see of the client."""
        ...

    def close(self) -> None: ...
    def documented(self, error: BaseException) -> bool:
        """Whether it is an error that the client says it raises."""
        ...


def session(stack: str, is_async: bool, cell: Cell, base_url: str, tls: ssl.SSLContext, folder: Path) -> Session:
    """Returns the session of a stack."""
    if stack == VANILLA:
        kind = vanilla.AsyncSession if is_async else vanilla.SyncSession
        return kind(cell, base_url, tls, folder)
    return (AsyncOurs if is_async else Ours)(stack, cell, base_url, tls, folder)


def options_of(cell: Cell) -> dict[str, Any]:
    """The options of our client for a cell."""
    options: dict[str, Any] = {"timeout": cell.timeout, "retries": cell.retries}
    if cell.limits is not None:
        options["limits"] = cell.limits
    if cell.follow_redirects:
        options["follow_redirects"] = True
    if cell.token != "none":
        options["token"] = TOKEN
    if cell.token == "query":
        options["token_in"] = "query"
    return {**options, **cell.options}


class Ours:
    """The sync client."""

    def __init__(self, stack: str, cell: Cell, base_url: str, tls: ssl.SSLContext, folder: Path) -> None:
        self._stack, self._cell, self._base_url, self._tls, self._folder = stack, cell, base_url, tls, folder
        self._client: Any = None
        self._given: Any = None

    def open(self) -> None:
        from mailwright_faults import Faults

        self._given = backend(self._stack, self._tls, is_async=False)
        self._client = Faults(self._base_url, **{"backend": self._given, **options_of(self._cell)})

    def call(self, name: str, arguments: Mapping[str, Any]) -> object:
        return perform(self._client, name, self._filled(arguments), self._folder)

    def call_patiently(self, name: str, arguments: Mapping[str, Any]) -> object:
        return perform(self._client.with_options(timeout=_PATIENT), name, arguments, self._folder)

    def shown(self) -> list[str]:
        return [] if self._client is None else [repr(self._client), str(self._client), repr(self._client.things)]

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
        if hasattr(self._given, "close"):
            self._given.close()

    def documented(self, error: BaseException) -> bool:
        from mailwright.runtime import MailwrightError

        return isinstance(error, MailwrightError)

    def _filled(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        return {name: source_of(value, self._folder) for name, value in arguments.items()}


class AsyncOurs(Ours):
    """The async client, with an event loop of its own."""

    def open(self) -> None:
        from mailwright_faults import AsyncFaults

        self._runner = asyncio.Runner()
        self._given = self._run(self._make_backend())
        self._client = AsyncFaults(self._base_url, **{"backend": self._given, **options_of(self._cell)})

    def call(self, name: str, arguments: Mapping[str, Any]) -> object:
        return self._run(perform_async(self._client, name, self._filled(arguments), self._folder))

    def call_patiently(self, name: str, arguments: Mapping[str, Any]) -> object:
        return self._run(perform_async(self._client.with_options(timeout=_PATIENT), name, arguments, self._folder))

    def close(self) -> None:
        try:
            if self._client is not None:
                self._run(self._client.aclose())
            if hasattr(self._given, "aclose"):
                self._run(self._given.aclose())
        finally:
            self._runner.close()

    async def _make_backend(self) -> Any:
        return backend(self._stack, self._tls, is_async=True)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)


def backend(stack: str, tls: ssl.SSLContext, *, is_async: bool) -> Any:
    """What a client is given as its `backend`."""
    return _BACKENDS[stack](tls, is_async)


def _httpx(tls: ssl.SSLContext, is_async: bool) -> Any:
    from mailwright.runtime.httpx_backend import AsyncHttpxBackend, HttpxBackend

    return AsyncHttpxBackend(tls=tls) if is_async else HttpxBackend(tls=tls)


def _borrowed(tls: ssl.SSLContext, is_async: bool) -> Any:
    import httpx

    return (httpx.AsyncClient if is_async else httpx.Client)(verify=tls, trust_env=False)


_BACKENDS: dict[str, Callable[[ssl.SSLContext, bool], Any]] = {"httpx": _httpx, "borrowed": _borrowed}
