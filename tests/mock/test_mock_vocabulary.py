from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from mailwright.mock import Mock, Request
from mailwright.mock.values import ABSENT, fill
from mailwright.problem import Problem

SOURCES = {"given": {"a": 0, "b": {"c": 5}, "n": None}, "now": datetime(2026, 1, 31, tzinfo=UTC), "view": {"x": 1}}


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("text", "text"),
        ("$given.a", 0),
        ("$given.b.c", 5),
        ("$given.b.c.d", ABSENT),
        ("$given.x", ABSENT),
        ("$given.a ?? 7", 0),
        ("$given.a || 7", 7),
        ("$given.n ?? 7", None),
        ("$given.n || false", False),
        ("$given.x ?? $given.b", {"c": 5}),
        ('$given.x ?? ["*"]', ["*"]),
        ("$now", "2026-01-31T00:00:00.000Z"),
        ("$now+30d", "2026-03-02T00:00:00.000Z"),
        ("no {$given.b.c} of {$given.x}.", "no 5 of ."),
        ({"k": "$given.x", "l": ["$given.x", 1]}, {"l": [1]}),
        ({"k": 1, "...": "$view"}, {"k": 1, "x": 1}),
    ],
    ids=str,
)
def test_values_are_looked_up(template: Any, value: Any) -> None:
    assert fill(template, SOURCES) == value


@pytest.mark.parametrize(("template", "said"), [("$nosuch.a", r"knows no \$nosuch"), ("$given.a ??", "is not a value")])
def test_a_value_that_cannot_be_read_is_a_problem(template: str, said: str) -> None:
    with pytest.raises(Problem, match=said):
        fill(template, SOURCES)


def changed(document: Any, path: str, value: Any) -> Any:
    document = copy.deepcopy(document)
    node = document
    *parents, last = path.split("|")
    for each in parents:
        node = node[each]
    node[last] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("x-mock", {}, "x-mock: .* is a required property"),
        ("x-mock|colections", {}, "x-mock: Additional properties are not allowed"),
        ("x-mock|pack", "nosuch", "no behaviour pack 'nosuch'"),
        ("x-mock|ids", "random", r"x-mock\.ids: "),
        ("paths|/users|get|x-mock|lst", "users", "listUsers x-mock: "),
        ("paths|/users|get|x-mock|list", "people", "listUsers x-mock: there is no collection 'people'"),
        ("paths|/users|get|x-mock|view", "nosuch", "listUsers x-mock: collection 'users' has no view 'nosuch'"),
        ("paths|/users|post|x-mock|before", ["nosuch"], "createUser x-mock: the behaviour pack has no hook 'nosuch'"),
        ("x-mock|formats|path.*", "nosuch", "the behaviour pack has no format 'nosuch'"),
        ("paths|/users|post|requestBody", {"$ref": "#/nowhere"}, "#/nowhere leads nowhere"),
    ],
)
def test_a_wrong_x_mock_is_a_problem_that_names_its_place(document: Any, path: str, value: Any, said: str) -> None:
    with pytest.raises(Problem, match=said):
        Mock(changed(document, path, value))


def test_a_document_without_x_mock_is_a_problem(document: Any) -> None:
    bare = {key: value for key, value in document.items() if key != "x-mock"}
    with pytest.raises(Problem, match="no x-mock at its root"):
        Mock(bare)


def test_another_collection_takes_data_alone(document: Any) -> None:
    """What DESIGN promises: an operation nobody wrote code for works once 30-mock says how."""
    grown = copy.deepcopy(document)
    grown["x-mock"]["collections"]["notes"] = {
        "parent": {"collection": "users", "field": "user"},
        "fields": {"text": "$given.text"},
        "missing": {"status": 404, "body": {"error": "This note does not exist"}},
        "views": {"plain": {"id": "$record.id", "text": "$record.text"}},
    }
    user = grown["paths"]["/users/{user}"]["parameters"]
    schema = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
    body = {"content": {"application/json": {"schema": schema}}}
    note = [{"name": "note", "in": "path", "required": True, "schema": {"type": "string"}}]
    grown["paths"]["/users/{user}/notes"] = {
        "parameters": user,
        "post": {"operationId": "createNote", "requestBody": body, "x-mock": {"create": "notes"}},
        "get": {"operationId": "listNotes", "x-mock": {"list": "notes", "view": "plain", "order": ["-id"]}},
    }
    grown["paths"]["/users/{user}/notes/{note}"] = {
        "parameters": [*user, *note],
        "delete": {"operationId": "deleteNote", "x-mock": {"delete": "notes", "by": "note"}},
    }
    mock = Mock(grown)

    def call(method: str, path: str, wish: Any = None) -> Any:
        content = json.dumps(wish).encode() if wish else b""
        return json.loads(mock.handle(Request(method, path, (("Content-Type", "application/json"),), content)).content)

    base = f"/users/{call('POST', '/users', {'username': 'jane', 'password': 'x'})['id']}/notes"
    first, second = (call("POST", base, {"text": text})["id"] for text in ("one", "two"))
    assert [each["text"] for each in call("GET", base)["results"]] == ["two", "one"]
    assert call("DELETE", f"{base}/{first}") == {"success": True}
    assert call("DELETE", f"{base}/{first}") == {"error": "This note does not exist"}
    assert call("GET", base)["results"] == [{"id": second, "text": "two"}]
