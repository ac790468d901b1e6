from __future__ import annotations

import json

import pytest
from sample_api import ONCE, CannedReply, scripted

from mailwright.runtime import (
    APIError,
    AuthenticationFailed,
    Client,
    Conflict,
    InvalidRequest,
    NotFound,
    Operation,
    PermissionDenied,
    RateLimited,
    ResponseInvalid,
    ServerError,
)

GET: Operation[int] = Operation("GET", "/principal/{}", id="getPrincipal", result=int, value="data")
KEY = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----"


class Tall(Client):
    _dialect = "stalwart"


def answered(body: object, status: int = 200, media_type: str = "application/json") -> int:
    reply = CannedReply(json.dumps(body).encode(), status, (("Content-Type", media_type),))
    return Tall("http://mail.test/api", backend=scripted(reply), retries=ONCE).call(GET, "x")


def refused(body: object, status: int = 200, media_type: str = "application/json") -> APIError:
    with pytest.raises(APIError) as caught:
        answered(body, status, media_type)
    return caught.value


def test_the_value_is_what_is_in_data() -> None:
    assert answered({"data": 2**63 - 1}) == 2**63 - 1
    assert answered({"data": 1, "error": "x"}) == 1


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        ({"error": "fieldAlreadyExists", "field": "name", "value": "x"}, Conflict, "with this name already"),
        ({"error": "fieldMissing", "field": "name"}, InvalidRequest, "name is missing"),
        ({"error": "notFound", "item": "jane"}, NotFound, "there is no jane"),
        ({"error": "notFound", "item": ""}, NotFound, "no such thing"),
        ({"error": "unsupported", "details": "Enterprise feature"}, InvalidRequest, "Enterprise feature"),
        ({"error": "assertFailed"}, Conflict, "something already"),
        ({"error": "other", "details": "it failed", "reason": "disk full"}, InvalidRequest, "it failed: disk full"),
        ({"error": "other", "details": "it failed", "reason": None}, InvalidRequest, "it failed"),
        ({"error": "brandNew"}, InvalidRequest, "brandNew"),
    ],
)
def test_a_failure_at_200_is_raised_by_its_kind(body: dict[str, object], kind: type[APIError], message: str) -> None:
    error = refused(body)
    assert type(error) is kind
    assert message in str(error)
    assert error.code == body["error"]
    assert error.status == 200


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, InvalidRequest), (401, AuthenticationFailed), (403, PermissionDenied), (404, NotFound),
     (429, RateLimited), (500, ServerError), (503, ServerError)],
)  # fmt: skip
def test_a_problem_is_raised_by_its_status(status: int, kind: type[APIError]) -> None:
    body = {"type": "about:blank", "status": status, "title": "Title", "detail": "What is wrong", "limit": "maxSize"}
    error = refused(body, status, "application/problem+json")
    assert type(error) is kind
    assert (error.message, error.code, error.status) == ("What is wrong", "maxSize", status)


def test_402_asks_for_the_code_of_a_one_time_password() -> None:
    error = refused({"type": "about:blank", "status": 402, "detail": "a code is missing"}, 402)
    assert type(error) is AuthenticationFailed
    assert "`$` and its digits after the password" in str(error)


def test_the_private_key_of_a_duplicate_is_in_no_text() -> None:
    error = refused({"error": "fieldAlreadyExists", "field": "signature.rsa.private-key", "value": KEY})
    assert "MIIB" not in f"{error} {error!r} {error.details}"
    assert error.details == {"field": "signature.rsa.private-key", "value": "***"}


@pytest.mark.parametrize("body", [{}, {"error": ""}, {"error": 1}, {"accounts": {}}])
def test_a_server_without_this_api_is_told_in_one_sentence(body: object) -> None:
    with pytest.raises(ResponseInvalid, match=r"0\.16 and later have no such API"):
        answered(body)


def test_data_of_another_kind_is_told_with_its_place() -> None:
    with pytest.raises(ResponseInvalid) as caught:
        answered({"data": []})
    assert caught.value.place == "$.data"
