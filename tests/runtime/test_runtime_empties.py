"""What stands for an empty value on the wire: a list that is left out, and an empty list in the place of an object."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import msgspec
import pytest

from mailwright.runtime import ResponseInvalid, ResponseModel
from mailwright.runtime.decoding import decode
from mailwright.runtime.empties import OrAbsent, OrEmptyList, no_items, read_empties
from mailwright.runtime.nones import MaybeDash, read_nones


class Base(ResponseModel, kw_only=True):
    _empties: ClassVar[dict[str, type[object]]] = {"tags": list}
    tags: OrAbsent[list[str]] = msgspec.field(name="userTags", default_factory=no_items)

    def __post_init__(self) -> None:
        read_empties(self)


class Box(Base, kw_only=True):
    _nones: ClassVar[dict[str, object]] = {"full": "- "}
    _empties: ClassVar[dict[str, type[object]]] = {"more": dict}
    more: OrEmptyList[dict[str, str]]
    full: MaybeDash[int]

    def __post_init__(self) -> None:
        read_nones(self)
        read_empties(self)


def read(**body: object) -> Any:
    content = json.dumps({"more": {}, "full": 1, **body}).encode()
    return decode(content, msgspec.json.Decoder(Box), msgspec.json.Decoder(Box, strict=False))


@pytest.mark.parametrize("body", [{}, {"userTags": None}, {"userTags": []}])
def test_a_list_that_is_left_out_is_empty(body: dict[str, object]) -> None:
    assert read(**body).tags == []


def test_each_has_an_empty_list_of_its_own() -> None:
    one, other = read(), read()
    one.tags.append("a")
    assert other.tags == []


def test_a_list_with_items_is_that_list() -> None:
    assert read(userTags=["a", "b"]).tags == ["a", "b"]


def test_an_empty_list_is_an_empty_object_where_one_is_due() -> None:
    assert read(more=[]).more == {}
    assert read(more={}).more == {}
    assert read(more={"a": "b"}).more == {"a": "b"}


@pytest.mark.parametrize("more", [["a"], [[]], None, "[]", 0, False])
def test_anything_else_is_no_object(more: object) -> None:
    with pytest.raises(ResponseInvalid) as caught:
        read(more=more)
    assert caught.value.place in ("$", "$.more")


@pytest.mark.parametrize(("full", "number"), [(0, 0), (118, 118), ("118", 118), ("- ", None), (None, None)])
def test_a_dash_is_none_and_text_is_read_as_a_number(full: object, number: int | None) -> None:
    assert read(full=full).full == number


@pytest.mark.parametrize("full", ["-", "", " - ", "full", True, 1.5, []])
def test_no_other_text_is_a_dash(full: object) -> None:
    with pytest.raises(ResponseInvalid):
        read(full=full)


def test_what_is_empty_is_written_again_as_python_has_it() -> None:
    assert json.loads(msgspec.json.encode(read(more=[], full="- "))) == {"userTags": [], "more": {}, "full": None}
