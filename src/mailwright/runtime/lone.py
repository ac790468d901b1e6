"""Lists of which the wire may have a lone text instead: Python sees a list, always.

A generated Struct names such fields in `_lists`. Reading takes a lone text for a list of one.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import msgspec

T = TypeVar("T")

__all__ = ["MaybeLone", "read_lists"]

# A type checker sees what a person has to know. msgspec sees what may come, which `read_lists` brings in line.
if TYPE_CHECKING:
    MaybeLone: TypeAlias = T
    """T, a list of texts, of which a lone one may come by itself."""
else:
    MaybeLone = T | str


def read_lists(model: msgspec.Struct) -> None:
    """Makes a list of each lone text in a new Struct where a list is due."""
    for name in _lists(type(model)):
        value = getattr(model, name)
        if isinstance(value, str):
            setattr(model, name, [value])


@cache
def _lists(model: type[msgspec.Struct]) -> frozenset[str]:
    """The fields of a Struct that are lists of this kind, those of its bases included."""
    return frozenset(name for base in model.__mro__ for name in vars(base).get("_lists", ()))
