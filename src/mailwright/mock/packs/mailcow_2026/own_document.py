"""The description of its own API that the server gives at `/api/openapi.yaml`, which clients read at their start."""

from __future__ import annotations

from collections.abc import Iterable

from mailwright.mock import json_value
from mailwright.mock.call import Answer
from mailwright.mock.json_value import JsonObject, as_list, as_object

PATH = "/api/openapi.yaml"


def own_document(path: str, document: JsonObject) -> Answer | None:
    """The description, as the server has it: one method a path, nothing by reference; None at any other path."""
    if path != PATH:
        return None
    paths = {
        path: {method: _operation(document, operation, item.get("parameters", ()))}
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in ("get", "post")
    }
    described = {"openapi": "3.1.0", "info": document["info"], "paths": paths}
    # JSON is YAML as well.
    return Answer({}, content=json_value.write(described), media_type="application/yaml")


def _operation(document: JsonObject, operation: JsonObject, shared: Iterable[JsonObject]) -> JsonObject:
    described: JsonObject = {"responses": {"200": {"description": "what came of it"}}}
    parameters = [_followed(document, each) for each in (*shared, *operation.get("parameters", ()))]
    if parameters:
        described["parameters"] = [
            {
                "name": each["name"],
                "in": each["in"],
                "description": each.get("description", ""),
                "required": each.get("required", False),
                "schema": {"type": _followed(document, each["schema"]).get("type", "string")},
            }
            for each in parameters
        ]
    if "requestBody" in operation:
        body = _followed(document, operation["requestBody"])
        schema = _fields(document, body["content"]["application/json"]["schema"])
        described["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    return described


def _fields(document: JsonObject, schema: JsonObject, depth: int = 0) -> JsonObject:
    schema = _followed(document, schema)
    kind = schema.get("type", "string")
    described: JsonObject = {"type": kind if isinstance(kind, str) else (as_list(kind) or ["string"])[0]}
    if "description" in schema:
        described["description"] = schema["description"]
    if depth < 2 and (fields := as_object(schema.get("properties"))) is not None:
        described["properties"] = {name: _fields(document, each, depth + 1) for name, each in fields.items()}
    if (items := as_object(schema.get("items"))) is not None:
        described["items"] = {"type": _followed(document, items).get("type", "string")}
    return described


def _followed(document: JsonObject, node: JsonObject) -> JsonObject:
    while "$ref" in node:
        found = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        node = found
    return node
