"""A spec that is told as its difference to another version's: an overlay whose `extends` names that spec."""

from __future__ import annotations

from pathlib import Path

from mailwright.codegen.documents import LocatedDict, load
from mailwright.codegen.overlay_file import Overlay
from mailwright.codegen.overlays import apply
from mailwright.problem import Problem


def load_spec(file: Path) -> LocatedDict:
    """Reads a spec; one that is an overlay is applied to the spec it extends, which may be an overlay as well.

    Raises:
        Problem: a file cannot be read, an overlay extends nothing or goes round in a circle, or does not fit.
    """
    *differences, base = _read(file)
    document = base
    for each in reversed(differences):
        document = apply(document, [each], known=[each.place.file for each in (base, *differences)])
    return document


def spec_files(file: Path) -> tuple[Path, ...]:
    """Returns the files a spec is made of: its own, then those it extends.

    Raises:
        Problem: like `load_spec`.
    """
    return tuple(each.place.file for each in _read(file))


def _read(file: Path) -> list[LocatedDict]:
    documents = [load(file)]
    seen = {file.resolve()}
    while "overlay" in documents[-1]:
        overlay = Overlay.read(documents[-1])
        base = overlay.extended_file
        if base is None or not base.is_file():
            raise Problem(
                "this spec is an overlay, and its extends names no file that is here",
                place=str(overlay.extends_place),
                remedy="write extends with the path of the spec that it differs from",
            )
        if base.resolve() in seen:
            raise Problem(
                "this spec extends itself", place=str(overlay.extends_place), remedy="name the spec of another version"
            )
        seen.add(base.resolve())
        documents.append(load(base))
    return documents
