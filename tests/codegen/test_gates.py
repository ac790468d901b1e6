from __future__ import annotations

from pathlib import Path

import pytest
from small_apis import api, checkout, generate_into

from mailwright.codegen.gates import build_decoders, compare_names
from mailwright.codegen.models import Models
from mailwright.problem import Problem


def models(source: str, *names: str) -> Models:
    head = "from __future__ import annotations\nimport datetime\nimport msgspec\n"
    return Models(head + source, dict.fromkeys(names, ()), {}, {})


def test_types_that_msgspec_knows_pass() -> None:
    build_decoders(models("class A(msgspec.Struct):\n    a: B | str\nclass B(msgspec.Struct):\n    b: int\n", "A", "B"))


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("datetime.datetime | str", "more than one"),
        ("A | dict[str, int]", "more than one"),
        ("Missing", "'Missing' is not defined"),
    ],
)
def test_a_type_without_a_decoder_is_named(field: str, reason: str) -> None:
    with pytest.raises(Problem, match="msgspec cannot decode a generated type: A: ") as caught:
        build_decoders(models(f"class A(msgspec.Struct):\n    a: {field}\n", "A"))
    assert reason in caught.value.cause


def test_source_that_cannot_be_imported_is_an_error() -> None:
    with pytest.raises(Problem, match="msgspec cannot decode a generated type: SyntaxError"):
        build_decoders(models("class", "A"))


def component(name: str) -> dict[str, object]:
    return {"components": {"schemas": {name: {"type": "object", "properties": {}}}}}


@pytest.mark.parametrize(
    ("modelled", "parsed", "message"),
    [
        ({"MtaSts": "MtaSts2"}, {"MtaSts"}, "datamodel-code-generator calls it MtaSts2"),
        ({}, {"MtaSts"}, "datamodel-code-generator calls it nothing"),
        ({"MtaSts": "MtaSts"}, {"Mta_Sts"}, "openapi-python-client calls it Mta_Sts"),
        ({"MtaSts": "MtaSts"}, set(), "openapi-python-client calls it something else"),
    ],
)
def test_one_name_in_both_generators(modelled: dict[str, str], parsed: set[str], message: str) -> None:
    with pytest.raises(Problem) as caught:
        compare_names(component("MtaSts"), Models("", {}, {}, modelled), parsed)
    assert str(caught.value) == f"components.schemas.MtaSts: {message} (rename the component)"


def test_aliases_have_no_name_in_openapi_python_client() -> None:
    document = {"components": {"schemas": {"Ids": {"type": "array", "items": {"type": "string"}}}}}
    compare_names(document, Models("", {}, {}, {"Ids": "Ids"}), set())


# Lint has a rule for these; the gate is for names of which nobody has thought yet.
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Mta_Sts", "datamodel-code-generator calls it MtaSts"),
        ("ResponseModel", "datamodel-code-generator calls it ResponseModelModel"),
        ("Warning", "openapi-python-client calls it Warning_"),
    ],
)
def test_a_run_stops_at_a_name_that_only_one_of_them_keeps(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, message: str
) -> None:
    monkeypatch.setattr("mailwright.codegen.generate.lint", lambda document: [])
    text = f"""
        paths: {{/: {{get: {{operationId: get, answers: {name}}}}}}}
        components: {{schemas: {{{name}: {{type: object, properties: {{a: {{type: string}}}}}}}}}}
    """
    with pytest.raises(Problem) as caught:
        generate_into(checkout(tmp_path / "checkout"), "small-1", api(text))
    assert str(caught.value) == f"small-1: components.schemas.{name}: {message} (rename the component)"


def test_a_run_stops_at_a_union_that_msgspec_cannot_decode(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("mailwright.codegen.generate.lint", lambda document: [])
    text = """
        paths: {/: {get: {operationId: get, answers: A}}}
        components:
          schemas: {A: {type: object, properties: {a: {anyOf: [{type: string, format: date-time}, {type: string}]}}}}
    """
    with pytest.raises(Problem, match=r"small-1: components\.schemas: msgspec cannot decode a generated type: A: "):
        generate_into(checkout(tmp_path / "checkout"), "small-1", api(text))
