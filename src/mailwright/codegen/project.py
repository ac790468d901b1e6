"""Finds the checkout of the project, and where each target has its spec and its overlays in it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mailwright.problem import Problem
from mailwright.targets import Target


@dataclass(frozen=True, slots=True)
class Sources:
    """What a target is made from: its spec, its overlays in the order they are applied, and the specs it extends."""

    spec: Path
    overlays: tuple[Path, ...]
    bases: tuple[Path, ...] = ()


def find_root(start: Path) -> Path:
    """Finds the nearest folder at or above `start` that holds `specs/`, `overlays/` and `pyproject.toml`.

    Raises:
        Problem: there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / "specs").is_dir() and (folder / "overlays").is_dir() and (folder / "pyproject.toml").is_file():
            return folder
    raise Problem(
        "not inside a checkout of mailwright: no folder here or above holds specs/, overlays/ and pyproject.toml",
        place=str(start),
        remedy="change into the checkout",
        exit_code=2,
    )


def source_targets(root: Path) -> list[Target]:
    """Lists the targets that have a spec in a checkout, sorted by API and version.

    Raises:
        Problem: a folder below `specs/` is not named as an API and a version.
    """
    found: list[Target] = []
    for spec in (root / "specs").glob("*/*/openapi.yaml"):
        version = spec.parent
        try:
            found.append(Target.parse(f"{version.parent.name}-{version.name}"))
        except Problem as problem:
            raise Problem(
                "this folder is not named as an API and a version",
                place=str(version),
                remedy="name it like specs/wildduck/1.0.107",
            ) from problem
    return sorted(found, key=lambda target: target.order)


def sources(root: Path, target: Target) -> Sources:
    """Says where a target's spec and overlays stand; overlays are applied in the order of their names.

    A folder of overlays that is named like the beginning of a version (`1.0` for 1.0.89 and 1.0.107), and has no spec
    of its own, holds what these versions share. Of files with one name the shared one comes first.

    Raises:
        Problem: the checkout has no such target, or its spec extends what is not there.
    """
    spec = root / "specs" / target.api / target.version / "openapi.yaml"
    if not spec.is_file():
        raise unknown_target(target.name, source_targets(root))
    # Not at the top: what only lists targets needs no parser of YAML.
    from mailwright.codegen.inheritance import spec_files

    folders = [name for name in _beginnings(target.version) if not (spec.parents[1] / name / "openapi.yaml").is_file()]
    found = [
        (path.name, depth, path)
        for depth, name in enumerate([*folders, target.version])
        for path in (root / "overlays" / target.api / name).glob("*.yaml")
    ]
    return Sources(spec, tuple(path for _, _, path in sorted(found)), spec_files(spec)[1:])


def _beginnings(version: str) -> list[str]:
    parts = version.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts))]


def find_target(name: str, known: Iterable[Target]) -> Target:
    """Finds a target by the name a person typed.

    Raises:
        Problem: no known target has this name.
    """
    known = list(known)
    for target in known:
        if target.name == name:
            return target
    raise unknown_target(name, known)


def unknown_target(name: str, known: Iterable[Target]) -> Problem:
    """Makes the problem that names an unknown target, the nearest known one, and all known ones."""
    names = [target.name for target in known]
    near = difflib.get_close_matches(name, names, n=1)
    meant = f"did you mean {near[0]}? " if near else ""
    return Problem(
        f"no target is named {name}", remedy=f"{meant}known targets: {', '.join(names) or 'none'}", exit_code=2
    )
