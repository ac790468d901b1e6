"""What destroys everything on a Stalwart without a filter is not sent unless the caller says so."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from mailwright_stalwart.v0_15 import AsyncStalwart, Stalwart

from mailwright.mock import AsyncMockBackend, Mock, MockBackend, Request
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


QUEUE = ("queue", "delete_messages")
AHEAD = datetime.now(UTC) + 10_000 * HOUR
IGNORED: list[tuple[tuple[str, str], dict[str, Any], str]] = [
    (QUEUE, {"queue": "outgoing1"}, "queue, which has more than 8 bytes: give a shorter one"),
    (QUEUE, {"queue": "ééééé"}, "more than 8 bytes"),
    (QUEUE, {"to": "x.org", "queue": "outgoing1"}, "more than 8 bytes"),
    (QUEUE, {"text": " "}, "blanks"),
    (QUEUE, {"text": "x", "to": "y"}, "to beside text: leave one of them out"),
    (QUEUE, {"text": "x", "from_": "y"}, "from_ beside text"),
    (QUEUE, {"text": "x", "page": 2}, "page without limit: give both"),
    (QUEUE, {"text": "x", "page": 2, "limit": 0}, "page without limit"),
    (QUEUE, {"text": "x", "limit": -1}, "limit: give a whole number, 0 or more"),
    (QUEUE, {"text": "x", "limit": 2**64}, "limit"),
    (QUEUE, {"text": "x", "range_start": -1}, "range_start"),
    (QUEUE, {"text": "x", "range_end": 1.5}, "range_end"),
    (QUEUE, {"text": "x", "max_total": True}, "max_total"),
    (QUEUE, {"before": datetime.now(UTC) - HOUR}, "before: give a time"),
    (QUEUE, {"before": datetime.now(UTC) + HOUR / 60}, "two minutes ahead"),
    (QUEUE, {"text": "x", "after": datetime(2001, 1, 1, tzinfo=UTC)}, "after: give a time"),
    (QUEUE, {"before": AHEAD.replace(tzinfo=None)}, "with a zone"),
    (QUEUE, {"before": AHEAD.replace(tzinfo=timezone(timedelta(seconds=1172)))}, "before"),
    (QUEUE, {"before": AHEAD.isoformat()}, "before"),
    (("queue", "delete_reports"), {"type_": "DMARC"}, "type_: give one of dmarc, tls"),
    (("queue", "delete_reports"), {"domain": "\u2003"}, "domain, which has nothing but blanks"),
    (("reports", "delete_all_dmarc"), {"text": "\t"}, "blanks"),
    (("reports", "delete_all_tls"), {"text": "x", "page": 2}, "page without limit"),
    (("principals", "delete_all"), {"type_": "individual", "confirm": True, "filter_": " "}, "blanks"),
]


@pytest.mark.parametrize("more", [{}, {"everything": True}], ids=["", "everything"])
@pytest.mark.parametrize(("path", "given", "told"), IGNORED)
def test_what_the_server_would_take_no_notice_of_is_refused(
    call: Call, mock: Mock, path: tuple[str, str], given: dict[str, Any], told: str, more: dict[str, Any]
) -> None:
    with pytest.raises(UsageError, match="takes no notice of") as caught:
        call(*path, **given, **more)
    assert told in str(caught.value)
    assert list(mock.journal) == []


@pytest.mark.parametrize("given", [{"text": ""}, {"to": "", "from_": None}, {"queue": "", "before": None}])
@pytest.mark.parametrize("method", ["reschedule_messages", "delete_messages"])
def test_an_empty_filter_is_none(call: Call, mock: Mock, method: str, given: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="means everything"):
        call("queue", method, **given)
    assert list(mock.journal) == []


@pytest.mark.parametrize(
    "query", ["queue=outgoing1", "queue=%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9", "page=2", "limit=-1", "type=x", "before=2001"]
)
def test_the_server_deletes_everything_where_it_takes_no_notice(mock: Mock, query: str) -> None:
    before = len(ids(mock))
    given = Request("DELETE", f"{URL}/queue/messages?{query}", (("authorization", "Bearer t"),))
    assert json.loads(mock.handle(given).content) == {"data": True}
    assert before > 0
    assert ids(mock) == []


@pytest.mark.parametrize("given", [{}, {"tenant": "acme"}, {"tenant": "acme", "filter_": "jane"}, {"filter_": ""}])
def test_all_principals_of_a_type_are_deleted_only_where_the_caller_says_so(
    call: Call, mock: Mock, given: dict[str, Any]
) -> None:
    with pytest.raises(UsageError, match="everything=True"):
        call("principals", "delete_all", type_="individual", confirm=True, **given)
    assert list(mock.journal) == []
    assert call("principals", "delete_all", type_="individual", confirm=True, everything=True, **given) in (True, False)


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
