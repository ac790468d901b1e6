"""Turns parsed operations into the classes and methods of a client, as plain data for the templates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from openapi_python_client.parser.properties import Property

from mailwright.codegen.annotations import annotation, qualify
from mailwright.codegen.directions import SCHEMAS, deref
from mailwright.codegen.models import Models
from mailwright.codegen.parsing import ParsedOperation
from mailwright.codegen.python_names import constant_case, snake_case
from mailwright.problem import Problem

Where = Literal["path", "query", "header", "body"]


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a method and where it goes on the wire."""

    name: str
    where: Where
    wire: str
    type: str
    required: bool
    description: str = ""
    field: str = ""
    """For a field of the body: its name in the Struct."""
    of_page: bool = False
    """True for a cursor, which `.page()` takes."""

    @property
    def annotation(self) -> str:
        return self.type if self.required else f"{self.type} | Unset"


@dataclass(frozen=True, slots=True)
class Pages:
    """How a list is read page by page, in the names of the page's Struct."""

    item: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Method:
    """One operation as a method."""

    id: str
    name: str
    constant: str
    http: str
    path: str
    summary: str
    arguments: tuple[Argument, ...]
    result: str
    options: tuple[tuple[str, object], ...]
    body_model: str = ""
    pages: Pages | None = None

    def at(self, *places: Where) -> list[Argument]:
        """The arguments that go to these places, without the cursors."""
        return [a for a in self.arguments if a.where in places and not a.of_page]

    @property
    def returns(self) -> str:
        return f"[{self.pages.item}, {self.result}]" if self.pages else self.result


@dataclass(frozen=True, slots=True)
class Resource:
    """The operations of one tag, as a class."""

    name: str
    class_name: str
    description: str
    methods: tuple[Method, ...]


def resources(document: dict[str, Any], parsed: Iterable[ParsedOperation], models: Models) -> list[Resource]:
    """Groups operations by tag, in the order of the document's tags.

    Raises:
        Problem: two methods of a resource have one name, or two arguments of a method.
    """
    tags = {tag["name"]: tag for tag in document["tags"]}
    grouped: dict[str, list[ParsedOperation]] = {name: [] for name in tags}
    for operation in parsed:
        grouped[operation.raw["tags"][0]].append(operation)
    result: list[Resource] = []
    for tag, members in grouped.items():
        if not members:
            continue
        name = tags[tag].get("x-client", {}).get("resource") or snake_case(tag)
        names = [_method_name(m) for m in members]
        for each in names:
            if names.count(each) > 1:
                raise Problem(f"{name}.{each} stands for two operations", remedy="name one by x-client.method")
        methods = tuple(
            _Builder(document, models, frozenset(names)).method(m, n) for m, n in zip(members, names, strict=True)
        )
        class_name = "".join(part.capitalize() for part in name.split("_"))
        result.append(Resource(name, class_name, tags[tag].get("description", ""), methods))
    return result


def _method_name(operation: ParsedOperation) -> str:
    return str(operation.raw.get("x-client", {}).get("method") or snake_case(operation.raw["operationId"]))


