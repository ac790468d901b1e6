"""What a step of the life of a Stalwart is: a call, and the very result that it gives, for either kind of client."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, NamedTuple

import msgspec

from mailwright.runtime import (
    APIError,
    AsyncDownload,
    AsyncEventStream,
    AsyncPages,
    Download,
    EventStream,
    MailwrightError,
    Pages,
)


class Step(NamedTuple):
    """A call, what it gives (failures are told by `refused`), and the part of it that is looked at."""

    name: str
    call: Callable[[], Any]
    gives: Any
    part: Callable[[Any], Any] = lambda found: found


class Cast(NamedTuple):
    """The clients of a life: of the enterprise edition with the server's token, the right password, an API key and no
    right token; and one of the open edition."""

    mail: Any
    person: Any
    robot: Any
    stranger: Any
    open: Any


Steps = Generator[Step, Any, None]


class OneOf:
    """Equals every value of a type."""

    def __init__(self, *kinds: type) -> None:
        self._kinds = kinds

    def __eq__(self, other: object) -> bool:
        return type(other) in self._kinds

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"any {' or '.join(kind.__name__ for kind in self._kinds)}"


NUMBER, TEXT = OneOf(int), OneOf(str)


def refused(kind: str, code: str | None = None, status: int = 200, **details: Any) -> dict[str, Any]:
    """What is left of an error: its class, its code and status, and what management tells besides."""
    return {"error": kind, "code": code, "status": status, **details}


def only(*names: str) -> Callable[[Any], Any]:
    """These fields of an object, or of each object of a list."""

    def part(found: Any) -> Any:
        if isinstance(found, list):
            return [part(each) for each in found]
        return {name: found[name] for name in names if name in found}

    return part


def each(name: str) -> Callable[[Any], Any]:
    """One field of each object of a list."""
    return lambda found: [one[name] for one in found]


def _plain(found: Any) -> Any:
    return found if isinstance(found, bytes) else msgspec.to_builtins(found)


def _failure(error: MailwrightError) -> dict[str, Any]:
    told = error.details if isinstance(error, APIError) and isinstance(error.details, dict) else {}
    return refused(type(error).__name__, None if error.code is None else str(error.code), error.status or 0, **told)


def live(steps: Steps) -> list[tuple[str, Any]]:
    """Makes all calls of clients without async, and gives name and result of each."""
    results: list[tuple[str, Any]] = []
    step = next(steps, None)
    while step is not None:
        results.append((step.name, _checked(step, _settle(step.call))))
        step = _after(steps, results)
    return results


async def live_async(steps: Steps) -> list[tuple[str, Any]]:
    """Makes all calls of clients with async, and gives name and result of each."""
    results: list[tuple[str, Any]] = []
    step = next(steps, None)
    while step is not None:
        results.append((step.name, _checked(step, await _settle_async(step.call))))
        step = _after(steps, results)
    return results


def _after(steps: Steps, results: list[tuple[str, Any]]) -> Step | None:
    try:
        return steps.send(results[-1][1])
    except StopIteration:
        return None


def _checked(step: Step, found: Any) -> Any:
    part = found if isinstance(found, dict) and "error" in found else step.part(found)
    assert part == step.gives, f"{step.name}: {part!r} is not {step.gives!r}"
    return part


def _settle(call: Callable[[], Any]) -> Any:
    try:
        found = call()
        if isinstance(found, EventStream):
            with found.with_options(reconnect=False) as stream:
                found = [[event.event, _plain(event.data)] for event in stream]
        elif isinstance(found, Pages):
            found = list(found)
        elif isinstance(found, Download):
            found = found.read()
    except MailwrightError as error:
        return _failure(error)
    return _plain(found)


async def _settle_async(call: Callable[[], Any]) -> Any:
    try:
        found = call()
        if isinstance(found, AsyncEventStream):
            async with found.with_options(reconnect=False) as stream:
                found = [[event.event, _plain(event.data)] async for event in stream]
        elif isinstance(found, AsyncPages):
            found = [one async for one in found]
        elif isinstance(found, AsyncDownload):
            found = await found.read()
        else:
            found = await found
    except MailwrightError as error:
        return _failure(error)
    return _plain(found)
