"""What a request means on the wire, and whether it is what a case asked for.

This is written without a look at the runtime's own serialization, and shares nothing with it, so that a mistake
there does not hide here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from mailwright.contract import rpc
from mailwright.contract.document import JSON, Operation, Parameter
from mailwright.contract.equality import Equality, same_instant
from mailwright.runtime import Request

ABSENT = "(absent)"
_LAST_ID = "last-event-id"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One difference of a request; `part` names the part of it, such as `query tags`."""

    part: str
    wanted: object
    got: object


@dataclass(frozen=True, slots=True)
class Sent:
    """A request, read back as a server would: `path` has the segments below the base URL, `body` the value of JSON."""

    method: str
    path: tuple[str, ...]
    query: Mapping[str, tuple[str, ...]]
    headers: Mapping[str, tuple[str, ...]]
    body: Any
    content: bytes


def read(request: Request, base_path: str) -> Sent:
    """Reads a request back; what is not UTF-8 or not JSON is marked as such, so that it equals nothing wanted."""
    parts = urlsplit(request.url)
    path = (
        parts.path.removeprefix(base_path) if parts.path.startswith(base_path) else f"(not below base_url){parts.path}"
    )
    query: dict[str, tuple[str, ...]] = {}
    for pair in filter(None, parts.query.split("&")):
        name, _, value = pair.partition("=")
        # Servers read a plus sign in a query as a blank.
        name, value = _decoded(name, plus=b" "), _decoded(value, plus=b" ")
        query[name] = (*query.get(name, ()), value)
    headers: dict[str, tuple[str, ...]] = {}
    for name, value in request.headers:
        headers[name.lower()] = (*headers.get(name.lower(), ()), value)
    segments = tuple(map(_decoded, path.removeprefix("/").split("/")))
    if parts.fragment:
        segments = (*segments, f"(fragment){parts.fragment}")
    content = request.body() or b""
    return Sent(request.method, segments, query, headers, _json(content), content)


class Wire:
    """Compares requests with the cases they were made from."""

    def __init__(self, equality: Equality, token_names: Mapping[str, str]) -> None:
        self._equality = equality
        self._token_query = token_names.get("query")

    def mismatches(self, operation: Operation, case: JSON, sent: Sent) -> Iterator[Mismatch]:
        """Yields every difference between a case and the request that was sent for it."""
        if sent.method != operation.method:
            yield Mismatch("method", operation.method, sent.method)
        wanted = _segments(operation, case.get("path", {}))
        if sent.path != wanted:
            yield Mismatch("path", "/".join(wanted), "/".join(sent.path) + _count(wanted, sent.path))
        yield from self._query(operation, case.get("query", {}), sent)
        yield from self._headers(operation, case, sent)
        yield from self._body(operation, case, sent)

    def _query(self, operation: Operation, given: JSON, sent: Sent) -> Iterator[Mismatch]:
        parameters = {each.name: each for each in operation.at("query")}
        for name, parameter in parameters.items():
            wanted = query_texts(parameter, given.get(name))
            got = sent.query.get(name, ())
            if not _same_texts(parameter, wanted, got):
                yield Mismatch(f"query {name}", wanted or ABSENT, got or ABSENT)
        for name, got in sent.query.items():
            if name not in parameters and name != self._token_query:
                yield Mismatch(f"query {name}", ABSENT, got)

    def _headers(self, operation: Operation, case: JSON, sent: Sent) -> Iterator[Mismatch]:
        given: JSON = case.get("header", {})
        for parameter in operation.at("header"):
            wanted = query_texts(parameter, given.get(parameter.name))
            if operation.event is not None and parameter.name.lower() == _LAST_ID:
                # The standard for events wants UTF-8 in this one; headers are shown as Latin-1.
                wanted = tuple(text.encode("utf-8", "replace").decode("latin-1") for text in wanted)
            got = sent.headers.get(parameter.name.lower(), ())
            if not _same_texts(parameter, wanted, got):
                yield Mismatch(f"header {parameter.name}", wanted or ABSENT, got or ABSENT)
        media = sent.headers.get("content-type", ())
        expected = (operation.media_type,) if operation.takes_body else ()
        if media != expected:
            yield Mismatch("header content-type", expected or ABSENT, media or ABSENT)

    def _body(self, operation: Operation, case: JSON, sent: Sent) -> Iterator[Mismatch]:
        if operation.uploads:
            uploaded = case["body"] if isinstance(case["body"], bytes) else upload_bytes(case["body"])
            if sent.content != uploaded:
                yield Mismatch("body", uploaded, sent.content)
            return
        if operation.rpc is not None:
            yield from self._command(operation, case, sent)
            return
        if operation.body is None:
            if sent.body != ABSENT:
                yield Mismatch("body", ABSENT, sent.body)
            return
        wanted = case.get("body", ABSENT)
        difference = self._equality.first_difference(operation.body, wanted, sent.body, mode="request")
        if difference is not None:
            yield Mismatch(f"body {difference.place}", difference.wanted, difference.got)

    def _command(self, operation: Operation, case: JSON, sent: Sent) -> Iterator[Mismatch]:
        faults = list(rpc.mismatch(operation, case, sent.body))
        yield from (Mismatch(*fault) for fault in faults)
        if faults or operation.body is None:
            return
        wanted, got = rpc.sent_of(case["body"]), sent.body[0][1]
        difference = self._equality.first_difference(operation.body, wanted, got, mode="request")
        if difference is not None:
            yield Mismatch(f"parameters {difference.place}", difference.wanted, difference.got)


