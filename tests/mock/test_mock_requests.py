from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from mock_caller import TOKEN, Caller

from mailwright.mock import Mock, Request

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    "path", ["/nosuch", "/users/", "/", "/users//mailboxes", "/Users", "/users/%2F/x/y", "/user/abc/asps", "//users"]
)
def test_an_unknown_path_is_the_frameworks_404(call: Caller, path: str) -> None:
    response = call.send("GET", path)
    assert response.status == 404
    assert response.header("content-type") == "application/json"
    assert call("GET", path) == {"code": "ResourceNotFound", "message": f"{path} does not exist"}


def test_a_known_path_with_another_method_names_those_it_has(call: Caller) -> None:
    response = call.send("PUT", "/users", {})
    assert (response.status, response.header("allow")) == (405, "GET, POST")
    assert call("PUT", "/users", {}) == {"code": "MethodNotAllowed", "message": "PUT is not allowed"}


def test_a_quoted_slash_stays_in_its_segment(call: Caller) -> None:
    response = call.send("GET", "/users/a%2Fb")
    assert response.status == 200
    assert b'\\"user\\" must only contain hexadecimal characters' in response.content


def test_a_path_is_decoded_by_segment(call: Caller) -> None:
    user = call.user()
    quoted = "".join(f"%{ord(letter):02X}" for letter in user)
    assert call("GET", f"/users/{quoted}")["id"] == user


def test_a_wrong_id_is_refused_in_the_servers_words(call: Caller) -> None:
    # Exchange n=35 of 1.0.89.
    assert call("GET", "/users/xyz")["error"] == (
        'child "user" fails because ["user" must only contain hexadecimal characters, '
        '"user" length must be 24 characters long]'
    )


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Access-Token": "wrong"},
        {"X-Access-Token": ""},
        {"Authorization": f"Bearer {TOKEN}"},
        {"Cookie": f"accessToken={TOKEN}"},
    ],
)
def test_a_wrong_token_is_refused_wherever_it_is(mock: Mock, headers: dict[str, str]) -> None:
    response = mock.handle(Request("GET", "/users?accessToken=wrong", tuple(headers.items())))
    assert (response.status, response.content) == (403, b'{"error":"Invalid accessToken value"}')


def test_the_token_is_taken_from_header_or_query(mock: Mock) -> None:
    assert mock.handle(Request("GET", "/users", (("x-access-token", TOKEN),))).status == 200
    assert mock.handle(Request("GET", f"/users?accessToken={TOKEN}")).status == 200


def test_a_token_in_the_query_is_no_unknown_field(mock: Mock) -> None:
    body = b'{"username": "jane", "password": "x"}'
    request = Request("POST", f"/users?accessToken={TOKEN}", (("Content-Type", "application/json"),), body)
    assert b'"success":true' in mock.handle(request).content


def test_without_a_token_of_its_own_everybody_is_let_in(document: Any) -> None:
    assert Mock(document).handle(Request("GET", "/users")).status == 200


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"username": ', "Invalid JSON: Unexpected end of JSON input"),
        (b'{"username": "', "Invalid JSON: Unexpected end of JSON input"),
        (b'{"username": x}', "Invalid JSON: Unexpected token x in JSON at position 13"),
        (b'{"quota": NaN}', "Invalid JSON: Unexpected token N in JSON at position 10"),
        (b"[" * 100_000, "Invalid JSON: Nesting is too deep"),
        (b'{"tags": ' + b"[" * 300 + b"]" * 300 + b"}", "Invalid JSON: Nesting is too deep"),
    ],
    ids=["cut", "cut text", "word", "NaN", "bottomless", "deep"],
)
def test_malformed_json_is_the_frameworks_400(call: Caller, content: bytes, message: str) -> None:
    response = call.send("POST", "/users", raw=content)
    assert response.status == 400
    assert call("POST", "/users", raw=content) == {"code": "InvalidContent", "message": message}


def test_a_body_is_read_before_the_token(call: Caller) -> None:
    assert call.send("POST", "/users", raw=b"{", headers={"X-Access-Token": "wrong"}).status == 400


