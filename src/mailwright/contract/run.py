"""Runs the contract of one target: every operation through every part."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mailwright.contract import decode, encode, hostile, lists, many, secrets, uploads
from mailwright.contract.bindings import Client
from mailwright.contract.calling import Caller
from mailwright.contract.document import Operation
from mailwright.contract.findings import Half
from mailwright.contract.suite import Suite

if TYPE_CHECKING:
    from mailwright.contract.server import Server

Progress = Callable[[Operation, Suite], None]


def run(
    client: Client,
    operations: list[Operation],
    *,
    cases: int,
    seed: int,
    progress: Progress | None = None,
    server: Server | None = None,
) -> Suite:
    """Runs the contract over some operations; the same seed gives the same cases.

    With a `server` every generated request is sent there as well.
    """
    with Caller(client) as caller:
        suite = Suite(client, caller, seed=seed, cases=cases)
        for operation in operations:
            with _timed(suite, "encode"):
                encode.check(suite, operation)
                uploads.check(suite, operation)
                many.check(suite, operation)
                many.check_whole(suite, operation)
            with _timed(suite, "decode"):
                decode.check(suite, operation)
                lists.check(suite, operation)
            with _timed(suite, "hostile"):
                hostile.check(suite, operation)
                secrets.check(suite, operation)
            if server is not None:
                with _timed(suite, "server"):
                    server.check(suite, operation)
            if progress is not None:
                progress(operation, suite)
        with _timed(suite, "hostile"):
            hostile.check_tokens(suite)
        return suite


@contextmanager
def _timed(suite: Suite, half: Half) -> Generator[None]:
    started = time.perf_counter()
    yield
    suite.seconds[half] += time.perf_counter() - started
