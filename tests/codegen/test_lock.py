from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from small_apis import add, api, checkout

from mailwright.codegen import lock
from mailwright.codegen.lock import Entry, current_entry, lock_text, outputs_intact, read_lock, with_outputs
from mailwright.problem import Problem
from mailwright.targets import Target

ONE = Target("small", "1")
ENTRY = Entry({"specs/small/1/openapi.yaml": "00"}, {"ruff": "1"}, newest=True, outputs={"mailwright_small/a.py": "11"})


def test_a_lock_that_was_written_is_read_back(tmp_path: Path) -> None:
    (tmp_path / lock.NAME).write_text(lock_text({ONE: ENTRY}))
    assert read_lock(tmp_path) == {ONE: ENTRY}


def test_no_lock_is_an_empty_one(tmp_path: Path) -> None:
    assert read_lock(tmp_path) == {}


def test_targets_are_written_by_version_as_numbers() -> None:
    entries = {Target("small", version): ENTRY for version in ("1.51", "1.0.107", "1.0.89")}
    assert list(json.loads(lock_text(entries))["targets"]) == ["small-1.0.89", "small-1.0.107", "small-1.51"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<<<<<<< HEAD\n{}\n=======\n",
        "[]",
        "{}",
        '{"note": "", "targets": []}',
        '{"note": "", "targets": {"small-1": null}}',
        '{"note": "", "targets": {"small-1": {"inputs": {}}}}',
        '{"note": "", "targets": {"small-1": {"inputs": {"a": 1}, "generators": {}, "newest": true, "outputs": {}}}}',
        '{"note": "", "targets": {"small": {"inputs": {}, "generators": {}, "newest": true, "outputs": {}}}}',
        '{"note": "\udcff", "targets": {}}',
    ],
)
def test_a_broken_lock_is_said_with_the_way_out(tmp_path: Path, text: str) -> None:
    (tmp_path / lock.NAME).write_text(text, errors="surrogateescape")
    with pytest.raises(Problem, match=r"mailwright\.lock: not a lock that mailwright wrote: ") as caught:
        read_lock(tmp_path)
    assert caught.value.remedy == "delete it and run `mailwright generate`"


def test_a_lock_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / lock.NAME).mkdir()
    with pytest.raises(Problem, match="not a lock that mailwright wrote"):
        read_lock(tmp_path)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = checkout(tmp_path / "checkout")
    add(root, "small-1", api("paths: {/: {get: {operationId: get}}}"))
    (root / "overlays" / "small" / "1").mkdir(parents=True)
    return root


@pytest.mark.parametrize(
    "file", ["specs/small/1/openapi.yaml", "overlays/small/1/20-client.yaml", "templates/client/client.py.jinja"]
)
def test_an_entry_changes_with_its_inputs(root: Path, file: str) -> None:
    before = current_entry(ONE, root, newest=True)
    with (root / file).open("a") as stream:
        stream.write("\n")
    assert not before.made_from(current_entry(ONE, root, newest=True))


def test_an_entry_changes_with_the_generators_and_the_newest_version(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = current_entry(ONE, root, newest=True)
    assert before.made_from(current_entry(ONE, root, newest=True))
    assert not before.made_from(current_entry(ONE, root, newest=False))
    monkeypatch.setattr(lock, "version", lambda name: "0.0.1")
    assert not before.made_from(current_entry(ONE, root, newest=True))


def test_an_entry_names_no_path_of_the_machine(root: Path) -> None:
    text = lock_text({ONE: current_entry(ONE, root, newest=True)})
    assert str(root) not in text
    assert '"specs/small/1/openapi.yaml"' in text


def test_a_generator_that_is_not_installed_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "_GENERATORS", ("no-such-generator",))
    with pytest.raises(Problem) as caught:
        current_entry(ONE, root, newest=True)
    assert str(caught.value) == (
        "no-such-generator is not installed, and `mailwright generate` needs it (pip install 'mailwright[codegen]')"
    )
    assert caught.value.exit_code == 2


def change(root: Path, what: str) -> None:
    module = root / "generated" / "mailwright_small" / "v1"
    match what:
        case "a file is edited":
            (module / "client.py").write_text("# mine")
        case "a file is missing":
            (module / "client.py").unlink()
        case "a file is too many":
            (module / "mine.py").touch()
        case "a folder stands in its place":
            (module / "client.py").unlink()
            (module / "client.py").mkdir()
        case "a cache of Python is there":
            (module / "__pycache__").mkdir()
            (module / "__pycache__" / "client.cpython-311.pyc").touch()
        case _:
            (module.parent / "v1_0").mkdir()
            (module.parent / "v1_0" / "client.py").touch()


@pytest.mark.parametrize(
    ("what", "intact"),
    [
        ("a file is edited", False),
        ("a file is missing", False),
        ("a file is too many", False),
        ("a folder stands in its place", False),
        ("a cache of Python is there", True),
        ("another version is there", True),
    ],
)
def test_outputs_are_intact_when_they_are_exactly_those_of_the_entry(root: Path, what: str, intact: bool) -> None:
    files: dict[str, Any] = {"mailwright_small/v1/client.py": "# client\n", "mailwright_small/v1/sub/a.json": "{}"}
    for path, text in files.items():
        file = root / "generated" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    entry = with_outputs(ENTRY, files)
    assert outputs_intact(entry, ONE, root)
    change(root, what)
    assert outputs_intact(entry, ONE, root) is intact
