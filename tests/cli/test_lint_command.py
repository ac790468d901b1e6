"""`mailwright lint`: exit codes, the summary line, targets and files."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailwright.cli import main

SPEC = """\
openapi: 3.1.0
info: {title: Post, version: '1'}
x-envelope: wildduck
tags: [{name: Users}]
paths:
  /users:
    get:
      operationId: listUsers
      tags: [Users]
      SUMMARYx-source: {document: api.md, heading: Users}
      security: []
      responses:
        '204': {description: None.}
        default: {description: It failed.}
"""
CLEAN = SPEC.replace("SUMMARY", "summary: Lists users.\n      ")
BROKEN = SPEC.replace("SUMMARY", "")
CORRECTIONS = """\
overlay: 1.1.0
extends: ../../../specs/post/1.0/openapi.yaml
info: {title: Corrections, version: '1'}
actions:
  - target: $.info
    update: {description: Letters.}
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder in ("specs/post/1.0", "overlays/post/1.0"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "specs/post/1.0/openapi.yaml").write_text(CLEAN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_clean_checkout_has_no_findings(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint"]) == 0
    assert capsys.readouterr().out == "0 findings in 1 document\n"


def test_a_finding_names_file_line_rule_and_remedy(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (checkout / "specs/post/1.0/openapi.yaml").write_text(BROKEN)
    assert main(["lint", "post-1.0"]) == 1
    finding, summary = capsys.readouterr().out.splitlines()
    assert finding.startswith("specs/post/1.0/openapi.yaml:7: summary: GET /users has no summary (say in one sentence")
    assert summary == "1 finding in 1 document"


def test_a_target_s_corrections_need_evidence(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (checkout / "overlays/post/1.0/10-corrections.yaml").write_text(CORRECTIONS)
    assert main(["lint", "post-1.0"]) == 1
    assert "overlays/post/1.0/10-corrections.yaml:5: correction-evidence:" in capsys.readouterr().out


def test_other_overlays_of_a_target_need_none(checkout: Path) -> None:
    (checkout / "overlays/post/1.0/20-client.yaml").write_text(CORRECTIONS)
    assert main(["lint", "post-1.0"]) == 0


def test_files_are_linted_as_what_they_are(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (checkout / "broken.yaml").write_text(BROKEN)
    (checkout / "corrections.yaml").write_text(CORRECTIONS)
    assert main(["lint", "broken.yaml", "corrections.yaml"]) == 1
    first, second, summary = capsys.readouterr().out.splitlines()
    assert first.startswith("broken.yaml:7: summary:")
    assert second.startswith("corrections.yaml:5: correction-evidence:")
    assert summary == "2 findings in 2 documents"


def test_an_unknown_target_is_wrong_use(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "post-2.0"]) == 2
    assert "known targets: post-1.0" in capsys.readouterr().err


def test_a_missing_file_is_wrong_use(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "nowhere.yaml"]) == 2
    assert "nowhere.yaml" in capsys.readouterr().err


def test_broken_yaml_is_one_problem_with_its_line(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (checkout / "broken.yaml").write_text("openapi: 3.1.0\ninfo: [\n")
    assert main(["lint", "broken.yaml"]) == 1
    assert "error: broken.yaml:3: not readable as YAML" in capsys.readouterr().err


def test_the_rules_are_listed_with_their_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "--rules"]) == 0
    *rules, summary = capsys.readouterr().out.splitlines()
    assert summary == f"{len(rules)} rules"
    assert all(sentence.endswith(".") for sentence in rules)
    assert any(line.split()[0] == "operation-id" for line in rules)
