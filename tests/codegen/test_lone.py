"""Models of documents whose wire has lone texts where lists are due."""

from __future__ import annotations

import copy
from typing import Any

from small_apis import REPOSITORY, api

from mailwright.codegen.directions import Directions
from mailwright.codegen.lone import without_lone_texts
from mailwright.codegen.models import Field, generate_models

DOCUMENT: dict[str, Any] = api("""
components:
  schemas:
    Texts:
      description: One or more.
      x-list: true
      anyOf: [{type: string}, {type: array, items: {type: string}}]
    Person:
      type: object
      required: [emails]
      properties:
        emails: {$ref: '#/components/schemas/Texts', description: Where mail goes.}
        secrets: {x-secret: true, x-list: true, anyOf: [{type: array, items: {type: string}}, {type: string}]}
        plain: {anyOf: [{type: string}, {type: array, items: {type: string}}]}
        until: {x-none: false, anyOf: [{type: string}, {type: boolean, const: false}]}
""")


def test_the_fields_are_lists_and_the_struct_names_them() -> None:
    directions = Directions(frozenset(), frozenset({"Person", "Texts"}))
    made = generate_models(DOCUMENT, directions, REPOSITORY / "templates" / "models", "# made by a test")
    assert made.fields["Person"] == (
        Field("emails", "emails", "Texts", required=True),
        Field("secrets", "secrets", "list[str]", required=False),
        Field("plain", "plain", "str | list[str]", required=False),
        Field("until", "until", "str | None", required=False, none=False),
    )
    source = made.source.replace('"', "'")
    assert "Texts: TypeAlias = list[str]\n" in source
    assert "emails: MaybeLone[Texts]\n" in source
    assert "secrets: MaybeLone[list[str]] | None = None\n" in source
    assert "_lists: ClassVar[frozenset[str]] = frozenset(['emails', 'secrets'])" in source
    assert source.count("read_lists(self)") == 1
    assert source.count("read_nones(self)") == 1
    assert source.count("def __post_init__(self) -> None:") == 1


def test_the_document_itself_keeps_the_lone_texts() -> None:
    before = copy.deepcopy(DOCUMENT)
    without_lone_texts(DOCUMENT)
    assert before == DOCUMENT
