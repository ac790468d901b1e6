"""Seeded bugs in what Stalwart's clients have alone: the contract run must find each, and say how to repeat it."""

from __future__ import annotations

import contextlib
import importlib
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from mailwright.contract.bindings import Client
from mailwright.contract.findings import Finding
from mailwright.contract.run import run
from mailwright.runtime import MailwrightError
from mailwright.runtime.event_course import EventCourse
from mailwright.runtime.paging import _Query as PageQuery
from mailwright.targets import Target

Patch = pytest.MonkeyPatch
Bug = Callable[[Patch], None]
RUNTIME = "mailwright.runtime"


@pytest.fixture(scope="module")
def stalwart() -> Client:
    return Client(Target.parse("stalwart-0.15"))


def module(name: str) -> Any:
    return importlib.import_module(f"mailwright_stalwart.v0_15.{name}")


def operation_changed(resource: str, constant: str, **changes: Any) -> Bug:
    """A client that was told something else of an operation."""

    def bug(patch: Patch) -> None:
        patch.setattr(module(resource), constant, replace(getattr(module(resource), constant), **changes))

    bug.__name__ = f"{constant.lower()}_{'_'.join(changes)}"
    return bug


def paging_changed(**changes: Any) -> Bug:
    """A client that was told something else of the pages of a list."""

    def bug(patch: Patch) -> None:
        known = module("queue").LIST_QUEUED_MESSAGES
        patch.setattr(module("queue"), "LIST_QUEUED_MESSAGES", replace(known, paging=replace(known.paging, **changes)))

    bug.__name__ = f"paging_{'_'.join(changes)}"
    return bug


def token_of_a_stream_sent_with_other_credentials(patch: Patch) -> None:
    patch.setattr(EventCourse, "connecting", property(lambda self: replace(self.operation, token=None)))


def last_page_never_asked_for(patch: Patch) -> None:
    numbers = PageQuery._numbers
    patch.setattr(PageQuery, "_numbers", lambda self, query, items, total: numbers(self, query, items, items))


def page_asked_for_behind_all_there_is(patch: Patch) -> None:
    patch.setattr(PageQuery, "_numbers", lambda self, query, items, total: ("2", None) if items > 1 else (None, None))


def lone_text_not_read_as_a_list(patch: Patch) -> None:
    patch.setattr(module("models"), "read_lists", lambda model: None)


def lone_text_read_as_its_letters(patch: Patch) -> None:
    def letters(model: Any) -> None:
        for name in model._lists:
            if isinstance(getattr(model, name), str):
                setattr(model, name, list(getattr(model, name)))

    patch.setattr(module("models"), "read_lists", letters)


@dataclass(frozen=True)
class Mutant:
    """One seeded bug, the operation that has it, and what the run has to say of it."""

    bug: Bug
    operation: str
    said: str


MUTANTS = [
    Mutant(
        operation_changed("troubleshoot", "CHECK_DELIVERY", once=False),
        "checkDelivery",
        "requests for a stream that is over when it ends",
    ),
    Mutant(token_of_a_stream_sent_with_other_credentials, "watchMetrics", "token"),
    Mutant(operation_changed("queue", "GET_QUEUE_STATUS", value=""), "getQueueStatus", "decode"),
    Mutant(operation_changed("queue", "GET_QUEUE_STATUS", value="date"), "getQueueStatus", "decode"),
    Mutant(operation_changed("troubleshoot", "CHECK_DELIVERY", value="data"), "checkDelivery", "decode"),
    Mutant(operation_changed("queue", "LIST_QUEUED_MESSAGES", value=""), "listQueuedMessages", "decode"),
    Mutant(paging_changed(page=""), "listQueuedMessages", "decode: pages read"),
    Mutant(paging_changed(size="max-total"), "listQueuedMessages", "decode: pages read"),
    Mutant(last_page_never_asked_for, "listQueuedMessages", "decode: pages read"),
    Mutant(page_asked_for_behind_all_there_is, "listQueuedMessages", "decode: "),
    Mutant(lone_text_not_read_as_a_list, "getPrincipal", "decode: an answer changed at $"),
    Mutant(lone_text_read_as_its_letters, "getPrincipal", "decode: an answer changed at $"),
]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.bug.__name__)
def test_a_seeded_bug_of_stalwart_is_found_and_can_be_repeated(
    stalwart: Client, monkeypatch: pytest.MonkeyPatch, mutant: Mutant
) -> None:
    mutant.bug(monkeypatch)
    # Tokens are the same for all operations, and have tests of their own.
    monkeypatch.setattr("mailwright.contract.hostile.check_tokens", lambda suite: None)
    suite = run(stalwart, [stalwart.document.operations[mutant.operation]], cases=5, seed=1)
    told = [finding for finding in suite.findings if mutant.said in str(finding)]
    assert told, "\n".join(map(str, suite.findings)) or "nothing was found"
    assert told[0].operation == mutant.operation
    assert repeats(told[0])


def repeats(finding: Finding) -> bool:
    """Runs the line a finding gives, as a person would who has the bug."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            exec(finding.repeat, {})
        except (MailwrightError, TypeError, ValueError) as error:
            print(type(error).__name__)
    return bool(printed.getvalue().strip())
