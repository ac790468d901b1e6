"""Fields for which the wire has a word of its own for none, such as false: Python sees None, both ways.

A generated Struct names such fields in `_nones`, each with its word. Reading takes the word and null for None, so that
`is None` is the one question to ask; in a request None is sent as the word, which is how a value is taken away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, cast

import msgspec

from mailwright.runtime.models import marks_of

T = TypeVar("T")

__all__ = ["MaybeDash", "MaybeEmpty", "MaybeFalse", "read_nones", "with_words"]

# A type checker sees what a person has to know. msgspec sees what may come, which `read_nones` brings in line.
if TYPE_CHECKING:
    MaybeFalse: TypeAlias = T | None
    """T, or None, which is false on the wire."""
    MaybeEmpty: TypeAlias = T | None
    """T, or None, which is an empty text on the wire."""
    MaybeDash: TypeAlias = T | None
    """T, which is no text, or None, which is a dash and a blank on the wire."""
else:
    MaybeFalse = T | bool | None
    MaybeEmpty = T | str | None
    # No other text, so that the lax decoder still reads "1" as the number that is due.
    MaybeDash = T | Literal["- "] | None


def read_nones(model: msgspec.Struct) -> None:
    """Replaces each word for none in a new Struct by None.

    Raises `ValueError`, which msgspec makes an error with a place, for true where only false means something.
    """
    for name, word in marks_of(type(model), "_nones").items():
        value = getattr(model, name)
        if value is True and word is False:
            raise ValueError(f"`{_wire_name(model, name)}` may be false, not true")
        if type(value) is type(word) and value == word:
            setattr(model, name, None)


def with_words(value: object) -> object:
    """Returns a body in which each None that has a word on the wire is that word; the body itself stays as it is."""
    if isinstance(value, msgspec.Struct):
        words = marks_of(type(value), "_nones")
        changes: dict[str, Any] = {}
        for name in value.__struct_fields__:
            own: object = getattr(value, name)
            said = words[name] if own is None and name in words else with_words(own)
            if said is not own:
                changes[name] = said
        return _changed(value, changes) if changes else value
    if isinstance(value, (list, tuple)):
        items = cast("list[object]", value)
        said_items = [with_words(item) for item in items]
        return said_items if any(a is not b for a, b in zip(said_items, items, strict=True)) else items
    if isinstance(value, dict):
        held = cast("dict[object, object]", value)
        said_held = {key: with_words(item) for key, item in held.items()}
        return said_held if any(said_held[key] is not item for key, item in held.items()) else held
    return value


def _changed(model: msgspec.Struct, changes: Mapping[str, Any]) -> msgspec.Struct:
    # Not `msgspec.structs.replace`, which would have `read_nones` put None back.
    copy = msgspec.structs.replace(model)
    for name, value in changes.items():
        setattr(copy, name, value)
    return copy


def _wire_name(model: msgspec.Struct, name: str) -> str:
    return dict(zip(model.__struct_fields__, model.__struct_encode_fields__, strict=True))[name]
