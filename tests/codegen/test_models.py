from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from small_apis import REPOSITORY, api

from mailwright.codegen.directions import Directions
from mailwright.codegen.models import Field, Models, generate_models
from mailwright.problem import Problem

HEADER = "# made by a test"


def make(schemas: str, *, sent: set[str] = frozenset(), received: set[str] = frozenset()) -> Models:  # type: ignore[assignment]
    document: dict[str, Any] = api(f"components: {{schemas: {{{schemas}}}}}")
    directions = Directions(frozenset(sent), frozenset(received))
    return generate_models(document, directions, REPOSITORY / "templates" / "models", HEADER)


def test_fields_of_parents_come_first_with_their_wire_names() -> None:
    models = make(
        """
        Base: {type: object, required: [type], properties: {type: {type: string}}},
        Child: {allOf: [{$ref: '#/components/schemas/Base'},
                        {type: object, properties: {isOld: {type: boolean}, from: {type: [string, 'null']}}}]}
        """,
        sent={"Base", "Child"},
    )
    assert models.fields["Child"] == (
        Field("type", "type", "str", required=True),
        Field("is_old", "isOld", "bool", required=False),
        Field("from_", "from", "str | None", required=False),
    )
    assert "class Child(Base, kw_only=True):" in models.source


def test_what_is_absent_is_unset_in_requests_and_none_in_responses() -> None:
    source = make(
        "Sent: {type: object, properties: {a: {type: string}}}, Got: {type: object, properties: {a: {type: string}}}",
        sent={"Sent"},
        received={"Got"},
    ).source
    assert "class Sent(RequestModel, kw_only=True):\n    a: str | UnsetType = UNSET" in source
    assert "class Got(ResponseModel, kw_only=True):\n    a: str | None = None" in source


@pytest.mark.parametrize(
    ("sent", "received", "alias"),
    [({"A"}, set(), "Literal['x']"), (set(), {"A"}, "Literal['x'] | str"), ({"A"}, {"A"}, "Literal['x'] | str")],
)
def test_an_enum_is_open_where_it_is_received(sent: set[str], received: set[str], alias: str) -> None:
    source = make("A: {type: string, enum: [x]}", sent=sent, received=received).source
    assert f"A: TypeAlias = {alias}\n" in source.replace('"', "'")


def test_an_integer_enum_is_open_for_integers() -> None:
    assert "A: TypeAlias = Literal[1, 2] | int\n" in make("A: {type: integer, enum: [1, 2]}", received={"A"}).source


def test_secrets_are_named_by_their_attributes() -> None:
    source = make(
        "A: {type: object, properties: {apiKey: {type: string, x-secret: true}, name: {type: string}}}", received={"A"}
    ).source
    assert "_secrets: ClassVar[frozenset[str]] = frozenset(['api_key'])" in source


def test_the_source_starts_with_the_header_and_no_date() -> None:
    first, second = make("A: {type: string}").source.splitlines()[:2]
    assert (first, second) == (HEADER, "")


WARNED = {
    "a union of objects without a discriminator": (
        """
        A: {type: object, properties: {a: {type: string}}}, B: {type: object, properties: {b: {type: string}}},
        C: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}
        """,
        "UserWarning: ",
    ),
    "a reference to nowhere": (
        "A: {type: object, properties: {a: {$ref: '#/components/schemas/Gone'}}}",
        "Gone",
    ),
}


@pytest.mark.parametrize("case", WARNED)
def test_a_warning_stops_the_run_with_its_sentence(case: str) -> None:
    schemas, words = WARNED[case]
    with pytest.raises(Problem, match="datamodel-code-generator refuses the document: ") as caught:
        make(schemas, received={"A", "B", "C"})
    assert words in caught.value.cause
    assert "Traceback" not in str(caught.value)
    assert caught.value.place == "components.schemas"


def test_a_document_without_schemas_is_refused() -> None:
    with pytest.raises(Problem, match="the document has no schemas"):
        generate_models({"openapi": "3.1.0"}, Directions(frozenset(), frozenset()), Path("nowhere"), HEADER)
