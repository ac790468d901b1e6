"""The base of every generated client."""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cached_property
from types import TracebackType
from typing import ClassVar, Self, TypeVar, Unpack, cast

from mailwright.runtime.connection import connected
from mailwright.runtime.credentials import Credential
from mailwright.runtime.exchange import Exchange
from mailwright.runtime.models import UNSET
from mailwright.runtime.opened import Opened, opened
from mailwright.runtime.operation import Operation
from mailwright.runtime.options import CallOptions, Options, check_names
from mailwright.runtime.receiving import close, closing, received
from mailwright.runtime.response import Response
from mailwright.runtime.settings import checked_settings, with_credentials, with_options

T = TypeVar("T")


class Client:
    """Makes the calls of one API, and may be shared by threads.

    `base_url` is where the API lives; a path in it is kept as a prefix. `Options` tells the other arguments. A backend
    that the client makes itself is closed with it; one that was given is left open. Raises `UsageError` for
    arguments it cannot use.
    """

    _dialect: ClassVar[str] = ""

    def __init__(self, base_url: str, *, credentials: tuple[Credential, ...] = (), **options: Unpack[Options]) -> None:
        check_names(options, Options)
        self._settings = checked_settings(self._dialect, base_url, credentials, options)
        self._connection = connected(type(self).__name__, options.get("backend"), self._settings.credentials)
        self._shares = False

    def with_options(self, **options: Unpack[CallOptions]) -> Self:
        """Returns a client with other options on the same connections, as in `mail.with_options(timeout=2).users`.

        Closing it closes nothing. Raises `UsageError` for options it cannot use.
        """
        check_names(options, CallOptions)
        twin = copy.copy(self)
        # Resources are kept in the instance, and stand on the client they were made by.
        for name in [name for name in vars(twin) if isinstance(getattr(type(twin), name, None), cached_property)]:
            del vars(twin)[name]
        twin._settings = with_options(self._settings, options)
        twin._shares = True
        return twin

    def with_credentials(self, *credentials: Credential) -> Self:
        """Returns a client that shows these credentials in the place of its own, on the same connections.

        Closing it closes nothing. Raises `UsageError` for what are no credentials.
        """
        twin = self.with_options()
        twin._settings = with_credentials(self._settings, credentials)
        return twin

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
            exchange.prepare(path, query, headers, body)
            while True:
                backend = self._connection.backend()
                with exchange.attempt() as request:
                    reply = backend.send(request)
                    with closing(reply):
                        if not exchange.redirected(reply.status, reply.headers):
                            with exchange.taking_in(reply.status, reply.headers):
                                content = received(reply, request, self._settings.limits)
                            return exchange.response(reply.status, reply.headers, content)
                time.sleep(exchange.pause)

    def open(
        self,
        operation: Operation[T],
        /,
        *path: str | int,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        body: object = UNSET,
    ) -> Opened:
        """Makes one call whose answer is a stream, and returns it before it is read; raises like `call`."""
        with Exchange(self._settings, operation) as exchange:
            exchange.prepare(path, query, headers, body)
            while True:
                backend = self._connection.backend()
                with ExitStack() as unless_opened:
                    stream: Opened | None = None
                    with exchange.attempt() as request:
                        reply = backend.send(request)
                        unless_opened.callback(close, reply)
                        if not exchange.redirected(reply.status, reply.headers):
                            stream = opened(exchange, reply, request)
                    if stream is not None:
                        unless_opened.pop_all()
                        return stream
                time.sleep(exchange.pause)

    def answering(self) -> AnsweringClient:
        """Returns a caller whose `call` returns the whole `Response`."""
        return AnsweringClient(self)

    def close(self) -> None:
        """Closes the connections of the client's own backend; later calls raise `UsageError`."""
        backend = None if self._shares else self._connection.close()
        if backend is not None:
            backend.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._settings.base_url!r})"


class AnsweringClient:
    """A client whose `call` returns the whole `Response`, for resources behind `with_response`."""

    def __init__(self, client: Client, /) -> None:
        self._client = client
        self.send = client.send
        self.open = client.open

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
        return cast("T", self._client.send(operation, *path, query=query, headers=headers, body=body))

    def answering(self) -> AnsweringClient:
        """Returns itself."""
        return self
