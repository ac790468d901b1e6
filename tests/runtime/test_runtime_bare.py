"""Successes without the envelope that the API puts around others, whose failures have it all the same."""

from __future__ import annotations

import pytest

from mailwright.runtime import APIError, NotFound, ResponseInvalid
from mailwright.runtime.answers import check_answer
from mailwright.runtime.dialects import dialect

WILDDUCK = dialect("wildduck")
JSON = (("content-type", "application/json"),)


def test_a_success_needs_no_envelope() -> None:
    check_answer(WILDDUCK, 200, JSON, b'{"result": {}}', bare=True)


def test_others_need_one() -> None:
    with pytest.raises(ResponseInvalid):
        check_answer(WILDDUCK, 200, JSON, b'{"result": {}}')


@pytest.mark.parametrize(
    ("status", "content", "kind"),
    [
        (200, b'{"error": "it failed"}', APIError),
        (200, b'{"success": false}', APIError),
        (404, b'{"error": "no such thing", "code": "ThingNotFound"}', NotFound),
        (500, b'{"result": {}}', APIError),
    ],
)
def test_a_failure_is_one_with_an_envelope_or_without(status: int, content: bytes, kind: type[APIError]) -> None:
    with pytest.raises(kind):
        check_answer(WILDDUCK, status, JSON, content, bare=True)


def test_what_is_no_json_is_no_success() -> None:
    with pytest.raises(ResponseInvalid):
        check_answer(WILDDUCK, 200, (("content-type", "text/html"),), b"<html>", bare=True)
