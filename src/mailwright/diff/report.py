"""Shows changes: as a page that reads like a migration guide, or as JSON."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from mailwright.diff.changes import Change, Level

_TITLES: tuple[tuple[Level, str, str], ...] = (
    ("breaking", "Breaking for callers of the Python client", "Nothing breaks."),
    ("wire", "Changed on the wire, and not for callers", ""),
    ("addition", "New", ""),
)


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
        for resource, group in itertools.groupby(chosen, key=lambda change: change.resource):
            yield from ("", f"### {resource or 'The client'}", "")
            yield from map(_line, group)


def _line(change: Change) -> str:
    return f"- `{change.resource}.{change.method}`: {change.what}" if change.method else f"- {change.what}"
