"""Rules for streams, which are more than one call and one JSON value."""

from __future__ import annotations

from collections.abc import Iterator

from mailwright.codegen.lint.media_types import EVENTS, essence, is_bytes, is_json
from mailwright.codegen.lint.nodes import Document, Fault
from mailwright.codegen.lint.operations import Operation, client_name, is_secret, operations
from mailwright.codegen.lint.registry import rule

_NO_CONTENT = "204"


def _kind(operation: Operation) -> object:
    """Gives `sse`, `binary` or None: one stream of events is like the other but for its end."""
    word = operation.node.keys.get("x-stream")
    return "sse" if word == "sse-once" else word


@rule(
    "stream",
    "`x-stream: sse` goes with a text/event-stream response, `x-stream: binary` with bytes; and the other way.",
)
def stream(document: Document) -> Iterator[Fault]:
    """The method reads a stream only where both say so."""
    for operation in operations(document):
        wanted = _kind(operation)
        found = {essence(media.key) for _, response in operation.successes for media in response.under("content")}
        events = EVENTS in found
        data = any(is_bytes(kind) for kind in found)
        if wanted == "sse" and not events:
            yield operation.node.fault(
                "has `x-stream: sse` and no text/event-stream response", "correct the one or the other", "x-stream"
            )
        elif wanted == "binary" and not data:
            yield operation.node.fault(
                "has `x-stream: binary` and no response of bytes", "correct the one or the other", "x-stream"
            )
        elif events and wanted != "sse":
            yield operation.node.fault("answers with text/event-stream", "add `x-stream: sse`", "responses")
        elif data and wanted != "binary":
            yield operation.node.fault("answers with bytes", "add `x-stream: binary`", "responses")


@rule("stream-alone", "An operation with x-stream answers with nothing else, and has no x-paging; sse sends no body.")
def stream_alone(document: Document) -> Iterator[Fault]:
    """The method gives an object that reads the stream, before it is known which answer comes."""
    for operation in operations(document):
        wanted = _kind(operation)
        if wanted is None:
            continue
        for status, response in operation.successes:
            content = response.under("content")
            over = wanted == "sse" and status == _NO_CONTENT
            if any(is_json(media.key) for media in content) or not (content or over):
                yield operation.node.fault(
                    f"has a stream, and at status {status} something else",
                    "leave that response out; errors go with the dialect",
                    "responses",
                    status,
                )
        if "x-paging" in operation.node.keys:
            yield operation.node.fault("has both x-stream and x-paging", "take one of them away", "x-paging")
        if wanted == "sse" and operation.body is not None:
            yield operation.node.fault(
                "sends a body for a stream of events", "a stream is opened again and again: take it away", "requestBody"
            )


@rule("event-schema", "The schema of text/event-stream is a `$ref` to the component that the data of one event is.")
def event_schema(document: Document) -> Iterator[Fault]:
    """The method gives typed events, and models have the type by its name."""
    for operation in operations(document):
        for _, response in operation.successes:
            for media in response.under("content"):
                for schema in media.under("schema"):
                    if essence(media.key) == EVENTS and "$ref" not in schema.keys:
                        yield schema.fault("is no component", "make the data of one event one, and put a `$ref` here")


@rule(
    "stream-token",
    "`x-client: {token: …}` of a stream of events names an operation of its tag that takes no argument; "
    "the stream has one secret query parameter.",
)
def stream_token(document: Document) -> Iterator[Fault]:
    """The method fetches the token by that operation, and sends it in that parameter."""
    known = {operation.id: operation for operation in operations(document)}
    for operation in known.values():
        name = client_name(operation.node, "token")
        if not name:
            continue
        giver = known.get(name)
        secret = [each for each in operation.located("query") if is_secret(document, each)]
        if _kind(operation) != "sse":
            yield operation.node.fault("has a token and is no stream of events", "leave the token out", "x-client")
        elif giver is None or giver.tag != operation.tag or "x-stream" in giver.node.keys:
            yield operation.node.fault(f"x-client.token: {name} is no call of its tag", "name one", "x-client")
        elif giver.body is not None or any(each.keys.get("required") is True for each in giver.parameters):
            yield operation.node.fault(
                f"x-client.token: {name} takes arguments", "name one that takes none", "x-client"
            )
        elif len(secret) != 1 or secret[0].keys.get("required") is True:
            yield operation.node.fault(
                "has not one secret query parameter that may be left out", "mark it by `x-secret: true`", "x-client"
            )
