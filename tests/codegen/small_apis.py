"""Small documents that lint lets pass, written as what is special about them, and checkouts to generate them in."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from mailwright.codegen.documents import parse, to_json
from mailwright.codegen.generate import Generated, generate
from mailwright.targets import Target

REPOSITORY = Path(__file__).parents[2]
_METHODS = {"get", "put", "post", "delete", "patch"}


def api(text: str) -> dict[str, Any]:
    """Completes a document: operations get what lint asks for, and answer with what `answers` names, or `Done`."""
    given = json.loads(to_json(parse(text, Path("small.yaml"))))
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "Small", "version": "1"},
        "x-envelope": "wildduck",
        "tags": [{"name": "Things"}],
        "paths": {},
        **given,
    }
    components = {
        "securitySchemes": {
            "token": {"type": "apiKey", "in": "header", "name": "X-Token", "x-client": {"argument": "token"}}
        },
        **document.get("components", {}),
    }
    document["components"] = components
    for item in document["paths"].values():
        for method in _METHODS & item.keys():
            wanted = item[method].pop("answers", "Done")
            item[method] = {
                "tags": ["Things"],
                "summary": "Does it.",
                "x-evidence": "A test.",
                "security": [{"token": []}] if components["securitySchemes"] else [],
                "responses": {"200": answer(wanted), "default": {"description": "An error."}},
                **item[method],
            }
    if "#/components/schemas/Done" in json.dumps(document["paths"]):
        done = {"type": "object", "required": ["success"], "properties": {"success": {"type": "boolean"}}}
        components.setdefault("schemas", {})["Done"] = done
    return document


def answer(component: str) -> dict[str, Any]:
    """A JSON response."""
    schema = {"$ref": f"#/components/schemas/{component}"}
    return {"description": "It.", "content": {"application/json": {"schema": schema}}}


def checkout(root: Path) -> Path:
    """Makes a checkout with this project's templates and no target."""
    for folder in ("specs", "overlays"):
        (root / folder).mkdir(parents=True)
    shutil.copytree(REPOSITORY / "templates", root / "templates")
    shutil.copy(REPOSITORY / "pyproject.toml", root)
    return root


def add(root: Path, name: str, document: dict[str, Any]) -> Target:
    """Writes the spec of a target."""
    target = Target.parse(name)
    spec = root / "specs" / target.api / target.version / "openapi.yaml"
    spec.parent.mkdir(parents=True, exist_ok=True)
    spec.write_text(json.dumps(document, indent=1), encoding="utf-8")  # JSON is YAML
    return target


def generate_into(root: Path, name: str, document: dict[str, Any]) -> Generated:
    """Generates a document as the newest target of its API, and writes the files."""
    result = generate(add(root, name, document), root, newest=True)
    for path, text in result.files.items():
        file = root / "generated" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return result
