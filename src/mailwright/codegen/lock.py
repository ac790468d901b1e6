"""Keeps `mailwright.lock`: which inputs each generated target was made from, and what came out."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mailwright.codegen.bundle import sources
from mailwright.problem import Problem
from mailwright.targets import Target

NAME = "mailwright.lock"
_GENERATORS = ("openapi-python-client", "datamodel-code-generator", "ruff")


@dataclass(frozen=True, slots=True)
class Entry:
    """One target: hashes of what it was made from, versions of the generators, hashes of what was made."""

    inputs: dict[str, str]
    generators: dict[str, str]
    newest: bool
    outputs: dict[str, str] = field(default_factory=dict[str, str])

    def made_from(self, other: Entry) -> bool:
        """Tells whether both were made from the same inputs by the same generators."""
        return (self.inputs, self.generators, self.newest) == (other.inputs, other.generators, other.newest)


def current_entry(target: Target, root: Path, *, newest: bool) -> Entry:
    """Hashes the inputs of a target as they are now: spec, overlays, templates, and the code of the pipeline."""
    files = sources(root, target)
    inputs = [files.spec, *files.overlays, *sorted((root / "templates").rglob("*.jinja*"))]
    hashes = {path.relative_to(root).as_posix(): _hash(path.read_bytes()) for path in inputs}
    own = sorted(p for p in Path(__file__).parent.rglob("*") if p.suffix in {".py", ".json", ".yaml"})
    hashes["mailwright.codegen"] = _hash(b"".join(p.read_bytes() for p in own))
    return Entry(hashes, {name: version(name) for name in _GENERATORS}, newest)


def with_outputs(entry: Entry, files: Mapping[str, str]) -> Entry:
    """Gives the entry of what was just generated."""
    outputs = {path: _hash(text.encode()) for path, text in sorted(files.items())}
    return Entry(entry.inputs, entry.generators, entry.newest, outputs)


def outputs_intact(entry: Entry, target: Target, root: Path) -> bool:
    """Tells whether the generated files are exactly those of the entry."""
    generated = root / "generated"
    for path, digest in entry.outputs.items():
        file = generated / path
        if not file.is_file() or _hash(file.read_bytes()) != digest:
            return False
    return {p for p in found_files(target, root) if target.module in p} <= entry.outputs.keys()


def found_files(target: Target, root: Path) -> Iterable[str]:
    """Lists what is in a target's module now, by path below `generated/`, without Python's caches."""
    generated = root / "generated"
    for path in sorted((generated / target.package / target.module).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(generated).as_posix()


def read_lock(root: Path) -> dict[str, Entry]:
    """Reads the lock; empty where there is none.

    Raises:
        Problem: the file is not one that mailwright wrote.
    """
    path = root / NAME
    if not path.exists():
        return {}
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        return {name: Entry(**entry) for name, entry in data["targets"].items()}
    except (ValueError, TypeError, KeyError) as error:
        raise Problem(
            f"not a lock that mailwright wrote: {error}",
            place=str(path),
            remedy="delete it and run `mailwright generate`",
        ) from error


def lock_text(entries: Mapping[str, Entry]) -> str:
    """Writes the lock as text, the same on every machine."""
    targets = {
        name: {"inputs": e.inputs, "generators": e.generators, "newest": e.newest, "outputs": e.outputs}
        for name, e in sorted(entries.items(), key=lambda item: Target.parse(item[0]).order)
    }
    note = "made by `mailwright generate`; `mailwright generate --check` compares it with what is there"
    return json.dumps({"note": note, "targets": targets}, indent=1) + "\n"


def write_lock(root: Path, entries: Mapping[str, Entry]) -> None:
    """Replaces the lock in one step."""
    beside = root / f".{NAME}.{os.getpid()}"
    beside.write_text(lock_text(entries), encoding="utf-8")
    beside.replace(root / NAME)


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()
