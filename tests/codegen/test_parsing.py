from __future__ import annotations

import importlib
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from openapi_python_client.parser.openapi import GeneratorData
from small_apis import REPOSITORY, api, checkout, generate_into

from mailwright.codegen.documents import LocatedDict, parse, to_json
from mailwright.codegen.lint.nodes import Document
from mailwright.codegen.lint.operations import operations
from mailwright.codegen.parsing import Parsed, parse_operations
from mailwright.problem import Problem

CHANGED = "openapi-python-client changed: see codegen/parsing.py"
PINNED = ("openapi-python-client", "datamodel-code-generator", "ruff")
# What parsing, annotations and arguments use, none of which openapi-python-client calls public.
CLASSES = {
    "openapi_python_client": {"Project": ["__init__"]},
    "openapi_python_client.config": {
        "Config": ["from_sources", "field_prefix"],
        "ConfigFile": ["post_hooks", "literal_enums", "content_type_overrides"],
        "MetaType": ["NONE"],
    },
    "openapi_python_client.parser.errors": {"GeneratorError": ["header", "detail"]},
    "openapi_python_client.parser.openapi": {
        "Endpoint": ["name", "path_parameters", "query_parameters", "header_parameters"],
        "EndpointCollection": ["endpoints", "parse_errors"],
        "GeneratorData": ["from_dict", "errors", "endpoint_collections_by_tag", "models", "enums"],
    },
    "openapi_python_client.parser.properties": {
        "EnumProperty": ["class_info"],
        "LiteralEnumProperty": ["class_info"],
        "ModelProperty": ["class_info", "additional_properties", "required_properties", "optional_properties"],
    },
    "openapi_python_client.parser.properties.const": {"ConstProperty": ["value"]},
    "openapi_python_client.parser.properties.date": {"DateProperty": []},
    "openapi_python_client.parser.properties.datetime": {"DateTimeProperty": []},
    "openapi_python_client.parser.properties.list_property": {"ListProperty": ["inner_property"]},
    "openapi_python_client.parser.properties.protocol": {
        "PropertyProtocol": ["name", "python_name", "required", "get_type_string"],
        "Value": ["raw_value"],
    },
    "openapi_python_client.parser.properties.union": {"UnionProperty": ["inner_properties"]},
    "openapi_python_client.parser.properties.uuid": {"UuidProperty": []},
    "openapi_python_client.schema.untrusted_string": {"UntrustedString": ["get_untrusted_value"]},
    "openapi_python_client.strings": {
        "PythonIdentifier": [],
        "ClassName": [],
        "PythonCode": ["as_unembedded_code"],
    },
}


def declared(kind: type) -> set[str]:
    """Names what a class has: attributes, and fields of dataclasses, attrs and pydantic, which are annotations."""
    return {name for each in kind.__mro__ for name in (*vars(each), *getattr(each, "__annotations__", {}))}


def test_the_generators_are_those_of_the_pins() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    pins = dict(line.split("==") for line in project["project"]["optional-dependencies"]["codegen"] if "==" in line)
    assert {name: version(name) for name in PINNED} == {name: pins[name] for name in PINNED}, CHANGED


@pytest.mark.parametrize(("module", "kind"), [(module, kind) for module in CLASSES for kind in CLASSES[module]])
def test_every_name_that_is_used_is_there(module: str, kind: str) -> None:
    found = getattr(importlib.import_module(module), kind, None)
    assert found is not None, f"{CHANGED} ({module}.{kind})"
    missing = set(CLASSES[module][kind]) - declared(found)
    assert not missing, f"{CHANGED} ({kind}: {missing})"


def read(text: str) -> Parsed:
    document = parse(to_json(api(text)), Path("openapi.json"))
    assert isinstance(document, LocatedDict)
    return parse_operations(document, operations(Document(document)), REPOSITORY / "templates" / "client")