def upload_bytes(text: object) -> bytes:
    """The bytes that a text of a case stands for; cases are JSON, which has none."""
    return str(text).encode("utf-8", "surrogatepass")


def query_texts(parameter: Parameter, value: object) -> tuple[str, ...]:
    """The texts a value has on the wire, in order; none for what is not sent: null, the empty text, the empty list."""
    if value is None or value == "" or value == []:
        return ()
    if isinstance(value, (list, tuple)):
        texts = tuple(_text(item) for item in value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        return (",".join(texts),) if parameter.joined else texts
    return (_text(value),)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)


def _same_texts(parameter: Parameter, wanted: tuple[str, ...], got: tuple[str, ...]) -> bool:
    if wanted == got:
        return True
    if len(wanted) == len(got) == 1 and parameter.schema.get("type") == "number":
        try:
            return float(wanted[0]) == float(got[0])
        except ValueError:
            return False
    if len(wanted) == len(got) == 1 and parameter.schema.get("format") == "date-time":
        return same_instant(wanted[0], got[0])
    return False


def _segments(operation: Operation, values: JSON) -> tuple[str, ...]:
    """The segments of a path, each placeholder replaced by its value."""
    segments: list[str] = []
    for segment in operation.path.removeprefix("/").split("/"):
        for parameter in operation.at("path"):
            placeholder = "{" + parameter.name + "}"
            if placeholder in segment:
                segment = segment.replace(placeholder, _text(values.get(parameter.name, ABSENT)))
                break
        segments.append(segment)
    return tuple(segments)


def _count(wanted: tuple[str, ...], got: tuple[str, ...]) -> str:
    return "" if len(wanted) == len(got) else f" ({len(got)} segments, not {len(wanted)})"


def _decoded(text: str, *, plus: bytes = b"+") -> str:
    if not text.isascii() or any(mark <= " " for mark in text):
        return f"(not quoted){text}"
    try:
        return plus.join(map(unquote_to_bytes, text.split("+"))).decode()
    except UnicodeDecodeError:
        return f"(not UTF-8){text}"


def _json(content: bytes | None) -> Any:
    if not content:
        return ABSENT
    try:
        return json.loads(content.decode())
    except (ValueError, RecursionError) as error:
        return f"(not JSON: {error})"
