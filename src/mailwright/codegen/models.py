"""Generates `models.py` with datamodel-code-generator, and reads back what it named things.

It owns every type and field name of a client; `arguments` and `methods` ask it. It runs in a process of its own, with
warnings as errors, because it only warns about types that msgspec cannot decode.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailwright.codegen.columns import column_names
from mailwright.codegen.directions import Directions
from mailwright.codegen.lone import without_lone_texts
from mailwright.codegen.nones import NoneWord, without_words
from mailwright.codegen.reads import as_read
from mailwright.problem import Problem


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a Struct: Python name, name on the wire, type as source text."""

    name: str
    wire: str
    type: str
    required: bool
    none: NoneWord | None = None
    """The word for none on the wire, where it has one."""


@dataclass(frozen=True, slots=True)
class Models:
    """The source of `models.py`, and the names in it."""

    source: str
    fields: dict[str, tuple[Field, ...]]
    """Fields by class, those of parents first."""
    aliases: dict[str, str]
    """Type text by alias."""
    classes: dict[str, str]
    """Python name by component."""


_IMPORTS = (
    "typing.ClassVar",
    *(f"mailwright.runtime.empties.{name}" for name in ("OrAbsent", "OrEmptyList", "no_items", "read_empties")),
    *(f"mailwright.runtime.lone.{name}" for name in ("MaybeLone", "read_lists")),
    *(f"mailwright.runtime.nones.{name}" for name in ("MaybeDash", "MaybeEmpty", "MaybeFalse", "read_nones")),
)
_OPTIONS = (
    "--ignore-pyproject",
    "--input-file-type",
    "openapi",
    "--strict-refs",
    "--output-model-type",
    "msgspec.Struct",
    "--target-python-version",
    "3.11",
    "--keyword-only",
    "--snake-case-field",
    "--special-field-name-prefix",
    "field",
    "--enum-field-as-literal",
    "all",
    "--use-tuple-for-closed-arrays",
    "--use-msgspec-tagged-unions",
    "--use-typed-nullable-map-values",
    "--no-use-annotated",
    "--output-datetime-class",
    "datetime",
    "--use-schema-description",
    "--use-field-description",
    "--field-extra-keys",
    "x-secret",
    "x-none",
    "x-list",
    "x-password",
    "x-empty",
    "--additional-imports",
    ",".join(_IMPORTS),
    "--disable-timestamp",
    "--no-formatters",
    "--base-class",
    "mailwright.runtime.models.ResponseModel",
)


def generate_models(document: dict[str, Any], directions: Directions, templates: Path, header: str) -> Models:
    """Makes the models of a bundled document.

    Raises:
        Problem: there are no schemas, or datamodel-code-generator fails or warns; its own words are in the message.
    """
    schemas: dict[str, Any] = document.get("components", {}).get("schemas", {})
    if not schemas:
        raise Problem("the document has no schemas", place="components.schemas", remedy="name what answers hold")
    document = as_read(without_lone_texts(without_words(document)))
    schemas = document["components"]["schemas"]
    with tempfile.TemporaryDirectory(prefix="mailwright-models-") as folder:
        work = Path(folder)
        (work / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
        requests = dict.fromkeys(directions.sent, "mailwright.runtime.models.RequestModel")
        command = [
            *(sys.executable, "-W", "error::UserWarning", "-m", "datamodel_code_generator", *_OPTIONS),
            *("--input", "openapi.json", "--output", "models.py", "--emit-model-metadata", "models.json"),
            *("--custom-template-dir", str(templates), "--custom-file-header", header),
            *("--extra-template-data", "extra.json", "--base-class-map", json.dumps(requests)),
            *("--aliases", "names.json"),
        ]
        (work / "extra.json").write_text(json.dumps(_template_data(schemas, directions)), encoding="utf-8")
        (work / "names.json").write_text(json.dumps(column_names(schemas)), encoding="utf-8")
        done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode != 0:
            lines = done.stderr.strip().splitlines() or ["it gave no reason"]
            raise Problem(
                f"datamodel-code-generator refuses the document: {lines[-1]}",
                place="components.schemas",
                remedy="`mailwright lint` names the usual causes",
            )
        source = (work / "models.py").read_text(encoding="utf-8")
        metadata = json.loads((work / "models.json").read_text(encoding="utf-8"))
    return _read(source, metadata)


def _template_data(schemas: dict[str, Any], directions: Directions) -> dict[str, dict[str, str]]:
    """Tells the templates each component's direction; an enum that is received stays open for new values."""
    data: dict[str, dict[str, str]] = {}
    for name, schema in schemas.items():
        data[name] = {"direction": "request" if name in directions.sent - directions.received else "response"}
        if "enum" in schema and name in directions.received:
            data[name]["open"] = "int" if all(isinstance(v, int) for v in schema["enum"]) else "str"
    return data


def _read(source: str, metadata: dict[str, Any]) -> Models:
    """Joins the metadata with the base classes, which it leaves out."""
    nodes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    bases = {node.name: [base.id for base in node.bases if isinstance(base, ast.Name)] for node in nodes}
    nones = {node.name: _nones(node) for node in nodes}
    own: dict[str, tuple[Field, ...]] = {}
    aliases: dict[str, str] = {}
    classes: dict[str, str] = {}
    for model in metadata["models"]:
        name = model["class_name"]
        classes[str(model["source_ref"]).rpartition("/")[2]] = name
        if name in bases:
            own[name] = tuple(_field(f, nones[name].get(f["name"])) for f in model["fields"])
        else:
            aliases[name] = _plain(model["fields"][0]["type"])

    def inherited(name: str) -> tuple[Field, ...]:
        return tuple(f for base in bases[name] if base in own for f in inherited(base)) + own[name]

    return Models(source, {name: inherited(name) for name in own}, aliases, classes)


def _field(raw: dict[str, Any], none: NoneWord | None) -> Field:
    kind = _plain(raw["type"])
    if none is not None and "None" not in kind.split(" | "):
        kind = f"{kind} | None"
    return Field(raw["name"], raw["alias"] or raw["original_name"] or raw["name"], kind, raw["required"], none)


def _nones(node: ast.ClassDef) -> dict[str, Any]:
    """Reads back the words for none that the template wrote into a class."""
    for each in node.body:
        if isinstance(each, ast.AnnAssign) and ast.unparse(each.target) == "_nones" and each.value is not None:
            return dict(ast.literal_eval(each.value))
    return {}


def _plain(text: str) -> str:
    return text.removesuffix(" | UnsetType")
