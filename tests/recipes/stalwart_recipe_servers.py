"""A mock of Stalwart for the recipes, called by either kind of client, with what goes wrong on request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from mailwright_stalwart.v0_15 import AsyncStalwart, Stalwart

from mailwright.mock import AsyncMockBackend, Fault, Mock, MockBackend
from mailwright.recipes import async_stalwart, stalwart
from mailwright.targets import bundled_document

URL = "http://127.0.0.1/api"
TOKEN = "a-token-for-the-tests"


class Server:
    """A mock, and the recipes of one kind."""

    def __init__(self, *, is_async: bool, edition: str = "", faults: tuple[Fault, ...] = ()) -> None:
        self.is_async = is_async
        self.mock = Mock(bundled_document("stalwart-0.15"), token=TOKEN, edition=edition, faults=faults)
        self.mail = Stalwart(URL, token=TOKEN, backend=MockBackend(self.mock))

    def run(self, name: str, *given: Any, token: str = TOKEN, **more: Any) -> Any:
        """Runs a recipe."""
        if not self.is_async:
            with Stalwart(URL, token=token, backend=MockBackend(self.mock)) as mail:
                return getattr(stalwart, name)(mail, *given, **more)

        async def call() -> Any:
            async with AsyncStalwart(URL, token=token, backend=AsyncMockBackend(self.mock)) as mail:
                return await getattr(async_stalwart, name)(mail, *given, **more)

        return asyncio.run(call())

    def asked(self) -> list[str]:
        """The operations that were called, in their order."""
        return [each.operation for each in self.mock.journal]

    def trying(self, check: Callable[[str], object]) -> Callable[[Any], Any]:
        """A trial of a key that reads its own principal and hands its name on."""

        def plain(mail: Stalwart) -> None:
            check(str(mail.principals.get("office-2").name))

        async def other(mail: AsyncStalwart) -> None:
            check(str((await mail.principals.get("office-2")).name))

        return other if self.is_async else plain
