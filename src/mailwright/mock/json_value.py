"""JSON in and out as a JavaScript server has it: no NaN, no lone surrogates, and its own words for bad input."""

from __future__ import annotations

import json
import re
from typing import Any, TypeAlias, TypeGuard

Json: TypeAlias = Any
JsonObject: TypeAlias = dict[str, Any]

_SURROGATE = re.compile("[\ud800-\udfff]")


class BadJson(ValueError):
    """The text is not JSON; the message says so the way V8 did until 2022, `modern` the way it does since."""

    def __init__(self, message: str, modern: str = "") -> None:
        self.modern = modern or message
        super().__init__(message)


def read(content: bytes) -> Json:
    """Decodes JSON.

    Raises:
        BadJson: the bytes are not JSON, or nest deeper than a validator can follow.
    """
    text = content.decode("utf-8", "replace")
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise BadJson(_complaint(text, error), _modern_complaint(text, error)) from error
    except RecursionError as error:
        raise BadJson("Nesting is too deep") from error
    return tidy(value)


def write(value: Json) -> bytes:
    """Encodes JSON without blanks, non-ASCII text as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def tidy(value: Json, depth: int = 0) -> Json:
    """Replaces lone surrogates, which no answer could carry, as a JavaScript server does on its way out.

    Raises:
        BadJson: the value nests deeper than a validator can follow.
    """
    if depth > 200:
        raise BadJson("Nesting is too deep")
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if (items := as_list(value)) is not None:
        return [tidy(item, depth + 1) for item in items]
    if (entries := as_object(value)) is not None:
        return {tidy(key): tidy(item, depth + 1) for key, item in entries.items()}
    return value


def as_object(value: Json) -> JsonObject | None:
    """The value if it is an object."""
    return value if _is_object(value) else None


def as_list(value: Json) -> list[Json] | None:
    """The value if it is an array."""
    return value if _is_list(value) else None


def _is_object(value: Json) -> TypeGuard[JsonObject]:
    return isinstance(value, dict)


def _is_list(value: Json) -> TypeGuard[list[Json]]:
    return isinstance(value, list)


def _refuse_constant(name: str) -> Json:
    raise json.JSONDecodeError(name, "", 0)


def _complaint(text: str, error: json.JSONDecodeError) -> str:
    if error.msg in ("NaN", "Infinity", "-Infinity"):
        place = max(text.find(error.msg), 0)
    else:
        place = error.pos
        if error.msg.startswith("Unterminated string"):
            place = len(text)
    rest = text[place:]
    if not rest.strip():
        return "Unexpected end of JSON input"
    return f"Unexpected token {rest[0]} in JSON at position {place}"


_MODERN = {
    "Expecting property name enclosed in double quotes": "Expected property name or '}' in JSON",
    "Illegal trailing comma before end of object": "Expected double-quoted property name in JSON",
    "Illegal trailing comma before end of array": "Unexpected token ']'",
    "Expecting ':' delimiter": "Expected ':' after property name in JSON",
    "Invalid control character at": "Bad control character in string literal in JSON",
}


def _modern_complaint(text: str, error: json.JSONDecodeError) -> str:
    constant = text.find(error.msg) if error.msg in ("NaN", "Infinity", "-Infinity") else -1
    if constant >= 0:
        return f"Unexpected token '{text[constant]}', {_excerpt(text, constant)} is not valid JSON"
    before = text[: error.pos].rstrip()
    place = error.pos
    if error.msg.startswith("Unterminated string"):
        what, place = "Unterminated string in JSON", len(text)
    elif error.msg == "Expecting ',' delimiter":
        end = "']' after array element" if _open_bracket(text[: error.pos]) == "[" else "'}' after property value"
        what = f"Expected ',' or {end} in JSON"
    elif error.msg == "Extra data":
        what = "Unexpected non-whitespace character after JSON"
    elif before.endswith(",") and error.msg.startswith("Expecting property name"):
        what = "Expected double-quoted property name in JSON"
    elif error.msg == "Invalid \\escape":
        what, place = "Bad escaped character in JSON", place + 1
    elif error.msg in _MODERN:
        what = _MODERN[error.msg]
    elif not text[error.pos :].strip():
        return "Unexpected end of JSON input"
    else:
        return f"Unexpected token '{text[error.pos]}', {_excerpt(text, error.pos)} is not valid JSON"
    line, column = text.count("\n", 0, place) + 1, place - (text.rfind("\n", 0, place) + 1) + 1
    return f"{what} at position {place} (line {line} column {column})"


def _open_bracket(text: str) -> str:
    """The bracket that is open at the end of a text that was JSON so far."""
    closed: list[str] = []
    for letter in reversed(re.sub(r'"(?:[^"\\]|\\.)*"', "", text)):
        if letter in "]}":
            closed.append(letter)
        elif letter in "[{":
            if not closed:
                return letter
            closed.pop()
    return ""


def _excerpt(text: str, place: int) -> str:
    if len(text) <= 40:
        return f'"{text}"'
    start, end = max(0, place - 10), place + 10
    return f'{"..." if start else ""}"{text[start:end]}"{"..." if end < len(text) else ""} '.strip()
