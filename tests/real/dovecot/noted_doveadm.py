"""Clients of a real Dovecot that note which commands were answered; the asyncio one can be used like the plain one."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from noting import SECONDS_FOR_A_CALL, Notes, UsedPlainly


@contextmanager
def doveadm_of(kind: str, series: str, url: str, notes: Notes, **secret: str) -> Iterator[Any]:
    """Gives a client: the plain one, or the asyncio one to be used plainly."""
    module = importlib.import_module(f"mailwright_dovecot.v{series.replace('.', '_')}")

    class NotedDoveadm(module.Doveadm):  # type: ignore[misc, name-defined]
        def send(self, operation: Any, /, *path: Any, **more: Any) -> Any:
            with notes.of(kind, operation.id):
                return super().send(operation, *path, **more)

    class NotedAsyncDoveadm(module.AsyncDoveadm):  # type: ignore[misc, name-defined]
        async def send(self, operation: Any, /, *path: Any, **more: Any) -> Any:
            with notes.of(kind, operation.id):
                return await super().send(operation, *path, **more)

    if kind == "plain":
        with NotedDoveadm(url, timeout=SECONDS_FOR_A_CALL, **secret) as plain:
            yield plain
        return
    asked = NotedAsyncDoveadm(url, timeout=SECONDS_FOR_A_CALL, **secret)
    with asyncio.Runner() as runner, UsedPlainly(asked, runner) as used:
        yield used
