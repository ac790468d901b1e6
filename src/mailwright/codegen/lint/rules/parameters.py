"""Rules for paths and for parameters: what the generated client can really send."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailwright.codegen.lint.nodes import Document, Fault
from mailwright.codegen.lint.operations import client_name, operations
from mailwright.codegen.lint.reading import text
from mailwright.codegen.lint.registry import rule
from mailwright.codegen.lint.schemas import kinds, members

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
_RESERVED_HEADERS = ("accept", "content-type", "authorization")


@rule(
    "path-parameters",
    "Each {name} of a path is a plain identifier and a declared, required path parameter; and no others.",
)
def path_parameters(document: Document) -> Iterator[Fault]:
    """openapi-python-client drops the operation otherwise."""
    for operation in operations(document):
        node = operation.node
        names = _PLACEHOLDER.findall(operation.path)
        declared = operation.located("path")
        if re.search(r"[{}]", _PLACEHOLDER.sub("", operation.path)) or len(set(names)) != len(names):
            yield node.fault(
                f"has the path {operation.path!r}, where a brace is left over or a name stands twice",
                "write each placeholder once, as {name}",
            )
        for name in names:
            if not _IDENTIFIER.fullmatch(name):
                yield node.fault(
                    f"has the placeholder {name!r} in its path", "use a letter, then letters, digits, _ and - only"
                )
            elif name not in [parameter.keys.get("name") for parameter in declared]:
                yield node.fault(
                    f"has no path parameter {name!r}, which its path asks for", f"declare {name!r} with `in: path`"
                )
        for parameter in declared:
            if text(parameter.keys.get("name")) not in names:
                yield node.fault(
                    f"has the path parameter {parameter.keys.get('name')!r}, which its path has no place for",
                    "write it into the path, or remove it",
                )
            if parameter.keys.get("required") is not True:
                yield parameter.fault("is a path parameter and not required", "add `required: true`", "required")


@rule("path-clash", "No two paths differ only in the names of their placeholders.")
def path_clash(document: Document) -> Iterator[Fault]:
    """Nobody could tell which of the two a request is for."""
    seen: dict[str, str] = {}
    for paths in document.root.under("paths"):
        for item in paths.children:
            path = str(item.key)
            first = seen.setdefault(_PLACEHOLDER.sub("{}", path), path)
            if first != path:
                yield item.fault(f"matches the same requests as {first}", "put the operations under one path")


@rule("path-parameter-type", "A path parameter is a string or an integer.")
def path_parameter_type(document: Document) -> Iterator[Fault]:
    """Anything else has no one way to stand in a path."""
    for parameter in document.of("parameter"):
        if parameter.keys.get("in") != "path":
            continue
        for schema in parameter.under("schema"):
            found = {kind for member in members(document, schema) for kind in kinds(document, member) or {"anything"}}
            if other := sorted(found - {"text", "integer", "date", "date-time", "time"}):
                yield parameter.fault(
                    f"is a path parameter that can be {', '.join(other)}", "make it a string or an integer", "schema"
                )


@rule("no-parameter-content", "A parameter has a `schema`, not `content`.")
def no_parameter_content(document: Document) -> Iterator[Fault]:
    """openapi-python-client drops such a parameter without a word."""
    for parameter in document.of("parameter"):
        if "content" in parameter.keys:
            yield parameter.fault(
                "has `content`, which the generators drop", "describe it as a string with a `schema`", "content"
            )


@rule("header-array", "A header parameter is a scalar.")
def header_array(document: Document) -> Iterator[Fault]:
    """openapi-python-client drops an operation with any other."""
    for parameter in document.of("parameter"):
        if parameter.keys.get("in") != "header":
            continue
        for schema in parameter.under("schema"):
            found = {kind for member in members(document, schema) for kind in kinds(document, member)}
            if found & {"array", "record", "map"}:
                yield parameter.fault(
                    "is a header that can be an array or an object", "describe it as a string", "schema"
                )


@rule("header-name", "No header parameter is called Accept, Content-Type or Authorization.")
def header_name(document: Document) -> Iterator[Fault]:
    """OpenAPI has such parameters ignored."""
    for parameter in document.of("parameter"):
        name = text(parameter.keys.get("name"))
        if parameter.keys.get("in") == "header" and name.lower() in _RESERVED_HEADERS:
            yield parameter.fault(
                "is a header that OpenAPI has ignored",
                "say it with the media type of the body or response, or with a security scheme",
                "name",
            )


@rule("cookie-parameter", "No parameter is a cookie.")
def cookie_parameter(document: Document) -> Iterator[Fault]:
    """The clients neither send nor store cookies."""
    for parameter in document.of("parameter"):
        if parameter.keys.get("in") == "cookie":
            yield parameter.fault("is a cookie, which the clients never send", "remove it", "in")


@rule("query-object", "A query parameter is a scalar or an array of scalars.")
def query_object(document: Document) -> Iterator[Fault]:
    """The ways to write an object into a query are ignored by openapi-python-client."""
    for parameter in document.of("parameter"):
        if parameter.keys.get("in") != "query":
            continue
        for schema in parameter.under("schema"):
            for member in members(document, schema):
                inner = [each for items in member.under("items") for each in members(document, items)]
                found = {kind for each in (member, *inner) for kind in kinds(document, each)}
                nested = any("array" in kinds(document, each) for each in inner)
                if found & {"record", "map"} or nested:
                    yield parameter.fault(
                        "is a query parameter with objects or nested arrays in it",
                        "make each key a parameter of its own",
                        "schema",
                    )


@rule(
    "parameter-style", "A parameter is written in the default style; `explode` may be false for an array in the query."
)
def parameter_style(document: Document) -> Iterator[Fault]:
    """openapi-python-client ignores styles, so the clients know just these two."""
    for parameter in document.of("parameter"):
        place = text(parameter.keys.get("in"))
        style = parameter.keys.get("style", _STYLES.get(place))
        if style != _STYLES.get(place, style):
            yield parameter.fault(
                f"has the style {style!r}, which the clients cannot write", "use the default", "style"
            )
        for keyword in ("allowReserved", "allowEmptyValue"):
            if parameter.keys.get(keyword) is True:
                yield parameter.fault(f"has `{keyword}`, which the clients do not obey", f"remove `{keyword}`", keyword)


@rule("parameter-default", "x-client.default stands on an optional query parameter that is a text.")
def parameter_default(document: Document) -> Iterator[Fault]:
    """Nothing else has an argument that a text could be given for."""
    for kind in ("parameter", "schema", "request-body"):
        for node in document.of(kind):
            if not client_name(node, "default"):
                continue
            schemas = [document.follow(each) for each in node.under("schema")]
            optional = node.keys.get("in") == "query" and node.keys.get("required") is not True
            if not optional or [each.keys.get("type") for each in schemas] != ["string"] or "enum" in schemas[0].keys:
                remedy = "leave x-client.default out, or put it on an optional query parameter of type string"
                yield node.fault("has a default that could not be sent", remedy, "x-client", "default")
