from __future__ import annotations

from pathlib import Path

import pytest

from mailwright.codegen.bundle import bundle, bundle_files
from mailwright.codegen.documents import Place, place_of
from mailwright.problem import Problem
from mailwright.targets import Target

TARGET = Target("wildduck", "1.51")
OVERLAY = """\
overlay: 1.1.0
info: {{title: t, version: '1'}}
extends: {extends}
actions:
  - target: $.paths['/users'].get
    update: {update}
"""
OWN = "../../../specs/wildduck/1.51/openapi.yaml"
SPEC = """\
openapi: 3.1.0
paths:
  /users:
    get:
      operationId: listUsers
components: {schemas: {User: {type: object}}}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for version in ("1.51", "1.0.89"):
        (tmp_path / "specs" / "wildduck" / version).mkdir(parents=True)
        (tmp_path / "specs" / "wildduck" / version / "openapi.yaml").write_text(SPEC)
    (tmp_path / "overlays" / "wildduck" / "1.51").mkdir(parents=True)
    return tmp_path


def add_overlay(root: Path, name: str, *, update: str, extends: str = OWN) -> Path:
    path = root / "overlays" / "wildduck" / "1.51" / name
    path.write_text(OVERLAY.format(extends=extends, update=update))
    return path


def test_overlays_are_applied_in_the_order_of_their_names_then_the_extra_ones(root: Path, tmp_path: Path) -> None:
    add_overlay(root, "20-client.yaml", update="{summary: client, x-client: {method: list}}")
    add_overlay(root, "10-corrections.yaml", update="{summary: corrected, x-evidence: seen}")
    extra = tmp_path / "extra.yaml"
    extra.write_text(OVERLAY.format(extends="specs/wildduck/1.51/openapi.yaml", update="{x-extra: true}"))
    got = bundle(TARGET, root, extra=[extra])["paths"]["/users"]["get"]
    assert got == {
        "operationId": "listUsers",
        "summary": "client",
        "x-evidence": "seen",
        "x-client": {"method": "list"},
        "x-extra": True,
    }
    assert list(got) == ["operationId", "summary", "x-evidence", "x-client", "x-extra"]


def test_a_target_without_overlays_is_its_spec(root: Path) -> None:
    assert bundle(Target("wildduck", "1.0.89"), root)["openapi"] == "3.1.0"


@pytest.mark.parametrize(
    "extends", ["../../../specs/wildduck/1.0.89/openapi.yaml", "openapi.yaml", "https://example.org/openapi.yaml"]
)
def test_an_overlay_of_a_target_must_extend_its_own_spec(root: Path, extends: str) -> None:
    path = add_overlay(root, "10-corrections.yaml", update="{}", extends=extends)
    with pytest.raises(Problem) as caught:
        bundle(TARGET, root)
    assert str(caught.value) == (
        f"{path}:3: this overlay is for another document: it extends {extends} "
        f"(write extends: {OWN}, or move the overlay to the target it is for)"
    )


def test_an_overlay_of_a_target_must_say_what_it_extends(root: Path) -> None:
    path = add_overlay(root, "10-corrections.yaml", update="{}")
    path.write_text(path.read_text().replace(f"extends: {OWN}\n", ""))
    with pytest.raises(
        Problem, match=r"10-corrections\.yaml:1: this overlay is for another document: it has no extends"
    ):
        bundle(TARGET, root)


def test_an_unknown_target_is_refused_with_the_known_ones(root: Path) -> None:
    with pytest.raises(Problem, match=r"known targets: wildduck-1\.0\.89, wildduck-1\.51") as caught:
        bundle(Target("mailcow", "2026.08"), root)
    assert caught.value.exit_code == 2


def test_a_reference_an_overlay_brings_is_checked_and_placed_in_the_overlay(root: Path) -> None:
    path = add_overlay(root, "10-corrections.yaml", update="{schema: {$ref: '#/components/schemas/Usr'}}")
    with pytest.raises(Problem) as caught:
        bundle(TARGET, root)
    assert str(caught.value).startswith(f"{path}:6: $ref #/components/schemas/Usr leads nowhere")
    assert "near: #/components/schemas/User" in str(caught.value)


def test_references_stay_references(root: Path) -> None:
    reference = {"$ref": "#/components/schemas/User"}
    path = add_overlay(root, "10-corrections.yaml", update="{schema: {$ref: '#/components/schemas/User'}}")
    operation = bundle(TARGET, root)["paths"]["/users"]["get"]
    assert operation["schema"] == reference
    assert place_of(operation, "schema") == Place(path, 6)


def test_files_can_be_bundled_outside_any_project(tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_text(SPEC)
    (tmp_path / "one.yaml").write_text(OVERLAY.format(extends="api.yaml", update="{a: 1}"))
    (tmp_path / "two.json").write_text(
        '{"overlay": "1.0.0", "info": {"title": "t", "version": "1"},'
        ' "actions": [{"target": "$.paths[\'/users\'].get.a", "remove": true}]}'
    )
    got = bundle_files(tmp_path / "api.yaml", [tmp_path / "one.yaml", tmp_path / "two.json"])
    assert got["paths"]["/users"]["get"] == {"operationId": "listUsers"}


def test_the_targets_of_this_checkout_bundle() -> None:
    from mailwright.codegen.project import find_root, source_targets

    root = find_root(Path(__file__))
    targets = source_targets(root)
    assert targets
    for target in targets:
        assert bundle(target, root)["paths"]
