"""Holds documents and overlays against the rules of this project, and says where they are broken.

`lint` takes a bundled document, `lint_overlay` an overlay file; `RULES` is the table of all rules.
"""

from __future__ import annotations

from mailwright.codegen.documents import LocatedDict
from mailwright.codegen.lint import rules
from mailwright.codegen.lint.finding import Finding
from mailwright.codegen.lint.nodes import Document
from mailwright.codegen.lint.registry import RULES, Rule

__all__ = ["RULES", "Finding", "Rule", "lint", "lint_overlay"]

rules.load()


def lint(document: LocatedDict) -> list[Finding]:
    """Checks a document after its overlays were applied, and gives its findings by file and line."""
    return _run(document, overlay=False)


def lint_overlay(overlay: LocatedDict) -> list[Finding]:
    """Checks an overlay of corrections, and gives its findings by file and line."""
    return _run(overlay, overlay=True)


def _run(root: LocatedDict, *, overlay: bool) -> list[Finding]:
    document = Document(root)
    found = {
        Finding(fault.place, rule.name, fault.message, fault.remedy)
        for rule in RULES.values()
        if rule.overlay is overlay
        for fault in rule.check(document)
    }
    return sorted(found, key=lambda finding: finding.order)
