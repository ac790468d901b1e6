"""Text of a document never becomes code, and names on the wire stay what they are, whatever they hold."""

from __future__ import annotations

import ast
import importlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest
from small_apis import add, answer, api, checkout, generate_into

from mailwright.codegen.bundle import bundle
from mailwright.codegen.lint import lint
from mailwright.problem import Problem
from mailwright.runtime import Request

TOUCH = "__import__('pathlib').Path('canary').touch()"
HOSTILE = [
    '"""',
    "'''",
    '"',
    "'",
    'ends with a quote"',
    'ends with three quotes"""',
    '""" starts with three quotes',
    '""""',
    "\\",
    "ends with a backslash\\",
    '\\"""',
    "\\N{X} \\x \\u12 \\U0010",
    "a\0b",
    "a\x1b[31mred",
    "a\u2028b\u2029c\x85d",
    "\u202eright to left",
    "{{7*7}}",
    "{% raw %}",
    "{% endraw %}{{ ''.__class__ }}",
    "{# a comment",
    f'"""\n{TOUCH}\n"""',
    f'"+{TOUCH}+"',
    f"'+{TOUCH}+'",
    f"{{{TOUCH}}}",
    f'\\"""; {TOUCH} #',
    f"\n    {TOUCH}",
    "# type: ignore # noqa # fmt: off",
    "x" * 300,
    "\U0001f4ec above U+FFFF \U0010fffd",
    "%s %(x)s {0} $x | UnsetType",
    "\ttab\r\nand\rreturns\n",
    "<script>alert(1)</script> &amp; ]]>",
]
LINES = [text for text in HOSTILE if text == " ".join(text.splitlines())]
# What msgspec takes as the name of a field.
FIELDS = [text for text in HOSTILE if not any(c in "\"'\\" or ord(c) < 32 or ord(c) == 127 for c in text)]


@dataclass
class Told:
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    content: bytes = b'{"success": true}'


class Ear:
    def __init__(self) -> None:
        self.requests: list[Request] = []

    def send(self, request: Request, /) -> Told:
        self.requests.append(request)
        return Told()

    def close(self) -> None: ...


def hostile_api() -> dict[str, Any]:
    """One document with each string in every place that takes text."""
    document = api("paths: {}\ncomponents: {securitySchemes: {}}")
    document["info"] |= {"title": "".join(LINES), "description": "\n".join(HOSTILE)}
    document["tags"] = []
    schemas = document["components"]["schemas"] = {
        "Done": {"type": "object", "required": ["success"], "properties": {"success": {"type": "boolean"}}},
        "Mode": {"type": "string", "enum": HOSTILE},
    }
    for number, text in enumerate(HOSTILE):
        line = " ".join(text.split("\n")).strip()
        line = line if line in LINES else f"Line {number}."
        # A tag's name only has to be unlike the others; its resource has a name of its own.
        document["tags"].append({"name": text, "description": text, "x-client": {"resource": f"r{number}"}})
        schemas[f"Sent{number}"] = {
            "type": "object",
            "description": text,
            "properties": {
                (text if text in FIELDS else "plain"): {"type": "string", "description": text, "default": text},
                "constant": {"type": "string", "const": text},
            },
        }
        parameter = {"name": text, "in": "query", "description": text, "x-client": {"name": "query_text"}}
        fixed = {"name": "fixed", "in": "query", "schema": {"type": "string", "const": text}}
        mode = {"name": "mode", "in": "query", "schema": {"$ref": "#/components/schemas/Mode"}}
        body = answer(f"Sent{number}") | {"required": True}
        del body["description"]
        document["paths"][f"/{number}"] = {
            "post": {
                "operationId": f"send{number}",
                "tags": [text],
                "summary": line,
                "description": text,
                "x-evidence": "A test.",
                "security": [{f"key{number}": []}],
                "parameters": [parameter | {"schema": {"type": "string", "default": text}}, fixed, mode],
                "requestBody": body,
                "responses": {"200": answer("Done"), "default": {"description": text}},
            }
        }
    document["components"]["securitySchemes"] = {
        f"key{number}": {"type": "apiKey", "in": "query", "name": text, "x-client": {"argument": f"key_{number}"}}
        for number, text in enumerate(HOSTILE)
    }
    return document


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = checkout(tmp_path_factory.mktemp("hostile") / "checkout")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        generate_into(root, "hostile-1", hostile_api())
        folder = root / "generated"
        patch.syspath_prepend(folder)
        yield folder / "mailwright_hostile" / "v1"
        for name in [name for name in sys.modules if name.startswith("mailwright_hostile")]:
            del sys.modules[name]


