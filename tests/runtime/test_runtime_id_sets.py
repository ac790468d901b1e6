"""Sets of ids as numbers, ranges and text."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mailwright.runtime import UNSET, IdSet, Operation, UsageError, id_set

UPDATE = Operation("PUT", "/messages/{}", id="updateMessages", result=object)


@pytest.mark.parametrize(
    ("ids", "text"),
    [
        (7, "7"),
        (0, "0"),
        ([3, 1, 2], "3,1,2"),
        ((5,), "5"),
        ({10, 9, 100}, "9,10,100"),
        (frozenset({2, 1}), "1,2"),
        (range(1, 6), "1:5"),
        (range(4, 5), "4"),
        (range(1, 8, 3), "1,4,7"),
        (range(5, 0, -2), "5,3,1"),
        ((n for n in (1, 2)), "1,2"),
        ({4: "a", 6: "b"}.keys(), "4,6"),
        ("1:*", "1:*"),
        ("1,2,3", "1,2,3"),
        (2**70, str(2**70)),
    ],
)
def test_ids_are_written_as_the_api_takes_them(ids: IdSet, text: str) -> None:
    assert id_set(UPDATE, ids) == text


def test_what_is_not_given_is_not_sent() -> None:
    assert id_set(UPDATE, UNSET) is UNSET


@pytest.mark.parametrize(
    ("ids", "why"),
    [
        ([], "no id"),
        (range(0), "no id"),
        (set[int](), "no id"),
        (True, "not bool"),
        ([1, True], "not bool"),
        (1.0, "not float"),
        (["1"], "not str"),
        ({1, "2"}, "not str"),
        (None, "not NoneType"),
        (b"12", "not bytes"),
        (bytearray(b"1"), "not bytearray"),
        (-1, "below 0"),
        (range(-3, 3), "below 0"),
        ([10**5000], "more digits"),
    ],
)
def test_what_is_no_id_is_refused_with_the_operation(ids: Any, why: str) -> None:
    with pytest.raises(UsageError, match=re.escape(why)) as caught:
        id_set(UPDATE, ids)
    assert (caught.value.operation, caught.value.method) == ("updateMessages", "PUT")