TWO = """
    paths:
      /b: {get: {operationId: readB}, put: {operationId: writeB}}
      /a/{z}/{y}:
        parameters:
          - {name: y, in: path, required: true, schema: {type: string}}
          - {name: z, in: path, required: true, schema: {type: string}}
        get: {operationId: readA}
"""


def test_operations_keep_the_order_of_the_document_and_arguments_that_of_the_path() -> None:
    parsed = read(TWO)
    assert [(each.http, each.operation.id) for each in parsed.operations] == [
        ("GET", "readB"),
        ("PUT", "writeB"),
        ("GET", "readA"),
    ]
    assert [str(prop.python_name) for prop in parsed.operations[2].properties("path")] == ["z", "y"]


def test_our_templates_come_before_those_of_the_same_name() -> None:
    environment = read(TWO).environment
    for file in (REPOSITORY / "templates" / "client").iterdir():
        assert environment.get_template(file.name).filename == str(file)


LOST = {
    "a body of a kind it does not know": """
        paths:
          /: {put: {operationId: send, requestBody: {content: {'*/*': {schema: {type: string}}}}}}
    """,
    "an array in a header": """
        paths:
          /:
            get:
              operationId: get
              parameters: [{name: X-A, in: header, schema: {type: array, items: {type: string}}}]
    """,
    "a default of another type": """
        paths:
          /: {get: {operationId: get, parameters: [{name: a, in: query, schema: {type: integer, default: many}}]}}
    """,
    "a component with an array without items": """
        paths: {/: {get: {operationId: get}}}
        components: {schemas: {List: {type: array}}}
    """,
}


@pytest.mark.parametrize("loss", LOST)
def test_a_loss_is_an_error(loss: str) -> None:
    with pytest.raises(Problem, match="openapi-python-client loses: ") as caught:
        read(LOST[loss])
    assert "mailwright lint" in caught.value.remedy


def test_a_path_item_reference_is_dropped_without_a_word_and_noticed() -> None:
    text = """
        paths:
          /a: {get: {operationId: readA}}
          /b: {get: {operationId: readB}}
    """
    document = parse(to_json(api(text)), Path("openapi.json"))
    assert isinstance(document, LocatedDict)
    found = operations(Document(document))
    document["paths"]["/b"] = {"$ref": "#/paths/~1a"}
    with pytest.raises(Problem) as caught:
        parse_operations(document, found, REPOSITORY / "templates" / "client")
    assert str(caught.value).startswith("GET /b: openapi-python-client silently drops readB")


def test_a_refused_document_is_an_error() -> None:
    with pytest.raises(Problem, match="openapi-python-client refuses the document: Failed to parse OpenAPI document"):
        read("openapi: 3.2.0\npaths: {/: {get: {operationId: get}}}")


def test_an_exception_of_the_parser_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise ValueError("duplicate key")

    monkeypatch.setattr(GeneratorData, "from_dict", fail)
    with pytest.raises(Problem, match="openapi-python-client fails: duplicate key"):
        read(TWO)


def drop_last(data: Any) -> None:
    next(iter(data.endpoint_collections_by_tag.values())).endpoints.pop()


def double_last(data: Any) -> None:
    endpoints = next(iter(data.endpoint_collections_by_tag.values())).endpoints
    endpoints[-1].name = type(endpoints[-1].name)("another", "")


@pytest.mark.parametrize(
    ("tamper", "sentence"),
    [(drop_last, "silently drops readA"), (double_last, "silently drops readA")],
)
def test_a_run_fails_when_an_operation_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tamper: Any, sentence: str
) -> None:
    whole = GeneratorData.from_dict

    def part(*args: Any, **kwargs: Any) -> Any:
        data = whole(*args, **kwargs)
        tamper(data)
        return data

    monkeypatch.setattr(GeneratorData, "from_dict", part)
    with pytest.raises(Problem, match=sentence):
        generate_into(checkout(tmp_path / "checkout"), "small-1", api(TWO))
    assert not (tmp_path / "checkout" / "generated").exists()
