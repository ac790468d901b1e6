"""Seeded bugs in what makes a call for each of many items: the contract run must find each."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mailwright.contract.bindings import Client
from mailwright.contract.run import run
from mailwright.runtime import Outcomes
from mailwright.targets import Target

Patch = pytest.MonkeyPatch
LOOP = "mailwright.runtime.items"


@pytest.fixture(scope="module")
def mailcow() -> Client:
    return Client(Target.parse("mailcow-2026.08"))


def module(name: str) -> Any:
    return importlib.import_module(name)


def a_lost_connection_ends_nothing(patch: Patch) -> None:
    patch.setattr(f"{LOOP}._ends", lambda error: False)


def any_failure_ends_it(patch: Patch) -> None:
    patch.setattr(f"{LOOP}._ends", lambda error: True)


def what_was_not_sent_is_left_out(patch: Patch) -> None:
    patch.setattr(f"{LOOP}._whole", lambda operation, items, outcomes: Outcomes(outcomes))


def order_lost(patch: Patch) -> None:
    patch.setattr(f"{LOOP}._listed", lambda items: list(items)[::-1])


def same_item_sent_once(patch: Patch) -> None:
    patch.setattr(f"{LOOP}._listed", lambda items: list(dict.fromkeys(items)))


def failure_taken_for_a_success(patch: Patch) -> None:
    outcome = module(LOOP).ItemOutcome
    patch.setattr(f"{LOOP}.ItemOutcome", lambda operation, value, error, item: outcome(operation, value, None, item))


def all_in_one_request(patch: Patch) -> None:
    def at_once(operation: Any, items: Any, call: Any) -> Any:
        listed = list(items)
        value = call(listed[0]) if listed else None
        return Outcomes([module(LOOP).ItemOutcome(operation.id, value, None, each) for each in listed])

    patch.setattr("mailwright_mailcow.v2026_08.mailboxes.one_by_one", at_once)


def wrong_operation(patch: Patch) -> None:
    mailboxes = module("mailwright_mailcow.v2026_08.mailboxes")
    patch.setattr(mailboxes, "DELETE_MAILBOXES", replace(mailboxes.DELETE_MAILBOXES, path="/api/v1/delete/mail"))


@pytest.mark.parametrize(
    ("bug", "said"),
    [
        (a_lost_connection_ends_nothing, "several items, the connection is lost: requests sent"),
        (any_failure_ends_it, "several items, the second fails, one danger: requests sent"),
        (what_was_not_sent_is_left_out, "several items, status 403: items of the outcomes"),
        (order_lost, "several items, all done: body"),
        (same_item_sent_once, "several items, all done: requests sent"),
        (failure_taken_for_a_success, "several items, the second fails, one danger: an error was taken for a success"),
        (all_in_one_request, "several items, all done: requests sent"),
        (wrong_operation, "several items, all done: path"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_seeded_bug_is_found(mailcow: Client, monkeypatch: Patch, bug: Callable[[Patch], None], said: str) -> None:
    bug(monkeypatch)
    suite = run(mailcow, [mailcow.document.operations["deleteMailboxes"]], cases=2, seed=1)
    told = [finding for finding in suite.findings if said in str(finding)]
    assert told, "\n".join(map(str, suite.findings)) or "nothing was found"
    assert ".mailboxes.delete_many([" in told[0].repeat


def test_without_a_bug_nothing_is_found(mailcow: Client) -> None:
    suite = run(mailcow, [mailcow.document.operations["deleteMailboxes"]], cases=2, seed=1)
    assert [str(finding) for finding in suite.findings] == []


def test_the_line_of_a_finding_sends_each_item(
    mailcow: Client, monkeypatch: Patch, capsys: pytest.CaptureFixture[str]
) -> None:
    order_lost(monkeypatch)
    suite = run(mailcow, [mailcow.document.operations["deleteMailboxes"]], cases=2, seed=1)
    finding = next(each for each in suite.findings if "all done" in each.kind)
    exec(finding.repeat, {})
    assert capsys.readouterr().out.count("POST http://contract.test:8080/api/api/v1/delete/mailbox") == 4


def test_a_word_for_all_there_is_said_of_one_item_is_found(mailcow: Client, monkeypatch: Patch) -> None:
    queue = module("mailwright_mailcow.v2026_08.mail_queue")
    monkeypatch.setattr(queue, "among", lambda operation, name, value, words: value)
    suite = run(mailcow, [mailcow.document.operations["changeQueue"]], cases=2, seed=1)
    kinds = {finding.kind for finding in suite.findings}
    assert {"super_delete went to change", "flush went to change", "hold went to change_all"} <= kinds


def test_items_sent_by_the_method_for_all_are_found(mailcow: Client, monkeypatch: Patch) -> None:
    queue = module("mailwright_mailcow.v2026_08.mail_queue")
    change = queue.MailQueue.change
    monkeypatch.setattr(queue, "among", lambda operation, name, value, words: value)
    monkeypatch.setattr(queue.MailQueue, "change_all", lambda self, action: change(self, "a", action=action))
    suite = run(mailcow, [mailcow.document.operations["changeQueue"]], cases=2, seed=1)
    assert any(".mail_queue.change_all(" in finding.repeat for finding in suite.findings)
