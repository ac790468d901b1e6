"""Models of documents whose wire has words for none."""

from __future__ import annotations

import copy
from typing import Any

from small_apis import REPOSITORY, api

from mailwright.codegen.directions import Directions
from mailwright.codegen.models import Field, Models, generate_models
from mailwright.codegen.nones import without_words

DOCUMENT: dict[str, Any] = api("""
components:
  schemas:
    Cursor:
      description: Where it goes on.
      x-none: false
      anyOf: [{type: boolean, const: false}, {type: string}]
    Page:
      type: object
      required: [next]
      properties:
        next: {$ref: '#/components/schemas/Cursor', description: The next page.}
        since:
          x-none: false
          anyOf: [{type: string, format: date-time}, {type: boolean, const: false}, {type: 'null'}]
        plain: {anyOf: [{type: string}, {type: boolean, const: false}]}
    Box:
      type: object
      required: [full, more]
      properties:
        full: {x-none: '- ', anyOf: [{type: integer}, {type: string, const: '- '}]}
        more: {x-empty: '[]', anyOf: [{type: array, items: {}, maxItems: 0}, {$ref: '#/components/schemas/Values'}]}
        userTags: {x-empty: absent, type: array, items: {type: string}, description: Words.}
        names: {x-empty: absent, type: array, items: {type: string}}
    Values: {type: object, additionalProperties: {type: string}}
    Change:
      allOf:
        - {$ref: '#/components/schemas/Base'}
        - type: object
          properties:
            size: {x-none: '', anyOf: [{type: integer}, {type: string, const: ''}]}
            tags: {x-none: false, anyOf: [{type: array, items: {type: string}}, {type: integer}, {const: false}]}
    Base:
      type: object
      properties: {password: {x-secret: true, x-none: false, anyOf: [{type: string}, {const: false}]}}
""")


def models() -> Models:
    directions = Directions(frozenset({"Change", "Base"}), frozenset({"Page", "Cursor", "Box", "Values"}))
    return generate_models(DOCUMENT, directions, REPOSITORY / "templates" / "models", "# made by a test")


def test_the_types_of_the_fields_have_none_in_place_of_the_word() -> None:
    made = models()
    assert made.fields["Page"] == (
        Field("next", "next", "Cursor | None", required=True, none=False),
        Field("since", "since", "datetime | None", required=False, none=False),
        Field("plain", "plain", "str | bool", required=False),
    )
    assert made.fields["Change"] == (
        Field("password", "password", "str | None", required=False, none=False),
        Field("size", "size", "int | None", required=False, none=""),
        Field("tags", "tags", "list[str] | int | None", required=False, none=False),
    )


def test_what_is_empty_has_the_type_of_what_is_not() -> None:
    made = models()
    assert [(field.name, field.type, field.none) for field in made.fields["Box"]] == [
        ("full", "int | None", "- "),
        ("more", "Values", None),
        ("user_tags", "list[str]", None),
        ("names", "list[str]", None),
    ]
    source = made.source.replace('"', "'")
    assert "full: MaybeDash[int]\n" in source
    assert "None stands for `- ` on the wire." in source
    assert "more: OrEmptyList[Values]\n" in source
    assert "user_tags: OrAbsent[list[str]] = field(name='userTags', default_factory=no_items)\n" in source
    assert "names: OrAbsent[list[str]] = field(default_factory=no_items)\n" in source
    assert "_empties: ClassVar[dict[str, type[object]]] = {'more': dict, 'user_tags': list, 'names': list}" in source
    assert "        read_nones(self)\n        read_empties(self)\n" in source


def test_the_structs_name_their_words() -> None:
    source = models().source
    assert "Cursor: TypeAlias = str\n" in source
    assert "next: MaybeFalse[Cursor]\n" in source
    assert "since: MaybeFalse[datetime] = None\n" in source
    assert "size: MaybeEmpty[int] | UnsetType = UNSET\n" in source
    assert "_nones: ClassVar[dict[str, object]] = {'next': False, 'since': False}" in source.replace('"', "'")
    assert source.count("def __post_init__(self) -> None:") == 4
    assert "The next page. None stands for false on the wire." in source


def test_the_document_itself_keeps_the_words() -> None:
    before = copy.deepcopy(DOCUMENT)
    without_words(DOCUMENT)
    assert before == DOCUMENT
