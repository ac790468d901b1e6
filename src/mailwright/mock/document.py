"""The bundled document as the mock needs it: operations with their parameters, body, security and plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import jsonschema_rs

from mailwright.mock.json_value import Json, JsonObject, as_list, as_object
from mailwright.mock.message import essence, is_json
from mailwright.mock.vocabulary import Plan, Vocabulary, read_plan, read_root
from mailwright.problem import Problem

_BASE = "mock:///document"
_METHODS = ("get", "put", "post", "delete", "patch", "options", "head", "trace")
_CSV = {"form": ",", "simple": ",", "spaceDelimited": " ", "pipeDelimited": "|"}


@dataclass(frozen=True, slots=True)
class Value:
    """One parameter or body field: what it may be, and how it is written."""

    name: str
    place: str
    required: bool
    kinds: frozenset[str]
    item_kinds: frozenset[str]
    separator: str
    validator: jsonschema_rs.Draft202012Validator


@dataclass(frozen=True, slots=True)
class Success:
    """How an operation answers when all is well: with JSON, where nothing else is said here.

    `stream` is `binary` or `sse`, `media_type` that of the stream, `example` what the document shows of it; `empty` is
    the status of an answer without content.
    """

    stream: str = ""
    media_type: str = ""
    example: Json = None
    empty: int = 0


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the document."""

    id: str
    method: str
    path: str
    values: tuple[Value, ...]
    closed: bool
    security: tuple[Mapping[str, Any], ...]
    plan: Plan
    shut: bool = False
    """Whether unknown query parameters are refused."""
    filled: frozenset[str] = frozenset()
    """Query parameters that count as given where they are empty."""
    bodies: frozenset[str] = frozenset()
    """The media types that its body may have."""
    success: Success = Success()
    command: str = ""
    """Of one among several commands that share a URL: its name; `values` are its parameters then."""
    needs: tuple[str, ...] = ()
    """Parameters of which one has to be given."""


@dataclass(frozen=True, slots=True)
class Key:
    """A security scheme: where the secret is looked for, under which name, and how it is written there.

    `kind` is `apiKey`, `basic`, `bearer`, or `encoded` for a token in base64 after the word `scheme`; `user` is the
    name that goes with a password, empty where any will do.
    """

    place: str
    name: str
    kind: str = "apiKey"
    user: str = ""
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """All the mock knows of an API."""

    vocabulary: Vocabulary
    operations: tuple[Operation, ...]
    keys: Mapping[str, Key]
    secrets: frozenset[str]


def read_document(raw: JsonObject) -> Document:
    """Reads a bundled document; operations without `x-mock` are left out.

    Raises:
        Problem: `x-mock` is absent or wrong, or a `$ref` leads nowhere.
    """
    return _Reader(raw).document()


