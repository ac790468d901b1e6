"""The life of a Stalwart on its mock: over 80 calls, step by step the same for both kinds of client."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from mailwright_stalwart.v0_15 import AsyncStalwart, Stalwart
from mock_caller import Clock
from stalwart_scenario import life
from stalwart_server_steps import TROUBLE
from stalwart_steps import Cast, live, live_async

from mailwright.mock import AsyncMockBackend, Fault, Mock, MockBackend
from mailwright.runtime import Retries
from mailwright.targets import bundled_document

Results = list[tuple[str, Any]]
URL = "http://127.0.0.1/api"
TOKEN = "secret-token"
KEY = "api_" + base64.b64encode(b"robot:s3cret").decode()
KINDS = ("fieldAlreadyExists", "fieldMissing", "notFound", "unsupported", "assertFailed", "other")
STATUSES = (400, 401, 402, 403, 404, 429, 500, 503)


def mocks() -> tuple[Mock, Mock]:
    """The enterprise edition, in trouble for a while, and the open one."""
    document = bundled_document("stalwart-0.15")
    trouble = [Fault(operation, status=status, times=1) for status, (operation, _) in TROUBLE.items()]
    bought = Mock(document, token=TOKEN, clock=Clock(), edition="enterprise", faults=trouble)
    return bought, Mock(document, token=TOKEN, clock=Clock())


def cast_of(client: Callable[..., Any], backend: Callable[[Mock], Any], bought: Mock, given: Mock) -> Cast:
    # What is in trouble is to be seen, and not to be tried again.
    ours: dict[str, Any] = {"backend": backend(bought), "retries": Retries(attempts=1)}
    return Cast(
        mail=client(URL, token=TOKEN, **ours),
        person=client(URL, username="jane", password=TOKEN, **ours),
        robot=client(URL, token=KEY, **ours),
        stranger=client(URL, **ours),
        open=client(URL, token=TOKEN, backend=backend(given), retries=Retries(attempts=1)),
    )


@pytest.fixture(scope="module")
def servers() -> tuple[Mock, Mock]:
    return mocks()


@pytest.fixture(scope="module")
def results(servers: tuple[Mock, Mock]) -> Results:
    return live(life(cast_of(Stalwart, MockBackend, *servers)))


def test_a_life_has_at_least_80_calls_that_all_give_what_they_should(results: Results) -> None:
    assert len(results) >= 80


def test_both_kinds_of_client_see_the_same_life(results: Results) -> None:
    async def run() -> Results:
        return await live_async(life(cast_of(AsyncStalwart, AsyncMockBackend, *mocks())))

    assert asyncio.run(asyncio.wait_for(run(), 60)) == results


def test_a_call_that_gives_nothing_is_followed_by_a_look(results: Results) -> None:
    blind = [name for (name, told), (_, after) in pairwise(results) if told is None and after is None]
    assert blind == []
    assert results[-1][1] is not None


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_failure_is_met(results: Results, kind: str) -> None:
    assert any(told["code"] == kind and told["status"] == 200 for told in failures(results))


@pytest.mark.parametrize("status", STATUSES)
def test_each_status_is_met(results: Results, status: int) -> None:
    assert any(told["status"] == status for told in failures(results))


def test_every_operation_that_0_15_has_is_called(results: Results, servers: tuple[Mock, Mock]) -> None:
    operations = [
        operation
        for item in bundled_document("stalwart-0.15")["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict)
    ]
    held = {each["operationId"] for each in operations if "x-until" not in each}
    assert results
    assert len(held) == 91
    assert held - {entry.operation for mock in servers for entry in mock.journal} == set()


def failures(results: Results) -> list[dict[str, Any]]:
    return [told for _, told in results if isinstance(told, dict) and "error" in told]
