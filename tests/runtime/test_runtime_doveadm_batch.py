"""Several commands in one request: an outcome for each, also where Dovecot 2.3 forgets a comma."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from doveadm_answers import EVER, TEXT, Answers, async_doveadm, commands, doveadm
from mailwright_dovecot.v2_4 import models

from mailwright.runtime import (
    CommandDropped,
    InvalidRequest,
    NotFound,
    Outcome,
    ResponseInvalid,
    UsageError,
    command,
)
from mailwright.runtime.batch import repaired


def answered(*parts: str, gap: str = ",") -> Answers:
    """Answers command after command; in a part `@` is the tag of its command."""

    def make(sent: list[list[Any]]) -> bytes:
        told = [part.replace("@", str(each[2])) for part, each in zip(parts, sent, strict=True)]
        text = told[0]
        for part in told[1:]:
            text += (gap if part.startswith('["error"') else ",") + part
        return f"[{text}]".encode()

    return Answers(make)


ROWS = '["doveadmResponse",[{"mailbox":"][\\"error\\""}],"@"]'
UNKNOWN = '["error",{"type":"unknownMethod", "exitCode":67},"@"]'
NO_USER = '["error",{"type":"exitCode", "exitCode":67},"@"]'


@pytest.mark.parametrize("gap", [",", "", " \r\n"])
def test_each_command_has_an_outcome_of_its_own_with_and_without_the_comma(gap: str) -> None:
    answers = answered(ROWS, UNKNOWN, '["doveadmResponse",[],"@"]', NO_USER, gap=gap)
    dv = doveadm(answers)
    listed, unknown, reloaded, nobody = dv.batch(
        command(dv.mailbox.list, user="jane"),
        command(dv.indexer.list),
        command(dv.server.reload),
        command(dv.quota.get, user="nobody"),
    )
    assert listed.value == [models.MailboxName(mailbox='][\\"error\\"'.replace("\\", ""))]
    assert isinstance(unknown.error, InvalidRequest)
    assert (unknown.error.code, unknown.error.operation, unknown.error.status) == ("unknownMethod", "indexerList", 200)
    assert (reloaded.error, reloaded.value) == (None, None)
    with pytest.raises(NotFound):
        _ = nobody.value
    (request,) = answers.requests
    sent = commands(request)
    assert [each[:2] for each in sent] == [
        ["mailboxList", {"user": "jane"}],
        ["indexerList", {}],
        ["reload", {}],
        ["quotaGet", {"user": "nobody"}],
    ]
    assert len({each[2] for each in sent}) == 4


def test_answers_may_come_in_another_order() -> None:
    def backwards(sent: list[list[Any]]) -> bytes:
        found = [["doveadmResponse", [{"mailbox": each[1]["user"]}], each[2]] for each in sent]
        return json.dumps(found[::-1]).encode()

    dv = doveadm(Answers(backwards))
    outcomes = dv.batch(*(command(dv.mailbox.list, user=name) for name in ("a", "b", "c")))
    assert [outcome.value[0].mailbox for outcome in outcomes] == ["a", "b", "c"]


def test_a_command_without_an_answer_is_told_so_and_the_others_are_kept() -> None:
    dv = doveadm(Answers(lambda sent: json.dumps([["doveadmResponse", [], sent[1][2]]]).encode()))
    lost, kept = dv.batch(command(dv.mailbox.list, user="a"), command(dv.mailbox.list, user="b"))
    assert isinstance(lost.error, ResponseInvalid)
    assert kept.value == []


def test_rows_that_do_not_fit_are_an_outcome_too() -> None:
    dv = doveadm(answered('["doveadmResponse",[{"uid":"x"}],"@"]', '["doveadmResponse",[{"uid":"1"}],"@"]'))
    wrong, right = dv.batch(*[command(dv.mail.search, user="a", query=["all"])] * 2)
    assert isinstance(wrong.error, ResponseInvalid)
    assert right.value == [models.FoundMessage(uid=1)]


def test_the_async_client_does_the_same() -> None:
    async def run() -> list[Outcome[Any]]:
        async with async_doveadm(answered(ROWS, UNKNOWN, gap="")) as dv:
            outcomes: list[Outcome[Any]] = await dv.batch(
                command(dv.mailbox.list, user="jane"), command(dv.server.reload)
            )
            return outcomes

    listed, unknown = asyncio.run(run())
    assert len(listed.value) == 1
    assert isinstance(unknown.error, InvalidRequest)


def test_a_connection_that_ends_loses_all_and_is_not_tried_again() -> None:
    answers = Answers(error=ConnectionResetError("reset"))
    dv = doveadm(answers, retries=EVER)
    with pytest.raises(CommandDropped):
        dv.batch(command(dv.mailbox.list, user="a"), command(dv.server.reload))
    assert len(answers.requests) == 1


def test_a_refusal_says_that_earlier_commands_may_have_been_run() -> None:
    dv = doveadm(Answers(b"Command must be a JSON array\r\n", status=400, headers=TEXT))
    with pytest.raises(InvalidRequest, match="must be a JSON array; earlier commands of the batch may have been run"):
        dv.batch(command(dv.server.reload))


def test_what_is_no_command_cannot_be_a_part() -> None:
    answers = Answers()
    dv = doveadm(answers)
    with pytest.raises(UsageError, match="at least one command"):
        dv.batch()
    with pytest.raises(UsageError, match="runs no command"):
        command(dv.commands.list)
    with pytest.raises(UsageError, match="takes a method"):
        command(len, "x")
    with pytest.raises(UsageError, match="destroy=True"):
        command(dv.server.stop, destroy=False)  # type: ignore[arg-type]
    wrong: Any = dv.server.reload
    with pytest.raises(UsageError, match="takes what command"):
        dv.batch(wrong)
    assert answers.requests == []


def test_arguments_are_checked_before_anything_is_sent() -> None:
    answers = Answers()
    dv = doveadm(answers)
    with pytest.raises(UsageError, match="mailboxList needs one of"):
        dv.batch(command(dv.server.reload), command(dv.mailbox.list))
    assert answers.requests == []


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b'[["a"]["b"]]', b'[["a"],["b"]]'),
        (b'[["]["]["\\"]["]]', b'[["]["],["\\"]["]]'),
        (b'[["a"],["b"]]', b'[["a"],["b"]]'),
        (b"[]", b"[]"),
    ],
)
def test_only_what_stands_outside_of_text_is_repaired(content: bytes, wanted: bytes) -> None:
    assert repaired(content) == wanted
