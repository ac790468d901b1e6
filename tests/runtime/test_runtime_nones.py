"""Words of the wire for none: false and the empty text are None in Python, both ways."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, ClassVar

import msgspec
import pytest

from mailwright.runtime import UNSET, RequestModel, ResponseInvalid, ResponseModel, Unset, UsageError
from mailwright.runtime.body import encode
from mailwright.runtime.decoding import decode
from mailwright.runtime.nones import MaybeEmpty, MaybeFalse, read_nones


class Key(ResponseModel, kw_only=True):
    name: str


class Base(ResponseModel, kw_only=True):
    _nones: ClassVar[dict[str, object]] = {"cursor": False}
    cursor: MaybeFalse[str] = msgspec.field(name="nextCursor")

    def __post_init__(self) -> None:
        read_nones(self)


class Answer(Base, kw_only=True):
    _nones: ClassVar[dict[str, object]] = {"key": False, "at": False, "names": False}
    key: MaybeFalse[Key] = None
    at: MaybeFalse[datetime] = None
    names: MaybeFalse[list[str]] = None


class Answers(ResponseModel, kw_only=True):
    results: list[Answer]


class Wish(RequestModel, kw_only=True):
    _nones: ClassVar[dict[str, object]] = {"expires": False, "size": ""}
    expires: MaybeFalse[datetime] | Unset = UNSET
    size: MaybeEmpty[int] | Unset = UNSET
    note: str | Unset | None = UNSET

    def __post_init__(self) -> None:
        read_nones(self)


class Wishes(RequestModel, kw_only=True):
    one: Wish | Unset = UNSET
    many: list[Wish] | Unset = UNSET
    named: dict[str, Wish] | Unset = UNSET


def read(body: object, model: type[Any] = Answer) -> Any:
    content = json.dumps(body).encode()
    return decode(content, msgspec.json.Decoder(model), msgspec.json.Decoder(model, strict=False))


def sent(body: object) -> Any:
    return json.loads(encode(body) or b"")


@pytest.mark.parametrize("word", [False, None])
def test_the_word_and_null_are_read_as_none(word: object) -> None:
    answer = read({"nextCursor": word, "key": word, "at": word, "names": word})
    assert (answer.cursor, answer.key, answer.at, answer.names) == (None, None, None, None)


def test_what_is_no_word_is_read_as_it_is() -> None:
    answer = read({"nextCursor": "c", "key": {"name": "k"}, "at": "2026-01-02T03:04:05Z", "names": ["a"]})
    assert answer == Answer(cursor="c", key=Key(name="k"), at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), names=["a"])


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"results": [{"nextCursor": True}]}, "$.results[0]"),
        ({"results": [{"nextCursor": False}, {"nextCursor": "c", "key": True}]}, "$.results[1]"),
    ],
)
def test_true_where_only_false_means_something_is_refused_with_its_place(body: object, place: str) -> None:
    with pytest.raises(ResponseInvalid, match="may be false, not true") as caught:
        read(body, Answers)
    assert caught.value.place == place


def test_a_required_field_that_is_absent_is_no_none() -> None:
    with pytest.raises(ResponseInvalid, match="nextCursor"):
        read({"key": False})


def test_none_is_sent_as_the_word_and_null_where_there_is_no_word() -> None:
    assert sent(Wish(expires=None, size=None, note=None)) == {"expires": False, "size": "", "note": None}
    assert sent(Wish()) == {}
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    assert sent(Wish(expires=moment, size=3)) == {"expires": "2026-01-02T00:00:00Z", "size": 3}


def test_none_is_sent_as_the_word_wherever_the_object_stands() -> None:
    clear = Wish(expires=None)
    body = Wishes(one=clear, many=[Wish(size=1), clear], named={"a": clear})
    assert sent(body) == {
        "one": {"expires": False},
        "many": [{"size": 1}, {"expires": False}],
        "named": {"a": {"expires": False}},
    }
    assert sent([clear]) == [{"expires": False}]
    assert sent((Wish(size=1), clear)) == [{"size": 1}, {"expires": False}]


def test_the_body_of_the_caller_stays_as_it_is() -> None:
    inner = Wish(expires=None)
    body = Wishes(one=inner, many=[inner])
    encode(body)
    assert body.one is inner
    assert inner.expires is None


def test_a_body_that_was_changed_after_it_was_made_is_sent_as_it_is_now() -> None:
    wish = Wish(size=3)
    wish.size = None
    assert sent(wish) == {"size": ""}


def test_a_body_that_holds_itself_is_refused() -> None:
    circle: list[object] = [Wish(expires=None)]
    circle.append(circle)
    with pytest.raises(UsageError, match="holds itself"):
        encode(circle)
