from __future__ import annotations

import asyncio

import pytest
from sample_api import AsyncDuck, AsyncScripted, CannedReply, Duck, User, scripted

from mailwright.runtime import NotFound, Response, UsageError, async_with_response, with_response

BODY = b'{"success":true,"id":"a"}'
HEADERS = (("Content-Type", "application/json"), ("X-Request-Id", "r1"), ("x-request-id", "r2"))


def check(response: Response[User]) -> None:
    assert (response.status, response.content, response.headers) == (200, BODY, HEADERS)
    assert response.value == User(success=True, id="a")
    assert (response.operation, response.method, response.url) == ("getUser", "GET", "http://mail.test/users/x")
    assert response.attempts == 1
    assert 0 <= response.elapsed < 5
    assert (response.header("X-REQUEST-ID"), response.header("etag")) == ("r1", None)
    assert repr(response) == "<Response 200 of getUser>"


def test_methods_behind_with_response_give_the_whole_answer() -> None:
    mail = Duck("http://mail.test", backend=scripted(CannedReply(BODY, headers=HEADERS)))
    check(mail.users.with_response.get("x"))
    check(with_response(mail.users.get)("x"))
    assert mail.users.get("x") == User(success=True, id="a")


def test_async_methods_do_the_same() -> None:
    async def fetch() -> list[Response[User]]:
        mail = AsyncDuck("http://mail.test", backend=AsyncScripted(scripted(CannedReply(BODY, headers=HEADERS))))
        return [await mail.users.with_response.get("x"), await async_with_response(mail.users.get)("x")]

    for response in asyncio.run(fetch()):
        check(response)


def test_lists_behind_with_response_are_pages_with_their_response() -> None:
    mail = Duck("http://mail.test", backend=scripted(b'{"success":true,"results":[{"id":"1"}]}'))
    pages = mail.users.with_response.list(query="x")
    assert [user.id for user in pages] == ["1"]
    assert pages.page().response.status == 200


def test_errors_are_raised_behind_with_response_too() -> None:
    mail = Duck("http://mail.test", backend=scripted(b'{"error":"This user does not exist"}'))
    with pytest.raises(NotFound):
        mail.users.with_response.get("x")


@pytest.mark.parametrize("wrapped", [print, len, "x".upper, Duck.users])
def test_what_is_no_method_of_a_resource_is_refused(wrapped: object) -> None:
    with pytest.raises(UsageError, match="takes a method of a resource"):
        with_response(wrapped)  # type: ignore[arg-type]
