"""The generated client of Stalwart on its mock: what it asks for, and what it makes of the answers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from mailwright_stalwart.v0_15 import AsyncStalwart, Stalwart, models
from mock_caller import Clock

from mailwright.mock import AsyncMockBackend, Mock, MockBackend
from mailwright.runtime import UNSET, AuthenticationFailed, Conflict, InvalidRequest, NotFound, Unset
from mailwright.targets import bundled_document

URL = "http://127.0.0.1/api"
HASH = "$6$salt$hash"


@pytest.fixture
def mock() -> Mock:
    return Mock(bundled_document("stalwart-0.15"), token="t")


@pytest.fixture
def mail(mock: Mock) -> Iterator[Stalwart]:
    with Stalwart(URL, token="t", backend=MockBackend(mock)) as client:
        client.principals.create(models.NewIndividual(name="jane", secrets=[HASH], description="Jane Roe"))
        yield client


@pytest.mark.parametrize(
    ("fields", "seen"), [(UNSET, [HASH]), ("name,secrets", [HASH]), ("name", None)], ids=["all", "asked for", "not"]
)
def test_password_hashes_are_read_by_those_who_ask(mail: Stalwart, fields: str | Unset, seen: list[str] | None) -> None:
    (found,) = mail.principals.list(types="individual", fields=fields)
    assert isinstance(found, models.Individual)
    assert found.secrets == seen


def test_password_hashes_are_not_read_unless_asked_for(mail: Stalwart, mock: Mock) -> None:
    (found,) = mail.principals.list(types="individual")
    assert isinstance(found, models.Individual)
    assert (found.name, found.description, found.secrets) == ("jane", "Jane Roe", None)
    assert "fields=name" in mock.journal[-1].url
    assert "secrets" not in mock.journal[-1].url


def test_no_other_field_is_left_out_by_default(mail: Stalwart) -> None:
    everything = {each.name: each for each in mail.principals.list(fields=UNSET)}["jane"]
    assert isinstance(everything, models.Individual)
    (usual,) = mail.principals.list()
    everything.secrets = None
    assert usual == everything


def test_every_page_asks_for_the_same_fields(mail: Stalwart) -> None:
    for number in range(3):
        mail.principals.create(models.NewIndividual(name=f"user{number}", secrets=[HASH]))
    found = list(mail.principals.list(limit=2))
    assert [each.name for each in found] == ["jane", "user0", "user1", "user2"]
    assert [each.secrets for each in found if isinstance(each, models.Individual)] == [None] * 4


def test_the_async_client_asks_for_the_same(mail: Stalwart, mock: Mock) -> None:
    async def read() -> list[object]:
        async with AsyncStalwart(URL, token="t", backend=AsyncMockBackend(mock)) as client:
            return [each async for each in client.principals.list()]

    assert asyncio.run(read()) == list(mail.principals.list())


def test_failures_at_200_are_raised_by_kind(mail: Stalwart) -> None:
    with pytest.raises(Conflict, match="name"):
        mail.principals.create(models.NewIndividual(name="jane"))
    with pytest.raises(NotFound, match="nobody"):
        mail.principals.delete("nobody")
    with pytest.raises(InvalidRequest, match="Enterprise"):
        mail.telemetry.list_metrics()
    with pytest.raises(NotFound):
        mail.queue.get_message("1")


def test_the_private_key_of_a_second_signature_is_shown_to_nobody(mail: Stalwart) -> None:
    mail.dkim.create(algorithm="Ed25519", domain="example.org")
    with pytest.raises(Conflict) as caught:
        mail.dkim.create(algorithm="Ed25519", domain="example.org")
    assert "PRIVATE KEY" not in f"{caught.value!r} {caught.value} {caught.value.details}"


def test_streams_of_the_enterprise_edition_are_typed() -> None:
    mock = Mock(bundled_document("stalwart-0.15"), token="t", edition="enterprise")
    with Stalwart(URL, token="t", backend=MockBackend(mock)) as mail:
        with mail.telemetry.watch_metrics(metrics="queue.count") as stream:
            metrics = next(iter(stream))
        assert metrics.data == [models.LiveGauge(id="queue.count", value=3)]
        with mail.troubleshoot.check_delivery("jane@example.com") as stream:
            steps = [step for event in stream for step in event.data]
    assert [type(each) for each in steps] == [
        models.StepMxLookupStart,
        models.StepMxLookupError,
        models.StepCompleted,
    ]


def test_each_connection_to_a_stream_has_a_token_that_is_young_enough() -> None:
    clock = Clock()
    mock = Mock(bundled_document("stalwart-0.15"), token="t", clock=clock, edition="enterprise")
    with Stalwart(URL, token="t", backend=MockBackend(mock)) as mail:
        for _ in range(2):
            with mail.telemetry.watch_metrics() as events:
                assert next(iter(events))
            clock.forward(seconds=61)
        old = mail.telemetry.create_metrics_token()
        clock.forward(seconds=60)
        with pytest.raises(AuthenticationFailed), mail.telemetry.watch_metrics(token=old) as events:
            next(iter(events))