def test_a_form_is_as_good_as_json(call: Caller) -> None:
    form = urlencode({"username": "jane", "password": "x", "quota": "1024", "encryptMessages": "yes"}).encode()
    user = call("POST", "/users", raw=form, headers=FORM)["id"]
    shown = call("GET", f"/users/{user}")
    assert (shown["limits"]["quota"]["allowed"], shown["encryptMessages"]) == (1024, True)


def test_body_fields_may_stand_in_the_query(call: Caller) -> None:
    assert call("POST", "/users?username=jane", {"password": "x"})["success"]


def test_a_body_of_another_media_type_is_not_read(call: Caller) -> None:
    answer = call("POST", "/users", raw=b'{"username": "jane"}', headers={"Content-Type": "text/plain"})
    assert 'child "username" fails because ["username" is required]' in answer["error"]


def test_a_lone_surrogate_is_replaced(call: Caller) -> None:
    user = call.user(name="\ud800x")
    assert call("GET", f"/users/{user}")["name"] == "\ufffdx"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        # The first three are exchanges n=12, n=13 and n=14 of 1.0.89, as 1.0.107 says the same with a code.
        (
            {},
            (
                'child "username" fails because ["username" is required]. '
                'child "password" fails because ["password" is required]'
            ),
        ),
        (
            {"username": "x y", "password": "p", "quota": -1, "address": "nope"},
            (
                'child "username" fails because ["username" with value "x y" fails to match the username pattern]. '
                'child "address" fails because ["address" must be a valid email]. '
                'child "quota" fails because ["quota" must be larger than or equal to 0]'
            ),
        ),
        ({"username": "abcd", "password": "p", "nosuchfield": 1}, '"nosuchfield" is not allowed'),
        (
            {"username": "abcd", "password": ""},
            'child "password" fails because ["password" is not allowed to be empty]',
        ),
        ({"username": "abcd", "password": 5}, 'child "password" fails because ["password" must be a string]'),
        (
            {"username": "abcd", "password": "p", "quota": "many"},
            'child "quota" fails because ["quota" must be a number]',
        ),
        (
            {"username": "abcd", "password": "p", "quota": 1.5},
            'child "quota" fails because ["quota" must be an integer]',
        ),
        (
            {"username": "abcd", "password": "p", "emptyAddress": "maybe"},
            'child "emptyAddress" fails because ["emptyAddress" must be a boolean]',
        ),
        ({"username": "abcd", "password": "p", "tags": "a"}, 'child "tags" fails because ["tags" must be an array]'),
        (
            {"username": "abcd", "password": "p", "tags": ["a", 1]},
            'child "tags" fails because ["tags" at position 1 fails because ["1" must be a string]]',
        ),
        (
            {"username": "abcd", "password": "p", "language": "e"},
            'child "language" fails because ["language" length must be at least 2 characters long]',
        ),
        (
            {"username": "abcd", "password": "p", "ip": "300.1.1.1"},
            (
                'child "ip" fails because ["ip" must be a valid ip address of one of the following versions '
                "[ipv4, ipv6] with a forbidden CIDR]"
            ),
        ),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else "",
)
def test_arguments_are_refused_in_one_sentence(call: Caller, body: dict[str, Any], error: str) -> None:
    assert call("POST", "/users", body) == {"error": error, "code": "InputValidationError"}


@pytest.mark.parametrize("size", [0, 251, "many"])
def test_a_page_size_out_of_bounds_is_refused(call: Caller, size: object) -> None:
    assert call("GET", f"/users?limit={size}")["code"] == "InputValidationError"


def test_an_unknown_query_parameter_of_a_list_is_ignored(call: Caller) -> None:
    assert call("GET", "/users?nosuch=1&nosuch=2")["success"]


def test_a_query_parameter_given_twice_is_no_text(call: Caller) -> None:
    assert call("GET", "/users?query=a&query=b")["error"] == 'child "query" fails because ["query" must be a string]'


def test_a_refused_call_changes_nothing(call: Caller) -> None:
    call("POST", "/users", {"username": "jane"})
    assert sum(call.mock.state.count().values()) == 0


@pytest.mark.parametrize("url", ["http://[/users", "http://a b/users", "/users", "http://mock.test/users#x"])
def test_any_origin_will_do(document: Any, url: str) -> None:
    assert Mock(document).handle(Request("GET", url)).status == 200
