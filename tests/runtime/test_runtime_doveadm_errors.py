"""How a command can fail: in the answer, by status, and by a connection that ends."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from doveadm_answers import EVER, TEXT, Answers, async_doveadm, doveadm, error, rows
from mailwright_dovecot.v2_4 import Doveadm

from mailwright.runtime import (
    APIError,
    AuthenticationFailed,
    CommandDropped,
    Conflict,
    Disconnected,
    ExitCode,
    InvalidRequest,
    NotFound,
    PartialFailure,
    PermissionDenied,
    ServerError,
    TimedOut,
    UsageError,
)
from mailwright.targets import bundled_document

BY_CODE: list[tuple[int, type[APIError]]] = [
    (2, PartialFailure),
    (64, InvalidRequest),
    (65, Conflict),
    (66, InvalidRequest),
    (67, NotFound),
    (68, NotFound),
    (69, ServerError),
    (70, ServerError),
    (71, ServerError),
    (72, ServerError),
    (73, ServerError),
    (74, ServerError),
    (75, ServerError),
    (76, ServerError),
    (77, PermissionDenied),
    (78, ServerError),
    (1003, Conflict),
]


@pytest.mark.parametrize(("code", "kind"), BY_CODE)
def test_an_exit_code_is_an_error_of_its_kind_and_a_member_of_the_table(code: int, kind: type[APIError]) -> None:
    with pytest.raises(APIError) as caught:
        doveadm(error("exitCode", code)).server.reload()
    assert type(caught.value) is kind
    assert caught.value.code is ExitCode(code)
    assert caught.value.status == 200
    assert str(code) in caught.value.message
    assert caught.value.details == {"type": "exitCode", "exitCode": code}


def test_an_exit_code_that_no_table_has_stays_a_number() -> None:
    with pytest.raises(ServerError) as caught:
        doveadm(error("exitCode", 99)).server.reload()
    assert (caught.value.code, type(caught.value.code)) == (99, int)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("unknownMethod", InvalidRequest),
        ("invalidRequest", InvalidRequest),
        ("unAuthorized", PermissionDenied),
        ("internalError", ServerError),
        ("somethingNew", ServerError),
    ],
)
def test_beside_another_type_the_exit_code_says_nothing(name: str, kind: type[APIError]) -> None:
    # The code is one of an earlier command (exchange n=57).
    with pytest.raises(APIError) as caught:
        doveadm(error(name, 67)).server.reload()
    assert type(caught.value) is kind
    assert caught.value.code == name


@pytest.mark.parametrize("target", ["dovecot-2.3", "dovecot-2.4"])
def test_the_table_of_exit_codes_is_that_of_the_document(target: str) -> None:
    schema = bundled_document(target)["components"]["schemas"]["ExitCode"]
    told = {int(code): (each["name"], each["retry"], each["meaning"]) for code, each in schema["x-codes"].items()}
    ours = {code.value: (code.name, code.retry, code.meaning) for code in ExitCode}
    if target == "dovecot-2.3":
        ours.pop(1003)
    assert told == ours
    assert schema["enum"] == [*told]


@pytest.mark.parametrize(
    ("status", "content", "kind", "words"),
    [
        (400, b"Command ID must be a string\r\n", InvalidRequest, "Command ID must be a string"),
        (401, b"", AuthenticationFailed, "does not accept the password or the key"),
        (404, b"Path Not Found\r\n", NotFound, "Path Not Found"),
        (500, b"", ServerError, "doveadm_api_key"),
        (500, b"Oops\r\n", ServerError, "Oops"),
    ],
)
def test_a_refusal_is_told_in_the_words_of_the_server(
    status: int, content: bytes, kind: type[APIError], words: str
) -> None:
    with pytest.raises(APIError) as caught:
        doveadm(Answers(content, status=status, headers=TEXT)).server.reload()
    assert type(caught.value) is kind
    assert words in caught.value.message
    assert caught.value.status == status


def test_a_page_of_a_proxy_is_not_told_as_words_of_the_server() -> None:
    page = Answers(b"<html>Bad Gateway</html>", status=502, headers=(("Content-Type", "text/html"),))
    with pytest.raises(ServerError, match="HTML, not JSON"):
        doveadm(page).server.reload()


@pytest.mark.parametrize("cause", [Disconnected("the connection broke"), ConnectionResetError("reset")])
def test_a_connection_that_ends_without_an_answer_is_an_error_of_its_own_and_never_tried_again(
    cause: Exception,
) -> None:
    answers = Answers(error=cause)
    with pytest.raises(CommandDropped, match="wrong arguments, or a server crash; it may have had effect") as caught:
        doveadm(answers, retries=EVER).mailbox.create(user="jane", mailbox=["Work"])
    assert isinstance(caught.value, Disconnected)
    assert caught.value.operation == "mailboxCreate"
    assert len(answers.requests) == 1


def test_the_async_client_is_told_the_same() -> None:
    answers = Answers(error=ConnectionResetError("reset"))

    async def run() -> None:
        async with async_doveadm(answers, retries=EVER) as dv:
            await dv.mailbox.create(user="jane", mailbox=["Work"])

    with pytest.raises(CommandDropped):
        asyncio.run(run())
    assert len(answers.requests) == 1


def test_the_listing_is_no_command_and_is_tried_again() -> None:
    answers = Answers(error=ConnectionResetError("reset"))
    with pytest.raises(Disconnected) as caught:
        doveadm(answers, retries=EVER).commands.list()
    assert type(caught.value) is Disconnected
    assert len(answers.requests) == 3


def test_a_command_that_takes_too_long_is_not_tried_again_by_default() -> None:
    answers = Answers(error=TimeoutError())
    with pytest.raises(TimedOut):
        doveadm(answers).dsync.sync(user="jane", destination=["maildir:/x"])
    assert len(answers.requests) == 1


def test_the_password_goes_with_the_user_doveadm() -> None:
    answers = rows()
    doveadm(answers, password="sécret").server.reload()
    wanted = "Basic " + b64encode("doveadm:sécret".encode()).decode()
    assert ("Authorization", wanted) in answers.requests[0].headers


def test_the_key_goes_in_base64() -> None:
    answers = rows()
    with Doveadm("http://host", api_key="a key", backend=answers) as dv:
        dv.server.reload()
    assert ("Authorization", "X-Dovecot-API " + b64encode(b"a key").decode()) in answers.requests[0].headers


def test_only_one_of_password_and_key_is_taken() -> None:
    with pytest.raises(UsageError, match=r"Basic and EncodedToken"):
        Doveadm("http://host", password="a", api_key="b")


@pytest.mark.parametrize("key", ["", "a\r\nb", "\ud800"])
def test_a_key_that_cannot_be_one_is_refused(key: str) -> None:
    with pytest.raises(UsageError, match="X-Dovecot-API"):
        Doveadm("http://host", api_key=key)


def test_neither_key_nor_its_base64_is_in_an_error() -> None:
    key = "a-key-that-is-long-enough"
    encoded = b64encode(key.encode()).decode()
    answers = Answers(f"no: {key} {encoded}".encode(), status=400, headers=TEXT)
    with Doveadm("http://host", api_key=key, backend=answers) as dv, pytest.raises(InvalidRequest) as caught:
        dv.server.reload()
    assert key not in str(caught.value)
    assert encoded not in str(caught.value)
    assert "***" in str(caught.value)


DESTRUCTIVE = [
    lambda dv, **given: dv.mailbox.delete(user="jane", mailbox=["INBOX"], **given),
    lambda dv, **given: dv.mail.expunge(user="jane", query=["mailbox", "INBOX", "all"], **given),
    lambda dv, **given: dv.server.stop(**given),
    lambda dv, **given: dv.service.stop(service=["imap"], **given),
    lambda dv, **given: dv.dsync.backup(user="jane", destination=["maildir:/x"], **given),
    lambda dv, **given: dv.fs.put(filter_name="a", input_path="b", path="c", **given),
    lambda dv, **given: dv.fs.copy(filter_name="a", source_path="b", destination_path="c", **given),
    lambda dv, **given: dv.fs.delete(filter_name="a", path=["c"], **given),
    lambda dv, **given: dv.mail_fs.delete(user="jane", filter_name="a", path=["c"], **given),
    lambda dv, **given: dv.dict.set(filter_name="a", key="b", value="c", **given),
    lambda dv, **given: dv.dict.inc(filter_name="a", key="b", difference=1, **given),
    lambda dv, **given: dv.dict.unset(filter_name="a", key="b", **given),
    lambda dv, **given: dv.mail_dict.unset(user="jane", filter_name="a", key="b", **given),
]


@pytest.mark.parametrize("call", DESTRUCTIVE)
def test_what_destroys_wants_to_be_told_that_it_may(call: Any) -> None:
    answers = rows()
    dv: Any = doveadm(answers)
    with pytest.raises(UsageError, match="destroy=True"):
        call(dv, destroy=False)
    with pytest.raises(TypeError, match="destroy"):
        call(dv)
    assert answers.requests == []
    call(dv, destroy=True)
    assert len(answers.requests) == 1
    assert "destroy" not in answers.sent[0][1]


@pytest.mark.parametrize("target", ["dovecot-2.3", "dovecot-2.4"])
def test_every_listed_command_is_an_operation_with_the_listed_parameters(target: str) -> None:
    listing = json.loads((Path(__file__).parents[1] / "listings" / f"{target}.json").read_text(encoding="utf-8"))
    document = bundled_document(target)
    schemas = document["components"]["schemas"]
    described: dict[str, dict[str, str]] = {}
    for item in document["paths"].values():
        rpc = item.get("post", {}).get("x-rpc")
        if rpc:
            parameters = schemas[rpc["parameters"]["$ref"].rpartition("/")[2]].get("properties", {})
            described[rpc["command"]] = {name: each["type"] for name, each in parameters.items()}
    assert described == {
        each["command"]: {parameter["name"]: parameter["type"] for parameter in each["parameters"]} for each in listing
    }
