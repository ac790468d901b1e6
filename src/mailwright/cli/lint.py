"""`mailwright lint`: holds specs and overlays against the rules of the project."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from mailwright.cli import Commands
from mailwright.cli.counted import counted
from mailwright.cli.file_names import is_file_name

if TYPE_CHECKING:
    from mailwright.codegen.lint import Finding


def add(commands: Commands) -> None:
    """Adds the command to the command line."""
    parser = commands.add_parser(
        "lint",
        help="check specs and overlays against the rules of the project",
        description="Checks targets (spec with overlays applied, and the evidence of its corrections), documents or "
        "overlay files. Each finding says file and line, the rule, what is wrong and what to do. Without arguments "
        "all targets of the checkout are checked.",
    )
    parser.add_argument(
        "documents", metavar="TARGET|FILE", nargs="*", help="a target such as wildduck-1.0.107, or a document"
    )
    parser.add_argument("--rules", action="store_true", help="list the rules and check nothing")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints findings and a summary; gives 1 where there are findings, else 0."""
    if args.rules:
        return _list_rules()
    names: list[str] = args.documents or _all_targets()
    findings: list[Finding] = []
    for name in names:
        findings += _lint_file(Path(name)) if is_file_name(name) else _lint_target(name)
    for finding in dict.fromkeys(findings):
        print(finding)
    count = len(dict.fromkeys(findings))
    print(f"{counted(count, 'finding')} in {counted(len(names), 'document')}")
    return 1 if findings else 0


def _list_rules() -> int:
    from mailwright.codegen.lint import RULES

    width = max(map(len, RULES))
    for rule in RULES.values():
        print(f"{rule.name:{width}}  {rule.sentence}")
    print(counted(len(RULES), "rule"))
    return 0


def _all_targets() -> list[str]:
    from mailwright.codegen.bundle import find_root, source_targets

    return [target.name for target in source_targets(find_root(Path.cwd()))]


def _lint_target(name: str) -> list[Finding]:
    from mailwright.codegen.bundle import bundle, find_root, find_target, source_targets, sources
    from mailwright.codegen.documents import load
    from mailwright.codegen.lint import lint, lint_overlay

    root = find_root(Path.cwd())
    target = find_target(name, source_targets(root))
    findings = lint(bundle(target, root))
    for path in sources(root, target).overlays:
        if path.stem.endswith("corrections"):
            findings += lint_overlay(load(path))
    return findings


def _lint_file(path: Path) -> list[Finding]:
    from mailwright.codegen.documents import load
    from mailwright.codegen.lint import lint, lint_overlay

    document = load(path)
    return lint_overlay(document) if "overlay" in document else lint(document)
