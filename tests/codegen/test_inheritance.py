from __future__ import annotations

from pathlib import Path

import pytest

from mailwright.codegen.bundle import bundle
from mailwright.codegen.documents import place_of
from mailwright.codegen.inheritance import load_spec, spec_files
from mailwright.codegen.lock import current_entry
from mailwright.codegen.project import sources
from mailwright.problem import Problem
from mailwright.targets import Target

BASE = """\
openapi: 3.1.0
paths:
  /users: {get: {operationId: listUsers, summary: base}}
  /flagged: {get: {operationId: listFlagged}}
"""
OVERLAY = """\
overlay: 1.1.0
info: {{title: t, version: '1'}}
extends: {extends}
actions:
  - target: {target}
    {verb}
"""


def overlay(path: Path, extends: str, target: str, verb: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(OVERLAY.format(extends=extends, target=target, verb=verb))
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Version 1.0.107 is the base, 1.0.89 lacks a path, 1.0.9 is like 1.0.89 with another summary."""
    base = tmp_path / "specs" / "duck" / "1.0.107" / "openapi.yaml"
    base.parent.mkdir(parents=True)
    base.write_text(BASE)
    specs = base.parents[1]
    overlay(specs / "1.0.89" / "openapi.yaml", "../1.0.107/openapi.yaml", "$.paths['/flagged']", "remove: true")
    overlay(
        specs / "1.0.9" / "openapi.yaml", "../1.0.89/openapi.yaml", "$.paths['/users'].get", "update: {summary: nine}"
    )
    (tmp_path / "templates").mkdir()
    return tmp_path


def spec(root: Path, version: str) -> Path:
    return root / "specs" / "duck" / version / "openapi.yaml"


def test_a_spec_is_its_difference_to_the_one_it_extends(root: Path) -> None:
    assert load_spec(spec(root, "1.0.89")) == {
        "openapi": "3.1.0",
        "paths": {"/users": {"get": {"operationId": "listUsers", "summary": "base"}}},
    }
    nine = load_spec(spec(root, "1.0.9"))
    assert nine["paths"] == {"/users": {"get": {"operationId": "listUsers", "summary": "nine"}}}
    assert place_of(nine["paths"]["/users"]["get"], "summary").file == spec(root, "1.0.9")
    assert place_of(nine["paths"]["/users"]["get"], "operationId").file == spec(root, "1.0.107")
    assert [path.parent.name for path in spec_files(spec(root, "1.0.9"))] == ["1.0.9", "1.0.89", "1.0.107"]


def test_shared_overlays_come_before_those_of_the_version_and_may_extend_any_base(root: Path) -> None:
    overlays = root / "overlays" / "duck"
    base = "../../../specs/duck/1.0.107/openapi.yaml"
    own = "../../../specs/duck/1.0.89/openapi.yaml"
    shared = overlay(overlays / "1.0" / "20-client.yaml", base, "$.paths['/users'].get", "update: {summary: s, x-a: 1}")
    special = overlay(overlays / "1.0.89" / "20-client.yaml", own, "$.paths['/users'].get", "update: {summary: o}")
    first = overlay(overlays / "1.0.89" / "10-corrections.yaml", base, "$.paths['/users'].get", "update: {summary: c}")
    assert sources(root, Target("duck", "1.0.89")).overlays == (first, shared, special)
    assert sources(root, Target("duck", "1.0.107")).overlays == (shared,)
    get = bundle(Target("duck", "1.0.89"), root)["paths"]["/users"]["get"]
    assert get == {"operationId": "listUsers", "summary": "o", "x-a": 1}


def test_a_folder_with_a_spec_of_its_own_is_shared_with_nobody(root: Path) -> None:
    overlays = root / "overlays" / "duck"
    overlay(overlays / "1.0" / "20-client.yaml", "../../../specs/duck/1.0/openapi.yaml", "$", "update: {x-a: 1}")
    spec(root, "1.0").parent.mkdir()
    spec(root, "1.0").write_text(BASE)
    assert sources(root, Target("duck", "1.0.89")).overlays == ()


def test_a_change_of_the_base_or_of_a_shared_overlay_makes_the_target_stale(root: Path) -> None:
    target = Target("duck", "1.0.9")
    before = current_entry(target, root, newest=False)
    spec(root, "1.0.107").write_text(BASE + "x-a: 1\n")
    after = current_entry(target, root, newest=False)
    assert not after.made_from(before)
    overlay(root / "overlays" / "duck" / "1.0" / "a.yaml", "x", "$", "update: {}")
    assert not current_entry(target, root, newest=False).made_from(after)


def test_a_spec_that_extends_nothing_or_itself_is_refused_with_its_line(root: Path) -> None:
    overlay(spec(root, "1.0.9"), "../1.0.8/openapi.yaml", "$", "update: {}")
    with pytest.raises(Problem, match=r"1\.0\.9/openapi\.yaml:3.*extends names no file that is here"):
        load_spec(spec(root, "1.0.9"))
    overlay(spec(root, "1.0.9"), "../1.0.9/openapi.yaml", "$", "update: {}")
    with pytest.raises(Problem, match=r"1\.0\.9/openapi\.yaml:3.*extends itself"):
        load_spec(spec(root, "1.0.9"))


def test_a_difference_that_matches_nothing_is_refused(root: Path) -> None:
    overlay(spec(root, "1.0.89"), "../1.0.107/openapi.yaml", "$.paths['/gone']", "remove: true")
    with pytest.raises(Problem, match=r"1\.0\.89/openapi\.yaml:5.*matches nothing"):
        load_spec(spec(root, "1.0.89"))
