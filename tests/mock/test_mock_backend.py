from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from mailwright_wildduck.v1_0_107 import AsyncWildDuck, WildDuck
from mock_caller import TOKEN

from mailwright.mock import Application, AsyncMockBackend, Fault, Mock, MockBackend
from mailwright.runtime import (
    APIError,
    AuthenticationFailed,
    Disconnected,
    MailwrightError,
    TimedOut,
    TransportError,
)


def client(mock: Mock, token: str = TOKEN, timeout: float = 5.0) -> WildDuck:
    return WildDuck("http://mock.test", access_token=token, backend=MockBackend(mock), timeout=timeout)


def test_the_generated_client_works_on_the_mock(mock: Mock) -> None:
    with client(mock) as mail:
        user = mail.users.create(username="jane", password="a-password").id
        assert mail.users.get(user).username == "jane"
        mail.addresses.create(user, address="other@example.org")
        assert [each.address for each in mail.addresses.list(user)] == [
            "jane@example.test",
            "other@example.org",
        ]
        mail.users.delete(user)
        with pytest.raises(APIError, match="This user does not exist"):
            mail.users.get(user)


def test_the_generated_client_walks_all_pages(mock: Mock) -> None:
    mock.populate(7)
    with client(mock) as mail:
        assert [each.username for each in mail.users.list(limit=3)] == [f"user{number}" for number in range(1, 8)]


def test_the_asynchronous_client_works_on_the_mock(mock: Mock) -> None:
    async def story() -> list[str]:
        backend = AsyncMockBackend(mock)
        async with AsyncWildDuck("http://mock.test", access_token=TOKEN, backend=backend) as mail:
            await asyncio.gather(*(mail.users.create(username=name, password="x") for name in ("joe", "jane")))
            return sorted([each.username async for each in mail.users.list(limit=1)])

    assert asyncio.run(story()) == ["jane", "joe"]


def test_a_wrong_token_is_the_clients_exception(mock: Mock) -> None:
    with client(mock, "wrong") as mail, pytest.raises(AuthenticationFailed):
        mail.users.list().page()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(kind="reset"), Disconnected),
        (Fault(kind="html"), MailwrightError),
        (Fault(kind="html", status=200), MailwrightError),
        (Fault(kind="empty"), MailwrightError),
        (Fault(kind="truncate"), MailwrightError),
        (Fault(status=503), APIError),
        (Fault(delay=5), TimedOut),
    ],
    ids=["reset", "html", "html at 200", "empty", "truncate", "503", "delay"],
)
def test_a_fault_is_a_typed_exception_of_the_client(document: Any, fault: Fault, error: type[Exception]) -> None:
    with client(Mock(document, faults=[fault]), timeout=0.05) as mail, pytest.raises(error):
        mail.users.create(username="jane", password="x")


def test_a_reset_of_an_asynchronous_call_is_a_transport_error(document: Any) -> None:
    async def story() -> None:
        backend = AsyncMockBackend(Mock(document, faults=[Fault(kind="reset", delay=0.01)]))
        async with AsyncWildDuck("http://mock.test", backend=backend) as mail:
            await mail.users.create(username="jane", password="x")

    with pytest.raises(TransportError):
        asyncio.run(story())


@pytest.mark.parametrize(
    "headers", [{"X-Access-Token": TOKEN}, [("x-access-token", TOKEN)], [(b"X-Access-Token", TOKEN)]]
)
def test_a_backend_reads_any_form_of_headers(mock: Mock, headers: Mapping[str, str] | list[tuple[str, str]]) -> None:
    class Wish:
        method = "GET"
        url = "http://mock.test/users"
        content = None

    Wish.headers = headers  # type: ignore[attr-defined]
    backend = MockBackend(mock)
    assert backend.send(Wish()).status == 200  # type: ignore[arg-type]
    backend.close()
    assert backend.closed


def test_the_mock_is_an_asgi_application(mock: Mock) -> None:
    async def story() -> tuple[httpx.Response, httpx.Response, httpx.Response]:
        transport = httpx.ASGITransport(Application(mock))
        async with httpx.AsyncClient(transport=transport, base_url="http://mock.test") as http:
            http.headers["X-Access-Token"] = TOKEN
            made = await http.post("/users", json={"username": "jane", "password": "x"})
            listed = await http.get("/users", params={"query": "jane"})
            return made, listed, await http.get("/users/a%2Fb")

    made, listed, quoted = asyncio.run(story())
    assert made.json()["success"]
    assert listed.json()["results"][0]["id"] == made.json()["id"]
    assert quoted.status_code == 200
    assert made.headers["server"] == "WildDuck API"


def test_an_asgi_server_may_start_and_stop_it(mock: Mock) -> None:
    wishes = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    said: list[Any] = []

    async def story() -> None:
        async def receive() -> dict[str, str]:
            return next(wishes)

        async def send(message: Any) -> None:
            said.append(message["type"])

        await Application(mock)({"type": "lifespan"}, receive, send)

    asyncio.run(story())
    assert said == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
