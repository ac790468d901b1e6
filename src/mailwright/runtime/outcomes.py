"""What each part of a job came to, where one part may fail while the others are done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Self, TypeVar, cast

from mailwright.runtime.errors import MailwrightError

# What is only given, and so may stand for a wider type: parts of several kinds make one job.
T_co = TypeVar("T_co", covariant=True)
I_co = TypeVar("I_co", covariant=True)


@dataclass(frozen=True, slots=True, repr=False)
class Outcome(Generic[T_co]):
    """What one part came to: a value, or the error that a call of it alone would have raised."""

    operation: str
    _value: T_co | None
    error: MailwrightError | None

    @property
    def ok(self) -> bool:
        """Whether there is a value."""
        return self.error is None

    @property
    def value(self) -> T_co:
        """The value; raises the error where there is one."""
        if self.error is not None:
            raise self.error
        return cast("T_co", self._value)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._told()}>"

    def _told(self) -> str:
        # Without the value: it may be long, and in it may be what the server alone knows to be secret.
        came_to = "ok" if self.error is None else f"{type(self.error).__name__}: {self.error.message}"
        return f"{self.operation}: {came_to}"


@dataclass(frozen=True, slots=True, repr=False)
class ItemOutcome(Outcome[T_co], Generic[I_co, T_co]):
    """What came of one item of several: a value, or the error that a call for it alone would have raised."""

    item: I_co

    def _told(self) -> str:
        # By name: slots make another class of this one than `super()` without arguments knows.
        return f"{self.item!r}, {Outcome[T_co]._told(self)}"


class Outcomes(tuple[ItemOutcome[I_co, T_co], ...], Generic[I_co, T_co]):
    """One outcome for each item, in the order of the items."""

    __slots__ = ()

    @property
    def ok(self) -> bool:
        """Whether all went well, as nothing at all does."""
        return all(each.ok for each in self)

    @property
    def succeeded(self) -> list[ItemOutcome[I_co, T_co]]:
        """The outcomes with a value."""
        return [each for each in self if each.ok]

    @property
    def failed(self) -> list[ItemOutcome[I_co, T_co]]:
        """The outcomes with an error, those of items that were not sent among them (`NotSent`)."""
        return [each for each in self if not each.ok]

    def raise_first(self) -> Self:
        """Raises the error of the first item that failed, with a note that names the item; returns itself else."""
        first = next(iter(self.failed), None)
        if first is None or first.error is None:
            return self
        note = f"item {first.item!r}: {len(self.succeeded)} of {len(self)} items were done, {len(self.failed)} not"
        if note not in getattr(first.error, "__notes__", ()):
            first.error.add_note(note)
        raise first.error

    def __repr__(self) -> str:
        return f"{type(self).__name__}([{', '.join(map(repr, self))}])"
