from __future__ import annotations

import json
from typing import Any

import pytest

from mailwright.mock import Fault, Mock, Request
from mailwright.problem import Problem

PREFER = (("Prefer", "code=503, delay=0.25"),)


def test_a_header_asks_for_faults_only_where_control_is_given(document: Any) -> None:
    assert Mock(document).handle(Request("GET", "/users", PREFER)).status == 200
    response = Mock(document, control=True).handle(Request("GET", "/users", PREFER))
    assert (response.status, response.delay) == (503, 0.25)
    assert json.loads(response.content)["code"] == "ServiceUnavailable"


@pytest.mark.parametrize("value", ["code=abc", "delay=-1", "delay=nan", "fault=nosuch", "respond-async", "code=999"])
def test_a_wish_that_cannot_be_read_is_ignored(document: Any, value: str) -> None:
    response = Mock(document, control=True).handle(Request("GET", "/users", (("prefer", value),)))
    assert (response.status, response.delay, response.cut) == (200, 0, "")


def test_a_fault_with_a_status_leaves_the_state_alone(document: Any) -> None:
    mock = Mock(document, control=True)
    body = b'{"username": "jane", "password": "x"}'
    headers = (("Content-Type", "application/json"), *PREFER)
    assert mock.handle(Request("POST", "/users", headers, body)).status == 503
    assert mock.state.count()["users"] == 0


def test_a_lost_answer_is_of_a_call_that_was_carried_out(document: Any) -> None:
    mock = Mock(document, faults=[Fault("createUser", kind="reset")])
    body = b'{"username": "jane", "password": "x"}'
    assert mock.handle(Request("POST", "/users", (("Content-Type", "application/json"),), body)).cut == "reset"
    assert mock.state.count()["users"] == 1


def test_a_fault_is_for_its_operation_and_its_number_of_times(document: Any) -> None:
    mock = Mock(document, faults=[Fault("listUsers", status=500, times=2), Fault("searchAddresses", status=502)])

    def statuses(path: str) -> list[int]:
        return [mock.handle(Request("GET", path)).status for _ in range(3)]

    assert statuses("/users") == [500, 500, 200]
    assert statuses("/addresses") == [502, 502, 502]
    mock.reset()
    assert statuses("/users") == [500, 500, 200]


@pytest.mark.parametrize(
    ("wish", "status", "media_type", "content"),
    [
        ("html", 502, "text/html", b"<!DOCTYPE html>"),
        ("empty", 200, "application/json; charset=utf-8", b""),
        ("truncate", 200, "application/json; charset=utf-8", b'{"success":true,'),
    ],
)
def test_each_fault_spoils_the_answer_its_way(
    document: Any, wish: str, status: int, media_type: str, content: bytes
) -> None:
    mock = Mock(document, control=True)
    whole = mock.handle(Request("GET", "/users"))
    response = mock.handle(Request("GET", "/users", (("Prefer", f"fault={wish}"),)))
    assert (response.status, response.header("content-type")) == (status, media_type)
    assert response.content.startswith(content)
    if wish == "truncate":
        assert response.header("content-length") == str(len(whole.content))
        assert len(response.content) < len(whole.content)
    else:
        assert response.header("content-length") == str(len(response.content))


def test_a_fault_that_is_none_is_a_problem(document: Any) -> None:
    with pytest.raises(Problem, match="'smoke' is no fault"):
        Mock(document, faults=[Fault(kind="smoke")])  # type: ignore[arg-type]
