"""All cells by class, in the order of the table."""

from __future__ import annotations

import importlib
from pathlib import Path

from cell import Cell

CLASSES = (
    "redirects",
    "credential_leaks",
    "auth_loops",
    "retries",
    "timeouts",
    "resets",
    "stale_keep_alive",
    "partial_bodies",
    "chunking",
    "compression",
    "headers",
    "status_lines",
    "urls_and_paths",
    "json_and_charset",
    "sse",
    "cookies",
    "uploads",
    "proxies_and_tls",
    "size_limits",
)
_FOLDER = Path(__file__).parent / "cells"


def load(group: str = "", name: str = "") -> list[tuple[str, Cell]]:
    """Returns the cells, or those of one class or of one name; raises SystemExit for classes and names not known."""
    found = {path.stem for path in _FOLDER.glob("*.py")}
    if unknown := sorted(found - {*CLASSES}):
        raise SystemExit(f"cells/{unknown[0]}.py is none of the classes in catalog.py")
    if group and group not in found:
        raise SystemExit(
            f"there is no class {group!r}; there are {', '.join(each for each in CLASSES if each in found)}"
        )
    cells = [
        (each, cell)
        for each in CLASSES
        if each in found and each == (group or each)
        for cell in importlib.import_module(f"cells.{each}").CELLS
    ]
    _check_names(cells)
    chosen = [(each, cell) for each, cell in cells if name in ("", cell.name)]
    if not chosen:
        raise SystemExit(f"there is no cell {name!r}" + (f" in {group}" if group else ""))
    return chosen


def _check_names(cells: list[tuple[str, Cell]]) -> None:
    seen: set[tuple[str, str]] = set()
    for group, cell in cells:
        if (group, cell.name) in seen:
            raise SystemExit(f"{group} has two cells named {cell.name!r}")
        seen.add((group, cell.name))
