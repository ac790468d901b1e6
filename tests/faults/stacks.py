"""What the matrix has columns for: our client on each backend, and vanilla openapi-python-client, sync and async."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any, Protocol

import vanilla
from cell import Cell
from certificates import Authority
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


def session(stack: str, is_async: bool, cell: Cell, base_url: str, authority: Authority, folder: Path) -> Session:
    """Returns the session of a stack."""
    if stack == VANILLA:
        kind = vanilla.AsyncSession if is_async else vanilla.SyncSession
        return kind(cell, base_url, authority, folder)
    return (AsyncOurs if is_async else Ours)(stack, cell, base_url, authority, folder)


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

    def __init__(self, stack: str, cell: Cell, base_url: str, authority: Authority, folder: Path) -> None:
        self._stack, self._cell, self._base_url, self._authority, self._folder = (
            stack,
            cell,
            base_url,
            authority,
            folder,
        )
        self._client: Any = None
        self._given: Any = None

    def open(self) -> None:
        from mailwright_faults import Faults

        self._given = backend(self._stack, self._base_url, self._authority, self._cell.proxy, is_async=False)
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
        return backend(self._stack, self._base_url, self._authority, self._cell.proxy, is_async=True)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        given: list[Any] = []

        async def keep() -> None:
            given.append(await work)

        # Python makes a text of the task that it runs, and so of what the task gives: four times the memory of bytes.
        self._runner.run(keep())
        return given[0]


def backend(stack: str, base_url: str, authority: Authority, proxy: str, *, is_async: bool) -> Any:
    """What a client is given as its `backend`: a name, unless there are certificates to trust or a proxy."""
    if stack == "borrowed":
        import httpx

        kind = httpx.AsyncClient if is_async else httpx.Client
        return kind(verify=authority.trusting(), proxy=proxy or None, trust_env=False)
    if not base_url.startswith("https:") and not proxy:
        return stack
    module, name = _CLASSES[stack, is_async]
    given: dict[str, Any] = {"ca_pem": authority.pem} if stack == "pyreqwest" else {"tls": authority.trusting()}
    if proxy:
        given["proxy"] = proxy
    return getattr(importlib.import_module(f"mailwright.runtime.backends.{module}"), name)(**given)


_CLASSES = {
    ("httpx", False): ("httpx_backend", "HttpxBackend"),
    ("httpx", True): ("httpx_backend", "AsyncHttpxBackend"),
    ("httpx2", False): ("httpx2_backend", "Httpx2Backend"),
    ("httpx2", True): ("httpx2_backend", "AsyncHttpx2Backend"),
    ("pyreqwest", False): ("pyreqwest_backend", "PyreqwestBackend"),
    ("pyreqwest", True): ("async_pyreqwest_backend", "AsyncPyreqwestBackend"),
}
