from __future__ import annotations

from pathlib import Path

import pytest

from mailwright.codegen.documents import LocatedDict, parse
from mailwright.codegen.references import check_references
from mailwright.problem import Problem


def check(text: str) -> None:
    document = parse(text, Path("openapi.yaml"))
    assert isinstance(document, LocatedDict)
    check_references(document)


@pytest.mark.parametrize(
    "reference",
    [
        "#",
        "#/components/schemas/User",
        "#/paths/~1users~1{id}",
        "#/paths/~1users~1%7Bid%7D",
        "#/list/1",
        "#/til~0de",
        "#/",
    ],
)
def test_references_that_lead_somewhere_are_accepted(reference: str) -> None:
    check(f"""\
components: {{schemas: {{User: {{type: object}}}}}}
paths:
  /users/{{id}}: {{}}
list: [1, 2]
til~de: 1
'': 1
root: {{$ref: '{reference}'}}
""")


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        (
            "#/components/schemas/Usr",
            "#/components/schemas/Usr leads nowhere: #/components/schemas has no 'Usr' (near: #/components/schemas/Us",
        ),
        ("#/components/schema/User", "#/components has no 'schema' (near: #/components/schemas)"),
        ("#/components/schemas/user", "near: #/components/schemas/User"),
        ("#/paths/~1usrs", "#/paths has no '/usrs' (near: #/paths/~1users)"),
        ("#/tags/2", "#/tags has no '2' (#/tags is no mapping)"),
        ("#/tags/x", "#/tags has no 'x'"),
        ("#/zzz", "# has no 'zzz' (define it, or point the reference at something that exists)"),
        ("#User", "$ref #User is not a JSON Pointer"),
        ("", "$ref  leads out of this file"),
        ("other.yaml#/User", "$ref other.yaml#/User leads out of this file"),
        ("https://example.org/User.json", "leads out of this file"),
    ],
)
def test_references_that_lead_nowhere_or_out_are_refused_with_line_and_near_matches(
    reference: str, message: str
) -> None:
    text = f"""\
components:
  schemas:
    User: {{type: object}}
    Page:
      properties:
        items:
          items:
            $ref: '{reference}'
paths: {{/users: {{}}}}
tags: [1, 2]
"""
    with pytest.raises(Problem) as caught:
        check(text)
    assert str(caught.value).startswith("openapi.yaml:8: ")
    assert message in str(caught.value)


def test_a_circle_of_references_is_refused_and_a_recursive_schema_is_not() -> None:
    check("components: {schemas: {Node: {properties: {next: {$ref: '#/components/schemas/Node'}}}}}")
    with pytest.raises(Problem, match=r"openapi.yaml:1: this reference goes round in a circle: #/A -> #/B -> #/A"):
        check("B: {$ref: '#/A'}\nA: {$ref: '#/B'}")


@pytest.mark.parametrize(
    "holder",
    [
        "responses: {default: {$ref: '#/none'}}",
        "properties: {default: {$ref: '#/none'}, example: {type: string}}",
        "properties: {properties: {properties: {const: {$ref: '#/none'}}}}",
        "schemas: {$ref: {$ref: '#/none'}}",
        "examples: {one: {$ref: '#/none'}}",
        "x-rows: {$ref: '#/none'}",
        "allOf: [{}, {$ref: '#/none'}]",
        "discriminator: {mapping: {a: '#/none'}}",
    ],
)
def test_references_are_found_wherever_openapi_has_them(holder: str) -> None:
    with pytest.raises(Problem, match="#/none leads nowhere"):
        check(holder)


@pytest.mark.parametrize(
    "data",
    [
        "example: {$ref: '#/none'}",
        "examples: [{$ref: '#/none'}]",
        "examples: {one: {value: {$ref: '#/none'}}}",
        "default: {$ref: '#/none'}",
        "const: {$ref: '#/none'}",
        "enum: [{$ref: '#/none'}]",
        "properties: {$ref: {type: string}}",
        "discriminator: {mapping: {a: Cat}}",
    ],
)
def test_data_that_looks_like_a_reference_is_left_alone(data: str) -> None:
    check(data)
