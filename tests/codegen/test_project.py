from __future__ import annotations

from pathlib import Path

import pytest

from mailwright.codegen.project import Sources, find_root, find_target, source_targets, sources
from mailwright.problem import Problem
from mailwright.targets import Target


def write(path: Path, text: str = "openapi: 3.1.0\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path / "pyproject.toml", "")
    for version in ("1.51", "1.0.107", "1.0.89"):
        write(tmp_path / "specs" / "wildduck" / version / "openapi.yaml")
    for name in ("30-mock", "10-corrections", "20-client"):
        write(tmp_path / "overlays" / "wildduck" / "1.51" / f"{name}.yaml")
    write(tmp_path / "overlays" / "wildduck" / "1.51" / "notes.md")
    return tmp_path


def test_root_is_the_nearest_folder_above_with_specs_overlays_and_pyproject(root: Path) -> None:
    below = root / "specs" / "wildduck" / "1.51"
    write(below / "pyproject.toml", "")
    assert find_root(below) == find_root(root) == root.resolve()


def test_no_root_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="not inside a checkout of mailwright") as caught:
        find_root(tmp_path)
    assert caught.value.exit_code == 2


def test_targets_are_sorted_by_version_as_numbers(root: Path) -> None:
    assert [each.name for each in source_targets(root)] == ["wildduck-1.0.89", "wildduck-1.0.107", "wildduck-1.51"]


def test_a_folder_that_is_no_version_is_refused(root: Path) -> None:
    write(root / "specs" / "wildduck" / "latest" / "openapi.yaml")
    with pytest.raises(Problem, match=r"specs/wildduck/latest: this folder is not named as an API and a version"):
        source_targets(root)


def test_overlays_are_the_yaml_files_sorted_by_name(root: Path) -> None:
    folder = root / "overlays" / "wildduck" / "1.51"
    assert sources(root, Target("wildduck", "1.51")) == Sources(
        root / "specs" / "wildduck" / "1.51" / "openapi.yaml",
        (folder / "10-corrections.yaml", folder / "20-client.yaml", folder / "30-mock.yaml"),
    )
    assert sources(root, Target("wildduck", "1.0.89")).overlays == ()


def test_an_unknown_target_is_wrong_use_and_lists_the_known_ones(root: Path) -> None:
    known = "known targets: wildduck-1.0.89, wildduck-1.0.107, wildduck-1.51"
    with pytest.raises(Problem, match=known) as caught:
        sources(root, Target("stalwart", "0.15"))
    assert caught.value.exit_code == 2
    with pytest.raises(Problem) as caught:
        find_target("wildduck-1.52", source_targets(root))
    assert str(caught.value) == f"no target is named wildduck-1.52 (did you mean wildduck-1.51? {known})"
    assert caught.value.exit_code == 2


def test_no_target_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="known targets: none"):
        find_target("wildduck-1.51", source_targets(tmp_path))
