"""Every kind of change between two versions is found, and told to whom it concerns."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from mailwright.diff import Change, as_json, as_text, attribute_names, bump, compare, surface

Edit = Callable[[Any, Any], None]

JSON_OF_USER = {"application/json": {"schema": {"$ref": "#/components/schemas/User"}}}
DOCUMENT: Any = {
    "paths": {
        "/users/{user}": {
            "get": {
                "operationId": "getUser",
                "parameters": [{"$ref": "#/components/parameters/user"}],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/User"}}}}
                },
            },
            "put": {
                "operationId": "updateUser",
                "parameters": [{"$ref": "#/components/parameters/user"}],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Update"}}}},
                "responses": {"200": {"description": "done"}, "404": {"description": "gone"}},
            },
        }
    },
    "components": {
        "parameters": {"user": {"in": "path", "name": "user", "required": True, "schema": {"type": "string"}}},
        "schemas": {
            "User": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "string"},
                    "quota": {"$ref": "#/components/schemas/Quota"},
                    "kind": {"enum": ["a", "b"]},
                    "parent": {"$ref": "#/components/schemas/User"},
                },
            },
            "Quota": {"type": "object", "properties": {"used": {"type": "integer"}}},
            "Update": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "maxLength": 10},
                    "tags": {"type": ["array"], "items": {"type": "string"}},
                },
            },
        },
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X", "x-client": {"argument": "token"}}},
    },
}
USER = {"name": "user", "in": "path", "wire": "user"}
BINDINGS: Any = {
    "client": "Duck",
    "operations": {
        "getUser": {"resource": "users", "method": "get", "paged": False, "arguments": [USER]},
        "updateUser": {
            "resource": "users",
            "method": "update",
            "paged": False,
            "arguments": [
                USER,
                {"name": "name", "in": "body", "wire": "name"},
                {"name": "tags", "in": "body", "wire": "tags"},
            ],
        },
    },
}


def changes(edit: Edit) -> list[Change]:
    document, bindings = copy.deepcopy((DOCUMENT, BINDINGS))
    edit(document, bindings)
    return compare(surface("a", DOCUMENT, BINDINGS), surface("b", document, bindings))


def schemas(document: Any) -> Any:
    return document["components"]["schemas"]


def rename_path(document: Any, bindings: Any) -> None:
    document["paths"]["/user/{user}"] = document["paths"].pop("/users/{user}")
    document["components"]["parameters"]["user"]["name"] = "user"


def swap_to_page(document: Any, bindings: Any) -> None:
    bindings["operations"]["getUser"]["paged"] = True


EDITS: list[tuple[Edit, list[tuple[str, str, str]]]] = [
    (lambda d, b: None, []),
    (
        lambda d, b: b["operations"].pop("getUser"),
        [("breaking", "get", "gone (GET /users/{user})")],
    ),
    (
        lambda d, b: b["operations"]["getUser"].update(method="show"),
        [("breaking", "get", "is now `users.show`")],
    ),
    (
        rename_path,
        [
            ("wire", "get", "sends GET /user/{user}, was GET /users/{user}"),
            ("wire", "update", "sends PUT /user/{user}, was PUT /users/{user}"),
        ],
    ),
    (swap_to_page, [("breaking", "get", "gives pages now")]),
    (lambda d, b: b.update(client="Goose"), [("breaking", "", "the client `Duck` is called `Goose` now")]),
    (
        lambda d, b: d["components"]["securitySchemes"]["key"]["x-client"].update(argument="key"),
        [("addition", "", "the client takes `key` as well"), ("breaking", "", "the client takes no `token` any more")],
    ),
    # Arguments
    (
        lambda d, b: b["operations"]["updateUser"]["arguments"].pop(),
        [("breaking", "update", "argument `tags` is gone")],
    ),
    (
        lambda d, b: b["operations"]["updateUser"]["arguments"][2].update(name="labels"),
        [("breaking", "update", "argument `tags` is called `labels` now")],
    ),
    (
        lambda d, b: b["operations"]["updateUser"]["arguments"].append({"name": "x", "in": "query", "wire": "x"}),
        [("addition", "update", "takes `x` as well")],
    ),
    (
        lambda d, b: schemas(d)["Update"]["required"].append("tags"),
        [("breaking", "update", "argument `tags` is required now")],
    ),
    (
        lambda d, b: schemas(d)["Update"]["required"].clear(),
        [("addition", "update", "argument `name` may be left out")],
    ),
    (
        lambda d, b: schemas(d)["Update"]["properties"].update(name={"type": "integer", "maxLength": 10}),
        [("breaking", "update", "argument `name` takes integer, was text")],
    ),
    (
        lambda d, b: schemas(d)["Update"]["properties"]["name"].update(type=["string", "null"]),
        [("addition", "update", "argument `name` takes null as well")],
    ),
    (
        lambda d, b: schemas(d)["Update"]["properties"].update(
            name={"x-none": False, "maxLength": 10, "anyOf": [{"type": "string"}, {"const": False}]}
        ),
        [("addition", "update", "argument `name` takes none as well")],
    ),
    (
        lambda d, b: schemas(d)["Update"]["properties"]["name"].update(maxLength=5),
        [("wire", "update", "argument `name` is at most 5 characters, was at most 10 characters")],
    ),
    (
        lambda d, b: (
            schemas(d)["Update"]["properties"].update(label=schemas(d)["Update"]["properties"].pop("tags")),
            b["operations"]["updateUser"]["arguments"][2].update(wire="label"),
        ),
        [("wire", "update", "argument `tags` goes as `label` in the body, was `tags` in the body")],
    ),
    # Answers
    (
        lambda d, b: schemas(d)["User"]["properties"].pop("quota"),
        [("breaking", "get", "the answer has no `quota` any more")],
    ),
    (
        lambda d, b: schemas(d)["Quota"]["properties"].update(free={"type": "integer"}),
        [("addition", "get", "the answer has `quota.free` as well")],
    ),
    (
        lambda d, b: schemas(d)["Quota"]["properties"]["used"].update(type="string"),
        [("breaking", "get", "`quota.used` of the answer is text, was integer")],
    ),
    (
        lambda d, b: schemas(d)["User"]["properties"]["kind"]["enum"].append("c"),
        [("addition", "get", '`kind` of the answer may be "c" as well')],
    ),
    (
        lambda d, b: schemas(d)["User"]["required"].clear(),
        [("breaking", "get", "`id` of the answer may be missing")],
    ),
    (
        lambda d, b: (
            schemas(d)["User"]["properties"].update(kinds={"type": "array", "items": {"enum": ["b", "a"]}}),
            schemas(d)["User"]["properties"].update(pair={"type": "array", "prefixItems": [{"type": "integer"}]}),
        ),
        [("addition", "get", "the answer has `kinds` and `pair` as well")],
    ),
    (
        lambda d, b: d["paths"]["/users/{user}"]["get"]["responses"].update({"429": {"description": "wait"}}),
        [("wire", "get", "may answer with status `429` as well")],
    ),
]


@pytest.mark.parametrize(("edit", "wanted"), EDITS)
def test_every_kind_of_change_is_told(edit: Edit, wanted: list[tuple[str, str, str]]) -> None:
    assert [(each.level, each.method, each.what) for each in changes(edit)] == wanted


def test_a_new_operation_is_an_addition() -> None:
    document, bindings = copy.deepcopy((DOCUMENT, BINDINGS))
    del bindings["operations"]["getUser"]
    found = compare(surface("a", DOCUMENT, bindings), surface("b", document, BINDINGS))
    assert found == [Change("addition", "users", "get", "new (GET /users/{user})")]


@pytest.mark.parametrize(
    ("edit", "wanted"),
    [(EDITS[0][0], "patch"), (EDITS[1][0], "major"), (EDITS[9][0], "minor"), (EDITS[3][0], "patch")],
)
def test_the_bump_follows_the_worst_change(edit: Edit, wanted: str) -> None:
    assert bump(changes(edit)) == wanted


def test_the_page_groups_by_level_and_resource() -> None:
    page = as_text("duck-1", "duck-2", changes(EDITS[1][0]))
    assert page.splitlines() == [
        "# From duck-1 to duck-2",
        "",
        "## Breaking for callers of the Python client",
        "",
        "### users",
        "",
        "- `users.get`: gone (GET /users/{user})",
    ]
    assert "Nothing breaks." in as_text("a", "b", [])


def test_what_many_methods_have_in_common_is_told_once() -> None:
    alike = [Change("wire", f"r{number % 2}", f"m{number}", "sends less") for number in range(13)]
    page = as_text("a", "b", [*alike, Change("wire", "r1", "m1", "sends more")])
    assert "### In many methods\n\n- sends less: 13 methods of `r0`, `r1`\n\n### r1\n\n- `r1.m1`: sends more" in page
    named = as_text("a", "b", alike[:3])
    assert "- sends less: `r0.m0`, `r1.m1`, `r0.m2`" in named
    assert "- `r0.m0`: sends less" in as_text("a", "b", alike[:2])


def test_fields_of_answers_are_called_as_in_python() -> None:
    names = attribute_names("class A:\n    key_info: str = field(name='keyInfo', default=None)\n    plain: int = 3\n")
    assert names == {"keyInfo": "key_info"}
    document = copy.deepcopy(DOCUMENT)
    schemas(document)["Quota"]["properties"]["keyInfo"] = {"type": "string"}
    found = compare(surface("a", DOCUMENT, BINDINGS), surface("b", document, BINDINGS, names))
    assert [each.what for each in found] == ["the answer has `quota.key_info` as well"]


def test_what_is_missing_below_a_field_is_not_told_when_the_field_may_be_missing() -> None:
    old = copy.deepcopy(DOCUMENT)
    schemas(old)["User"]["required"] = ["id", "quota"]
    schemas(old)["Quota"]["required"] = ["used"]
    found = compare(surface("a", old, BINDINGS), surface("b", DOCUMENT, BINDINGS))
    assert [each.what for each in found] == ["`quota` of the answer may be missing"]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"items": {"enum": ["b", "a"]}}, {"items": {"enum": ["a", "b"]}}, None),
        ({"items": {"type": "integer"}}, {"prefixItems": [{"type": "integer"}, {"type": "integer"}]}, None),
        (
            {"items": {"type": "integer"}},
            {"prefixItems": [{"type": "integer"}, {"type": "string"}]},
            "`list` of the answer is list of (integer or text), was list of integer",
        ),
    ],
)
def test_lists_are_compared_by_what_is_in_them(before: Any, after: Any, told: str | None) -> None:
    old, new = copy.deepcopy(DOCUMENT), copy.deepcopy(DOCUMENT)
    schemas(old)["User"]["properties"]["list"] = {"type": "array", **before}
    schemas(new)["User"]["properties"]["list"] = {"type": "array", **after}
    found = compare(surface("a", old, BINDINGS), surface("b", new, BINDINGS))
    assert [each.what for each in found] == ([told] if told else [])


def test_json_has_the_same_changes() -> None:
    found = json.loads(as_json("a", "b", changes(EDITS[1][0])))
    assert (found["bump"], len(found["changes"]), found["changes"][0]["method"]) == ("major", 1, "get")
