"""Fields for which the wire says otherwise that they are empty: Python sees an empty list, or an empty object.

A generated Struct names such fields in `_empties`, each with what an empty one is: a list where the wire leaves the
field out, a dict where it has an empty list in the place of an object, as PHP writes both alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import msgspec

from mailwright.runtime.models import marks_of

T = TypeVar("T")

__all__ = ["OrAbsent", "OrEmptyList", "no_items", "read_empties"]

# A type checker sees what a person has to know. msgspec sees what may come, which `read_empties` brings in line.
if TYPE_CHECKING:
    OrAbsent: TypeAlias = T
    """T, a list, which the wire leaves out where it is empty."""
    OrEmptyList: TypeAlias = T
    """T, an object, which is an empty list on the wire where it is empty."""
else:
    OrAbsent = T | None
    OrEmptyList = T | list[Any]


def no_items() -> list[Any]:
    """Returns a new empty list, for a field that is left out."""
    return []


def read_empties(model: msgspec.Struct) -> None:
    """Replaces what stands for an empty value in a new Struct by that value.

    Raises `ValueError`, which msgspec makes an error with a place, for a list with items where an object is due.
    """
    for name, empty in marks_of(type(model), "_empties").items():
        value = getattr(model, name)
        if value is None and empty is list:
            setattr(model, name, [])
        elif isinstance(value, list) and empty is dict:
            if value:
                raise ValueError(f"`{name}` may be an empty list, and is one with items")
            setattr(model, name, {})
