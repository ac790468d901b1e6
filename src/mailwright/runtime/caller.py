"""What resources stand on: the part of a client that makes calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeVar

from mailwright.runtime.models import UNSET
from mailwright.runtime.opened import AsyncOpened, Opened
from mailwright.runtime.operation import Operation
from mailwright.runtime.response import Response

T = TypeVar("T")


class Caller(Protocol):
    """Makes calls; a client, or a client that answers with whole responses."""

    def call(
        self,
        operation: Operation[T],
        /,
        *path: str | int,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        body: object = UNSET,
    ) -> T: ...

    def send(
        self,
        operation: Operation[T],
        /,
        *path: str | int,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        body: object = UNSET,
    ) -> Response[T]: ...

    def open(
        self,
        operation: Operation[T],
        /,
        *path: str | int,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        body: object = UNSET,
    ) -> Opened: ...

    def answering(self) -> Caller: ...


class AsyncCaller(Protocol):
    """Makes calls without blocking; the twin of `Caller`."""

    async def call(
        self,
        operation: Operation[T],
        /,
        *path: str | int,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        body: object = UNSET,
    ) -> T: ...

    async def send(
        self,
        operation: Operation[T],
        /,
        *path: str | int,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        body: object = UNSET,
    ) -> Response[T]: ...

    async def open(
        self,
        operation: Operation[T],
        /,
        *path: str | int,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        body: object = UNSET,
    ) -> AsyncOpened: ...

    def answering(self) -> AsyncCaller: ...


class Resource:
    """A group of operations, such as `users`."""

    def __init__(self, client: Caller, /) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<{type(self).__name__} resource>"


class AsyncResource:
    """A group of operations of an async client."""

    def __init__(self, client: AsyncCaller, /) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"<{type(self).__name__} resource>"


# Not a method of theirs, where it could meet an operation of that name.
def on_answering_client(resource: Resource | AsyncResource) -> Resource | AsyncResource:
    """Returns the same resource on a caller that gives whole responses."""
    if isinstance(resource, Resource):
        return type(resource)(resource._client.answering())  # pyright: ignore[reportPrivateUsage]
    return type(resource)(resource._client.answering())  # pyright: ignore[reportPrivateUsage]
