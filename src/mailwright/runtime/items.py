"""One request for each of several items, where an answer for all of them would not say which of them failed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeVar

from mailwright.runtime.errors import MailwrightError, NotSent, TransportError, UsageError
from mailwright.runtime.operation import Operation
from mailwright.runtime.outcomes import ItemOutcome, Outcomes

T = TypeVar("T")
I = TypeVar("I")  # noqa: E741 (an item)


def one_by_one(operation: Operation[Any], items: Iterable[I], call: Callable[[I], T], /) -> Outcomes[I, T]:
    """Makes a call for each item, in order, and returns one outcome for each.

    An error that concerns no item, such as a lost connection or a key that may not write, ends the run: the outcomes of
    the items after it are `NotSent`. Raises `UsageError` for text, which is no list of items.
    """
    waiting = _listed(items)
    outcomes: list[ItemOutcome[I, T]] = []
    for item in waiting:
        try:
            outcomes.append(ItemOutcome(operation.id, call(item), None, item))
        except MailwrightError as error:
            outcomes.append(ItemOutcome(operation.id, None, error, item))
            if _ends(error):
                break
    return _whole(operation, waiting, outcomes)


async def async_one_by_one(
    operation: Operation[Any], items: Iterable[I], call: Callable[[I], Awaitable[T]], /
) -> Outcomes[I, T]:
    """Makes a call for each item, one after the other, without blocking; the twin of `one_by_one`."""
    waiting = _listed(items)
    outcomes: list[ItemOutcome[I, T]] = []
    for item in waiting:
        try:
            outcomes.append(ItemOutcome(operation.id, await call(item), None, item))
        except MailwrightError as error:
            outcomes.append(ItemOutcome(operation.id, None, error, item))
            if _ends(error):
                break
    return _whole(operation, waiting, outcomes)


def _listed(items: Iterable[I]) -> list[I]:
    if isinstance(items, (str, bytes)):
        raise UsageError("this takes a list of items, and was given one text; put it in a list")
    # All of them before the first call: an iterator that fails must not do so when half of the work is done.
    return list(items)


def _ends(error: MailwrightError) -> bool:
    """Says whether an error concerns no item: no answer came, or one whose very status refuses the request.

    A server that takes several items in one request tells of each in the body of its answer, at a status of success.
    """
    return isinstance(error, TransportError) or not (error.status is None or 200 <= error.status < 300)


def _whole(operation: Operation[Any], items: Sequence[I], outcomes: list[ItemOutcome[I, T]]) -> Outcomes[I, T]:
    done = list(outcomes)
    for item in items[len(outcomes) :]:
        last, end = outcomes[-1].item, outcomes[-1].error
        told = "" if end is None else f", which ended in {type(end).__name__}: {end.message}"
        unsent = NotSent(f"not sent after the call for {last!r}{told}", operation=operation.id)
        unsent.__cause__ = end
        done.append(ItemOutcome(operation.id, None, unsent, item))
    return Outcomes(done)
