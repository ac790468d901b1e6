"""The base of every generated async client, in the order of `client.py`."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import ClassVar, Self, TypeVar, cast

from mailwright.runtime.credentials import Credential
from mailwright.runtime.errors import UsageError
from mailwright.runtime.exchange import Exchange
from mailwright.runtime.models import UNSET
from mailwright.runtime.operation import Operation
from mailwright.runtime.request import AsyncBackend
from mailwright.runtime.response import Response
from mailwright.runtime.settings import checked_settings

T = TypeVar("T")


class AsyncClient:
    """Makes the calls of one API without blocking; it belongs to one event loop.

    `base_url` is where the API lives; a path in it is kept as a prefix. `timeout` is in seconds. Without a `backend`
    the client makes its own from httpx when the first call is made, and closes it; a backend that was given is left
    open. Raises `UsageError` for arguments it cannot use.
    """

    _dialect: ClassVar[str] = ""

    def __init__(
        self,
        base_url: str,
        *,
        credentials: tuple[Credential, ...] = (),
        timeout: float = 30.0,
        backend: AsyncBackend | None = None,
    ) -> None:
        self._settings = checked_settings(self._dialect, base_url, credentials, timeout, backend, is_async=True)
        self._backend = backend
        self._owns_backend = backend is None
        self._closed = False

    async def call(
        self,
        operation: Operation[T],
        /,
        *path: str | int,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        body: object = UNSET,
    ) -> T:
        """Makes one call and returns its value; raises a `MailwrightError` for everything else."""
        return (await self.send(operation, *path, query=query, headers=headers, body=body)).value

    async def send(
        self,
        operation: Operation[T],
        /,
        *path: str | int,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        body: object = UNSET,
    ) -> Response[T]:
        """Makes one call and returns the whole answer; raises like `call`."""
        with Exchange(self._settings, operation) as exchange:
            backend = self._open_backend()
            return exchange.response(await backend.send(exchange.request(path, query, headers, body)))

    def answering(self) -> AsyncAnsweringClient:
        """Returns a caller whose `call` returns the whole `Response`."""
        return AsyncAnsweringClient(self)

    async def aclose(self) -> None:
        """Closes the connections of the client's own backend; later calls raise `UsageError`."""
        self._closed = True
        backend, self._backend = self._backend, None
        if self._owns_backend and backend is not None:
            await backend.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._settings.base_url!r})"

    def _open_backend(self) -> AsyncBackend:
        if self._closed:
            raise UsageError("the client is closed")
        if self._backend is None:
            from mailwright.runtime.httpx_backend import AsyncHttpxBackend

            self._backend = AsyncHttpxBackend()
        return self._backend


class AsyncAnsweringClient:
    """An async client whose `call` returns the whole `Response`, for resources behind `with_response`."""

    def __init__(self, client: AsyncClient, /) -> None:
        self._client = client

    async def call(
        self,
        operation: Operation[T],
        /,
        *path: str | int,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        body: object = UNSET,
    ) -> T:
        """Makes one call and returns the whole answer, under the type of its value (see `with_response`)."""
        return cast("T", await self.send(operation, *path, query=query, headers=headers, body=body))

    async def send(
        self,
        operation: Operation[T],
        /,
        *path: str | int,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        body: object = UNSET,
    ) -> Response[T]:
        """Makes one call and returns the whole answer."""
        return await self._client.send(operation, *path, query=query, headers=headers, body=body)

    def answering(self) -> AsyncAnsweringClient:
        """Returns itself."""
        return self
