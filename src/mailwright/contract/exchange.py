"""Recorded exchanges with real servers: JSON lines, one request and its answer each."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args
from urllib.parse import parse_qsl, unquote, urlsplit

from mailwright.contract.document import JSON, Operation, Parameter
from mailwright.contract.recording import Answer
from mailwright.contract.rpc import Unfit, command_of, parameters_of
from mailwright.problem import Problem
from mailwright.runtime import Disconnected

Expectation = Literal["success", "failure", "malformed", "disconnect", "other"]

# About the message on the wire, not about what it says.
_HOP = frozenset({"content-length", "content-encoding", "transfer-encoding", "connection"})


class Unreadable(Exception):
    """A recorded request that is no call of its operation: it was wrong on purpose."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One line of a file."""

    place: str
    method: str
    target: str
    request: JSON
    answer: Answer
    body: object
    outcome: Expectation
    operation: str

    @property
    def path(self) -> str:
        """The path of the request, without its query."""
        return urlsplit(self.target).path


def read(path: Path) -> Iterator[Exchange]:
    """Yields the exchanges of a file.

    Raises:
        Problem: the file cannot be read, or a line is no exchange; the place is file:line.
    """
    try:
        # Not splitlines(), which also cuts at marks that a JSON string may hold.
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        cause = getattr(error, "strerror", None) or str(error)
        raise Problem(
            f"cannot be read: {cause}", place=str(path), remedy="give files of JSON lines", exit_code=2
        ) from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _exchange(line, f"{path}:{number}")


def matches(operation: Operation, exchange: Exchange) -> bool:
    """Says whether a request is one of this operation, by its method and its path."""
    template, path = operation.path.split("/"), exchange.path.split("/")
    return (
        operation.method == exchange.method
        and len(template) == len(path)
        and all(_fits(one, other) for one, other in zip(template, path, strict=True))
    )


def _fits(template: str, segment: str) -> bool:
    before, brace, rest = template.partition("{")
    after = rest.partition("}")[2]
    if not brace:
        return template == segment
    return len(segment) > len(before) + len(after) and segment.startswith(before) and segment.endswith(after)


def likeness(operation: Operation, exchange: Exchange) -> tuple[int, bool, bool]:
    """How well an operation that matches fits: by its literal text, and on one path by kind of body and command."""
    literal = sum(1 for segment in operation.path.split("/") if "{" not in segment)
    of_command = operation.rpc is not None and operation.rpc.command == command_of(exchange.request.get("json"))
    return literal, operation.uploads is ("text" in exchange.request), of_command


def case_of(operation: Operation, exchange: Exchange, token_name: str) -> JSON:
    """Reads a recorded request back into the values it was made from.

    Raises:
        Unreadable: a part of it has no place in the operation.
    """
    case: JSON = {"path": _path_values(operation, exchange), "query": _query_values(operation, exchange, token_name)}
    if operation.rpc is not None:
        try:
            case["body"] = parameters_of(operation.rpc, exchange.request.get("json"))
        except Unfit as error:
            raise Unreadable(str(error)) from None
    elif "json" in exchange.request and not operation.uploads:
        case["body"] = exchange.request["json"]
    elif "text" in exchange.request and operation.uploads:
        case["body"] = exchange.request["text"]
    elif "text" in exchange.request or "json" in exchange.request:
        raise Unreadable("the body is not of the kind that the operation has")
    return case


def _path_values(operation: Operation, exchange: Exchange) -> JSON:
    parameters = {each.name: each for each in operation.at("path")}
    values: JSON = {}
    for template, segment in zip(operation.path.split("/"), exchange.path.split("/"), strict=True):
        before, brace, rest = template.partition("{")
        name, _, after = rest.partition("}")
        if brace:
            values[name] = _value(parameters[name], unquote(segment[len(before) : len(segment) - len(after)]))
    return values


def _query_values(operation: Operation, exchange: Exchange, token_name: str) -> JSON:
    parameters = {each.name: each for each in operation.parameters if each.place == "query"}
    values: JSON = {}
    for name, text in parse_qsl(urlsplit(exchange.target).query, keep_blank_values=True):
        if name == token_name or name in (operation.paging.omit if operation.paging else ()):
            continue
        if name not in parameters:
            raise Unreadable(f"no query parameter {name}")
        if not text:
            raise Unreadable(f"query parameter {name} is empty")
        value = _value(parameters[name], text)
        values[name] = [*values.get(name, []), *value] if isinstance(value, list) else value
    return values


def _value(parameter: Parameter, text: str) -> str | int | bool | list[str]:
    kind = parameter.schema.get("type")
    if kind == "array":
        return text.split(",") if parameter.joined else [text]
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    if kind == "integer" and text.removeprefix("-").isdecimal():
        return int(text)
    if kind in ("boolean", "integer"):
        raise Unreadable(f"{parameter.place} parameter {parameter.name} is {text!r}")
    return text


def _exchange(line: str, place: str) -> Exchange:
    try:
        raw = json.loads(line)
        request: JSON = raw["request"]
        outcome = raw["outcome"]
        if outcome not in get_args(Expectation):
            raise ValueError(f"outcome {outcome!r} is none of {', '.join(get_args(Expectation))}")
        answer, body = _answer(raw.get("response"))
        return Exchange(
            place=place,
            method=str(request["method"]).upper(),
            target=str(request["path"]),
            request=request,
            answer=answer,
            body=body,
            outcome=outcome,
            operation=str(raw.get("operation") or f"{request['method']} {urlsplit(str(request['path'])).path}"),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error) as error:
        cause = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        raise Problem(
            f"this line is no recorded exchange: {cause}", place=place, remedy="see the format in the documentation"
        ) from error


def _answer(raw: JSON | None) -> tuple[Answer, object]:
    if raw is None:
        return Answer(error=Disconnected("the connection was closed without an answer")), None
    pairs = cast("JSON", raw.get("headers", {})).items()
    headers = tuple((name, str(value)) for name, value in pairs if name.lower() not in _HOP)
    if "json" in raw:
        content = json.dumps(raw["json"], ensure_ascii=False).encode()
    elif "base64" in raw:
        content = base64.b64decode(raw["base64"], validate=True)
    else:
        content = str(raw.get("text", "")).encode()
    return Answer(content, int(raw["status"]), headers), _parsed(content)


def _parsed(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
