from __future__ import annotations

import json
import logging
import traceback

import pytest
from sample_api import (
    CREATE_USER,
    GET_USER,
    Answer,
    CannedReply,
    CreateUser,
    Duck,
    scripted,
)

from mailwright.runtime import (
    UNSET,
    ApiKey,
    Client,
    ConnectFailed,
    MailwrightError,
    Request,
    RequestModel,
    Unset,
)
from mailwright.runtime.models import secret_fields
from mailwright.runtime.redaction import redacted

TOKEN = "tok-5f3a/9+==&x"
QUOTED = "tok-5f3a%2F9%2B%3D%3D%26x"
PASSWORD = "correct horse battery"


class QueryDuck(Client):
    _dialect = "wildduck"


class Account(RequestModel, kw_only=True):
    _secrets = frozenset(["key"])
    key: str | Unset = UNSET


class AccountWithPassword(Account, kw_only=True):
    _secrets = frozenset(["password"])
    password: str | Unset = UNSET
    others: list[CreateUser] | Unset = UNSET
    note: str | Unset | None = UNSET


def everything_shown(error: BaseException) -> str:
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None:
        chain.append(current)
        # What a traceback would go on to; beyond it lies only what a backend that is not ours raised.
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    parts = [*traceback.format_exception(error)]
    for link in chain:
        parts += [str(link), repr(link), repr(link.args), repr(getattr(link, "__notes__", []))]
        parts += [repr(value) for name, value in vars(link).items() if name != "content"]
    return "\n".join(parts)


ANSWERS: list[Answer] = [
    CannedReply(json.dumps({"error": f"bad token {TOKEN}"}).encode(), 403),
    CannedReply(json.dumps({"error": "no", "code": TOKEN, "details": {"a": [TOKEN, PASSWORD]}}).encode(), 400),
    CannedReply(json.dumps({"error": f'"password" with value "{PASSWORD}" is too short'}).encode()),
    CannedReply(b"<html>" + TOKEN.encode()),
    CannedReply(b"", 302, (("Location", f"http://elsewhere.test/?accessToken={QUOTED}"),)),
    CannedReply(b'{"success":true,"id":5}'),
    ConnectFailed(f"cannot connect with {TOKEN}"),
    ConnectionResetError(f"reset while sending {TOKEN}"),
]


@pytest.mark.parametrize("location", ["header", "query"])
@pytest.mark.parametrize("answer", ANSWERS)
def test_no_error_shows_the_token_or_the_password(location: str, answer: Answer) -> None:
    credentials = (ApiKey(location, "accessToken", TOKEN),)  # type: ignore[arg-type]
    mail = QueryDuck("http://mail.test", credentials=credentials, backend=scripted(answer))
    with pytest.raises(MailwrightError) as caught:
        mail.call(CREATE_USER, body=CreateUser(username="jane", password=PASSWORD))
    error = caught.value
    shown = everything_shown(error)
    assert not any(secret in shown for secret in (TOKEN, QUOTED, PASSWORD))
    assert error.url == "http://mail.test/users" + ("?accessToken=***" if location == "query" else "")


@pytest.mark.parametrize("location", ["header", "query"])
def test_no_repr_nor_log_shows_the_token(location: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    key = ApiKey(location, "accessToken", TOKEN)  # type: ignore[arg-type]
    backend = scripted()
    mail = QueryDuck("http://mail.test", credentials=(key,), backend=backend)
    response = mail.send(GET_USER, "x")
    shown = " ".join(map(repr, (key, mail, mail.answering(), backend.requests[0], response, response.url)))
    assert TOKEN not in shown + caplog.text
    assert QUOTED not in shown + caplog.text
    assert repr(key) == f"ApiKey('{location}', 'accessToken', ***)"


def test_request_repr_leaves_out_query_and_headers() -> None:
    request = Request("GET", f"http://mail.test/a?accessToken={QUOTED}", (("X-Access-Token", TOKEN),), None, 1.0)
    assert repr(request) == "<Request GET http://mail.test/a>"


def test_model_repr_hides_secrets_and_skips_what_is_absent() -> None:
    body = AccountWithPassword(
        key="k1", password="p1", note=None, others=[CreateUser(username="jane", password=PASSWORD)]
    )
    assert repr(body) == (
        "AccountWithPassword(key=***, password=***, others=[CreateUser(username='jane', password=***)])"
    )
    assert repr(AccountWithPassword()) == "AccountWithPassword()"
    assert [(name, repr(value)) for name, value in body.__rich_repr__()][:2] == [("key", "***"), ("password", "***")]


def test_secrets_of_parents_stay_secret() -> None:
    assert secret_fields(AccountWithPassword) == {"key", "password"}
    assert secret_fields(Account) == {"key"}


def test_secrets_deep_in_a_body_are_taken_out_of_messages() -> None:
    answer = CannedReply(json.dumps({"error": f"{PASSWORD} and k-123456 are no good"}).encode())
    body = [{"a": AccountWithPassword(key="k-123456", others=[CreateUser(username="jane", password=PASSWORD)])}]
    with pytest.raises(MailwrightError, match=r"\*\*\* and \*\*\* are no good"):
        Duck("http://mail.test", backend=scripted(answer)).call(CREATE_USER, body=body)


@pytest.mark.parametrize(
    ("text", "secrets", "shown"),
    [
        ("a user is a duck", ["a"], "*** user is *** duck"),
        ("the password pass is wrong", ["pass"], "the password *** is wrong"),
        ("xlongsecretx", ["longsecret"], "x***x"),
        ("abcdefgh abcdefghij", ["abcdefgh", "abcdefghij"], "*** ***"),
        ("red \x1b[31m\x07 \u202e", [], "red \\x1b[31m\\x07 \\u202e"),
        ("plain grün", ["", "zzz"], "plain grün"),
    ],
)
def test_redaction_takes_out_secrets_and_terminal_controls(text: str, secrets: list[str], shown: str) -> None:
    assert redacted(text, secrets) == shown