def module(name: str) -> Any:
    return importlib.import_module(f"mailwright_hostile.v1.{name}")


def test_nothing_in_the_text_is_executed(package: Path) -> None:
    for file in package.glob("*.py"):
        module(file.stem) if file.stem != "__init__" else importlib.import_module("mailwright_hostile")
    assert not list(package.parents[2].rglob("canary"))
    calls = {
        ast.unparse(node.func)
        for file in package.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    }
    assert not any("__import__" in call or "Path" in call for call in calls)


def test_names_on_the_wire_are_exact(package: Path) -> None:
    backend = Ear()
    client = importlib.import_module("mailwright_hostile").Hostile("http://host", backend=backend)
    for number in range(len(HOSTILE)):
        getattr(getattr(client, f"r{number}"), f"send{number}")(query_text="yes")
    assert [parse_qsl(urlsplit(request.url).query) for request in backend.requests] == [
        [(text, "yes")] for text in HOSTILE
    ]


def test_tokens_go_under_the_exact_name(package: Path) -> None:
    for number, text in enumerate(HOSTILE):
        backend = Ear()
        token = {f"key_{number}": "t"}
        client = importlib.import_module("mailwright_hostile").Hostile("http://host", backend=backend, **token)
        getattr(getattr(client, f"r{number}"), f"send{number}")()
        assert parse_qsl(urlsplit(backend.requests[0].url).query) == [(text, "t")]


def test_property_names_are_exact(package: Path) -> None:
    for number, text in enumerate(HOSTILE):
        model = getattr(module("models"), f"Sent{number}")
        assert set(model.__struct_encode_fields__) == {text if text in FIELDS else "plain", "constant"}
        attribute = next(name for name in model.__struct_fields__ if name != "constant")
        sent = json.loads(msgspec.json.encode(model(**{attribute: "v"})))
        assert sent == {text if text in FIELDS else "plain": "v"}


def test_enum_values_are_exact(package: Path) -> None:
    assert sorted(get_args(module("models").Mode)) == sorted(HOSTILE)


def test_constants_are_exact(package: Path) -> None:
    for number, text in enumerate(HOSTILE):
        tree = ast.parse((package / f"r{number}.py").read_text(encoding="utf-8"))
        literals = [
            ast.literal_eval(node.slice)
            for node in ast.walk(tree)
            if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal"
        ]
        assert literals == [text] * 4  # a parameter and a field, of the sync and of the async method


def test_docstrings_hold_the_text(package: Path) -> None:
    for number, text in enumerate(HOSTILE):
        resource = module(f"r{number}")
        documented = [
            resource.__doc__,
            getattr(resource, f"R{number}").__doc__,
            getattr(resource, f"R{number}").__dict__[f"send{number}"].__doc__,
            getattr(module("models"), f"Sent{number}").__doc__,
        ]
        words = [word for word in text.split() if word.isprintable()]
        for doc in documented:
            assert doc is not None
            assert all(word in doc for word in words), (text, doc)
    for client in ("Hostile", "AsyncHostile"):
        doc = getattr(module("client"), client).__doc__
        assert all(text in doc for text in HOSTILE if text.isprintable() and " " not in text and len(text) < 50)


def test_no_file_holds_characters_that_cannot_be_seen(package: Path) -> None:
    for file in package.glob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert {c for c in text if not c.isprintable()} <= {"\n"}, file.name  # nor one that turns the text around


@pytest.mark.parametrize("name", [text for text in HOSTILE if text not in FIELDS])
def test_lint_refuses_property_names_that_no_struct_can_hold(tmp_path: Path, name: str) -> None:
    document = hostile_api()
    document["components"]["schemas"]["Done"]["properties"][name] = {"type": "string"}
    root = checkout(tmp_path / "checkout")
    assert "property-name" in {finding.rule for finding in lint(bundle(add(root, "hostile-1", document), root))}


def test_a_lone_surrogate_stops_before_the_generators(tmp_path: Path) -> None:
    document = hostile_api()
    document["info"]["title"] = "half \ud83d a letterbox"
    root = checkout(tmp_path / "checkout")
    with pytest.raises(Problem, match=r"openapi\.yaml:\d+: an escape holds half a character"):
        generate_into(root, "hostile-1", document)
    assert not (root / "generated").exists()
