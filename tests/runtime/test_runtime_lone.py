"""Lists of which the wire may have a lone text: a list in Python, whatever came."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import msgspec
import pytest

from mailwright.runtime import ResponseInvalid, ResponseModel
from mailwright.runtime.decoding import decode
from mailwright.runtime.lone import MaybeLone, read_lists


class Base(ResponseModel, kw_only=True):
    _lists: ClassVar[frozenset[str]] = frozenset(["emails"])
    emails: MaybeLone[list[str]]

    def __post_init__(self) -> None:
        read_lists(self)


class Person(Base, kw_only=True):
    _lists: ClassVar[frozenset[str]] = frozenset(["secrets"])
    secrets: MaybeLone[list[str]] | None = None
    note: list[str] | str | None = None


def read(body: object) -> Any:
    content = json.dumps(body).encode()
    return decode(content, msgspec.json.Decoder(Person), msgspec.json.Decoder(Person, strict=False))


@pytest.mark.parametrize(
    ("came", "seen"),
    [("a", ["a"]), ("", [""]), (["a", "b"], ["a", "b"]), ([], [])],
    ids=["one", "empty", "two", "none"],
)
def test_a_lone_text_is_a_list_of_one_and_a_list_stays(came: object, seen: list[str]) -> None:
    person = read({"emails": came, "secrets": came, "note": "n"})
    assert (person.emails, person.secrets, person.note) == (seen, seen, "n")


def test_what_is_absent_or_null_stays_none() -> None:
    assert read({"emails": "a"}).secrets is None
    assert read({"emails": "a", "secrets": None}).secrets is None


@pytest.mark.parametrize("wrong", [{"a": 1}, [["a"]], None])
def test_what_is_neither_is_refused(wrong: object) -> None:
    with pytest.raises(ResponseInvalid, match="emails"):
        read({"emails": wrong})
