"""Compares what a document describes with what a server lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mailwright.drift.capabilities import Capability, Difference, Drift, Kind


def compare(described: Iterable[Capability], listed: Iterable[Capability]) -> Drift:
    """Returns how the two differ, in the order of the names."""
    ours = {each.name: each for each in described}
    theirs = {each.name: each for each in listed}
    missing = [each for name, each in ours.items() if name not in theirs]
    loaded = {each.part for name, each in ours.items() if name in theirs}
    not_loaded: dict[str, tuple[str, ...]] = {}
    for each in missing:
        if each.part and each.part not in loaded:
            not_loaded[each.part] = (*not_loaded.get(each.part, ()), each.name)
    found = [Difference("lacking", name) for name in theirs if name not in ours]
    found += [Difference("surplus", each.name) for each in missing if each.part not in not_loaded]
    for name, capability in ours.items():
        if name in theirs:
            found += _parameters(capability, theirs[name])
    found.sort(key=lambda each: (each.capability, each.parameter or ""))
    return Drift(tuple(found), len(theirs), dict(sorted(not_loaded.items())))


def _parameters(ours: Capability, theirs: Capability) -> Iterator[Difference]:
    for name in sorted({*ours.parameters, *theirs.parameters}):
        document, server = ours.parameters.get(name), theirs.parameters.get(name)
        if document != server:
            kind: Kind = "lacking" if document is None else "surplus" if server is None else "retyped"
            yield Difference(kind, ours.name, name, document, server)
