"""Rules for request bodies and responses: media types and their schemas."""

from __future__ import annotations

from collections.abc import Iterator

from mailwright.codegen.lint.media_types import EVENTS, FORMS, essence, is_bytes, is_json
from mailwright.codegen.lint.nodes import Document, Fault, Node
from mailwright.codegen.lint.operations import client_name, operations
from mailwright.codegen.lint.registry import rule
from mailwright.codegen.lint.schemas import is_record

_NO_CONTENT = ("204", "205")
_BYTES = "`{type: string, format: binary}`"


@rule("media-type", f"A request body is JSON, one of {', '.join(FORMS)}, or bytes of one kind, as message/rfc822 is.")
def media_type(document: Document) -> Iterator[Fault]:
    """A range such as image/* is no kind that could be sent, and other forms are dropped by openapi-python-client."""
    for body in document.of("request body"):
        for media in body.under("content"):
            kind = essence(media.key)
            # It is sent as it stands, parameters included.
            sendable = str(media.key).isascii() and str(media.key).isprintable()
            if not sendable or not (is_json(kind) or is_bytes(kind) or kind in FORMS):
                yield media.fault(
                    "is a request body the clients cannot write",
                    f"use JSON, one of {', '.join(FORMS)}, or application/octet-stream for bytes of any kind",
                )


@rule(
    "body-choice",
    "Where a request body may be of several media types, `x-client: {body: ...}` names the one the method sends.",
)
def body_choice(document: Document) -> Iterator[Fault]:
    """A method has one body; the other may be an operation of its own, under the same path and a fragment."""
    for operation in operations(document):
        known = [str(media.key) for media in operation.body.under("content")] if operation.body is not None else []
        chosen = client_name(operation.node, "body")
        if chosen and chosen not in known:
            yield operation.node.fault(
                f"sends {chosen}, which its request body does not have",
                f"name one of {', '.join(known)}" if known else "take `body` away",
                "x-client",
                "body",
            )
        elif len(known) > 1 and not chosen:
            yield operation.node.fault(
                f"may send {' or '.join(known)}, and does not say which",
                f"set `x-client: {{body: {known[0]}}}`; for the other add an operation under a fragment of the path, "
                "such as /messages#raw",
                "requestBody",
            )


@rule("upload", f"A body that is sent as bytes is required, and its schema is {_BYTES}, in place.")
def upload(document: Document) -> Iterator[Fault]:
    """Its method takes bytes, a path or a file, so that nothing else can be said of it."""
    for operation in operations(document):
        media = operation.sent_media
        if media is None or not is_bytes(media.key) or operation.body is None:
            continue
        if operation.body.keys.get("required") is not True:
            yield operation.body.fault("is sent as bytes, and may be left out", "set `required: true` on it")
        yield from _not_bytes(media)


def _not_bytes(media: Node) -> Iterator[Fault]:
    for schema in media.under("schema"):
        if schema.keys.get("type") != "string" or "$ref" in schema.keys:
            yield schema.fault("describes bytes as something else", f"write {_BYTES}")


@rule("body-name", "`x-client: {name: ...}` stands on a body that is one argument: bytes, an array, a map or a scalar.")
def body_name(document: Document) -> Iterator[Fault]:
    """The fields of an object are arguments themselves."""
    for operation in operations(document):
        media = operation.sent_media
        if media is None or operation.body is None or not client_name(operation.body, "name"):
            continue
        if any(is_record(document.follow(schema)) for schema in media.under("schema")):
            yield operation.body.fault(
                "has a name, and its fields are the arguments", "take the name away, or name the fields", "x-client"
            )


@rule("response-media-type", "A response has one media type: JSON, text/event-stream, or bytes of one kind.")
def response_media_type(document: Document) -> Iterator[Fault]:
    """openapi-python-client reads the first that it knows, and drops the others."""
    for response in document.of("response"):
        content = response.under("content")
        for index, media in enumerate(content):
            kind = essence(media.key)
            if not (is_json(kind) or is_bytes(kind) or kind == EVENTS):
                yield media.fault(
                    "is a response the clients cannot read", "use application/octet-stream for bytes of any kind"
                )
            elif index:
                yield media.fault(
                    f"stands beside {content[0].key}, and only the first is read", "keep the one the server sends"
                )


@rule("media-schema", "Every media type has a schema.")
def media_schema(document: Document) -> Iterator[Fault]:
    """Without one the body is lost: the operation takes or gives nothing."""
    for media in document.of("media type"):
        if (
            media.parent is not None
            and media.parent.kind in ("request body", "response")
            and "schema" not in media.keys
        ):
            yield media.fault(
                "has no schema", "add one; `{type: string, format: binary}` for bytes, `{type: string}` for text"
            )


@rule("no-content", f"A response {' or '.join(_NO_CONTENT)} has no content.")
def no_content(document: Document) -> Iterator[Fault]:
    """HTTP gives it no body, so that nothing would ever come."""
    for operation in operations(document):
        for status, response in operation.responses:
            if status in _NO_CONTENT and response.under("content"):
                yield response.fault(
                    f"has content at status {status}", "take it away, or name the status it comes with", "content"
                )
