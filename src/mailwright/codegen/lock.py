"""Keeps `mailwright.lock`: which inputs each generated target was made from, and what came out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from mailwright.codegen.bundle import sources
from mailwright.codegen.drift import found_files
from mailwright.problem import Problem
from mailwright.targets import Target

NAME = "mailwright.lock"
_GENERATORS = ("openapi-python-client", "datamodel-code-generator", "ruff")
_NOTE = "made by `mailwright generate`; `mailwright generate --check` compares it with what is there"


@dataclass(frozen=True, slots=True)
class Entry:
    """One target: hashes of what it was made from, versions of the generators, hashes of what was made."""

    inputs: dict[str, str]
    generators: dict[str, str]
    newest: bool
    outputs: dict[str, str] = field(default_factory=dict[str, str])

    def made_from(self, other: Entry) -> bool:
        """Tells whether both were made from the same inputs by the same generators."""
        return replace(self, outputs={}) == replace(other, outputs={})


@dataclass(frozen=True, slots=True)
class _Lock:
    """The file."""

    note: str
    targets: dict[str, Entry]


def current_entry(target: Target, root: Path, *, newest: bool) -> Entry:
    """Hashes the inputs of a target as they are now: spec, overlays, templates, and the code of the pipeline.

    Raises:
        Problem: a generator is not installed, or an input cannot be read.
    """
    files = sources(root, target)
    inputs = [files.spec, *files.bases, *files.overlays, *sorted((root / "templates").rglob("*.jinja*"))]
    own = sorted(path for path in Path(__file__).parent.rglob("*") if path.suffix in {".py", ".json", ".yaml"})
    try:
        hashes = {path.relative_to(root).as_posix(): _hash(path.read_bytes()) for path in inputs}
        hashes["mailwright.codegen"] = _hash(b"".join(path.read_bytes() for path in own))
        return Entry(hashes, {name: version(name) for name in _GENERATORS}, newest)
    except OSError as error:
        raise Problem(
            f"cannot be read: {error.strerror}", place=str(error.filename), remedy="check the rights", exit_code=2
        ) from error
    except PackageNotFoundError as error:
        raise Problem(
            f"{error.name} is not installed, and `mailwright generate` needs it",
            remedy="pip install 'mailwright[codegen]'",
            exit_code=2,
        ) from error


def with_outputs(entry: Entry, files: Mapping[str, str]) -> Entry:
    """Gives the entry of what was just generated."""
    return replace(entry, outputs={path: _hash(text.encode()) for path, text in sorted(files.items())})


def outputs_intact(entry: Entry, target: Target, root: Path) -> bool:
    """Tells whether the generated files are exactly those of the entry."""
    generated = root / "generated"
    for path, digest in entry.outputs.items():
        file = generated / path
        if not file.is_file() or _hash(file.read_bytes()) != digest:
            return False
    module = generated / target.package / target.module
    return all(f"{target.package}/{target.module}/{path}" in entry.outputs for path in found_files(module))


def read_lock(root: Path) -> dict[Target, Entry]:
    """Reads the lock; empty where there is none.

    Raises:
        Problem: the file is not one that mailwright wrote.
    """
    path = root / NAME
    try:
        lock = msgspec.json.decode(path.read_bytes(), type=_Lock)
        return {Target.parse(name): entry for name, entry in lock.targets.items()}
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError, Problem) as error:
        raise Problem(
            f"not a lock that mailwright wrote: {error}",
            place=str(path),
            remedy="delete it and run `mailwright generate`",
        ) from error


def lock_text(entries: Mapping[Target, Entry]) -> str:
    """Writes the lock as text, the same on every machine."""
    targets = {target.name: entries[target] for target in sorted(entries, key=lambda target: target.order)}
    return json.dumps(asdict(_Lock(_NOTE, targets)), indent=1) + "\n"


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()
