"""HTTP's own ways to say who is calling: what is sent, what is refused, and what is never shown."""

from __future__ import annotations

import base64

import pytest

from mailwright.runtime import (
    Basic,
    Bearer,
    Client,
    ConnectFailed,
    Credential,
    Operation,
    Retries,
    UsageError,
    api_key,
    basic,
    bearer,
    one_of,
)
from mailwright.runtime.request import Reply, Request

PASSWORD = "pässwörd: 9"
ENCODED = base64.b64encode(b"jane:" + PASSWORD.encode()).decode()
PING: Operation[bool] = Operation("GET", "/ping", id="ping", result=bool)
OPEN: Operation[bool] = Operation("GET", "/open", id="open", result=bool, secured=False)


class Duck(Client):
    _dialect = "wildduck"


class Telltale:
    """A backend that fails, and tells all it knows in its error."""

    def __init__(self) -> None:
        self.requests: list[Request] = []

    def send(self, request: Request, /) -> Reply:
        self.requests.append(request)
        raise ConnectFailed(f"no route for {dict(request.headers)} of {PASSWORD}")

    def close(self) -> None: ...


def failure(operation: Operation[bool], *credentials: Credential) -> tuple[str, dict[str, str]]:
    backend = Telltale()
    client = Duck("http://host", credentials=credentials, backend=backend, retries=Retries(attempts=1))
    with pytest.raises(ConnectFailed) as caught:
        client.call(operation)
    return f"{caught.value!s} {caught.value!r}", dict(backend.requests[0].headers)


def test_basic_is_sent_in_utf_8_and_shown_in_neither_form() -> None:
    text, headers = failure(PING, Basic("jane", PASSWORD))
    assert headers["Authorization"] == f"Basic {ENCODED}"
    assert "Basic ***" in text
    for secret in (PASSWORD, ENCODED, ENCODED.rstrip("=")):
        assert secret not in text


def test_bearer_is_sent_as_it_is_and_not_shown() -> None:
    text, headers = failure(PING, Bearer("tok-5f3a/9+=="))
    assert headers["Authorization"] == "Bearer tok-5f3a/9+=="
    assert "tok-5f3a" not in text


def test_an_open_operation_gets_neither() -> None:
    assert "Authorization" not in failure(OPEN, Basic("jane", PASSWORD), Bearer("tok-5f3a"))[1]


def test_no_repr_has_a_secret() -> None:
    assert repr(Basic("jane", PASSWORD)) == "Basic('jane', ***)"
    assert repr(Bearer("tok-5f3a")) == "Bearer(***)"


@pytest.mark.parametrize(
    ("username", "password", "told"),
    [
        ("", "x", "username is empty"),
        ("jane", "", "password is empty"),
        ("ja:ne", "x", "colon"),
        ("ja\nne", "x", "line break"),
        ("jane", "x\r\n", "line break"),
        ("jane", "x\0", "NUL"),
        ("jane", "\ud800", "surrogate"),
        ("jane", 7, "must be a str"),
    ],
)
def test_what_basic_cannot_carry_is_refused(username: str, password: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        Basic(username, password)


@pytest.mark.parametrize(
    ("token", "told"),
    [("", "empty"), ("Bearer x", "without the word"), ("x\n", "line break"), (" x", "blanks"), ("日", "Latin-1")],
)
def test_what_bearer_cannot_carry_is_refused(token: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        Bearer(token)


def test_what_is_not_given_is_no_credential() -> None:
    assert basic(None) == basic(None, user="doveadm") == bearer(None) == one_of((), ()) == ()
    assert basic("x", user="doveadm") == (Basic("doveadm", "x"),)
    assert basic("x", username="jane") == (Basic("jane", "x"),)
    assert one_of((), bearer("x")) == (Bearer("x"),)


def test_half_a_credential_and_two_at_once_are_refused() -> None:
    with pytest.raises(UsageError, match="a password and no username"):
        basic("x")
    with pytest.raises(UsageError, match="a username and no password"):
        basic(None, username="jane")
    with pytest.raises(UsageError, match=r"same header \(Bearer and Basic\)"):
        one_of(bearer("x"), basic("x", username="jane"), api_key(None, "header"))
