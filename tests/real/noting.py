"""Notes which operations a server answered; and an asyncio client that can be used like the plain one."""

from __future__ import annotations

import asyncio
import inspect
from collections import defaultdict
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import Any

from mailwright.runtime import AsyncClient, AsyncDownload, AsyncEventStream, AsyncPages, AsyncResource, MailwrightError

SECONDS_FOR_A_CALL = 30.0


class Notes:
    """Which operations were answered and with which errors others were, by the kind of client."""

    def __init__(self) -> None:
        self.answered: dict[str, set[str]] = defaultdict(set)
        self.refused: dict[str, set[tuple[str, str]]] = defaultdict(set)

    @contextmanager
    def of(self, kind: str, operation: str) -> Iterator[None]:
        """Notes how one call goes."""
        try:
            yield
        except MailwrightError as error:
            self.refused[operation].add((kind, type(error).__name__))
            raise
        self.answered[operation].add(kind)


class UsedPlainly:
    """An object of the asyncio client, in a loop of its own, so that one test is for both kinds of client.

    What a call gives is awaited; `for`, `with` and `close` stand for `async for`, `async with` and `aclose`.
    """

    def __init__(self, used: Any, runner: asyncio.Runner) -> None:
        self._used = used
        self._runner = runner

    def __getattr__(self, name: str) -> Any:
        if name == "__self__":
            # A batch asks a method whose it is.
            return self._used.__self__
        return self._plain(getattr(self._used, "aclose" if name == "close" else name))

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._plain(self._used(*arguments, **named))

    def __iter__(self) -> Iterator[Any]:
        following = aiter(self._used)
        while True:
            try:
                each = self._wait(anext(following))
            except StopAsyncIteration:
                return
            yield self._plain(each)

    def __enter__(self) -> UsedPlainly:
        self._wait(self._used.__aenter__())
        return self

    def __exit__(self, *about: Any) -> None:
        self._wait(self._used.__aexit__(*about))

    def _plain(self, value: Any) -> Any:
        if inspect.isawaitable(value):
            value = self._wait(value)
        wrapped = (AsyncClient, AsyncResource, AsyncPages, AsyncDownload, AsyncEventStream)
        if isinstance(value, wrapped) or inspect.ismethod(value) or inspect.isasyncgen(value):
            return UsedPlainly(value, self._runner)
        return value

    def _wait(self, something: Awaitable[Any]) -> Any:
        async def whole() -> Any:
            return await something

        return self._runner.run(whole())
