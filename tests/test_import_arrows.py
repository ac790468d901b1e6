"""Imports point one way (ARCHITECTURE.md draws it), whether at the top of a file or inside a function."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "mailwright"
BELOW_ALL = {"mailwright.problem", "mailwright.targets"}
ALLOWED = {
    "runtime": {"mailwright.runtime"},
    "codegen": {"mailwright.codegen", *BELOW_ALL},
    "diff": {"mailwright.diff", *BELOW_ALL},
    "drift": {"mailwright.drift", "mailwright.asking", "mailwright.runtime", *BELOW_ALL},
    "mock": {"mailwright.mock", *BELOW_ALL},
    "recipes": {"mailwright.recipes", "mailwright.runtime", "mailwright_"},
    "contract": {"mailwright.contract", "mailwright.asking", "mailwright.runtime", *BELOW_ALL},
}


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Yields line and full module name of everything a file imports from this project."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            packaged = node.module in {"mailwright", "mailwright.runtime"}
            names = [f"{node.module}.{alias.name}" for alias in node.names] if packaged else [node.module]
        else:
            continue
        for name in names:
            if name.split(".")[0] == "mailwright" or name.startswith("mailwright_"):
                yield node.lineno, name


@pytest.mark.parametrize("layer", sorted(ALLOWED))
def test_a_layer_imports_only_what_stands_below_it(layer: str) -> None:
    files = sorted((SOURCE / layer).rglob("*.py"))
    assert files
    wrong = [
        f"{file.relative_to(ROOT)}:{line} imports {name}"
        for file in files
        for line, name in imports(file)
        if not name.startswith(tuple(ALLOWED[layer]))
    ]
    assert wrong == []


def test_generated_packages_import_only_the_runtime() -> None:
    files = sorted((ROOT / "generated").rglob("*.py"))
    assert files
    wrong = [(file, name) for file in files for _, name in imports(file) if not name.startswith("mailwright.runtime")]
    assert wrong == []


def test_every_layer_is_in_the_drawing() -> None:
    layers = {path.name for path in SOURCE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert layers == {*ALLOWED, "cli"}


def test_hand_written_files_stay_under_500_lines() -> None:
    files = [p for folder in ("src", "tests", "examples") for p in (ROOT / folder).rglob("*.py")]
    long = {str(p.relative_to(ROOT)): n for p in files if (n := p.read_text(encoding="utf-8").count("\n")) >= 500}
    assert long == {}
