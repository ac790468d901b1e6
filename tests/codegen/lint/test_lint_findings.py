"""Findings say where, which rule and what to do, whatever shape the document is in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from lint_cases import CLEAN

from mailwright.codegen.documents import Place, parse
from mailwright.codegen.lint import RULES, Finding, lint
from mailwright.codegen.lint.nodes import Document
from mailwright.codegen.lint.rules.extensions import vocabulary

FILE = Path("spec.yaml")


def test_a_finding_is_printed_relative_to_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = Finding(
        Place(tmp_path / "specs" / "a.yaml", 12), "summary", "GET /users has no summary", "say what it does"
    )
    printed = "a.yaml:12: summary: GET /users has no summary (say what it does)"
    monkeypatch.chdir(tmp_path)
    assert str(finding) == f"specs/{printed}"
    monkeypatch.chdir("/")
    assert str(finding).endswith(f"{tmp_path.name}/specs/{printed}")


def test_findings_are_sorted_by_line_and_none_stands_twice() -> None:
    text = CLEAN.replace("summary: Lists users.", "summary: ''").replace("openapi: 3.1.0", "openapi: 3.0.3")
    text = text.replace(
        "in: path\n      required: true", "in: path\n      required: false"
    )  # one parameter, used by one operation
    findings = lint(parse(text, FILE))
    lines = [finding.place.line for finding in findings]
    assert lines == sorted(lines)
    assert len(set(findings)) == len(findings) == 3


def test_what_an_overlay_brought_is_blamed_on_the_overlay() -> None:
    document = parse(CLEAN, FILE)
    overlay = parse("a:\n  b:\n    summary: ''\n", Path("20-client.yaml"))["a"]["b"]
    operation = document["paths"]["/users"]["get"]
    operation["summary"] = overlay["summary"]
    operation.places["summary"] = overlay.places["summary"]
    (finding,) = lint(document)
    assert str(finding).startswith("20-client.yaml:3: summary: GET /users has no summary")


def test_the_validator_s_error_inside_a_shared_component_is_found_there() -> None:
    text = CLEAN.replace("schema: {type: string}\n  responses:", "schema: {type: string, default: 4}\n  responses:")
    (finding,) = lint(parse(text, FILE))
    line = text[: text.index("default: 4")].count("\n") + 1
    assert (finding.rule, finding.place.line) == ("openapi", line)
    assert "4 is not of type" in finding.message


def test_a_reference_to_the_network_is_not_followed() -> None:
    text = CLEAN.replace("role: {$ref: '#/components/schemas/Role'}", "role: {$ref: 'http://127.0.0.1:9/role.json'}")
    rules = {finding.rule for finding in lint(parse(text, FILE))}
    assert rules == {"local-ref", "unused-component"}


def test_schemas_that_refer_to_each_other_do_not_hang() -> None:
    text = CLEAN.replace("        text: {type: string}\n", "        text: {$ref: '#/components/schemas/Letter'}\n")
    assert lint(parse(text, FILE)) == []


@pytest.mark.parametrize("wrong", [None, 1, "text", True, [], [None], {}, {"$ref": 1}], ids=repr)
def test_no_rule_breaks_down_on_values_of_the_wrong_kind(wrong: Any) -> None:
    document = parse(CLEAN, FILE)
    for holder, key in list(_places(document)):
        kept = holder[key]
        holder[key] = wrong
        broken = Document(document)
        # The validator takes most of the time, and is asked on its own below.
        for name, rule in RULES.items():
            if name != "openapi" and not rule.overlay:
                list(rule.check(broken))
        holder[key] = kept


@pytest.mark.parametrize("wrong", [None, [], {}], ids=repr)
def test_the_validator_never_breaks_down(wrong: Any) -> None:
    document = parse(CLEAN, FILE)
    for holder, key in list(_places(document))[::20]:
        kept = holder[key]
        holder[key] = wrong
        list(RULES["openapi"].check(Document(document)))
        holder[key] = kept


def test_the_vocabulary_is_a_json_schema() -> None:
    assert jsonschema_rs.meta.is_valid(dict(vocabulary()))


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in list(steps):
        yield node, key
        yield from _places(value)
