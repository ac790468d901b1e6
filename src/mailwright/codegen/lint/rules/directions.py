"""Rules for directions: an object is sent or received, never both."""

from __future__ import annotations

from collections.abc import Iterator

from mailwright.codegen.lint.nodes import Document, Fault
from mailwright.codegen.lint.reach import reach
from mailwright.codegen.lint.registry import rule
from mailwright.codegen.lint.schemas import closed, is_record


@rule("direction", "An object component is reached from requests or from responses, not from both.")
def direction(document: Document) -> Iterator[Fault]:
    """Optional fields of a request are unset, those of a response are None: one Struct cannot be both."""
    found = reach(document)
    for schema in document.components.values():
        if schema in found.requests and schema in found.responses and is_record(schema):
            yield schema.fault(
                f"is an object both sent and received: in {found.requests[schema]} and in {found.responses[schema]}",
                "describe it twice, once for each direction",
            )


@rule("response-open", "An object in a response allows keys it does not name.")
def response_open(document: Document) -> Iterator[Fault]:
    """A newer server adds keys, and no client may break by that."""
    for schema, origin in reach(document).responses.items():
        keyword = closed(schema)
        if keyword is not None:
            yield schema.fault(f"is closed, and stands in {origin}", f"remove `{keyword}: false`", keyword)


@rule("request-closed-extra", "An object in a request does not allow keys beside its properties.")
def request_closed_extra(document: Document) -> Iterator[Fault]:
    """A Struct has no place for them: callers could not send what the document promises."""
    for schema, origin in reach(document).requests.items():
        extra = schema.keys.get("additionalProperties", False)
        if "properties" in schema.keys and extra is not False:
            yield schema.fault(
                f"allows keys beside its properties, which would be dropped, and stands in {origin}",
                "name the keys as properties, or make it a map",
                "additionalProperties",
            )


@rule("response-typed-extra", "An object in a response does not describe the values of keys beside its properties.")
def response_typed_extra(document: Document) -> Iterator[Fault]:
    """Such keys are dropped; that they are described says that they matter."""
    for schema, origin in reach(document).responses.items():
        dropped = "properties" in schema.keys and "x-rest" not in schema.keys
        if dropped and isinstance(schema.keys.get("additionalProperties"), dict):
            yield schema.fault(
                f"describes keys beside its properties, which would be dropped, and stands in {origin}",
                "name the keys as properties, or make it a map",
                "additionalProperties",
            )


@rule("unused-component", "Every schema component is reached from an operation.")
def unused_component(document: Document) -> Iterator[Fault]:
    """A schema nobody sends or receives has no direction, so no Struct can be made of it."""
    found = reach(document)
    if not found.requests and not found.responses:
        return
    for schema in document.components.values():
        if schema not in found.requests and schema not in found.responses:
            yield schema.fault("is used by no operation", "refer to it, or remove it")
