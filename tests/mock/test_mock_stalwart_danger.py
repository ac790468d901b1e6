"""What destroys everything on a Stalwart without a filter is not sent unless the caller says so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from mailwright_stalwart.v0_15 import AsyncStalwart, Stalwart

from mailwright.mock import AsyncMockBackend, Mock, MockBackend
from mailwright.runtime import UNSET, UsageError
from mailwright.targets import bundled_document

URL = "http://127.0.0.1/api"
HOUR = timedelta(hours=1)
BULK = [
    ("queue", "reschedule_messages"),
    ("queue", "delete_messages"),
    ("queue", "delete_reports"),
    ("reports", "delete_all_dmarc"),
    ("reports", "delete_all_tls"),
    ("reports", "delete_all_arf"),
]
Call = Callable[..., Any]


@pytest.fixture
def mock() -> Mock:
    return Mock(bundled_document("stalwart-0.15"), token="t")


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest, mock: Mock) -> Call:
    """Calls a method of a resource with one of the two clients."""

    def at_once(resource: str, method: str, **given: Any) -> Any:
        with Stalwart(URL, token="t", backend=MockBackend(mock)) as mail:
            return getattr(getattr(mail, resource), method)(**given)

    async def awaited(resource: str, method: str, **given: Any) -> Any:
        async with AsyncStalwart(URL, token="t", backend=AsyncMockBackend(mock)) as mail:
            return await getattr(getattr(mail, resource), method)(**given)

    return at_once if request.param == "sync" else lambda *path, **given: asyncio.run(awaited(*path, **given))


def ids(mock: Mock) -> list[int]:
    with Stalwart(URL, token="t", backend=MockBackend(mock)) as mail:
        return [each for each in mail.queue.list_messages() if isinstance(each, int)]


@pytest.mark.parametrize("given", [{}, {"limit": 1}, {"everything": False}, {"everything": 1}, {"everything": UNSET}])
@pytest.mark.parametrize(("resource", "method"), BULK)
def test_nothing_is_sent_without_a_filter(
    call: Call, mock: Mock, resource: str, method: str, given: dict[str, Any]
) -> None:
    with pytest.raises(UsageError, match="everything=True"):
        call(resource, method, **given)
    assert list(mock.journal) == []


@pytest.mark.parametrize("method", ["reschedule_messages", "delete_messages"])
@pytest.mark.parametrize(
    "given",
    [
        {"text": ""},
        {"to": "", "from_": None},
        {"before": datetime.now(UTC) - HOUR},
        {"after": datetime(2001, 1, 1, tzinfo=UTC)},
        {"before": (datetime.now(UTC) + HOUR).replace(tzinfo=None)},
    ],
    ids=["empty", "none", "past", "long past", "without a zone"],
)
def test_a_filter_that_the_server_ignores_is_none(call: Call, mock: Mock, method: str, given: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="means everything"):
        call("queue", method, **given)
    assert list(mock.journal) == []


def test_a_filter_takes_what_it_finds(call: Call, mock: Mock) -> None:
    before = ids(mock)
    assert len(before) > 0
    assert call("queue", "delete_messages", text="no such words anywhere") is False
    assert ids(mock) == before
    assert call("queue", "reschedule_messages", before=datetime.now(UTC) + 10_000 * HOUR) is True
    assert ids(mock) == before


def test_everything_is_taken_where_the_caller_says_so(call: Call, mock: Mock) -> None:
    assert call("queue", "delete_messages", everything=True) is True
    assert ids(mock) == []
    assert mock.journal[0].url.endswith("/queue/messages")


def test_a_filter_holds_beside_everything(call: Call, mock: Mock) -> None:
    before = ids(mock)
    assert call("queue", "delete_messages", text="no such words anywhere", everything=True) is False
    assert ids(mock) == before
