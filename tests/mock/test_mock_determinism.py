from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from mock_caller import Caller, Clock, Fit

from mailwright.mock import Mock


def story(mock: Mock, fit: Fit) -> list[bytes]:
    call = Caller(mock, fit, None)
    user = call.user("jane")
    return [
        call.send("POST", f"/users/{user}/asps", {"description": "x"}).content,
        call.send("POST", f"/users/{user}/password/reset", {}).content,
        call.send("POST", f"/users/{user}/2fa/totp/setup", {"issuer": "x"}).content,
        call.send("GET", f"/users/{user}/authlog").content,
    ]


def test_the_same_seed_and_clock_give_the_same_bytes(document: Any, fit: Fit) -> None:
    first, second = (story(Mock(document, seed=7, clock=Clock()), fit) for _ in range(2))
    assert first == second


def test_another_seed_gives_other_ids_and_passwords(document: Any, fit: Fit) -> None:
    first, second = (story(Mock(document, seed=seed, clock=Clock()), fit) for seed in (7, 8))
    assert not set(first) & set(second)


def test_a_reset_starts_the_story_anew(document: Any, fit: Fit) -> None:
    clock = Clock()
    start = clock.now
    mock = Mock(document, seed=7, clock=clock)
    first = story(mock, fit)
    mock.reset()
    clock.now = start
    assert sum(mock.state.count().values()) == 0
    assert len(mock.journal) == 0
    assert story(mock, fit) == first


@pytest.mark.parametrize("threads", [8])
def test_threads_share_a_mock_without_losing_anything(document: Any, fit: Fit, threads: int) -> None:
    mock = Mock(document)
    call = Caller(mock, fit, None)

    def create(number: int) -> str:
        from mailwright.mock import Request

        body = b'{"username": "user%d", "password": "x"}' % number
        request = Request("POST", "/users", (("Content-Type", "application/json"),), body)
        return mock.handle(request).content.decode()

    with ThreadPoolExecutor(threads) as pool:
        ids = set(pool.map(create, range(200)))
    assert len(ids) == 200
    assert call("GET", "/users")["total"] == 200
    assert mock.journal.total == 201


def test_demo_records_are_there_from_the_start(call: Caller) -> None:
    call.mock.populate(2)
    assert [each["name"] for each in call("GET", "/users")["results"]] == ["User 1", "User 2"]
    assert call("POST", "/authenticate", {"username": "user2", "password": "password2"})["success"]
