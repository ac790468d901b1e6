"""Finds the changes between two versions of an API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter

from mailwright.diff.changes import Change, Level
from mailwright.diff.schema_text import Field
from mailwright.diff.surface import Argument, Operation, Surface


def compare(old: Surface, new: Surface) -> list[Change]:
    """Lists every change from the old version to the new one, by level, resource and method."""
    pairs, gone, added = _matched(old.operations, new.operations)
    changes = [*_credentials(old, new)]
    if old.client != new.client:
        changes.append(Change("breaking", "", "", f"the client `{old.client}` is called `{new.client}` now"))
    for operation in gone:
        what = f"gone ({operation.request})"
        changes.append(Change("breaking", operation.resource, operation.method, what))
    for operation in added:
        note = f"; deprecated: {operation.deprecated}" if operation.deprecated else ""
        what = f"new ({operation.request}){note}"
        changes.append(Change("addition", operation.resource, operation.method, what))
    for before, after in pairs:
        changes += _operation(before, after)
    return sorted(dict.fromkeys(changes))


def _matched(
    old: Iterable[Operation], new: Iterable[Operation]
) -> tuple[list[tuple[Operation, Operation]], list[Operation], list[Operation]]:
    """Pairs what has the same name in Python, and of the rest what is the same request."""
    gone, added = list(old), list(new)
    pairs: list[tuple[Operation, Operation]] = []
    by_call: Callable[[Operation], object] = attrgetter("call")
    for key in (by_call, attrgetter("wire")):
        for before in list(gone):
            after = next((each for each in added if key(each) == key(before)), None)
            if after is not None:
                pairs.append((before, after))
                gone.remove(before)
                added.remove(after)
    return pairs, gone, added


def _operation(old: Operation, new: Operation) -> Iterator[Change]:
    def change(level: Level, what: str) -> Change:
        return Change(level, old.resource, old.method, what)

    if old.call != new.call:
        yield change("breaking", f"is now `{new.call}`")
    if old.wire != new.wire:
        yield change("wire", f"sends {new.request}, was {old.request}")
    if old.paged != new.paged:
        yield change("breaking", "gives pages now" if new.paged else "gives one answer now, no pages")
    for level, what in _arguments(old.arguments, new.arguments):
        yield change(level, what)
    for level, what in _answers(new.answer_word, old.answer, new.answer):
        yield change(level, what)
    if lost := _listed(set(new.statuses) - set(old.statuses)):
        yield change("wire", f"may answer with status {lost} as well")


def _arguments(old: Mapping[str, Argument], new: Mapping[str, Argument]) -> Iterator[tuple[Level, str]]:
    gone = {name: each for name, each in old.items() if name not in new}
    added = {name: each for name, each in new.items() if name not in old}
    for name, before in list(gone.items()):
        after = next((each for each in added.values() if (each.where, each.wire) == (before.where, before.wire)), None)
        if after is not None:
            yield "breaking", f"argument `{name}` is called `{after.name}` now"
            del gone[name], added[after.name]
            yield from _argument(before, after)
    if gone:
        yield "breaking", f"{_argument_word(gone)} {_listed(gone)} {_are(gone)} gone"
    for name, each in added.items():
        if each.required:
            yield "breaking", f"argument `{name}` is new and required ({each.text})"
    if optional := [name for name, each in added.items() if not each.required]:
        yield "addition", f"takes {_listed(optional)} as well"
    for name in old.keys() & new.keys():
        yield from _argument(old[name], new[name])


def _argument(old: Argument, new: Argument) -> Iterator[tuple[Level, str]]:
    name = new.name
    if new.required and not old.required:
        yield "breaking", f"argument `{name}` is required now"
    if old.required and not new.required:
        yield "addition", f"argument `{name}` may be left out"
    lost = [kind for kind in old.kinds if kind not in new.kinds]
    if old.kinds and new.kinds and lost:
        yield "breaking", f"argument `{name}` takes {new.text}, was {old.text}"
    elif old.kinds != new.kinds and set(old.kinds) < set(new.kinds):
        more = " or ".join(kind for kind in new.kinds if kind not in old.kinds)
        yield "addition", f"argument `{name}` takes {more} as well"
    if old.bounds != new.bounds:
        before, after = (", ".join(each.bounds) or "without bounds" for each in (old, new))
        yield "wire" if new.bounds else "addition", f"argument `{name}` is {after}, was {before}"
    if (old.where, old.wire) != (new.where, new.wire):
        yield "wire", f"argument `{name}` goes as `{new.wire}` in the {new.where}, was `{old.wire}` in the {old.where}"


def _answers(kind: str, old: Mapping[str, Field], new: Mapping[str, Field]) -> Iterator[tuple[Level, str]]:
    if gone := _topmost(name for name in old if name not in new):
        yield "breaking", f"the {kind} has no {_listed(gone)} any more"
    if added := _topmost(name for name in new if name not in old):
        yield "addition", f"the {kind} has {_listed(added)} as well"
    for name in _topmost(name for name in old if name in new and old[name].always and not new[name].always):
        yield "breaking", f"`{name}` of the {kind} may be missing"
    for name in old:
        if name in new:
            before, after = old[name], new[name]
            more = [each for each in after.kinds if each not in before.kinds]
            told = f"is {after.text}, was {before.text}"
            if more and set(before.kinds) < set(after.kinds):
                told = f"may be {' or '.join(more)} as well"
            # A literal more breaks nobody: literals of answers are open.
            if any(not each.startswith('"') for each in more):
                yield "breaking", f"`{name}` of the {kind} {told}"
            elif more or set(before.kinds) != set(after.kinds):
                yield "addition", f"`{name}` of the {kind} {told}"


def _topmost(names: Iterable[str]) -> list[str]:
    """Leaves out what is below another one of the names."""
    kept: list[str] = []
    for name in sorted(names, key=len):
        if not any(name.startswith((f"{above}.", f"{above}[")) for above in kept):
            kept.append(name)
    return kept


def _credentials(old: Surface, new: Surface) -> Iterator[Change]:
    for name in old.credentials:
        if name not in new.credentials:
            yield Change("breaking", "", "", f"the client takes no `{name}` any more")
    for name in new.credentials:
        if name not in old.credentials:
            yield Change("addition", "", "", f"the client takes `{name}` as well")


def _listed(names: Iterable[str]) -> str:
    *rest, last = [f"`{name}`" for name in sorted(names)] or [""]
    return f"{', '.join(rest)} and {last}" if rest else last


def _argument_word(names: Mapping[str, object]) -> str:
    return "argument" if len(names) == 1 else "arguments"


def _are(names: Mapping[str, object]) -> str:
    return "is" if len(names) == 1 else "are"
