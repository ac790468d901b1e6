"""What a command is on the wire, and what its rows become."""

from __future__ import annotations

import asyncio
from typing import Any

import mailwright_dovecot.v2_3
import pytest
from doveadm_answers import Answers, async_doveadm, commands, doveadm, rows
from mailwright_dovecot.v2_4 import models

from mailwright.runtime import ResponseInvalid, UsageError


def test_a_command_is_one_tuple_with_a_tag_of_its_own() -> None:
    answers = rows({"mailbox": "INBOX", "messages": "4", "vsize": "1231"})
    with doveadm(answers) as dv:
        found = dv.mailbox.status(user="jane", field=["messages", "vsize"], mailbox_mask=["INBOX"])
        dv.mailbox.status(user="jane", field=["messages"], mailbox_mask=["INBOX"])
    assert found == [models.MailboxCounts(mailbox="INBOX", messages=4, vsize=1231)]
    (first,), (second,) = map(commands, answers.requests)
    assert first[:2] == [
        "mailboxStatus",
        {"user": "jane", "field": ["messages", "vsize"], "mailboxMask": ["INBOX"]},
    ]
    assert first[2]
    assert second[2]
    assert first[2] != second[2]
    assert answers.requests[0].url == "http://host:8080/doveadm/v1"


def test_the_async_client_does_the_same() -> None:
    answers = rows({"mailbox": "INBOX", "messages": "4"})

    async def run() -> Any:
        async with async_doveadm(answers) as dv:
            return await dv.mailbox.status(user="jane", field=["messages"], mailbox_mask=["INBOX"])

    assert asyncio.run(run()) == [models.MailboxCounts(mailbox="INBOX", messages=4)]
    assert answers.sent[0][0] == "mailboxStatus"


def test_false_and_none_are_left_out_and_true_is_sent() -> None:
    answers = rows()
    none: Any = None
    doveadm(answers).mailbox.list(user="jane", subscriptions=False, all_users=none, utf8=True)
    assert answers.sent[0][1] == {"user": "jane", "utf8": True}


def test_a_list_is_sent_as_an_array_whatever_it_was() -> None:
    answers = rows()
    query: Any = ("mailbox", "INBOX", "subject", "two words")
    doveadm(answers).mail.search(user="jane", query=query)
    assert answers.sent[0][1]["query"] == ["mailbox", "INBOX", "subject", "two words"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"query": ["all"]}, "search needs one of user, all_users, user_file"),
        ({"query": ["all"], "all_users": False}, "search needs one of"),
        ({"query": [], "user": "jane"}, "query is an empty list"),
        ({"query": "all", "user": "jane"}, "query must be a list of strings, not str"),
        ({"query": None, "user": "jane"}, "query is required by search"),
    ],
)
def test_what_the_server_would_end_the_connection_at_is_refused(arguments: dict[str, Any], words: str) -> None:
    answers = rows()
    with pytest.raises(UsageError, match=words):
        doveadm(answers).mail.search(**arguments)
    assert answers.requests == []


def test_columns_without_a_field_of_their_own_are_kept() -> None:
    answers = rows({"username": "jane", "uid": "2", "size.physical": "33", "hdr.subject": "Hello", "hdr.x": None})
    (message,) = doveadm(answers).mail.fetch(all_users=True, field=["uid", "hdr.subject"], query=["all"])
    assert (message.username, message.uid, message.size_physical) == ("jane", 2, 33)
    assert message.columns == {"hdr.subject": "Hello", "hdr.x": None}


def test_a_row_without_other_columns_has_an_empty_map_of_them() -> None:
    (message,) = doveadm(rows({"uid": "2"})).mail.fetch(user="jane", field=["uid"], query=["all"])
    assert message.columns == {}


@pytest.mark.parametrize("limit", ["-", "", None])
def test_a_number_that_is_not_there_is_none(limit: str | None) -> None:
    (quota,) = doveadm(rows({"root": "User quota", "type": "STORAGE", "value": "2", "limit": limit})).quota.get(
        user="a"
    )
    assert (quota.value, quota.limit) == (2, None)


