"""Puts generated files in place, all of them or none."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

from mailwright.codegen.exchange import exchange
from mailwright.codegen.generate import Generated

_STAGING = ".mailwright-"


def publish(
    results: Sequence[Generated], root: Path, *, lock: Path, lock_text: str, gone: Collection[str] = ()
) -> None:
    """Replaces the modules of the given targets, the files of their packages, and last the lock.

    Everything is written beside first and then swapped in, a module as a whole. What was there comes back when a swap
    fails; whoever is killed between two swaps leaves each module old or new, and a lock that tells.

    Args:
        results: What was generated.
        root: The checkout.
        lock: Where the lock is.
        lock_text: What it is to say.
        gone: Files and folders below `generated/` to take away.

    Raises:
        OSError: something cannot be written; nothing has changed then.
    """
    generated = root / "generated"
    generated.mkdir(exist_ok=True)
    for left in generated.glob(f"{_STAGING}*"):
        shutil.rmtree(left)  # by a run that was killed
    staging = Path(mkdtemp(prefix=_STAGING, dir=generated))
    try:
        new = _write(results, staging / "new")
        beside = staging / lock.name
        beside.write_text(lock_text, encoding="utf-8")
        with ExitStack() as undo:
            for path in new:
                undo.callback(_put(staging / "new" / path, generated / path))
            for number, path in enumerate(gone):
                if (generated / path).exists():
                    undo.callback(_put(generated / path, staging / str(number)))
            undo.callback(_put(beside, lock))
            undo.pop_all()
    finally:
        shutil.rmtree(staging)


def _write(results: Sequence[Generated], folder: Path) -> list[str]:
    """Writes all files, and gives what to swap in: modules first, then the files that name them."""
    files: list[str] = []
    for result in results:
        for path, text in result.files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            if not path.startswith(f"{result.module}/"):
                files.append(path)
    return [*(result.module for result in results), *files]


def _put(new: Path, place: Path) -> Callable[[], object]:
    """Puts something in its place, and gives the way back."""
    if place.exists():
        exchange(new, place)
        return partial(exchange, new, place)
    place.parent.mkdir(parents=True, exist_ok=True)
    new.rename(place)
    return partial(place.rename, new)