class _Builder:
    """Builds the methods of one resource class."""

    def __init__(self, document: dict[str, Any], models: Models, shadowed: frozenset[str]) -> None:
        self.document = document
        self.models = models
        self.components = frozenset({*models.fields, *models.aliases})
        self.scalars = {k: v for k, v in models.aliases.items() if v in {"str", "int", "float", "bool"}}
        self.shadowed = shadowed

    def qualify(self, text: str) -> str:
        return qualify(text, components=self.components, aliases=self.scalars, shadowed=self.shadowed)

    def method(self, operation: ParsedOperation, name: str) -> Method:
        raw = operation.raw
        paging: dict[str, Any] = raw.get("x-paging", {})
        result = self.result(operation)
        body_model, body = self.body(operation)
        arguments = (*self.parameters(operation, paging), *body)
        for argument in arguments:
            same = [a for a in arguments if a.name == argument.name and not a.of_page]
            if len(same) > 1:
                places = " and ".join(a.where for a in same)
                raise Problem(
                    f"two arguments are called {argument.name} ({places})",
                    place=raw["operationId"],
                    remedy="name one by x-client.name",
                )
        csv = tuple(
            p["name"] for p in self.raw_parameters(operation) if p["in"] == "query" and p.get("explode", True) is False
        )
        pages = self.pages(paging, result) if paging else None
        options: dict[str, object] = {
            "csv": csv,
            "unsafe": raw.get("x-unsafe", False),
            "secured": bool(raw["security"]),
        }
        return Method(
            id=raw["operationId"],
            name=name,
            constant=constant_case(raw["operationId"]),
            http=operation.method,
            path=_with_gaps(operation.path),
            summary=raw["summary"],
            arguments=arguments,
            result=self.qualify(result),
            options=tuple((k, v) for k, v in options.items() if v != _DEFAULTS[k]),
            body_model=body_model,
            pages=pages,
        )

    def raw_parameters(self, operation: ParsedOperation) -> list[dict[str, Any]]:
        both = [*operation.item.get("parameters", []), *operation.raw.get("parameters", [])]
        return [deref(self.document, parameter) for parameter in both]

    def parameters(self, operation: ParsedOperation, paging: dict[str, Any]) -> list[Argument]:
        raw = {(p["in"], p["name"]): p for p in self.raw_parameters(operation)}
        endpoint = operation.endpoint
        places: list[tuple[Where, list[Property]]] = [
            ("path", list(endpoint.path_parameters)),
            ("query", list(endpoint.query_parameters)),
            ("header", list(endpoint.header_parameters)),
        ]
        found: list[Argument] = []
        for where, properties in places:
            for prop in properties:
                wire = prop.name.get_untrusted_value()
                parameter = raw[where, wire]
                if wire in paging.get("omit", ()):
                    continue
                found.append(
                    Argument(
                        name=parameter.get("x-client", {}).get("name") or str(prop.python_name),
                        where=where,
                        wire=wire,
                        type=self.qualify(_reference(parameter.get("schema")) or annotation(prop)),
                        required=prop.required,
                        description=parameter.get("description", ""),
                        of_page=where == "query" and wire in {paging.get("next"), paging.get("previous")},
                    )
                )
        return found

    def body(self, operation: ParsedOperation) -> tuple[str, list[Argument]]:
        content = deref(self.document, operation.raw.get("requestBody", {})).get("content", {})
        if not content:
            return "", []
        schema = content.get("application/json", {}).get("schema")
        component = _reference(schema)
        if component is None:
            raise Problem(
                "the body is not a JSON component",
                place=operation.raw["operationId"],
                remedy="give it application/json with a $ref; other bodies are not generated yet",
            )
        name = self.models.classes[component]
        if name not in self.models.fields:
            return "", [Argument("body", "body", "", self.qualify(name), required=True)]
        fields = self.models.fields[name]
        properties = deref(self.document, schema).get("properties", {})
        return name, [
            Argument(
                name=properties.get(f.wire, {}).get("x-client", {}).get("name") or f.name,
                where="body",
                wire=f.wire,
                type=self.qualify(f.type),
                required=f.required,
                description=properties.get(f.wire, {}).get("description", ""),
                field=f.name,
            )
            for f in fields
        ]

    def result(self, operation: ParsedOperation) -> str:
        for status, response in operation.raw["responses"].items():
            if status.startswith("2"):
                schema = deref(self.document, response).get("content", {}).get("application/json", {}).get("schema")
                component = _reference(schema)
                if component is not None:
                    return self.models.classes[component]
        raise Problem(
            "no successful response is a JSON component",
            place=operation.raw["operationId"],
            remedy="give one 2xx response application/json with a $ref; other answers are not generated yet",
        )

    def pages(self, paging: dict[str, Any], result: str) -> Pages:
        by_wire = {f.wire: f for f in self.models.fields[result]}
        options: list[tuple[str, str]] = []
        for key, option in _PAGE_FIELDS.items():
            if key in paging:
                if paging[key] not in by_wire:
                    raise Problem(
                        f"x-paging.{key}: {result} has no field {paging[key]}", remedy="name one of its fields"
                    )
                options.append((option, by_wire[paging[key]].name))
        options += [(key, paging[key]) for key in ("next", "previous") if key in paging]
        items = by_wire[paging["items"]].type
        return Pages(self.qualify(items.removeprefix("list[").removesuffix("]")), tuple(options))


_PAGE_FIELDS = {"items": "items", "total": "total", "cursor": "cursor", "previousCursor": "previous_cursor"}
_DEFAULTS: dict[str, object] = {"csv": (), "unsafe": False, "secured": True}


def _reference(schema: dict[str, Any] | None) -> str | None:
    """The component a schema is, by name; None for what is written in place."""
    reference = str(schema.get("$ref", "")) if schema else ""
    return reference.removeprefix(SCHEMAS) if reference.startswith(SCHEMAS) else None


def _with_gaps(path: str) -> str:
    """Replaces each `{name}` by `{}`, which the runtime fills with quoted values; a fragment never reaches the wire."""
    parts = path.partition("#")[0].split("{")
    return "{".join([parts[0], *("}" + part.partition("}")[2] for part in parts[1:])])
