from __future__ import annotations

import json
import logging
import pickle
import traceback

import pytest
from sample_api import ONCE, CannedReply, scripted

from mailwright.runtime import (
    APIError,
    Attempt,
    AuthenticationFailed,
    Client,
    Conflict,
    InvalidRequest,
    Limits,
    NotFound,
    OneTimePasswordNeeded,
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
    assert error.message.startswith("What is wrong")
    assert (error.code, error.status) == ("maxSize", status)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b'{"type": "about:blank", "status": 402, "detail": "a code is missing"}', "application/problem+json"),
        (b'{"error": "other", "details": "a code is missing"}', "application/json"),
        (b"{}", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"", "application/json"),
        (b"a code is missing", "text/plain"),
        (b"<html>", "text/html"),
        (b" " * 300, "application/json"),
    ],
    ids=["problem", "error", "empty object", "broken", "list", "nothing", "text", "HTML", "too large"],
)
def test_402_asks_for_a_one_time_password_whatever_its_body(content: bytes, media_type: str) -> None:
    reply = CannedReply(content, 402, (("Content-Type", media_type),))
    limits = Limits(response_bytes=200)
    mail = Tall("http://mail.test/api", backend=scripted(reply), retries=ONCE, limits=limits)
    with pytest.raises(OneTimePasswordNeeded, match=r"put `\$` and its digits after the password") as caught:
        mail.call(GET, "x")
    assert isinstance(caught.value, AuthenticationFailed)
    assert caught.value.status == 402


DUPLICATES = {
    "usual": json.dumps({"error": "fieldAlreadyExists", "field": "signature.rsa.private-key", "value": KEY}),
    "twice": json.dumps({"error": "fieldAlreadyExists", "field": "x", "value": KEY})[:-1] + ', "value": "x"}',
    "escaped": json.dumps({"error": "fieldAlreadyExists", "value": KEY}).replace('"value"', '"\\u0076alue"'),
    "list": json.dumps({"error": "other", "details": "it failed", "value": [KEY]}),
    "large": json.dumps({"error": "fieldAlreadyExists", "value": KEY + "A" * 100_000}),
}


@pytest.mark.parametrize("status", [200, 409])
@pytest.mark.parametrize("content", DUPLICATES.values(), ids=DUPLICATES)
def test_the_private_key_of_a_duplicate_is_nowhere(content: str, status: int, caplog: pytest.LogCaptureFixture) -> None:
    reply = CannedReply(content.encode(), status, (("Content-Type", "application/json"),))
    attempts: list[Attempt] = []
    mail = Tall("http://mail.test/api", backend=scripted(reply), retries=ONCE, after_response=attempts.append)
    with caplog.at_level(logging.DEBUG), pytest.raises(APIError) as caught:
        mail.call(GET, "x")
    error = caught.value
    shown = [str(error), repr(error), repr(error.args), repr(error.details), repr(vars(error)), error.content.decode()]
    shown += [repr(vars(pickle.loads(pickle.dumps(error)))), pickle.dumps(error).decode("latin-1"), caplog.text]
    shown += [repr(attempts), repr([vars(each.error) for each in attempts if each.error])]
    shown += ["".join(traceback.format_exception(error))]
    assert [text for text in shown if "MIIB" in text] == []
    assert json.loads(error.content)["value"] == "***"
    assert isinstance(error.details, dict)
    assert error.details["value"] == "***"


def test_what_has_no_value_in_it_is_kept_as_it_came() -> None:
    assert refused({"error": "notFound", "item": "jane"}).content == b'{"error": "notFound", "item": "jane"}'


@pytest.mark.parametrize("body", [{}, {"error": ""}, {"error": 1}, {"accounts": {}}])
def test_a_server_without_this_api_is_told_in_one_sentence(body: object) -> None:
    with pytest.raises(ResponseInvalid, match=r"0\.16 and later have no such API"):
        answered(body)


def test_a_token_as_plain_text_is_told_in_the_same_sentence() -> None:
    reply = CannedReply(b"tok-secret-1", 200, (("Content-Type", "text/plain; charset=utf-8"),))
    with pytest.raises(ResponseInvalid, match=r"0\.16 and later have no such API") as caught:
        Tall("http://mail.test/api", backend=scripted(reply), retries=ONCE).call(GET, "x")
    assert "tok-secret-1" not in f"{caught.value} {caught.value!r}"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b'{"type": "about:blank", "status": 404, "detail": "Not found"}', "application/problem+json"),
        (b"{}", "application/json"),
        (b"Not found", "text/plain"),
        (b"", ""),
    ],
)
def test_a_path_that_there_is_not_is_told_in_the_same_sentence(content: bytes, media_type: str) -> None:
    reply = CannedReply(content, 404, (("Content-Type", media_type),) if media_type else ())
    with pytest.raises(NotFound, match=r"0\.16 and later have no such API"):
        Tall("http://mail.test/api", backend=scripted(reply), retries=ONCE).call(GET, "x")


def test_a_path_that_there_is_not_hints_at_the_base_url() -> None:
    error = refused({"type": "about:blank", "status": 404, "detail": "Not found"}, 404)
    assert "base_url must end in /api" in str(error)


def test_what_management_does_not_find_is_no_matter_of_versions() -> None:
    error = refused({"error": "notFound", "item": "jane"}, 404)
    assert type(error) is NotFound
    assert "0.16" not in str(error)


def test_other_media_types_say_nothing_of_versions() -> None:
    reply = CannedReply(b"<html>", 200, (("Content-Type", "text/html"),))
    with pytest.raises(ResponseInvalid) as caught:
        Tall("http://mail.test/api", backend=scripted(reply), retries=ONCE).call(GET, "x")
    assert "0.16" not in str(caught.value)


def test_data_of_another_kind_is_told_with_its_place() -> None:
    with pytest.raises(ResponseInvalid) as caught:
        answered({"data": []})
    assert caught.value.place == "$.data"