def test_names_of_columns_become_names_of_python() -> None:
    (metric,) = doveadm(rows({"metric_name": "m1", "field": "duration", "avg": 0.5, "%95": 7})).stats.dump()
    assert (metric.field_name, metric.avg, metric.percentile_95) == ("duration", 0.5, 7)
    (instance,) = doveadm(rows({"last used": "2026-11-21"})).instance.list()
    assert instance.last_used == "2026-11-21"
    (found,) = doveadm(rows({"mailbox-guid": "a1", "uid": "3"})).mail.search(user="jane", query=["all"])
    assert (found.mailbox_guid, found.uid) == ("a1", 3)


def test_user_gives_one_object_with_every_user_in_it() -> None:
    answers = Answers(b'[["doveadmResponse",{"jane":{"uid":"8","home":"/h"},"userList":["a","b"]},"@"]]')
    found = doveadm(answers).user.lookup(user_mask=["jane", "*"])
    assert found.users == {"jane": {"uid": "8", "home": "/h"}}
    assert found.user_list == ["a", "b"]


def test_a_command_that_tells_nothing_gives_none_whatever_a_newer_server_tells() -> None:
    for content in (b'[["doveadmResponse",[],"@"]]', b'[["doveadmResponse",[{"count":"1"}],"@"]]'):
        assert doveadm(Answers(content)).server.reload() is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize(
    ("parts", "users"),
    [
        (b"[]", []),
        (b'[{"username":"a"}]', ["a"]),
        (b'[{"username":"a"}],{"username":"b"}', ["a", "b"]),
        (b'[{"username":"a"}],{"username":"b"},{"username":"c"}', ["a", "b", "c"]),
        (b'[{"username":"a"}],[{"username":"b"}]', ["a", "b"]),
    ],
)
def test_who_of_2_3_is_read_although_its_list_ends_after_the_first_row(parts: bytes, users: list[str]) -> None:
    answers = Answers(b'[["doveadmResponse",' + parts + b',"@"]]')
    with mailwright_dovecot.v2_3.Doveadm("http://host", password="x", backend=answers) as dv:
        assert [session.username for session in dv.who.list()] == users


@pytest.mark.parametrize(
    "content",
    [
        b'[["doveadmResponse",[],"another"]]',
        b'[["error",{"type":"exitCode","exitCode":68},"another"]]',
        b'[["doveadmResponse",[],""]]',
        b'[["doveadmResponse",[],1]]',
        b'[["doveadmResponse",[]]]',
        b'[["doveadmResponse","@"]]',
        b'[["another",[],"@"]]',
        b'[["error",[],"@"]]',
        b'[["error",{"exitCode":68},"@"]]',
        b'[["doveadmResponse",{},"@"]]',
        b'[["doveadmResponse",[{"mailbox":4}],"@"]]',
        b'[["doveadmResponse",[],"@"],["doveadmResponse",[],"@"]]',
        b"[]",
        b"{}",
        b'[["doveadmResponse",[],"@"]',
    ],
)
def test_what_is_no_answer_to_this_command_is_refused(content: bytes) -> None:
    with pytest.raises(ResponseInvalid) as caught:
        doveadm(Answers(content)).mailbox.list(user="jane")
    assert caught.value.operation == "mailboxList"
    assert caught.value.status == 200


def test_a_row_that_does_not_fit_is_told_with_its_place_in_the_whole_answer() -> None:
    with pytest.raises(ResponseInvalid) as caught:
        doveadm(rows({"uid": "1"}, {"uid": "two"})).mail.search(user="jane", query=["all"])
    assert caught.value.place == "$[0][1][1].uid"
    assert b"doveadmResponse" in caught.value.content


def test_the_listing_is_a_call_like_any_other() -> None:
    answers = Answers(b'[{"command":"who","parameters":[{"name":"mask","type":"array"}]}]')
    (command,) = doveadm(answers).commands.list()
    assert (command.command, command.parameters[0].type) == ("who", "array")
    assert answers.requests[0].method == "GET"


def test_with_response_gives_the_rows_and_the_answer_around_them() -> None:
    answer = doveadm(rows({"mailbox": "INBOX"})).mailbox.with_response.list(user="jane")
    assert answer.value == [models.MailboxName(mailbox="INBOX")]
    assert answer.content.startswith(b'[["doveadmResponse"')
