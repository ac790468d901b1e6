"""JSON in and out as a JavaScript server has it: no NaN, no lone surrogates, and its own words for bad input."""

from __future__ import annotations

import json
import re
from typing import Any, TypeAlias, TypeGuard

Json: TypeAlias = Any
JsonObject: TypeAlias = dict[str, Any]

_SURROGATE = re.compile("[\ud800-\udfff]")


class BadJson(ValueError):
    """The text is not JSON; the message says so the way V8 does."""


def read(content: bytes) -> Json:
    """Decodes JSON.

    Raises:
        BadJson: the bytes are not JSON, or nest deeper than a validator can follow.
    """
    text = content.decode("utf-8", "replace")
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise BadJson(_complaint(text, error)) from error
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
