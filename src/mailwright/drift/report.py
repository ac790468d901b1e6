"""Shows drift: as lines to read, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from mailwright.drift.capabilities import Difference, Drift


def as_text(target: str, noun: str, drift: Drift) -> str:
    """Returns a line for each difference, one for each part that is not loaded, and a summary as the last line.

    `noun` is what the API calls a capability, such as command.
    """
    return "\n".join(_lines(target, noun, drift))


def as_json(target: str, drift: Drift) -> str:
    """Returns the drift as JSON; names that do not apply to a difference are left out of it."""
    differences = [{key: value for key, value in asdict(each).items() if value} for each in drift.differences]
    found = {
        "target": target,
        "listed": drift.listed,
        "differences": differences,
        "not_loaded": drift.not_loaded,
    }
    return json.dumps(found, indent=2, ensure_ascii=False)


def _lines(target: str, noun: str, drift: Drift) -> Iterator[str]:
    for each in drift.differences:
        yield _line(noun, each)
    for part, names in drift.not_loaded.items():
        yield f"not loaded: {part} ({', '.join(names)})"
    whole = sum(each.parameter is None for each in drift.differences)
    total = len(drift.differences)
    told = f"{total} differences" if total != 1 else "1 difference"
    counted = f" ({whole} in {noun}s, {total - whole} in parameters)" if total else ""
    missing = len(drift.not_loaded)
    without = f", without {missing} part{'' if missing == 1 else 's'} that it has not loaded" if missing else ""
    yield f"drift {target}: {told}{counted}; the server lists {drift.listed} {noun}s{without}"


def _line(noun: str, found: Difference) -> str:
    what = f"{noun} {found.capability}"
    if found.parameter is not None:
        told = found.server if found.kind == "lacking" else found.document
        what += f": parameter {found.parameter}" + (f" ({told})" if found.kind != "retyped" else "")
    if found.kind == "retyped":
        return f"{what} is {found.server} on the server and {found.document} in the document"
    if found.kind == "lacking":
        return f"{what} is on the server and not in the document"
    return f"{what} is in the document and not on the server"
