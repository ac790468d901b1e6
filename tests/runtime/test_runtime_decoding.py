from __future__ import annotations

import asyncio

import pytest
from sample_api import AsyncDuck, AsyncScripted, CannedReply, Duck, User, scripted

from mailwright.runtime import MailwrightError, ResponseInvalid

JSON = (("Content-Type", "application/json; charset=utf-8"),)


def fetch(reply: CannedReply) -> User:
    return Duck("http://mail.test", backend=scripted(reply)).users.get("x")


def test_body_becomes_the_model() -> None:
    assert fetch(CannedReply(b'{"success":true,"id":"a","quota":18446744073709551617,"later":[1]}')) == User(
        success=True, id="a", quota=2**64 + 1
    )


def test_numbers_in_strings_are_read_on_the_second_try() -> None:
    assert fetch(CannedReply(b'{"success":true,"id":"a","quota":"12"}')).quota == 12


def test_envelope_is_never_read_laxly() -> None:
    with pytest.raises(MailwrightError):
        fetch(CannedReply(b'{"success":"true","id":"a"}'))


@pytest.mark.parametrize(
    ("content", "place", "cause"),
    [
        (b'{"success":true,"id":5}', "$.id", "expected `str`, got `int`"),
        (b'{"success":true}', "$", "missing required field `id`"),
        (b'{"success":true,"id":"a","quota":"many"}', "$.quota", "expected `int"),
        (b"[]", "$", "expected `object`, got `array`"),
        (b'"text"', "$", "expected `object`"),
        (b"null", "$", "expected `object`"),
        (b'{"success":true,"id":"a","quota":NaN}', "", "is not JSON"),
        (b'{"success":true,"id":"a","quota":Infinity}', "", "is not JSON"),
        (b'{"success":true,"id":"a","quota":1e400}', "$.quota", ""),
        (b'{"success":true,"id":"a","quota":' + b"9" * 6000 + b"}", "$.quota", "out of range"),
        (b'{"success":true,"id":"a', "", "cut off"),
        (b'{"success":true,"id":"a"} x', "", "is not JSON"),
        (b"\xef\xbb\xbf{}", "", "is not JSON"),
        (b'{"success":true,"id":"\xff"}', "", "not UTF-8"),
        (b'{"success":true,"id":"a","extra":"\xff"}', "", "not UTF-8"),
        (b'{"success":true,"id":"a","x":' + b"[" * 100_000, "", "beyond limits.nesting (100)"),
        (b'{"success":true,"id":"a","x":' + b'{"a":' * 100_000, "", "beyond limits.nesting (100)"),
        (b"", "", "empty body"),
        (b" \r\n", "", "empty body"),
        (b"<html><h1>It works!</h1>", "", "HTML, not JSON; is this URL the API?"),
        (b"plain words", "", "is not JSON"),
        (b'{"results":[]}', "", "neither 'success': true nor an error"),
        (b"{}", "", "neither 'success': true nor an error"),
    ],
)
def test_body_the_api_does_not_allow_is_told_with_its_place_and_bytes(content: bytes, place: str, cause: str) -> None:
    with pytest.raises(ResponseInvalid) as caught:
        fetch(CannedReply(content, headers=JSON))
    error = caught.value
    assert cause in error.message
    assert (error.place, error.content) == (place, content)
    assert (error.operation, error.method, error.url) == ("getUser", "GET", "http://mail.test/users/x")
    assert (error.status, error.attempts) == (200, 1)


def test_place_is_exact_inside_a_list() -> None:
    backend = scripted(b'{"success":true,"results":[{"id":7}]}')
    with pytest.raises(ResponseInvalid) as caught:
        Duck("http://mail.test", backend=backend).users.list().page()
    assert caught.value.place == "$.results[0].id"
    assert str(caught.value) == (
        "the answer does not fit the API at $.results[0].id: expected `str`, got `int` "
        "(listUsers: GET http://mail.test/users, status 200)"
    )


@pytest.mark.parametrize(
    ("media_type", "cause"),
    [
        ("text/html", "HTML, not JSON"),
        ("text/plain; charset=utf-8", "text/plain, not JSON"),
        ("application/octet-stream", "application/octet-stream, not JSON"),
    ],
)
def test_wrong_content_type_is_not_read(media_type: str, cause: str) -> None:
    with pytest.raises(ResponseInvalid, match=cause):
        fetch(CannedReply(headers=(("content-type", media_type),)))


@pytest.mark.parametrize("media_type", ["application/json", "Application/JSON;charset=UTF-8", "application/x+json", ""])
def test_json_by_any_of_its_names_is_read(media_type: str) -> None:
    assert fetch(CannedReply(headers=(("CONTENT-TYPE", media_type),))).id == "1"


def test_answer_without_content_type_is_read() -> None:
    assert fetch(CannedReply(headers=())).id == "1"


@pytest.mark.parametrize("status", [301, 302, 303, 304, 307, 308])
def test_redirect_is_told_without_what_the_target_may_hide(status: int) -> None:
    location = ("Location", "https://me:pw@other.test/login?token=abc#x")
    with pytest.raises(ResponseInvalid) as caught:
        fetch(CannedReply(b"", status, (location,)))
    assert "https://other.test/login," in caught.value.message
    assert "base_url" in caught.value.message
    assert not any(part in str(caught.value) for part in ("pw", "abc", "me:"))
    assert caught.value.status == status


@pytest.mark.parametrize("location", ["", "http://[", "//", "/relative?token=x"])
def test_redirect_to_anywhere_is_the_same_error(location: str) -> None:
    with pytest.raises(ResponseInvalid, match="redirects to"):
        fetch(CannedReply(b"", 302, (("Location", location),)))


@pytest.mark.parametrize("status", [0, 99, 101])
def test_status_that_ends_no_request_is_invalid(status: int) -> None:
    with pytest.raises(ResponseInvalid, match="ends no request"):
        fetch(CannedReply(status=status))


def test_async_client_tells_the_same() -> None:
    async def fetch_async() -> User:
        backend = AsyncScripted(scripted(b'{"success":true,"id":5}'))
        return await AsyncDuck("http://mail.test", backend=backend).users.get("x")

    with pytest.raises(ResponseInvalid) as caught:
        asyncio.run(fetch_async())
    assert (caught.value.place, caught.value.operation, caught.value.status) == ("$.id", "getUser", 200)
