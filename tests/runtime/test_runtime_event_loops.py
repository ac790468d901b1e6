"""An async client belongs to one event loop."""

from __future__ import annotations

import asyncio

import pytest
from loopback import loopback
from sample_api import AsyncDuck, AsyncScripted, scripted
from test_runtime_lifecycle import BACKENDS

from mailwright.runtime import UsageError


@BACKENDS
def test_async_client_belongs_to_the_event_loop_of_its_first_call(backend: str) -> None:
    async def call(mail: AsyncDuck) -> str:
        return (await mail.users.get("x")).id

    with loopback() as server:
        mail = AsyncDuck(server.url, backend=backend)
        assert asyncio.run(call(mail)) == "1"
        with pytest.raises(UsageError, match="another event loop"):
            asyncio.run(call(mail))
        asyncio.run(mail.aclose())
        with pytest.raises(UsageError, match="the client is closed"):
            asyncio.run(call(mail))
        assert len(server.requests) == 1


@BACKENDS
def test_async_client_may_be_made_before_its_event_loop(backend: str) -> None:
    async def call(mail: AsyncDuck) -> str:
        async with mail:
            return (await mail.users.get("x")).id

    with loopback() as server:
        assert asyncio.run(call(AsyncDuck(server.url, backend=backend))) == "1"


def test_backend_without_connections_may_be_used_in_any_event_loop() -> None:
    mail = AsyncDuck("http://mail.test", backend=AsyncScripted(scripted()))
    for _ in range(2):
        assert asyncio.run(mail.users.get("x")).id == "1"  # type: ignore[arg-type]
