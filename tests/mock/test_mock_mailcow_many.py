"""Calls for many things on the mock of mailcow: what fails on the way is told of its item, and the rest is done."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from mailwright_mailcow.v2026_08 import AsyncMailcow, Mailcow

from mailwright.mock import AsyncMockBackend, Mock, MockBackend
from mailwright.runtime import Disconnected, Done, NotSent, Outcomes, PermissionDenied, Request, Retries
from mailwright.targets import bundled_document

DOCUMENT: Any = bundled_document("mailcow-2026.08")
BOXES = [f"{name}@example.org" for name in ("ann", "bob", "cid")]
ONCE = Retries(attempts=1)


class Counting(MockBackend):
    """A backend that notes what is written, and loses the connection at one of the writes."""

    def __init__(self, mock: Mock, lost_at: int = -1) -> None:
        super().__init__(mock)
        self.writes: list[bytes] = []
        self.lost_at = lost_at

    def send(self, request: Request, /) -> Any:
        if request.method == "POST":
            self.writes.append(request.body() or b"")
            if len(self.writes) - 1 == self.lost_at:
                raise Disconnected("the connection ended")
        return super().send(request)


@pytest.fixture
def mock() -> Mock:
    mock = Mock(DOCUMENT, token="secret")
    with Mailcow("http://mock.test", api_key="secret", backend=MockBackend(mock)) as mail:
        mail.domains.create(domain="example.org")
        for box in BOXES:
            mail.mailboxes.create(
                domain="example.org", local_part=box[:3], password="moohoo12", password2="moohoo12", quota=100
            )
    return mock


def client(backend: Any, key: str = "secret") -> Mailcow:
    return Mailcow("http://mock.test", api_key=key, backend=backend, retries=ONCE)


def left(mock: Mock) -> list[str]:
    return [box.username for box in client(MockBackend(mock)).mailboxes.list()]


def test_one_that_is_not_there_does_not_keep_the_others(mock: Mock) -> None:
    backend = Counting(mock)
    outcomes = client(backend).mailboxes.delete_many([BOXES[0], "nobody@example.org", BOXES[2]])
    assert [(each.item, each.ok) for each in outcomes] == [
        (BOXES[0], True),
        ("nobody@example.org", False),
        (BOXES[2], True),
    ]
    assert outcomes[0].value.key == "mailbox_removed"
    assert left(mock) == [BOXES[1]]
    assert backend.writes == [b'["ann@example.org"]', b'["nobody@example.org"]', b'["cid@example.org"]']


def test_with_asyncio_as_well(mock: Mock) -> None:
    async def run() -> Outcomes[str, Done]:
        async with AsyncMailcow("http://mock.test", api_key="secret", backend=AsyncMockBackend(mock)) as mail:
            return await mail.mailboxes.delete_many(iter([BOXES[0], "nobody@example.org", BOXES[2]]))

    assert [each.ok for each in asyncio.run(run())] == [True, False, True]
    assert left(mock) == [BOXES[1]]


def test_a_lost_connection_ends_the_run_and_tells_what_was_done(mock: Mock) -> None:
    backend = Counting(mock, lost_at=1)
    outcomes = client(backend).mailboxes.update_many(BOXES, name="New")
    assert outcomes[0].value.key == "mailbox_modified"
    assert [type(each.error) for each in outcomes] == [type(None), Disconnected, NotSent]
    assert len(backend.writes) == 2
    names = {box.username: box.name for box in client(MockBackend(mock)).mailboxes.list()}
    assert [names[box] == "New" for box in BOXES] == [True, False, False]


def test_a_key_that_may_only_read_is_asked_once(mock: Mock) -> None:
    backend = Counting(mock)
    outcomes = client(backend, "secret-ro").mailboxes.delete_many(BOXES)
    assert [type(each.error) for each in outcomes] == [PermissionDenied, NotSent, NotSent]
    assert len(backend.writes) == 1
    assert left(mock) == BOXES


def test_the_same_thing_twice_is_deleted_once(mock: Mock) -> None:
    outcomes = client(MockBackend(mock)).mailboxes.delete_many([BOXES[0], BOXES[0]])
    assert [each.ok for each in outcomes] == [True, False]


def test_nothing_to_do_is_no_request(mock: Mock) -> None:
    backend = Counting(mock)
    assert len(client(backend).mailboxes.delete_many([])) == 0
    assert backend.writes == []


def test_tags_are_taken_off_one_by_one(mock: Mock) -> None:
    mail = client(MockBackend(mock))
    mail.mailboxes.update(BOXES[0], tags=["a", "b", "c"])
    assert mail.mailboxes.delete_tags(BOXES[0], ["a", "c"]).ok
    assert mail.mailboxes.get(BOXES[0]).tags == ["b"]
