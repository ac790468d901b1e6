"""Lists of which the wire may have a lone text instead: Python sees a list, always.

A generated Struct names such fields in `_lists`. Reading takes a lone text for a list of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeVar

import msgspec

from mailwright.runtime.models import fields_in

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
    for name in fields_in(type(model), "_lists"):
        value = getattr(model, name)
        if isinstance(value, str):
            setattr(model, name, [value])
