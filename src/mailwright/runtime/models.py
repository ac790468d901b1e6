"""The base classes of generated models, and `UNSET`, the mark of what is not sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, ClassVar

import msgspec
from msgspec import UNSET
from msgspec import UnsetType as Unset

__all__ = ["UNSET", "Model", "RequestModel", "ResponseModel", "Unset", "fields_in", "marks_of", "secret_fields"]


class Model(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One JSON object; its repr leaves out what is absent and shows `***` for secrets."""

    _secrets: ClassVar[frozenset[str]] = frozenset()
    _passwords: ClassVar[dict[str, tuple[str, str] | None]] = {}

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in _shown(self))
        return f"{type(self).__name__}({shown})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Gives rich, which does not ask `__repr__`, the same fields."""
        return list(_shown(self))


class RequestModel(Model):
    """A request body: `UNSET` fields are not sent, `None` is sent as null."""


class ResponseModel(Model):
    """A part of an answer: absent and null fields are None, fields the API's document lacks are left out."""


class _Stars:
    """Stands for a secret where it would be shown."""

    def __repr__(self) -> str:
        return "***"


_STARS = _Stars()


def secret_fields(model: type[msgspec.Struct]) -> frozenset[str]:
    """Returns the names of a model's secret fields, those of its bases included."""
    return fields_in(model, "_secrets")


# A subclass' own mark hides its parent's, so each class of the MRO is asked for what it says itself.
@cache
def fields_in(model: type[msgspec.Struct], mark: str) -> frozenset[str]:
    """Returns the fields that a model has in a set such as `_lists`, those of its bases included."""
    return frozenset[str]().union(*(vars(base).get(mark, frozenset[str]()) for base in model.__mro__))


@cache
def marks_of(model: type[msgspec.Struct], mark: str) -> Mapping[str, Any]:
    """Returns what a model says of its fields in a mapping such as `_nones`, those of its bases included."""
    found: dict[str, Any] = {}
    for base in reversed(model.__mro__):
        found.update(vars(base).get(mark, {}))
    return found


def _shown(model: msgspec.Struct) -> Iterator[tuple[str, object]]:
    secrets = secret_fields(type(model))
    for name in model.__struct_fields__:
        value = getattr(model, name)
        if value is not UNSET and value is not None:
            yield name, _STARS if name in secrets else value
