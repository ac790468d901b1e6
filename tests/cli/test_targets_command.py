from __future__ import annotations

import json
from pathlib import Path

import pytest

from mailwright.cli import main

SPEC = """\
openapi: 3.1.0
paths:
  /users:
    summary: not an operation
    get: {operationId: listUsers}
    post: {operationId: createUser}
  /unnamed:
    get: {}
"""
OVERLAY = """\
overlay: 1.1.0
info: {title: t, version: '1'}
extends: ../../../specs/wildduck/1.51/openapi.yaml
actions:
  - target: $.paths
    update: {/users/{user}: {delete: {operationId: deleteUser}}}
""".replace("/users/{user}", "'/users/{user}'")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    spec = tmp_path / "specs" / "wildduck" / "1.51"
    spec.mkdir(parents=True)
    (spec / "openapi.yaml").write_text(SPEC)
    overlays = tmp_path / "overlays" / "wildduck" / "1.51"
    overlays.mkdir(parents=True)
    (overlays / "10-corrections.yaml").write_text(OVERLAY)
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.chdir(spec)
    return tmp_path


def generate(root: Path, *operations: str) -> None:
    package = root / "generated" / "mailwright_wildduck" / "v1_51"
    package.mkdir(parents=True)
    (package / "bindings.json").write_text(json.dumps({"operations": {name: {} for name in operations}}))


def test_a_target_that_is_not_generated_has_no_methods_yet(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["targets"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "target         documented  known  package",
        "wildduck-1.51  0/3         0/4    not generated",
        "1 target, 0 generated",
    ]


def test_documented_counts_the_spec_and_known_what_the_overlays_add(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate(root, "listUsers", "createUser", "deleteUser", "goneSince")
    assert main(["targets"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "wildduck-1.51  2/3         3/4    mailwright_wildduck.v1_51",
        "1 target, 1 generated",
    ]


def test_json_has_standard_output_to_itself(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generate(root, "listUsers")
    assert main(["targets", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == [
        {
            "target": "wildduck-1.51",
            "documented": {"generated": 1, "total": 3},
            "known": {"generated": 1, "total": 4},
            "package": "mailwright_wildduck.v1_51",
            "generated": True,
        }
    ]
    assert err == "1 target, 1 generated\n"


def test_a_broken_spec_is_one_message(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("openapi.yaml").write_text("openapi: [\n")
    assert main(["targets"]) == 1
    assert "openapi.yaml:2: not readable as YAML" in capsys.readouterr().err


@pytest.mark.parametrize("paths", ["[]", "{/users: []}", "{/users: {get: text}}", "null"])
def test_what_has_not_the_shape_of_an_operation_is_not_counted(
    root: Path, capsys: pytest.CaptureFixture[str], paths: str
) -> None:
    Path("openapi.yaml").write_text(f"paths: {paths}\n")
    (root / "overlays" / "wildduck" / "1.51" / "10-corrections.yaml").unlink()
    assert main(["targets"]) == 0
    assert "wildduck-1.51  0/0         0/0    not generated\n" in capsys.readouterr().out


def test_outside_a_checkout_the_installed_packages_are_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site" / "mailwright_example"
    (package / "v2_4").mkdir(parents=True)
    (package / "__init__.py").touch()
    document = {"paths": {"/a": {"get": {"operationId": "getA"}, "put": {"operationId": "putA"}}}}
    (package / "v2_4" / "openapi.json").write_text(json.dumps(document))
    (package / "v2_4" / "bindings.json").write_text(json.dumps({"operations": {"getA": {}, "putA": {}}}))
    monkeypatch.syspath_prepend(tmp_path / "site")
    monkeypatch.chdir(tmp_path)
    assert main(["targets"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["example-2.4", "-", "2/2", "mailwright_example.v2_4"] in lines
