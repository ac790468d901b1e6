"""Every rule finds the document that breaks it, at the right line, and nothing else is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from lint_cases import CASES, CLEAN, Case
from lint_message_cases import MESSAGE_CASES
from lint_word_cases import WORD_CASES

from mailwright.codegen.documents import parse
from mailwright.codegen.lint import RULES, Finding, lint

ALL_CASES = [*CASES, *MESSAGE_CASES, *WORD_CASES]


def lint_text(text: str) -> list[Finding]:
    return lint(parse(text, Path("spec.yaml")))


def test_a_clean_document_has_no_findings() -> None:
    assert lint_text(CLEAN) == []


@pytest.mark.parametrize("case", ALL_CASES, ids=lambda case: case.rule)
def test_a_broken_rule_is_found_at_its_line(case: Case) -> None:
    text, line = case.broken()
    findings = lint_text(text)
    assert {finding.rule for finding in findings} == {case.rule, *case.also}
    assert (case.rule, line) in [(finding.rule, finding.place.line) for finding in findings]
    (blamed, *_) = [finding for finding in findings if finding.rule == case.rule and finding.place.line == line]
    assert case.remedy in blamed.remedy


def test_a_lone_surrogate_is_found_in_a_document_made_by_code() -> None:
    document = parse(CLEAN, Path("spec.yaml"))
    document["info"]["title"] = "Po\ud800st"
    (finding,) = lint(document)
    assert (finding.rule, finding.place.line) == ("lone-surrogate", 3)
    assert str(finding).isascii()


def test_every_rule_has_a_document_that_breaks_it() -> None:
    of_documents = {rule.name for rule in RULES.values() if not rule.overlay}
    assert of_documents == {case.rule for case in ALL_CASES} | {"lone-surrogate"}
