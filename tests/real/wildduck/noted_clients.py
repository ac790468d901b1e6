"""Clients that note which operations the server answered; the asyncio one can be used like the plain one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mailwright_wildduck.v1_51 import AsyncWildDuck, WildDuck
from noting import SECONDS_FOR_A_CALL, Notes, UsedPlainly


class NotedWildDuck(WildDuck):
    """The plain client."""

    notes: Notes

    def send(self, operation: Any, /, *path: Any, **more: Any) -> Any:
        with self.notes.of("plain", operation.id):
            return super().send(operation, *path, **more)

    def open(self, operation: Any, /, *path: Any, **more: Any) -> Any:
        with self.notes.of("plain", operation.id):
            return super().open(operation, *path, **more)


class NotedAsyncWildDuck(AsyncWildDuck):
    """The asyncio client."""

    notes: Notes

    async def send(self, operation: Any, /, *path: Any, **more: Any) -> Any:
        with self.notes.of("asyncio", operation.id):
            return await super().send(operation, *path, **more)

    async def open(self, operation: Any, /, *path: Any, **more: Any) -> Any:
        with self.notes.of("asyncio", operation.id):
            return await super().open(operation, *path, **more)


@contextmanager
def client_of(kind: str, url: str, token: str, notes: Notes) -> Iterator[Any]:
    """Gives a client that notes what it does: the plain one, or the asyncio one to be used plainly."""
    if kind == "plain":
        with NotedWildDuck(url, access_token=token, timeout=SECONDS_FOR_A_CALL) as mail:
            mail.notes = notes
            yield mail
        return
    with asyncio.Runner() as runner:
        async_mail = NotedAsyncWildDuck(url, access_token=token, timeout=SECONDS_FOR_A_CALL)
        async_mail.notes = notes
        with UsedPlainly(async_mail, runner) as used:
            yield used
