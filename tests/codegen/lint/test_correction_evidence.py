"""A correction says by which evidence it was made."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailwright.codegen.documents import parse
from mailwright.codegen.lint import RULES, lint_overlay

OVERLAY = """\
overlay: 1.1.0
info: {title: Corrections, version: 1.0.0}
actions:
  - target: $.paths['/users']
    description: Exchange 12 answers with the list of users.
    remove: true
  - target: $.paths['/letters']
    remove: true
"""


def test_an_action_without_evidence_is_found() -> None:
    (finding,) = lint_overlay(parse(OVERLAY, Path("10-corrections.yaml")))
    assert str(finding).startswith("10-corrections.yaml:7: correction-evidence: action 2 on \"$.paths['/letters']\"")
    assert "recorded exchange" in finding.remedy


@pytest.mark.parametrize("words", ["''", "fix", "is wrong"])
def test_a_description_that_says_nothing_is_found_at_its_line(words: str) -> None:
    text = OVERLAY.replace("Exchange 12 answers with the list of users.", words)
    assert [finding.place.line for finding in lint_overlay(parse(text, Path("o.yaml")))] == [5, 7]


def test_it_is_the_only_rule_of_overlays() -> None:
    assert [rule.name for rule in RULES.values() if rule.overlay] == ["correction-evidence"]
