"""`mailwright bundle`: shows or writes a document with its overlays applied."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from mailwright.cli import Commands
from mailwright.cli.counted import counted
from mailwright.cli.file_names import SUFFIXES, is_file_name
from mailwright.problem import Problem

if TYPE_CHECKING:
    from mailwright.codegen.documents import LocatedDict


def add(commands: Commands) -> None:
    """Adds the command to the command line."""
    parser = commands.add_parser(
        "bundle",
        help="apply overlays to a document and print or write the result",
        description="Applies overlays to a target's spec, or to any file, and prints or writes the resulting document. "
        "Without -o the document goes to standard output (a target as JSON, a file in its own format) and the "
        "one-line summary to standard error, so that standard output holds nothing but the document.",
    )
    parser.add_argument("document", metavar="TARGET|FILE", help="a target such as wildduck-1.0.107, or a document")
    parser.add_argument(
        "--overlay",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="an overlay to apply (after a target's own); give it again for more, they are applied in order",
    )
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="write to this .json, .yaml or .yml file")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Bundles and writes; gives 0, all else is a problem."""
    from mailwright.codegen.documents import to_json, to_yaml

    output: Path | None = args.output
    overlays: list[Path] = args.overlay
    name: str = args.document
    written = output or (Path(name) if is_file_name(name) else None)
    form = _form(written) if written else "json"
    document, applied = _bundle(name, overlays)
    _say_unproven(document, overlays)
    text = to_json(document) if form == "json" else to_yaml(document)
    summary = f"bundled {name}: {counted(applied, 'overlay')} applied, {len(text.encode())} bytes"
    if output is None:
        sys.stdout.write(text)
        print(summary, file=sys.stderr)
    else:
        _write(output, text)
        print(f"{summary} written to {output}")
    return 0


def _bundle(name: str, extra: list[Path]) -> tuple[LocatedDict, int]:
    """Bundles a file, a target of the checkout, or the document an installed target brings; counts the overlays."""
    from mailwright.codegen.bundle import bundle, bundle_files, find_root, find_target, source_targets, sources
    from mailwright.targets import installed, package_file

    if is_file_name(name):
        return bundle_files(Path(name), extra), len(extra)
    try:
        root = find_root(Path.cwd())
    except Problem:
        return bundle_files(package_file(find_target(name, installed()), "openapi.json"), extra), len(extra)
    target = find_target(name, source_targets(root))
    return bundle(target, root, extra=extra), len(sources(root, target).overlays) + len(extra)


def _form(path: Path) -> str:
    if path.suffix not in SUFFIXES:
        raise Problem(
            f"the suffix {path.suffix!r} says neither JSON nor YAML",
            place=str(path),
            remedy=f"use one of {', '.join(SUFFIXES)}",
            exit_code=2,
        )
    return SUFFIXES[path.suffix]


def _say_unproven(document: LocatedDict, overlays: list[Path]) -> None:
    from mailwright.codegen.documents import load
    from mailwright.codegen.overlay_file import Overlay

    for path in overlays:
        note = Overlay.read(load(path)).unproven(document.place.file)
        if note:
            print(f"note: {note}", file=sys.stderr)


def _write(path: Path, text: str) -> None:
    """Writes a file whole or not at all."""
    draft: Path | None = None
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=".", delete=False) as file:
            draft = Path(file.name)
            file.write(text)
        # A temporary file is the owner's alone; an ordinary file follows the umask.
        umask = os.umask(0)
        os.umask(umask)
        draft.chmod(0o666 & ~umask)
        draft.replace(path)
    except OSError as error:
        raise Problem(
            f"cannot be written: {error.strerror}",
            place=str(path),
            remedy="check the folder and the rights",
            exit_code=2,
        ) from error
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)
