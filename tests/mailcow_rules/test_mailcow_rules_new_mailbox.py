"""Rule 3.26: what stops a new mailbox, each with its key and its numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from mailcow_rule_table import NEW_MAILBOX_FAILURES
from mailcow_wire import Server, box, danger, exchanges, failure, messages, says

from mailwright.runtime import APIError, Conflict, InvalidRequest

KINDS: dict[str, type[APIError]] = {
    "object_exists": Conflict,
    "is_alias": Conflict,
    "is_spam_alias": Conflict,
}
ARGUMENTS: dict[str, list[Any]] = {
    "object_exists": ["jane@example.org"],
    "max_mailbox_exceeded": [3, 3],
    "mailbox_quota_exceeded": [10240],
    "mailbox_quota_left_exceeded": [120],
    "is_alias": ["info@example.org"],
    "is_spam_alias": ["x@example.org"],
}
ALIAS = {"address": "info@example.org", "goto": "jane@example.org"}


def nothing(server: Server) -> None:
    pass


def full(server: Server) -> None:
    server.add_mailbox("joe", quota=10)
    server.add_mailbox("jim", quota=10)


# What is prepared in the mock, what the mailbox is made of, and what it answers.
CAUSES: dict[str, tuple[Callable[[Server], object], dict[str, Any], Any]] = {
    "object_exists": (nothing, box("jane"), ["object_exists", "jane@example.org"]),
    "mailbox_invalid": (nothing, {"domain": "example.org"}, "mailbox_invalid"),
    "access_denied": (nothing, box("ann", "no.example"), "access_denied"),
    "password_mismatch": (nothing, {**box("ann"), "password2": "other"}, "password_mismatch"),
    "password_complexity": (nothing, {"domain": "example.org", "local_part": "ann"}, "password_complexity"),
    "max_mailbox_exceeded": (full, box("ann", quota=1), ["max_mailbox_exceeded", 3, 3]),
    "mailbox_quota_exceeded": (nothing, box("ann", quota=501), ["mailbox_quota_exceeded", 500]),
    "mailbox_quota_left_exceeded": (
        lambda server: server.add_mailbox("joe", quota=400),
        box("ann", quota=300),
        ["mailbox_quota_left_exceeded", 200],
    ),
    "quarantine_category_invalid": (nothing, box("ann", quarantine_category="x"), "quarantine_category_invalid"),
    "is_alias": (lambda server: server.post("add/alias", ALIAS), box("info"), ["is_alias", "info@example.org"]),
}


@pytest.mark.parametrize("key", NEW_MAILBOX_FAILURES)
def test_rule_3_26_each_failure_raises_by_its_meaning_with_its_numbers(key: str) -> None:
    arguments = ARGUMENTS.get(key, [])
    assert bool(arguments) == bool(NEW_MAILBOX_FAILURES[key])
    error = failure(lambda mc: mc.mailboxes.create(**box("ann")), says([danger(key, *arguments)]))
    assert (type(error), error.code) == (KINDS.get(key, InvalidRequest), key)
    assert messages(error.details) == [[key, *arguments] if arguments else key]
    assert all(str(argument) in str(error) for argument in arguments)


@pytest.mark.parametrize("key", CAUSES)
def test_rule_3_26_the_mock_refuses_with_one_danger(key: str) -> None:
    prepare, body, message = CAUSES[key]
    server = Server()
    server.add_domain(mailboxes=3, quota=600, maxquota=500, defquota=10)
    server.add_mailbox("jane", quota=0)
    prepare(server)
    before = server.get("get/mailbox/all")
    entries = server.post("add/mailbox", body)
    assert messages(entries) == [message]
    assert entries[0]["type"] == "danger"
    assert (entries[0]["log"] == ["password_check", None, None]) == key.startswith("password_")
    assert server.get("get/mailbox/all") == before


def test_rule_3_26_a_limit_that_is_just_kept_is_kept() -> None:
    server = Server()
    server.add_domain(mailboxes=2, quota=600, maxquota=500, defquota=10)
    server.add_mailbox("jane", quota=500)
    server.add_mailbox("joe", quota=100)
    assert len(server.get("get/mailbox/all")) == 2


def test_rule_3_26_every_recorded_failure_is_in_the_table() -> None:
    found: set[str] = set()
    for exchange in exchanges().values():
        if (
            exchange["request"]["path"].startswith("/api/v1/add/mailbox")
            and "template" not in exchange["request"]["path"]
        ):
            entries = [each for each in exchange["response"].get("json") or [] if each["type"] == "danger"]
            found |= {each["msg"] if isinstance(each["msg"], str) else each["msg"][0] for each in entries}
    assert found
    assert found <= set(NEW_MAILBOX_FAILURES)
