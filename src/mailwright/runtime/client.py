"""The base of every generated client."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from types import TracebackType
from typing import ClassVar, Self, TypeVar, cast

from mailwright.runtime.credentials import Credential
from mailwright.runtime.errors import UsageError
from mailwright.runtime.exchange import Exchange
from mailwright.runtime.models import UNSET
from mailwright.runtime.operation import Operation
from mailwright.runtime.request import Backend
from mailwright.runtime.response import Response
from mailwright.runtime.settings import checked_settings

T = TypeVar("T")


class Client:
    """Makes the calls of one API, and may be shared by threads.

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
        backend: Backend | None = None,
    ) -> None:
        self._settings = checked_settings(self._dialect, base_url, credentials, timeout, backend, is_async=False)
        self._backend = backend
        self._owns_backend = backend is None
        self._closed = False
        self._lock = threading.Lock()

    def call(
        self,
        operation: Operation[T],
        /,
        *path: str | int,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        body: object = UNSET,
    ) -> T:
        """Makes one call and returns its value; raises a `MailwrightError` for everything else."""
        return self.send(operation, *path, query=query, headers=headers, body=body).value

    def send(
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
            return exchange.response(backend.send(exchange.request(path, query, headers, body)))

    def answering(self) -> AnsweringClient:
        """Returns a caller whose `call` returns the whole `Response`."""
        return AnsweringClient(self)

    def close(self) -> None:
        """Closes the connections of the client's own backend; later calls raise `UsageError`."""
        with self._lock:
            self._closed = True
            backend, self._backend = self._backend, None
        if self._owns_backend and backend is not None:
            backend.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._settings.base_url!r})"

    def _open_backend(self) -> Backend:
        backend = self._backend
        if backend is None:
            with self._lock:
                if self._closed:
                    raise UsageError("the client is closed")
                if self._backend is None:
                    from mailwright.runtime.httpx_backend import HttpxBackend

                    self._backend = HttpxBackend()
                backend = self._backend
        return backend


class AnsweringClient:
    """A client whose `call` returns the whole `Response`, for resources behind `with_response`."""

    def __init__(self, client: Client, /) -> None:
        self._client = client

    def call(
        self,
        operation: Operation[T],
        /,
        *path: str | int,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        body: object = UNSET,
    ) -> T:
        """Makes one call and returns the whole answer, under the type of its value (see `with_response`)."""
        return cast("T", self.send(operation, *path, query=query, headers=headers, body=body))

    def send(
        self,
        operation: Operation[T],
        /,
        *path: str | int,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        body: object = UNSET,
    ) -> Response[T]:
        """Makes one call and returns the whole answer."""
        return self._client.send(operation, *path, query=query, headers=headers, body=body)

    def answering(self) -> AnsweringClient:
        """Returns itself."""
        return self
