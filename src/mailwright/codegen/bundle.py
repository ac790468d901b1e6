"""Makes the one document everything else is made from: a spec with its overlays applied and its references checked."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from mailwright.codegen.documents import LocatedDict, load
from mailwright.codegen.inheritance import load_spec, spec_files
from mailwright.codegen.overlay_file import Overlay
from mailwright.codegen.overlays import apply
from mailwright.codegen.project import Sources, find_root, find_target, source_targets, sources, unknown_target
from mailwright.codegen.references import check_references
from mailwright.problem import Problem
from mailwright.targets import Target

__all__ = [
    "Sources",
    "bundle",
    "bundle_files",
    "find_root",
    "find_target",
    "source_targets",
    "sources",
    "unknown_target",
]


def bundle(target: Target, root: Path, *, extra: Sequence[Path] = ()) -> LocatedDict:
    """Bundles a target of a checkout, with `extra` overlays after its own; references stay references.

    Raises:
        Problem: the target is unknown, one of its files is at fault, or an overlay in its folder does not name the
            target's spec, or one that it extends, under `extends`.
    """
    files = sources(root, target)
    for path in files.overlays:
        _require_extends(Overlay.read(load(path)), files.spec, files.bases)
    return bundle_files(files.spec, [*files.overlays, *extra])


def bundle_files(spec: Path, overlays: Sequence[Path]) -> LocatedDict:
    """Bundles a document with overlays, in the order given; references stay references.

    Raises:
        Problem: a file cannot be read, an overlay does not fit, or a reference leads nowhere or to another file.
    """
    document = apply(load_spec(spec), [load(path) for path in overlays], known=spec_files(spec))
    check_references(document)
    return document


def _require_extends(overlay: Overlay, spec: Path, bases: Sequence[Path]) -> None:
    """Refuses an overlay in a target's folder that does not say it is for that target's spec, or for a base of it."""
    wanted = os.path.relpath(spec, overlay.file.parent)
    named = overlay.extended_file
    if named is None or named.resolve() not in {each.resolve() for each in (spec, *bases)}:
        said = f"it extends {overlay.extends}" if overlay.extends else "it has no extends"
        raise Problem(
            f"this overlay is for another document: {said}",
            place=str(overlay.extends_place),
            remedy=f"write extends: {Path(wanted).as_posix()}, or move the overlay to the target it is for",
        )
