"""`mailwright targets`: lists what can be generated or imported, and how many operations each has."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeGuard, cast

from mailwright.cli import Commands
from mailwright.cli.counted import counted
from mailwright.problem import Problem
from mailwright.targets import Target, installed, package_file

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True)
class Count:
    """How many of a number of operations have a method in the generated client."""

    generated: int
    total: int

    @classmethod
    def of(cls, operations: set[str], methods: set[str]) -> Count:
        """Counts the operations and those of them that have a method."""
        return cls(len(operations & methods), len(operations))

    def __str__(self) -> str:
        return f"{self.generated}/{self.total}"


@dataclass(frozen=True, slots=True)
class Row:
    """One target: operations of its source document, operations after the overlays, and whether it is generated."""

    target: str
    documented: Count | None
    known: Count
    package: str
    generated: bool


def add(commands: Commands) -> None:
    """Adds the command to the command line."""
    parser = commands.add_parser(
        "targets",
        help="list the targets, with the operations of each",
        description="Lists the targets of this checkout, or outside a checkout the installed ones. Each count is "
        "operations with a generated method / operations there are: documented in the spec, known after the overlays.",
    )
    parser.add_argument(
        "--json", action="store_true", help="print JSON on standard output, and the summary on standard error"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the table; gives 0."""
    rows = list(_rows())
    generated = sum(row.generated for row in rows)
    summary = f"{counted(len(rows), 'target')}, {generated} generated"
    if args.json:
        print(json.dumps([asdict(row) for row in rows], indent=2))
        print(summary, file=sys.stderr)
        return 0
    table = [("target", "documented", "known", "package")]
    table += [(row.target, str(row.documented or "-"), str(row.known), _package(row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for line in table:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())
    print(summary)
    return 0


def _package(row: Row) -> str:
    return row.package if row.generated else "not generated"


def _rows() -> Iterator[Row]:
    # The project module stands on nothing but the standard library, so that this works with the base install.
    from mailwright.codegen.project import find_root, source_targets

    try:
        root = find_root(Path.cwd())
    except Problem:
        for target in installed():
            yield _installed_row(target)
    else:
        for target in source_targets(root):
            yield _source_row(target, root)


def _source_row(target: Target, root: Path) -> Row:
    from mailwright.codegen.bundle import bundle, sources
    from mailwright.codegen.inheritance import load_spec

    spec = load_spec(sources(root, target).spec)
    bindings = root / "generated" / target.package / target.module / "bindings.json"
    methods = _methods(bindings)
    return Row(
        target=target.name,
        documented=Count.of(_operations(spec), methods),
        known=Count.of(_operations(bundle(target, root)), methods),
        package=target.import_name,
        generated=bindings.is_file(),
    )


def _installed_row(target: Target) -> Row:
    document = _read(package_file(target, "openapi.json"))
    methods = _methods(package_file(target, "bindings.json"))
    return Row(target.name, None, Count.of(_operations(document), methods), target.import_name, generated=True)


def _methods(bindings: Path) -> set[str]:
    return set(_read(bindings).get("operations", {})) if bindings.is_file() else set()


def _read(path: Path) -> dict[str, Any]:
    try:
        return cast("dict[str, Any]", json.loads(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise Problem(f"cannot be read: {error}", place=str(path), remedy="run mailwright generate") from error


def _operations(document: Mapping[str, Any]) -> set[str]:
    """Names the operations of a document; one without an operationId by its method and path.

    What has not the shape of an operation is left out here and reported by lint.
    """
    paths = document.get("paths")
    return {
        str(operation.get("operationId", f"{method} {path}"))
        for path, item in (paths.items() if _is_mapping(paths) else ())
        for method, operation in (item.items() if _is_mapping(item) else ())
        if method in _METHODS and _is_mapping(operation)
    }


def _is_mapping(node: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(node, dict)
