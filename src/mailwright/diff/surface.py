"""What of an API its callers touch: read from a bundled document and the bindings of its client."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mailwright.diff.schema_text import Field, Schema, Schemas, in_words

_NOTHING: Mapping[str, Any] = {}
_EVENTS = "text/event-stream"
_METHODS = ("get", "put", "post", "delete", "patch")


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a method: its name in Python, and where it goes under which name."""

    name: str
    where: str
    wire: str
    kinds: tuple[str, ...]
    bounds: tuple[str, ...]
    required: bool

    @property
    def text(self) -> str:
        """What may be given."""
        return in_words(self.kinds)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation, in Python and on the wire; `answer` has every field of its success, or of one of its events.

    `deprecated` says what to do instead, where a caller should not use it.
    """

    id: str
    resource: str
    method: str
    http: str
    path: str
    paged: bool
    arguments: Mapping[str, Argument]
    answer: Mapping[str, Field]
    statuses: tuple[str, ...]
    deprecated: str = ""
    answer_word: str = "answer"

    @property
    def call(self) -> str:
        """The method as it is called."""
        return f"{self.resource}.{self.method}"

    @property
    def wire(self) -> tuple[str, str]:
        """HTTP method and path, whatever the names in the path are."""
        return self.http, re.sub(r"\{[^}]*\}", "{}", self.path)

    @property
    def request(self) -> str:
        """HTTP method and path, as the document writes them."""
        return f"{self.http} {self.path}"


@dataclass(frozen=True, slots=True)
class Surface:
    """One version of an API."""

    name: str
    client: str
    operations: tuple[Operation, ...]
    credentials: tuple[str, ...]


def surface(
    name: str, document: Mapping[str, Any], bindings: Mapping[str, Any], names: Mapping[str, str] = _NOTHING
) -> Surface:
    """Reads what a version offers; operations without a method of the client are left out.

    `names` has the attributes of models that differ from their names on the wire.
    """
    schemas = Schemas(document, names)
    found: list[Operation] = []
    for path, item in document["paths"].items():
        for http in _METHODS:
            bound = bindings["operations"].get(item.get(http, {}).get("operationId"))
            if bound is not None:
                found.append(_operation(document, schemas, path, http, item[http], bound))
    schemes = document.get("components", {}).get("securitySchemes", {}).values()
    arguments = [scheme.get("x-client", {}).get("argument") or scheme.get("name", "") for scheme in schemes]
    return Surface(name, bindings["client"], tuple(found), tuple(dict.fromkeys(arguments)))


def _operation(
    document: Mapping[str, Any], schemas: Schemas, path: str, http: str, raw: Mapping[str, Any], bound: Any
) -> Operation:
    parameters = {(each["in"], each["name"]): each for each in _parameters(document, path, raw)}
    body = _json_schema(_followed(document, raw.get("requestBody", {})))
    arguments = {each["name"]: _argument(schemas, parameters, body, each) for each in bound["arguments"]}
    responses: Mapping[str, Any] = raw.get("responses", {})
    success = next((each for code, each in responses.items() if code.startswith("2")), _NOTHING)
    success = _followed(document, success)
    events = _EVENTS in success.get("content", {})
    answer = success["content"][_EVENTS].get("schema") if events else _json_schema(success)
    deprecated = (raw.get("description") or "do not use it") if raw.get("deprecated") else ""
    return Operation(
        raw["operationId"],
        bound["resource"],
        bound["method"],
        http.upper(),
        path,
        bound["paged"],
        arguments,
        schemas.fields(answer) if answer is not None else {},
        tuple(sorted(code for code in responses if not code.startswith("2"))),
        deprecated.strip().rstrip("."),
        "event" if events else "answer",
    )


def _argument(
    schemas: Schemas, parameters: Mapping[tuple[str, str], Any], body: Schema | None, bound: Mapping[str, Any]
) -> Argument:
    where, wire = bound["in"], bound.get("wire") or ""
    if where == "body":
        whole = schemas.resolve(body or {})
        schema = whole.get("properties", {}).get(wire, whole) if wire else whole
        required = wire in whole.get("required", ()) if wire else True
    else:
        parameter = parameters.get((where, wire), {})
        schema, required = parameter.get("schema", {}), bool(parameter.get("required"))
    return Argument(bound["name"], where, wire, schemas.parts(schema), schemas.bounds(schema), required)


def _parameters(document: Mapping[str, Any], path: str, raw: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for each in (*document["paths"][path].get("parameters", ()), *raw.get("parameters", ())):
        yield _followed(document, each)


def _followed(document: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in node:
        _, *steps = node["$ref"].split("/")
        found: Any = document
        for step in steps:
            found = found[step.replace("~1", "/").replace("~0", "~")]
        node = found
    return node


def _json_schema(node: Mapping[str, Any]) -> Schema | None:
    for media, content in node.get("content", {}).items():
        if media.partition(";")[0].endswith("json"):
            schema: Schema | None = content.get("schema")
            return schema
    return None
