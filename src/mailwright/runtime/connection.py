"""The backend of a client: made when it is first needed, shared by what `with_options` gives, closed once."""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Callable
from typing import Generic, TypeVar

from mailwright.runtime.backends import AsyncBackendChoice, BackendChoice, chosen_async_backend, chosen_backend
from mailwright.runtime.credentials import Credential
from mailwright.runtime.errors import UsageError
from mailwright.runtime.request import AsyncBackend, Backend

B = TypeVar("B")


class Connection(Generic[B]):
    """Holds one backend; `made` is one that the client made, and `given` one of the caller's, which is never closed.

    Without either, `make` is called when the first request is sent. `owner` is the name of the client's class.
    """

    def __init__(
        self, owner: str, *, make: Callable[[], B] | None = None, made: B | None = None, given: B | None = None
    ) -> None:
        self._owner = owner
        self._make = make
        self._backend = given if made is None else made
        self._owned = given is None
        self._process = os.getpid()
        self._closed = False
        self._lock = threading.Lock()

    def backend(self) -> B:
        """Returns the backend to send with.

        Raises `UsageError` when the client is closed, and in a forked process, whose copy of the connections would
        mix its bytes with those of the other process.
        """
        backend = self._backend
        if self._closed:
            raise UsageError("the client is closed")
        if self._process != os.getpid():
            if backend is not None:
                raise UsageError(
                    f"this client has connections of process {self._process}, and this is process {os.getpid()}; "
                    "make a client after the fork"
                )
            # The lock may have been held at the moment of the fork.
            self._process, self._lock = os.getpid(), threading.Lock()
        if backend is not None:
            return backend
        with self._lock:
            if self._closed or self._make is None:
                raise UsageError("the client is closed")
            if self._backend is None:
                self._backend = self._make()
            return self._backend

    def close(self) -> B | None:
        """Ends the use of the backend; returns it when it is now to be closed."""
        if self._process != os.getpid():
            # A child must leave its parent's connections alone, and the lock may have been held at the fork.
            self._closed = True
            return None
        with self._lock:
            self._closed = True
            backend, self._backend = self._backend, None
        return backend if self._owned else None

    def __del__(self) -> None:
        if getattr(self, "_owned", False) and self._backend is not None and self._process == os.getpid():
            warnings.warn(f"{self._owner} was not closed; use it in a with statement", ResourceWarning, stacklevel=2)


def connected(owner: str, choice: BackendChoice | None, credentials: tuple[Credential, ...]) -> Connection[Backend]:
    """Returns the connection that a `backend` argument asks for; raises `UsageError` for one that cannot be used."""
    if choice is None or choice == "httpx":
        # Its library is slow to import, and not needed before the first call.
        return Connection(owner, make=lambda: chosen_backend(choice)[0])
    backend, owned = chosen_backend(choice)
    _check(backend, credentials)
    return Connection(owner, made=backend) if owned else Connection(owner, given=backend)


def async_connected(
    owner: str, choice: AsyncBackendChoice | None, credentials: tuple[Credential, ...]
) -> Connection[AsyncBackend]:
    """Returns the connection that a `backend` argument asks for; raises `UsageError` for one that cannot be used."""
    if choice is None or choice == "httpx":
        return Connection(owner, make=lambda: chosen_async_backend(choice)[0])
    backend, owned = chosen_async_backend(choice)
    _check(backend, credentials)
    return Connection(owner, made=backend) if owned else Connection(owner, given=backend)


def _check(backend: Backend | AsyncBackend, credentials: tuple[Credential, ...]) -> None:
    if getattr(backend, "logs_urls", False) and any(credential.query for credential in credentials):
        raise UsageError(
            "a token in the query would get into the log of the httpx client that was given as backend; "
            "send the token in the header, or use another backend"
        )
