"""Shows changes: as a page that reads like a migration guide, or as JSON."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

from mailwright.diff.changes import Change, Level

_TITLES: tuple[tuple[Level, str, str], ...] = (
    ("breaking", "Breaking for callers of the Python client", "Nothing breaks."),
    ("wire", "Changed on the wire, and not for callers", ""),
    ("addition", "New", ""),
)

# What so many methods have in common is told once, and of so many each method is named.
_MANY = 3
_NAMED = 12


def bump(changes: Sequence[Change]) -> str:
    """Returns which part of a version has to go up: major, minor or patch."""
    levels = {change.level for change in changes}
    return "major" if "breaking" in levels else "minor" if "addition" in levels else "patch"


def as_text(old: str, new: str, changes: Sequence[Change]) -> str:
    """Returns the changes as Markdown, by level and resource."""
    return "\n".join([f"# From {old} to {new}", *_sections(changes)])


def as_json(old: str, new: str, changes: Sequence[Change]) -> str:
    """Returns the changes as JSON."""
    found = {"from": old, "to": new, "bump": bump(changes), "changes": [asdict(change) for change in changes]}
    return json.dumps(found, indent=2, ensure_ascii=False)


def _sections(changes: Sequence[Change]) -> Iterator[str]:
    for level, title, nothing in _TITLES:
        chosen = [change for change in changes if change.level == level]
        if not chosen and not nothing:
            continue
        yield from ("", f"## {title}")
        if not chosen:
            yield from ("", nothing)
        alike = _alike(chosen)
        if alike:
            yield from ("", "### In many methods", "")
            yield from (f"- {what}: {_where(group)}" for what, group in alike.items())
        rest = [change for change in chosen if change.what not in alike]
        for resource, group in itertools.groupby(rest, key=lambda change: change.resource):
            yield from ("", f"### {resource or 'The client'}", "")
            yield from map(_line, group)


def _alike(changes: Iterable[Change]) -> dict[str, list[Change]]:
    """Groups what is told of several methods in the same words; the most frequent first."""
    groups: dict[str, list[Change]] = {}
    for change in changes:
        if change.method:
            groups.setdefault(change.what, []).append(change)
    return {what: group for what, group in sorted(groups.items(), key=_frequency) if len(group) >= _MANY}


def _frequency(group: tuple[str, list[Change]]) -> tuple[int, str]:
    return -len(group[1]), group[0]


def _where(changes: Sequence[Change]) -> str:
    """Names the methods; where they are very many, their resources."""
    if len(changes) <= _NAMED:
        return ", ".join(f"`{change.resource}.{change.method}`" for change in changes)
    resources = dict.fromkeys(change.resource for change in changes)
    return f"{len(changes)} methods of {', '.join(f'`{name}`' for name in resources)}"


def _line(change: Change) -> str:
    return f"- `{change.resource}.{change.method}`: {change.what}" if change.method else f"- {change.what}"
