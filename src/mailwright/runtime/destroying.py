"""Asks callers to say in so many words that an operation may destroy what its name does not tell."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from mailwright.runtime.errors import UsageError
from mailwright.runtime.models import UNSET
from mailwright.runtime.operation import Operation

# A time has to be to come when the last attempt arrives, by the clock of the server.
_MARGIN = timedelta(minutes=2)
_MINUTE = timedelta(minutes=1)


T = TypeVar("T")
W = TypeVar("W", bound=str)


def among(operation: Operation[Any], name: str, value: W, words: Collection[str], /) -> W:
    """Returns the value of an argument; raises `UsageError` for one that is none of these words.

    It is for words that mean everything there is to the server, whatever else is said.
    """
    if type(value) is not str or value not in words:
        raise UsageError(
            f"{operation.id}: {name} must be one of {', '.join(words)} here",
            operation=operation.id,
            method=operation.method,
        )
    return value


def not_empty(operation: Operation[Any], name: str, value: T, /) -> T:
    """Returns a filter of what is changed; raises `UsageError` for an empty text, which a server takes for none."""
    if value == "":
        raise _refusal(operation, f"would mean all, since {name} is empty: give a text, or leave it out")
    return value


@dataclass(frozen=True, slots=True)
class Heeds:
    """Which arguments a server takes notice of; it ignores all others in silence, and then does more than was meant.

    A text of `longest` has no more bytes than that, and one of `words` is one of them. A number of `numbers` is from
    the first to the second, where there is one. Arguments that one of `hides` names do not count beside it, and one of
    `needs` counts only beside the one that it names. Of `unsure` the client cannot know.
    """

    longest: Mapping[str, int] = field(default_factory=dict[str, int])
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    numbers: Mapping[str, tuple[int | None, int | None]] = field(
        default_factory=dict[str, tuple[int | None, int | None]]
    )
    hides: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    needs: Mapping[str, str] = field(default_factory=dict[str, str])
    unsure: tuple[str, ...] = ()


_ALL = Heeds()


def check_destroy(operation: Operation[Any], destroy: object, /) -> None:
    """Raises `UsageError` unless `destroy` is True itself: no other value that counts as true will do."""
    if destroy is not True:
        raise _refusal(operation, "destroys more than its name says; pass destroy=True to say that it may")


def check_filtered(
    operation: Operation[Any],
    everything: object,
    /,
    filters: Mapping[str, object],
    ahead: Mapping[str, object] | None = None,
    others: Mapping[str, object] | None = None,
    heeds: Heeds = _ALL,
) -> None:
    """Raises `UsageError` where nothing narrows a call down, unless `everything` is True itself.

    The mappings have arguments by name; those of `others` narrow down what a filter has found. An empty text says
    nothing. What the server would take no notice of is refused, whatever `everything` is: a value outside of `heeds`, a
    text of blanks, and a time of `ahead` that does not lie two minutes ahead at least.
    """
    times = ahead or {}
    given = {name: value for name, value in {**filters, **times, **(others or {})}.items() if _is_said(value)}
    for wrong in _unheeded(given, filters, times, heeds):
        raise _refusal(operation, f"would mean more than was asked for, since the server takes no notice of {wrong}")
    if everything is True:
        return
    for name in heeds.unsure:
        if name in given:
            raise _refusal(
                operation,
                f"takes no notice of {name} where the server does not know it, and means everything then; "
                "leave it out, or say everything=True",
            )
    if any(name in given for name in (*filters, *times)):
        return
    names = ", ".join([*filters, *(f"{name} (a time to come)" for name in times)])
    raise _refusal(
        operation,
        f"means everything there is without a filter; give one that is not empty of {names}, or everything=True",
    )


def _unheeded(
    given: Mapping[str, object], filters: Mapping[str, object], times: Mapping[str, object], heeds: Heeds
) -> Iterator[str]:
    for name, value in given.items():
        if name in times and not _is_to_come(value):
            yield f"{name}: give a time with a zone, two minutes ahead or more"
        elif name in heeds.words and value not in heeds.words[name]:
            yield f"{name}: give one of {', '.join(heeds.words[name])}"
        elif name in heeds.numbers and not _is_within(value, *heeds.numbers[name]):
            yield f"{name}: give a whole number{_bounds(*heeds.numbers[name])}"
        elif name in filters and isinstance(value, str):
            if _is_blank(value):
                yield f"{name}, which has nothing but blanks: give a text, or leave it out"
            elif _bytes(value) > heeds.longest.get(name, _bytes(value)):
                yield f"{name}, which has more than {heeds.longest[name]} bytes: give a shorter one"
        for other in heeds.hides.get(name, ()):
            if other in given:
                yield f"{other} beside {name}: leave one of them out"
        if name in heeds.needs and not given.get(heeds.needs[name]):
            yield f"{name} without {heeds.needs[name]}: give both"


def _refusal(operation: Operation[Any], why: str) -> UsageError:
    return UsageError(f"{operation.id} {why}", operation=operation.id, method=operation.method)


def _is_said(value: object) -> bool:
    return value is not UNSET and value is not None and value != ""


def _is_to_come(value: object) -> bool:
    # A time without a zone cannot be sent, and one whose zone has seconds is read by few.
    if not isinstance(value, datetime):
        return False
    offset = value.utcoffset()
    return offset is not None and not offset % _MINUTE and value >= datetime.now(UTC) + _MARGIN


def _is_blank(value: str) -> bool:
    return not value.strip()


def _bytes(value: str) -> int:
    return len(value.encode("utf-8", "surrogatepass"))


def _bounds(least: int | None, most: int | None) -> str:
    return (f", {least} or more" if least is not None else "") + (f", {most} at most" if most is not None else "")


def _is_within(value: object, least: int | None, most: int | None) -> bool:
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    return (least is None or least <= value) and (most is None or value <= most)
