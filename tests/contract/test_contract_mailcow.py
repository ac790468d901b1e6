"""Seeded bugs in how mailcow's answers are read: the contract run must find each."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mailwright.contract.bindings import Client
from mailwright.contract.run import run
from mailwright.runtime import Conflict, InvalidRequest
from mailwright.runtime.dialects.mailcow_keys import Key
from mailwright.targets import Target

Patch = pytest.MonkeyPatch
MODELS = "mailwright_mailcow.v2026_08.models"
DIALECT = "mailwright.runtime.dialects.mailcow"


@pytest.fixture(scope="module")
def mailcow() -> Client:
    return Client(Target.parse("mailcow-2026.08"))


def empty_list_left_in_the_place_of_an_object(patch: Patch) -> None:
    patch.setattr(f"{MODELS}.read_empties", lambda model: None)


def dash_left_as_text(patch: Patch) -> None:
    patch.setattr(f"{MODELS}.read_nones", lambda model: None)


def meanings_not_told(patch: Patch) -> None:
    patch.setattr(f"{DIALECT}.meaning_of", lambda key: Key(InvalidRequest, ""))


def meanings_told_of_every_key(patch: Patch) -> None:
    patch.setattr(f"{DIALECT}.meaning_of", lambda key: Key(Conflict, "", "it exists already"))


@pytest.mark.parametrize(
    ("bug", "said"),
    [
        (empty_list_left_in_the_place_of_an_object, "decode: an answer changed at $.custom_attributes"),
        (dash_left_as_text, "decode: an answer changed at $.percent_in_use"),
        (meanings_not_told, "decode: one danger: a key of several meanings is not explained"),
        (meanings_told_of_every_key, "decode: a danger of one meaning: an error lost its text"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_seeded_bug_is_found(mailcow: Client, monkeypatch: Patch, bug: Callable[[Patch], None], said: str) -> None:
    bug(monkeypatch)
    suite = run(mailcow, [mailcow.document.operations["getMailbox"]], cases=10, seed=1)
    assert [finding for finding in suite.findings if said in str(finding)], "\n".join(map(str, suite.findings))
