"""Puts generated files in place all at once, and shows how they differ from what is there."""

from __future__ import annotations

import difflib
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import mkdtemp

from mailwright.codegen.generate import Generated
from mailwright.codegen.lock import found_files


def publish(results: Sequence[Generated], root: Path) -> None:
    """Replaces the modules of the given targets, and the files of their packages.

    Everything is written beside first and then moved; what was there comes back when a move fails.
    """
    generated = root / "generated"
    generated.mkdir(exist_ok=True)
    staging = Path(mkdtemp(prefix=".mailwright-", dir=generated))
    try:
        for result in results:
            for path, text in result.files.items():
                file = staging / "new" / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
        for result in results:
            target = result.target
            (generated / target.package).mkdir(exist_ok=True)
            for path in result.files:
                if target.module not in Path(path).parts:
                    (staging / "new" / path).replace(generated / path)
            module = Path(target.package) / target.module
            _swap(staging / "new" / module, generated / module, staging / "old" / module)
    finally:
        shutil.rmtree(staging)


def _swap(new: Path, place: Path, old: Path) -> None:
    old.parent.mkdir(parents=True, exist_ok=True)
    there = place.exists()
    if there:
        place.rename(old)
    try:
        new.rename(place)
    except OSError:
        if there:
            old.rename(place)
        raise


def differences(result: Generated, root: Path) -> Iterator[str]:
    """Yields the lines of a diff from what is in `generated/` to what would be generated now."""
    generated = root / "generated"
    module = set(found_files(result.target, root))
    for path in sorted(module | result.files.keys()):
        file = generated / path
        there = file.read_text(encoding="utf-8") if file.is_file() else None
        wanted = result.files.get(path)
        if there != wanted:
            yield from difflib.unified_diff(
                (there or "").splitlines(),
                (wanted or "").splitlines(),
                f"generated/{path}" if there is not None else "missing",
                f"generated/{path} (as it should be)" if wanted is not None else "to be deleted",
                lineterm="",
                n=1,
            )
            if not there and not wanted:
                yield f"generated/{path}: {'missing' if there is None else 'to be deleted'} (an empty file)"
