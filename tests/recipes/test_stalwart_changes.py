from __future__ import annotations

from typing import Any

import msgspec
import pytest

from mailwright.recipes.stalwart_changes import add, clear, put, remove
from mailwright.runtime import UsageError


def sent(change: msgspec.Struct) -> Any:
    return msgspec.json.decode(msgspec.json.encode(change))


@pytest.mark.parametrize(
    ("change", "wire"),
    [
        (put("description", "Jane"), {"action": "set", "field": "description", "value": "Jane"}),
        (put("emails", ["a@x.org"]), {"action": "set", "field": "emails", "value": ["a@x.org"]}),
        (put("emails", []), {"action": "set", "field": "emails", "value": []}),
        (put("quota", 2**40), {"action": "set", "field": "quota", "value": 2**40}),
        (put("quota", (2**40, 5)), {"action": "set", "field": "quota", "value": [2**40, 5]}),
        (clear("quota"), {"action": "set", "field": "quota", "value": ""}),
        (add("secrets", "$6$x"), {"action": "addItem", "field": "secrets", "value": "$6$x"}),
        (remove("memberOf", "staff"), {"action": "removeItem", "field": "memberOf", "value": "staff"}),
    ],
)
def test_a_change_is_what_the_server_takes(change: msgspec.Struct, wire: Any) -> None:
    assert sent(change) == wire


@pytest.mark.parametrize(
    ("make", "arguments"),
    [
        (put, ("quota", "5 GB")),
        (put, ("quota", -1)),
        (put, ("quota", True)),
        (put, ("quota", [])),
        (put, ("emails", "a@x.org")),
        (put, ("emails", [""])),
        (put, ("description", ["x"])),
        (put, ("description", "")),
        (put, ("type", "group")),
        (put, ("usedQuota", 1)),
        (clear, ("name",)),
        (clear, ("emails",)),
        (add, ("quota", "1")),
        (add, ("emails", "")),
        (remove, ("name", "x")),
        (add, ("urls", "é" * 257)),
    ],
)
def test_a_change_that_the_server_refuses_is_not_made(make: Any, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(UsageError):
        make(*arguments)


def test_a_text_of_512_bytes_is_the_longest() -> None:
    assert sent(put("description", "é" * 256))["value"] == "é" * 256


def test_a_password_is_in_no_repr_and_no_refusal() -> None:
    assert "hunter2" not in repr(add("secrets", "hunter2", as_is=True))
    with pytest.raises(UsageError) as caught:
        add("secrets", "hunter2" * 100)
    assert "hunter2" not in str(caught.value)