class _Reader:
    def __init__(self, raw: JsonObject) -> None:
        self._raw = raw
        self._root = read_root(raw)
        # The draft has to be named: an OpenAPI document does not say by itself which one its schemas follow.
        resource = {**raw, "$schema": "https://json-schema.org/draft/2020-12/schema"}
        self._registry = jsonschema_rs.Registry([(_BASE, resource)])

    def document(self) -> Document:
        return Document(
            vocabulary=self._root,
            operations=tuple(self._operations()),
            keys=dict(self._keys()),
            secrets=frozenset(_secret_names(self._raw)),
        )

    def _operations(self) -> Iterator[Operation]:
        for path, item in self._raw.get("paths", {}).items():
            for method in _METHODS:
                raw = item.get(method)
                if raw is None or "x-mock" not in raw:
                    continue
                shared = [
                    (f"/paths/{_escape(path)}/parameters/{n}", p) for n, p in enumerate(item.get("parameters", []))
                ]
                own = [
                    (f"/paths/{_escape(path)}/{method}/parameters/{n}", p)
                    for n, p in enumerate(raw.get("parameters", []))
                ]
                rpc = raw.get("x-rpc", {})
                body, closed = self._body(f"/paths/{_escape(path)}/{method}", raw)
                plan = read_plan(raw["x-mock"], self._root, f"{raw['operationId']} x-mock")
                yield Operation(
                    id=raw["operationId"],
                    method=method.upper(),
                    path=path,
                    values=(*(self._parameter(*each) for each in (*shared, *own)), *body),
                    closed=closed and not plan.open,
                    security=tuple(raw.get("security", self._raw.get("security", ()))),
                    bodies=self._media_types(raw),
                    success=self._success(raw),
                    command=rpc.get("command", ""),
                    needs=tuple(rpc.get("needs", ())),
                    plan=plan,
                    shut=self._root.closed and not plan.open,
                    filled=self._root.filled,
                )

    def _parameter(self, pointer: str, raw: JsonObject) -> Value:
        pointer, raw = self._follow(pointer, raw)
        style = raw.get("style", "form" if raw["in"] in ("query", "cookie") else "simple")
        explode = raw.get("explode", style == "form")
        separator = "" if explode and raw["in"] == "query" else _CSV.get(style, "")
        return self._value(
            f"{pointer}/schema", raw["schema"], raw["name"], raw["in"], raw.get("required", False), separator
        )

    def _body(self, pointer: str, raw: JsonObject) -> tuple[list[Value], bool]:
        if "x-rpc" in raw:
            # The tuple around the parameters is for the pack to read.
            return self._fields(*self._follow(f"{pointer}/x-rpc/parameters", raw["x-rpc"]["parameters"]))
        if "requestBody" not in raw:
            return [], False
        pointer, body = self._follow(f"{pointer}/requestBody", raw["requestBody"])
        content = as_object(body["content"]) or {}
        kind = next((each for each in content if is_json(each)), None)
        if kind is None:
            return [], False
        return self._fields(*self._follow(f"{pointer}/content/{_escape(kind)}/schema", content[kind]["schema"]))

    def _fields(self, pointer: str, schema: JsonObject) -> tuple[list[Value], bool]:
        required = schema.get("required", ())
        fields = [
            self._value(f"{pointer}/properties/{_escape(name)}", each, name, "body", name in required, "")
            for name, each in schema.get("properties", {}).items()
        ]
        return fields, schema.get("additionalProperties") is False

    def _media_types(self, raw: JsonObject) -> frozenset[str]:
        body = self._follow("", raw["requestBody"])[1] if "requestBody" in raw else {}
        return frozenset(essence(kind) for kind in body.get("content", {}))

    def _success(self, raw: JsonObject) -> Success:
        empty = 0
        for status, response in raw.get("responses", {}).items():
            if not status.startswith("2"):
                continue
            content = self._follow("", response)[1].get("content", {})
            kind = next(iter(content), "")
            if is_json(kind):
                return Success()
            if kind:
                return Success(raw.get("x-stream", "binary"), kind, content[kind].get("example"))
            empty = empty or int(status.replace("X", "0"))
        return Success(empty=empty)

    def _value(self, pointer: str, schema: JsonObject, name: str, place: str, required: bool, separator: str) -> Value:
        validator = jsonschema_rs.Draft202012Validator({"$ref": f"{_BASE}#{pointer}"}, registry=self._registry)
        items = [each["items"] for each in self._branches(schema) if "items" in each]
        return Value(
            name=name,
            place=place,
            required=required,
            kinds=self._kinds(schema),
            item_kinds=frozenset[str]().union(*(self._kinds(each) for each in items)),
            separator=separator,
            validator=validator,
        )

    def _kinds(self, schema: JsonObject) -> frozenset[str]:
        found: set[str] = set()
        for branch in self._branches(schema):
            kind = branch.get("type")
            found.update([kind] if isinstance(kind, str) else as_list(kind) or ())
        return frozenset(found)

    def _branches(self, schema: JsonObject) -> Iterator[JsonObject]:
        _, schema = self._follow("", schema)
        yield schema
        for keyword in ("anyOf", "oneOf", "allOf"):
            for each in schema.get(keyword, ()):
                yield from self._branches(each)

    def _follow(self, pointer: str, node: JsonObject) -> tuple[str, JsonObject]:
        while "$ref" in node:
            pointer = node["$ref"].removeprefix("#")
            found: Any = self._raw
            for part in pointer.split("/")[1:]:
                found = (as_object(found) or {}).get(part.replace("~1", "/").replace("~0", "~"))
            target = as_object(found)
            if target is None:
                raise Problem(f"{node['$ref']} leads nowhere", remedy="generate the bundled document anew")
            node = target
        return pointer, node

    def _keys(self) -> Iterator[tuple[str, Key]]:
        for name, scheme in self._raw.get("components", {}).get("securitySchemes", {}).items():
            kind = scheme.get("scheme", "").lower()
            if scheme.get("type") == "apiKey":
                yield name, Key(scheme["in"], scheme["name"])
            elif kind in ("basic", "bearer"):
                yield name, Key("header", "authorization", kind, scheme.get("x-client", {}).get("user", ""))
            elif scheme.get("x-client", {}).get("encoding") == "base64":
                yield name, Key("header", "authorization", "encoded", scheme=scheme["scheme"])


def _escape(part: str) -> str:
    # Braces, `#` and the like are not allowed in the fragment of a URI, which is what a $ref is.
    return quote(part.replace("~", "~0").replace("/", "~1"), safe="~!$&'()*+,;=:@")


def _secret_names(node: object) -> Iterator[str]:
    """Names of all properties marked `x-secret`, wherever they are."""
    if (items := as_list(node)) is not None:
        for item in items:
            yield from _secret_names(item)
    elif (entries := as_object(node)) is not None:
        for name, schema in (as_object(entries.get("properties")) or {}).items():
            if (as_object(schema) or {}).get("x-secret"):
                yield name
        for item in entries.values():
            yield from _secret_names(item)
