"""Reads values whose kind is not known yet: what is of another kind counts as empty, `openapi` reports it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast


def mapping(value: object) -> Mapping[str, Any]:
    """Gives a mapping as it is, and anything else as an empty one."""
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def sequence(value: object) -> Sequence[Any]:
    """Gives a list as it is, and anything else as an empty one."""
    return cast("Sequence[Any]", value) if isinstance(value, list) else ()


def text(value: object) -> str:
    """Gives a text as it is, and anything else as an empty one."""
    return value if isinstance(value, str) else ""


def texts(value: object) -> list[str]:
    """Gives the texts of a list, leaving out what is something else."""
    return [item for item in sequence(value) if isinstance(item, str)]


def has_surrogate(value: str) -> bool:
    """Says whether a text holds half of a surrogate pair, which no encoding can write."""
    return not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value)


def plain(value: Any) -> Any:
    """Copies a node into plain JSON values that every validator takes: no subclasses, no lone surrogates."""
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in mapping(cast("object", value)).items()}
    if isinstance(value, list):
        return [plain(item) for item in sequence(cast("object", value))]
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8") if has_surrogate(value) else value
    return value
