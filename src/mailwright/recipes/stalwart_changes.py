"""Changes of Stalwart's principals that the server takes: made here, checked here, sent by `principals.update`.

    mail.principals.update("jane", [put("quota", 5_000_000_000), add("emails", "j@example.org"), clear("description")])

A change that the server refuses refuses all others beside it, and its words for that say little.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args, overload

from mailwright_stalwart.v0_15 import models

from mailwright.recipes.stalwart_passwords import hashed, in_clear_text
from mailwright.runtime import UsageError

TextField: TypeAlias = Literal["name", "description", "picture", "locale", "tenant"]
ListField: TypeAlias = models.PrincipalListField

_TEXTS: frozenset[str] = frozenset(get_args(TextField))
_LISTS: frozenset[str] = frozenset(get_args(ListField))
_CLEARABLE: frozenset[str] = frozenset({"description", "picture", "locale", "tenant", "quota"})
_LONGEST = 512  # bytes


@overload
def put(field: TextField, value: str, /) -> models.SetField: ...
@overload
def put(field: ListField, value: Sequence[str], /, *, as_is: bool = False) -> models.SetField: ...
@overload
def put(field: Literal["quota"], value: int | Sequence[int], /) -> models.SetField: ...
def put(
    field: TextField | ListField | Literal["quota"],
    value: str | int | Sequence[str] | Sequence[int],
    /,
    *,
    as_is: bool = False,
) -> models.SetField:
    """Returns a change that gives a field a new value, and a list a new content.

    Passwords among `secrets` are hashed, as `stalwart_passwords` tells, unless `as_is` is true.

    A quota is in bytes; that of a tenant may be a list, bytes first, then how many there may be of each type. Raises
    `UsageError` for what the server refuses: a value of another kind, and texts of more than 512 bytes.
    """
    if field == "quota":
        numbers = [value] if isinstance(value, int) else value
        if isinstance(value, str) or not numbers or not all(_is_count(each) for each in numbers):
            raise UsageError("quota is a whole number of bytes, 0 or more, or a list of such numbers")
        return models.SetField(field_=field, value=value if isinstance(value, int) else [*value])
    if field in _LISTS:
        if isinstance(value, (str, int)):
            raise UsageError(f"{field} is a list of texts; add() and remove() take one of them")
        return models.SetField(field_=field, value=[_listed(field, each, as_is) for each in value])
    if field not in _TEXTS:
        raise UsageError(f"{field!r:.40} is no field that can be set")
    return models.SetField(field_=field, value=_text(field, value))


def clear(field: Literal["description", "picture", "locale", "tenant", "quota"], /) -> models.SetField:
    """Returns a change that takes the value of a field away; raises `UsageError` for a field that must have one."""
    if field not in _CLEARABLE:
        raise UsageError(f"{field!r:.40} cannot be cleared")
    return models.SetField(field_=field, value="")


def add(field: ListField, value: str, /, *, as_is: bool = False) -> models.AddItem:
    """Returns a change that adds to a list.

    Among `secrets`, what is no app password and no otpauth URL takes the place of the password; it is hashed, as
    `stalwart_passwords` tells, unless `as_is` is true.

    Raises `UsageError` for a field that is no list, and for a text of more than 512 bytes.
    """
    return models.AddItem(field_=_list_field(field), value=_listed(field, value, as_is))


def remove(field: ListField, value: str, /) -> models.RemoveItem:
    """Returns a change that takes from a list; raises `UsageError` as `add` does."""
    return models.RemoveItem(field_=_list_field(field), value=_text(field, value))


def _listed(field: str, value: object, as_is: bool) -> str:
    text = _text(field, value)
    if field != "secrets":
        return text
    return in_clear_text(text) if as_is else hashed(text)


def _list_field(field: ListField) -> ListField:
    if field not in _LISTS:
        raise UsageError(f"{field!r:.40} is no list; put() gives it a value")
    return field


def _text(field: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise UsageError(f"{field} takes a text that is not empty")
    if len(value.encode("utf-8", "surrogatepass")) > _LONGEST:
        # Without the value, which may be a password.
        raise UsageError(f"a text for {field} has more than {_LONGEST} bytes, which the server refuses")
    return value


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**64
