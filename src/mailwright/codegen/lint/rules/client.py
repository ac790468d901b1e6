"""Rules for how the client looks: resources, methods and paging."""

from __future__ import annotations

import keyword
from collections.abc import Iterator

from mailwright.codegen.lint.nodes import Document, Fault, Node
from mailwright.codegen.lint.operations import many_name, method_name, operations, resource_name, whole_name
from mailwright.codegen.lint.reading import mapping, text, texts
from mailwright.codegen.lint.registry import rule
from mailwright.codegen.lint.schemas import fields, kinds, members

# Attributes of every client and of every resource, and the modules beside those of the resources.
_CLIENT = ("aclose", "answering", "batch", "call", "client", "close", "models", "open", "send", "with_options")
_RESOURCE = ("with_response",)


@rule(
    "method-clash",
    "No two operations of a resource become the same method, and none a name Python or the resource needs.",
)
def method_clash(document: Document) -> Iterator[Fault]:
    """The second would replace the first."""
    resources = _resources(document)
    seen: dict[tuple[str, str], str] = {}
    for operation in operations(document):
        if not operation.id or not operation.tag:
            continue
        resource = resources.get(operation.tag, operation.tag)
        path = ("x-client", "method") if "x-client" in operation.node.keys else ("operationId",)
        named = (
            (method_name(operation), path),
            (many_name(operation), ("x-bulk", "many")),
            (whole_name(operation), ("x-bulk", "all")),
        )
        for method, where in named:
            if keyword.iskeyword(method) or method in _RESOURCE:
                yield operation.node.fault(
                    f"would become the method {method!r}, a name that is taken",
                    "set another `x-client: {method: ...}`",
                    *where,
                )
            what = f"{operation.node} {where[-1]}"
            first = seen.setdefault((resource, method), what) if method else what
            if first != what:
                yield operation.node.fault(
                    f"would become {resource}.{method}, which {first.rpartition(' ')[0]} is already",
                    "set another `x-client: {method: ...}` on one of them",
                    *where,
                )


@rule("resource-clash", "No two tags become the same resource, and none a name that the client needs itself.")
def resource_clash(document: Document) -> Iterator[Fault]:
    """The second would overwrite the first's module."""
    seen: dict[str, str] = {}
    for tag in document.root.under("tags"):
        name = text(tag.keys.get("name"))
        resource = resource_name(tag)
        first = seen.setdefault(resource, name)
        if first != name:
            yield tag.fault(
                f"would become the resource {resource!r}, as {first!r} does",
                "set another `x-client: {resource: ...}` on one of them",
                "name",
            )
        elif resource in _CLIENT or keyword.iskeyword(resource):
            yield tag.fault(
                f"would become the resource {resource!r}, a name that is taken",
                "set another `x-client: {resource: ...}`",
                "name",
            )


def _resources(document: Document) -> dict[str, str]:
    """Gives the resource of each tag."""
    return {text(tag.keys.get("name")): resource_name(tag) for tag in document.root.under("tags")}


@rule("paging", "x-paging names fields that the response has, and query parameters that the operation has.")
def paging(document: Document) -> Iterator[Fault]:
    """The pager would look for them in vain."""
    for operation in operations(document):
        stated = mapping(operation.node.keys.get("x-paging"))
        if not stated:
            continue
        known = {
            name: schema
            for answer in operation.success_schemas()
            for member in members(document, answer)
            for name, schema in fields(document, member).items()
        }
        for key in ("items", "total", "cursor", "previousCursor"):
            name = text(stated.get(key))
            if name and name not in known:
                yield operation.node.fault(
                    f"pages by the field {name!r}, which its response does not have",
                    "name a property of the response",
                    "x-paging",
                    key,
                )
            elif name and key == "items" and not _is_array(document, known[name]):
                yield operation.node.fault(
                    f"pages over {name!r}, which is no array", "name the array that holds the items", "x-paging", key
                )
        queries = [text(each.keys.get("name")) for each in operation.located("query")]
        wanted = [(("x-paging", key), text(stated.get(key))) for key in ("next", "previous", "page", "size")]
        wanted += [(("x-paging", "omit"), name) for name in texts(stated.get("omit"))]
        for path, name in wanted:
            if name and name not in queries:
                yield operation.node.fault(
                    f"pages by the query parameter {name!r}, which it does not have", "name one of its own", *path
                )


@rule("value", "Where `x-client` names the value of answers, every JSON success is an object that requires it.")
def value(document: Document) -> Iterator[Fault]:
    """What is not there cannot be given, and a method has one type of result."""
    for operation in operations(document):
        for answer in operation.success_schemas(whole=True):
            whole = document.follow(answer)
            if operation.value and operation.value not in texts(whole.keys.get("required")):
                yield document.root.fault(
                    f"gives {operation.value!r} of each answer, which the answer of {operation.node} need not have",
                    f"require {operation.value} in it, or set `x-envelope: none` on the operation",
                    "x-client",
                    "value",
                )
                return


def _is_array(document: Document, schema: Node) -> bool:
    """Says whether a schema is an array, or may be one."""
    return any("array" in kinds(document, member) for member in members(document, schema))
