"""Turns parsed operations into the classes and methods of a client, as plain data for the templates."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mailwright.codegen.annotations import Names
from mailwright.codegen.arguments import Argument, Where, arguments, component
from mailwright.codegen.bulk import Bulk, read_bulk
from mailwright.codegen.lint.media_types import is_bytes, is_json
from mailwright.codegen.lint.nodes import Document
from mailwright.codegen.lint.operations import (
    Operation,
    client_name,
    is_secret,
    method_name,
    more_names,
    resource_name,
    value_name,
)
from mailwright.codegen.lint.reading import mapping, text
from mailwright.codegen.models import Models
from mailwright.codegen.parsing import ParsedOperation
from mailwright.codegen.python_names import constant_case
from mailwright.codegen.results import Result, read_result
from mailwright.codegen.rpc import Rpc, read_rpc
from mailwright.problem import Problem

_PAGE_FIELDS = {"items": "items", "total": "total", "cursor": "cursor", "previousCursor": "previous_cursor"}
# What the runtime's Operation takes for granted.
_DEFAULTS: dict[str, object] = {
    "csv": (),
    "unsafe": False,
    "secured": True,
    "media_type": "application/json",
    "empty": False,
    "bare": False,
    "answer": "",
    "stream": "",
    "once": False,
    "value": "",
    "secrets": (),
}
_STREAMS = {"": "", "binary": "Download", "sse": "EventStream"}


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
    result: Result
    options: tuple[tuple[str, object], ...]
    body_model: str = ""
    """The Struct whose fields are arguments; empty where the body is one argument, or there is none."""
    pages: Pages | None = None
    bulk: Bulk | None = None
    rpc: Rpc | None = None
    token: str = ""
    """The constant of the operation that gives the token of a stream; empty where it needs none."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its methods."""
        whole = self.bulk.whole.method if self.bulk and self.bulk.whole else ""
        return tuple(filter(None, (self.name, self.many, whole)))

    @property
    def many(self) -> str:
        """The name of the method for many things; empty where there is none."""
        return self.bulk.many if self.bulk else ""

    def at(self, *places: Where) -> list[Argument]:
        """The arguments that go to these places, without the cursors."""
        return [a for a in self.arguments if a.where in places and not a.of_page]

    @property
    def reader(self) -> str:
        """The class of the object that a method gives at once, and that sends when it is read; empty for a call."""
        return "Pages" if self.pages else _STREAMS[self.result.stream]

    @property
    def returns(self) -> str:
        """The type of the value; of pages and streams, what stands after the name of the reader."""
        value = self.result.annotation
        if self.pages:
            return f"[{self.pages.item}, {value}]"
        return {"": value, "binary": "", "sse": f"[{value}]"}[self.result.stream]


@dataclass(frozen=True, slots=True)
class Resource:
    """The operations of one tag, as a class."""

    name: str
    class_name: str
    description: str
    methods: tuple[Method, ...]


def resources(document: Document, parsed: Iterable[ParsedOperation], models: Models) -> list[Resource]:
    """Groups operations by tag, in the order of the document's tags.

    Raises:
        Problem: two methods of a resource have one name, or two arguments of a method; or an operation is of a kind
            that is not generated.
    """
    grouped: dict[str, list[ParsedOperation]] = {}
    for each in parsed:
        grouped.setdefault(each.operation.tag, []).append(each)
    result: list[Resource] = []
    for tag in document.root.under("tags"):
        members = grouped.get(text(tag.keys.get("name")), [])
        if not members:
            continue
        name = resource_name(tag)
        called = {method_name(each.operation): each for each in members}
        for method, count in Counter(method_name(each.operation) for each in members).items():
            if count > 1:
                raise Problem(f"{name}.{method} stands for {count} operations", remedy="name one by x-client.method")
        more = {name for each in members for name in more_names(each.operation)}
        names = Names(models, {*called, *more})
        methods = tuple(_method(document, each, method, names) for method, each in called.items())
        class_name = "".join(part.capitalize() for part in name.split("_"))
        result.append(Resource(name, class_name, text(tag.keys.get("description")), methods))
    return result


