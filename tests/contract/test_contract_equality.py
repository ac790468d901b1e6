"""When two JSON values mean the same."""

from __future__ import annotations

from typing import Any

import pytest

from mailwright.contract.document import Document
from mailwright.contract.equality import Equality

SCHEMAS: dict[str, Any] = {
    "User": {
        "type": "object",
        "required": ["id", "name"],
        "properties": {
            "id": {"type": "string"},
            "name": {"type": ["string", "null"]},
            "used": {"type": "integer"},
            "created": {"type": "string", "format": "date-time"},
            "key": {"anyOf": [{"type": "boolean", "const": False}, {"$ref": "#/components/schemas/Free"}]},
            "until": {
                "x-none": False,
                "anyOf": [{"type": "boolean", "const": False}, {"type": "string", "format": "date-time"}],
            },
            "tags": {"type": "array", "items": {"type": "string"}},
            "emails": {"x-list": True, "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
            "words": {"x-empty": "absent", "type": "array", "items": {"type": "string"}},
            "more": {
                "x-empty": "[]",
                "anyOf": [{"type": "array", "items": {}, "maxItems": 0}, {"$ref": "#/components/schemas/Free"}],
            },
            "full": {"x-none": "- ", "anyOf": [{"type": "integer"}, {"type": "string", "const": "- "}]},
        },
    },
    "Free": {"type": "object", "additionalProperties": True},
}
USER = {"$ref": "#/components/schemas/User"}
EQUALITY = Equality(Document({"paths": {}, "components": {"schemas": SCHEMAS}}))
GOOD: dict[str, Any] = {"id": "1", "name": None, "words": []}


def place(wanted: object, got: object, mode: Any = "answer") -> str | None:
    difference = EQUALITY.first_difference(USER, wanted, got, mode=mode)
    return None if difference is None else difference.place


@pytest.mark.parametrize(
    ("more_wanted", "more_got"),
    [
        ({}, {}),
        ({"unknown": 1}, {}),
        ({"used": None}, {}),
        ({}, {"used": None}),
        ({"used": 3.0}, {"used": 3}),
        ({"created": "2020-01-01t00:00:00z"}, {"created": "2020-01-01T00:00:00Z"}),
        ({"created": "2020-01-01T02:00:00+02:00"}, {"created": "2020-01-01T00:00:00Z"}),
        ({"created": "2020-01-01T00:00:00.1234567Z"}, {"created": "2020-01-01T00:00:00.123457Z"}),
        ({"key": False}, {"key": False}),
        ({"until": False}, {"until": None}),
        ({"until": False}, {}),
        ({"until": None}, {}),
        ({"emails": "a"}, {"emails": ["a"]}),
        ({"emails": ["a"]}, {"emails": ["a"]}),
        ({"key": {"any": [1]}}, {"key": {"any": [1]}}),
        ({"words": None}, {}),
        ({"words": ["a"]}, {"words": ["a"]}),
        ({"more": []}, {"more": {}}),
        ({"more": {}}, {"more": {}}),
        ({"more": {"a": 1}}, {"more": {"a": 1}}),
        ({"full": "- "}, {"full": None}),
    ],
)
def test_these_mean_the_same(more_wanted: dict[str, Any], more_got: dict[str, Any]) -> None:
    assert place({**GOOD, **more_wanted}, {**GOOD, **more_got}) is None


@pytest.mark.parametrize(
    ("more_wanted", "more_got", "at"),
    [
        ({"used": 1}, {}, "$.used"),
        ({"used": 1}, {"used": True}, "$.used"),
        ({"used": 1}, {"used": "1"}, "$.used"),
        ({}, {"used": 1}, "$.used"),
        ({"name": "a"}, {"name": None}, "$.name"),
        ({"created": "2020-01-01T00:00:00Z"}, {"created": "2020-01-01T00:00:01Z"}, "$.created"),
        ({"key": {"any": 1}}, {"key": {}}, "$.key.*"),
        ({"until": False}, {"until": False}, "$.until"),
        ({"until": True}, {"until": None}, "$.until"),
        ({"emails": "a"}, {"emails": "a"}, "$.emails"),
        ({"emails": "a"}, {"emails": ["b"]}, "$.emails[0]"),
        ({"emails": "a"}, {"emails": []}, "$.emails.length"),
        ({"tags": "a"}, {"tags": ["a"]}, "$.tags"),
        ({"used": 0}, {"used": None}, "$.used"),
        ({"words": None}, {"words": None}, "$.words"),
        ({"words": ["a"]}, {"words": []}, "$.words.length"),
        ({}, {"words": ["a"]}, "$.words.length"),
        ({"more": []}, {"more": []}, "$.more"),
        ({"more": []}, {"more": None}, "$.more"),
        ({"more": {"a": 1}}, {"more": {}}, "$.more.*"),
        ({"full": "- "}, {"full": "- "}, "$.full"),
        ({"full": 0}, {"full": None}, "$.full"),
        ({"tags": ["a", "b"]}, {"tags": ["a"]}, "$.tags.length"),
        ({"tags": ["a", "b"]}, {"tags": ["a", "c"]}, "$.tags[1]"),
    ],
)
def test_these_do_not(more_wanted: dict[str, Any], more_got: dict[str, Any], at: str) -> None:
    assert place({**GOOD, **more_wanted}, {**GOOD, **more_got}) == at


def test_a_required_null_is_not_absence() -> None:
    assert place({"id": "1", "name": None}, {"id": "1", "words": []}) == "$.name"


def test_a_list_that_is_left_out_is_an_empty_list_and_in_no_other_way() -> None:
    bare = {"id": "1", "name": None}
    assert place(bare, {**bare, "words": []}) is None
    assert place(bare, {**bare, "words": []}, "lax") is None
    for got in (bare, {**bare, "words": None}, {**bare, "words": {}}):
        assert place(bare, got) == "$.words"
    assert place(bare, bare, "request") is None
    assert place(bare, {**bare, "words": []}, "request") == "$.words"


@pytest.mark.parametrize(
    ("wanted", "got"), [("1", 1), ("true", True), (1, True), ("0", False), ("null", None), (0, "1970-01-01T00:00:00Z")]
)
def test_laxly_a_text_may_be_read_as_what_was_due(wanted: object, got: object) -> None:
    assert place({**GOOD, "created": wanted}, {**GOOD, "created": got}, "lax") is None
    assert place({**GOOD, "created": wanted}, {**GOOD, "created": got}) == "$.created"


@pytest.mark.parametrize("word", [0, "0", "false", False])
def test_laxly_what_stands_for_false_may_be_the_word_for_none(word: object) -> None:
    for got in ({}, {"until": None}):
        assert place({**GOOD, "until": word}, {**GOOD, **got}, "lax") is None
    if word is not False:
        assert place({**GOOD, "until": word}, {**GOOD, "until": None}) == "$.until"


@pytest.mark.parametrize(("wanted", "got"), [("2", 1), ("x", 1), ([], None), ({}, False), ("1.5", 1), (1, "1")])
def test_laxly_other_values_stay_different(wanted: object, got: object) -> None:
    assert place({**GOOD, "used": wanted}, {**GOOD, "used": got}, "lax") == "$.used"


@pytest.mark.parametrize(
    ("wanted", "got", "at"),
    [
        ({"id": "1", "used": None}, {"id": "1"}, "$.used"),
        ({"id": "1"}, {"id": "1", "used": None}, "$.used"),
        ({"id": "1", "new": 1}, {"id": "1"}, "$.*"),
        ({"id": "1", "until": False}, {"id": "1", "until": None}, "$.until"),
        ({"id": "1", "until": False}, {"id": "1"}, "$.until"),
    ],
)
def test_every_key_of_a_request_counts(wanted: object, got: object, at: str) -> None:
    assert place(wanted, got, "request") == at


def test_optional_properties_are_told_with_whether_they_are_there() -> None:
    value = {"id": "1", "name": None, "used": 1, "key": {"a": 1}}
    seen = dict(EQUALITY.optional_properties(USER, value))
    absent = dict.fromkeys(("$.created", "$.until", "$.tags", "$.emails", "$.words", "$.more", "$.full"), False)
    assert seen == {"$.used": True, "$.key": True, **absent}
