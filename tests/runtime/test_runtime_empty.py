"""Answers without a body, where the API has them: None, and never a way past an error."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest
from sample_api import ONCE, AsyncDuck, AsyncScripted, CannedReply, Duck, Scripted, User

from mailwright.runtime import APIError, NotFound, Operation, ResponseInvalid

FORGET: Operation[None] = Operation("DELETE", "/users/{}", id="forgetUser", result=type(None), empty=True)
LOOK: Operation[User | None] = Operation(
    "GET", "/users/{}", id="lookForUser", result=cast("type[User | None]", User | None), empty=True
)
GET: Operation[User] = Operation("GET", "/users/{}", id="getUser", result=User)
NOTHING = CannedReply(b"", 204, ())


def call(operation: Operation[Any], reply: CannedReply) -> Any:
    return Duck("http://host", retries=ONCE, backend=Scripted([reply])).call(operation, "u")


@pytest.mark.parametrize("reply", [NOTHING, CannedReply(b"", 200, ()), CannedReply(b"\r\n", 202, ())], ids=repr)
def test_no_body_is_none(reply: CannedReply) -> None:
    assert call(FORGET, reply) is None
    assert call(LOOK, reply) is None


def test_no_body_is_none_for_async_clients_and_in_whole_responses() -> None:
    async def ask() -> Any:
        backend = AsyncScripted(Scripted([NOTHING]))
        return await AsyncDuck("http://host", retries=ONCE, backend=backend).send(FORGET, "u")

    response = asyncio.run(ask())
    assert (response.value, response.status, response.content) == (None, 204, b"")


def test_what_may_be_empty_is_read_when_it_is_not() -> None:
    assert call(LOOK, CannedReply(b'{"success": true, "id": "1"}')).id == "1"


def test_no_body_is_refused_where_a_value_is_due() -> None:
    with pytest.raises(ResponseInvalid, match="empty body"):
        call(GET, NOTHING)


def test_an_error_stays_one() -> None:
    with pytest.raises(NotFound):
        call(FORGET, CannedReply(b"", 404, ()))
    with pytest.raises(APIError, match="no such user"):
        call(FORGET, CannedReply(b'{"error": "no such user", "code": "UserNotFound"}'))
    with pytest.raises(ResponseInvalid, match="redirects"):
        call(FORGET, CannedReply(b"", 302, ()))


@pytest.mark.parametrize("kind", ["text/html", "text/plain", "application/json"])
def test_a_body_where_none_is_due_is_refused(kind: str) -> None:
    with pytest.raises(ResponseInvalid):
        call(FORGET, CannedReply(b'{"success": true, "id": "1"}', 200, (("Content-Type", kind),)))
