"""Rules for request bodies and responses: media types and their schemas."""

from __future__ import annotations

from collections.abc import Iterator

from mailwright.codegen.lint.nodes import Document, Fault
from mailwright.codegen.lint.operations import is_json, operations
from mailwright.codegen.lint.registry import rule

_REQUEST = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/octet-stream",
    "message/rfc822",
)
_RESPONSE = ("application/octet-stream", "message/rfc822")


def _essence(media_type: object) -> str:
    """Takes the parameters off a media type."""
    return str(media_type).partition(";")[0].strip().lower()


@rule("media-type", f"A request body is one of {', '.join(_REQUEST)}.")
def media_type(document: Document) -> Iterator[Fault]:
    """openapi-python-client drops the operation otherwise, or the other body beside a JSON one."""
    for body in document.of("request body"):
        for media in body.under("content"):
            if _essence(media.key) not in _REQUEST:
                yield media.fault(
                    "is a request body the clients cannot write", f"use one of {', '.join(_REQUEST)}, or remove it"
                )


@rule("response-media-type", "A response has one media type: JSON, text, application/octet-stream or message/rfc822.")
def response_media_type(document: Document) -> Iterator[Fault]:
    """openapi-python-client reads the first that it knows, and drops the others."""
    for response in document.of("response"):
        content = response.under("content")
        for index, media in enumerate(content):
            essence = _essence(media.key)
            if not (is_json(essence) or essence.startswith("text/") or essence in _RESPONSE):
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


@rule(
    "stream",
    "`x-stream: sse` goes with a text/event-stream response, `x-stream: binary` with bytes; and the other way.",
)
def stream(document: Document) -> Iterator[Fault]:
    """The method reads a stream only where both say so."""
    for operation in operations(document):
        wanted = operation.node.keys.get("x-stream")
        found = {
            _essence(media.key)
            for status, response in operation.responses
            if status.startswith("2")
            for media in response.under("content")
        }
        events = "text/event-stream" in found
        if wanted == "sse" and not events:
            yield operation.node.fault(
                "has `x-stream: sse` and no text/event-stream response", "correct the one or the other", "x-stream"
            )
        elif wanted == "binary" and not any(not is_json(each) for each in found - {"text/event-stream"}):
            yield operation.node.fault(
                "has `x-stream: binary` and no response of bytes", "correct the one or the other", "x-stream"
            )
        elif events and wanted != "sse":
            yield operation.node.fault("answers with text/event-stream", "add `x-stream: sse`", "responses")
