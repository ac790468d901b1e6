from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from mailwright.codegen.documents import LocatedDict, LocatedList, Place, load, parse, place_of, to_json, to_yaml
from mailwright.problem import Problem

FILE = Path("api.yaml")


def test_every_node_and_key_knows_its_line() -> None:
    document = parse("a:\n  b: 1\n  c:\n    - x\n    - {d: 2}\n", FILE)
    assert place_of(document) == Place(FILE, 1)
    assert place_of(document, "a") == Place(FILE, 1)
    assert place_of(document["a"], "c") == Place(FILE, 3)
    assert [place_of(document["a"]["c"], index) for index in (0, 1)] == [Place(FILE, 4), Place(FILE, 5)]
    assert place_of(document["a"]["c"][1], "d") == Place(FILE, 5)
    assert str(place_of(document["a"], "b")) == "api.yaml:2"
    assert place_of({"plain": 1}, "plain") is None


def test_a_deep_copy_is_equal_located_and_independent() -> None:
    document = parse("a: [1, {b: 2}]\n", FILE)
    copy = deepcopy(document)
    assert isinstance(copy, LocatedDict)
    assert isinstance(copy["a"], LocatedList)
    copy["a"].append(3)
    copy["a"].places.append(Place(FILE, 9))
    copy["a"][1]["b"] = 0
    assert document == {"a": [1, {"b": 2}]}
    assert document["a"].places == [Place(FILE, 1), Place(FILE, 1)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("2018-01-20", "2018-01-20"),
        ("1.0.107", "1.0.107"),
        ("010", 10),
        ("-3", -3),
        ("1e3", 1000.0),
        ("1.5", 1.5),
        ("true", True),
        ("null", None),
        ("~", None),
        ("", None),
        ("'1'", "1"),
        ('"true"', "true"),
        ("''", ""),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("9007199254740993", 9007199254740993),
    ],
)
def test_scalars_are_read_as_yaml_1_2(text: str, value: object) -> None:
    got = parse(f"key: {text}\n", FILE)["key"]
    assert (got, type(got)) == (value, type(value))


def test_keys_are_always_text() -> None:
    assert list(parse("200: a\ntrue: b\nnull: c\n", FILE)) == ["200", "true", "null"]


def test_an_alias_gives_nodes_of_their_own() -> None:
    document = parse("a: &x {b: [1]}\nc: *x\n", FILE)
    document["c"]["b"].append(2)
    assert document["a"] == {"b": [1]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "api.yaml: the file is empty"),
        ("a: [1, 2\nb: 3\n", "api.yaml:2: not readable as YAML"),
        ("a: 1\n b: 2\n", "api.yaml:2: not readable as YAML"),
        ("a: 1\nb: 2\na: 3\n", "api.yaml:3: the key 'a' stands twice in one mapping (first at line 1)"),
        ("a: &x\n  b: *x\n", "an alias refers to its own parent"),
        ("? [a]\n: 1\n", "api.yaml:1: a key must be plain text"),
        ("a: \x01\n", "api.yaml: not readable as YAML"),
        ("a: 1\n---\nb: 2\n", "not readable as YAML"),
        ("a: 1\nb: 1e999\n", "api.yaml:2: this number is too large"),
        ("a: " + "9" * 5000, "api.yaml:1: this number is too large"),
        ('a: "\\ud83d"\n', "api.yaml:1: an escape holds half a character"),
        ("[" * 5000, "api.yaml: nested too deeply"),
    ],
)
def test_broken_text_is_one_problem_with_its_line(text: str, message: str) -> None:
    with pytest.raises(Problem) as caught:
        parse(text, FILE)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.remedy


def test_files_that_cannot_be_read_are_wrong_use(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(Problem, match="cannot be read") as caught:
            load(path)
        assert caught.value.exit_code == 2


def test_files_that_are_no_mapping_or_no_utf_8_are_refused(tmp_path: Path) -> None:
    (tmp_path / "list.yaml").write_text("- a\n")
    with pytest.raises(Problem, match=r"list\.yaml:1: the document is not a mapping"):
        load(tmp_path / "list.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"a: \xe9\n")
    with pytest.raises(Problem, match="is not UTF-8 text"):
        load(tmp_path / "latin.yaml")


DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "200": {"no": "no", "number": "1", "date": "2018-01-20", "empty": "", "null": None, "float": "1.5", "big": "1e3"},
    "text": ["naïve 📧", "a: b", "# c", "two\nlines\n", " edge ", "-", "~", "true", "0o7", "0x1F", "1.5e3", "+1", ".5"],
    "values": [1, -2, 1.5, 1e30, 9007199254740993, True, False, None, [], {}, [[1]]],
}


def test_json_comes_back_as_it_was(tmp_path: Path) -> None:
    text = to_json(DOCUMENT)
    assert text.endswith("}\n")
    assert json.loads(text) == DOCUMENT
    assert list(json.loads(text)) == list(DOCUMENT)
    (tmp_path / "out.json").write_text(text, encoding="utf-8")
    assert load(tmp_path / "out.json") == DOCUMENT


def test_yaml_comes_back_as_it_was() -> None:
    again = parse(to_yaml(DOCUMENT), FILE)
    assert again == DOCUMENT
    assert list(again) == list(DOCUMENT)
    assert [type(value) for value in again["values"][:8]] == [type(value) for value in DOCUMENT["values"][:8]]


def test_yaml_of_a_located_document_has_no_aliases() -> None:
    document = parse("a: &x {b: [1]}\nc: *x\n", FILE)
    assert to_yaml(document) == "a:\n  b:\n  - 1\nc:\n  b:\n  - 1\n"


def test_json_escapes_of_astral_characters_are_read_as_one_character() -> None:
    assert parse('{"a": "\\ud83d\\udce7"}', FILE)["a"] == "📧"