def _method(document: Document, parsed: ParsedOperation, name: str, names: Names) -> Method:
    operation = parsed.operation
    keys = operation.node.keys
    rpc = read_rpc(document, operation, names)
    result = rpc.result if rpc else read_result(operation, names)
    body = rpc.model if rpc else _body(operation, names.models)
    bulk, of_bulk = read_bulk(document, operation, body, names) or (None, None)
    media = operation.sent_media
    options: dict[str, object] = {
        "csv": tuple(text(p.keys["name"]) for p in operation.located("query") if p.keys.get("explode") is False),
        "unsafe": bool(keys.get("x-unsafe")),
        "secured": any(keys["security"]),
        "media_type": _DEFAULTS["media_type"] if media is None else str(media.key),
        "empty": result.empty,
        "bare": keys.get("x-envelope") == "none",
        "answer": text(keys.get("x-answer")),
        "stream": result.stream,
        "once": keys.get("x-stream") == "sse-once",
        "value": "" if result.stream else value_of(document, operation),
        "secrets": tuple(text(each.keys["name"]) for each in operation.parameters if is_secret(document, each)),
    }
    return Method(
        id=operation.id,
        name=name,
        constant=constant_case(operation.id),
        http=parsed.http,
        path=_with_gaps(operation.path),
        summary=text(keys.get("summary")),
        arguments=arguments(document, parsed, body, names, of_bulk),
        result=result,
        options=tuple((key, value) for key, value in options.items() if value != _DEFAULTS[key]),
        body_model=body if body in names.models.fields else "",
        pages=_pages(mapping(keys.get("x-paging")), result, names, operation) if "x-paging" in keys else None,
        bulk=bulk,
        rpc=rpc,
        token=constant_case(client_name(operation.node, "token")) if client_name(operation.node, "token") else "",
    )


def value_of(document: Document, operation: Operation) -> str:
    """Names the property of an answer that is the value; empty where the answer has no envelope around it."""
    has_content = any(response.under("content") for _, response in operation.successes)
    return value_name(document.root) if has_content and operation.node.keys.get("x-envelope") != "none" else ""


def _body(operation: Operation, models: Models) -> str:
    """Names the type of a JSON body in `models.py`; empty for bytes, and where there is no body."""
    media = operation.sent_media
    if media is None or is_bytes(media.key):
        return ""
    name = component(next(iter(media.under("schema")), None)) if is_json(media.key) else None
    if name is None:
        raise Problem(
            "the body is not a JSON component",
            place=operation.id,
            remedy="give it application/json with a $ref, or send bytes; forms are not generated yet",
        )
    return models.classes[name]


def _pages(paging: Mapping[str, Any], result: Result, names: Names, operation: Operation) -> Pages:
    by_wire = {field.wire: field for field in names.models.fields.get(result.model, ())}
    if result.empty:
        raise Problem("a page may be empty of all content", place=operation.id, remedy="leave that response out")
    options: list[tuple[str, str]] = []
    for key, option in _PAGE_FIELDS.items():
        if key in paging:
            if paging[key] not in by_wire:
                raise Problem(
                    f"x-paging.{key}: {result.model} has no field {paging[key]}",
                    place=operation.id,
                    remedy="name one of its fields",
                )
            options.append((option, by_wire[paging[key]].name))
    options += [(key, paging[key]) for key in ("next", "previous", "page", "size") if key in paging]
    items = by_wire[paging["items"]].type
    item = _item(items, names.models.aliases)
    if item is None:
        raise Problem(f"x-paging.items is no list: {items}", place=operation.id, remedy="name the field with the items")
    return Pages(names.qualify(item), tuple(options))


def _item(items: str, aliases: Mapping[str, str]) -> str | None:
    """Takes the type of the items out of `list[Item]`, out of an alias of it, or out of a union with it."""
    for node in ast.walk(ast.parse(items, mode="eval")):
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "list":
            return ast.unparse(node.slice)
        if isinstance(node, ast.Name) and node.id in aliases and (item := _item(aliases[node.id], aliases)):
            return item
    return None


def _with_gaps(path: str) -> str:
    """Replaces each `{name}` by `{}`, which the runtime fills with quoted values; a fragment never reaches the wire."""
    parts = path.partition("#")[0].split("{")
    return "{".join([parts[0], *("}" + part.partition("}")[2] for part in parts[1:])])
