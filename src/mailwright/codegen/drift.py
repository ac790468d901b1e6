"""Shows how generated files differ from what is in `generated/`."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the lock needs this module where nothing is to be generated
    from mailwright.codegen.generate import Generated


def found_files(folder: Path) -> set[str]:
    """Names the files in a folder and below, without caches and other hidden things."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if not path.is_dir() and not any(p == "__pycache__" or p[0] == "." for p in path.relative_to(folder).parts)
    }


def differences(results: Sequence[Generated], root: Path, *, whole: bool) -> Iterator[str]:
    """Yields the lines of a diff from what is in `generated/` to what would be generated now.

    Args:
        results: What would be generated.
        root: The checkout.
        whole: True where the results are all there is, so that every other file is one too many.
    """
    generated = root / "generated"
    wanted = {path: text for result in results for path, text in result.files.items()}
    modules = tuple(f"{result.module}/" for result in results)
    found = found_files(generated)
    made = {path for path in found if path.startswith(modules)} | wanted.keys()
    for path in sorted(made):
        yield from _difference(generated / path, f"generated/{path}", wanted.get(path))
    if whole:
        yield from (f"generated/{path}: no target makes this (delete it)" for path in sorted(found - made))


def _difference(file: Path, name: str, wanted: str | None) -> Iterator[str]:
    there = file.read_bytes() if file.is_file() else None
    if there == (None if wanted is None else wanted.encode()):
        return
    # A hand may have left anything in the file.
    text = (there or b"").decode("utf-8", "backslashreplace")
    lines = list(
        difflib.unified_diff(
            text.splitlines(),
            (wanted or "").splitlines(),
            name if there is not None else "missing",
            f"{name} (as it should be)" if wanted is not None else "to be deleted",
            lineterm="",
            n=1,
        )
    )
    state = "missing" if there is None else "to be deleted" if wanted is None else "other line ends"
    yield from lines or [f"{name}: {state}"]
