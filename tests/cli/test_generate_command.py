"""`mailwright generate` in a checkout of its own, with a small API in three versions."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mailwright.cli import main
from mailwright.codegen import publish as publishing

REPOSITORY = Path(__file__).parents[2]
SPEC = """\
openapi: 3.1.0
info: {title: Post, version: '1'}
x-envelope: wildduck
tags: [{name: Letters}]
paths:
  /letters/{letter}:
    get:
      operationId: getLetter
      tags: [Letters]
      summary: Reads a letter.
      x-evidence: A test.
      security: []
      parameters: [{name: letter, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Letter'}}}}
        default: {description: No., content: {application/json: {schema: {$ref: '#/components/schemas/Failure'}}}}
components:
  schemas:
    Letter: {type: object, properties: {text: {type: string}}}
    Failure: {type: object, properties: {error: {type: string}}}
"""
OVERLAY = """\
overlay: 1.1.0
info: {title: The client, version: '1'}
extends: ../../../specs/post/VERSION/openapi.yaml
actions:
  - target: $.paths['/letters/{letter}'].get
    update: {x-client: {method: get}}
"""


def add_version(root: Path, version: str) -> Path:
    spec = root / "specs" / "post" / version / "openapi.yaml"
    overlay = root / "overlays" / "post" / version / "20-client.yaml"
    for file, text in ((spec, SPEC), (overlay, OVERLAY.replace("VERSION", version))):
        file.parent.mkdir(parents=True)
        file.write_text(text)
    return spec


def add_generated(root: Path, version: str) -> Path:
    """Adds a version, and generates everything."""
    spec = add_version(root, version)
    assert main(["generate"]) == 0
    return spec


def snapshot(root: Path) -> dict[str, bytes]:
    """Everything that a run may change."""
    files = [*(root / "generated").rglob("*"), root / "mailwright.lock"]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files if path.is_file()}


@pytest.fixture(scope="module")
def generated_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with two versions, generated."""
    root = tmp_path_factory.mktemp("post")
    shutil.copytree(REPOSITORY / "templates", root / "templates")
    shutil.copy(REPOSITORY / "pyproject.toml", root)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        add_version(root, "1.0.89")
        (root / "overlays").mkdir(exist_ok=True)
        add_generated(root, "1.0.107")
    return root


@pytest.fixture
def root(generated_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(generated_once, tmp_path / "checkout")
    monkeypatch.chdir(tmp_path / "checkout")
    return tmp_path / "checkout"


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    out, err = capsys.readouterr()
    assert err == ""
    return out.splitlines()


def test_a_second_run_skips_everything_and_changes_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = snapshot(root)
    assert main(["generate"]) == 0
    assert lines(capsys) == [
        "post-1.0.89: current",
        "post-1.0.107: current",
        "0 targets made, 2 current, 0 removed",
    ]
    assert snapshot(root) == before


def test_force_makes_what_is_current_too_and_changes_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = snapshot(root)
    assert main(["generate", "--force"]) == 0
    assert lines(capsys)[-1] == "2 targets made, 0 current, 0 removed"
    assert snapshot(root) == before


def test_making_it_again_gives_the_same_bytes(root: Path) -> None:
    before = snapshot(root)
    shutil.rmtree(root / "generated")
    (root / "mailwright.lock").unlink()
    assert main(["generate"]) == 0
    assert snapshot(root) == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("specs/post/1.0.89/openapi.yaml", "Reads a letter.", "Reads one letter."),
        ("overlays/post/1.0.89/20-client.yaml", "method: get", "method: read"),
    ],
)
def test_a_changed_line_makes_just_that_target(
    root: Path, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str
) -> None:
    before = snapshot(root)
    (root / file).write_text((root / file).read_text().replace(old, new))
    assert main(["generate"]) == 0
    first, second, summary = lines(capsys)
    assert first.startswith("post-1.0.89: 1 operations, ")
    assert second == "post-1.0.107: current"
    assert summary == "1 target made, 1 current, 0 removed"
    after = snapshot(root)
    changed = {path for path in before | after if before.get(path) != after.get(path)}
    assert "generated/mailwright_post/v1_0_89/letters.py" in changed
    assert all(path.startswith("generated/mailwright_post/v1_0_89/") or path == "mailwright.lock" for path in changed)
    locks = [json.loads(files["mailwright.lock"])["targets"]["post-1.0.107"] for files in (before, after)]
    assert locks[0] == locks[1]


def test_a_changed_template_makes_every_target(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    template = root / "templates" / "client" / "version.py.jinja"
    template.write_text(template.read_text() + "# one more line\n")
    assert main(["generate"]) == 0
    assert lines(capsys)[-1] == "2 targets made, 0 current, 0 removed"


def test_a_target_is_made_once_however_often_it_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["generate", "post-1.0.89", "post-1.0.89"]) == 0
    assert lines(capsys) == ["post-1.0.89: current", "0 targets made, 1 current, 0 removed"]


@pytest.mark.parametrize("damage", ["edit", "extra", "missing", "whole"])
def test_damaged_output_is_made_again(root: Path, capsys: pytest.CaptureFixture[str], damage: str) -> None:
    before = snapshot(root)
    module = root / "generated" / "mailwright_post" / "v1_0_89"
    match damage:
        case "edit":
            (module / "client.py").write_text("# mine")
        case "extra":
            (module / "mine.py").write_text("# mine")
        case "missing":
            (module / "client.py").unlink()
        case _:
            shutil.rmtree(module)
    assert main(["generate"]) == 0
    assert lines(capsys)[-1] == "1 target made, 1 current, 0 removed"
    assert snapshot(root) == before


def test_the_package_follows_the_newest_version(root: Path) -> None:
    package = root / "generated" / "mailwright_post" / "__init__.py"
    assert ".v1_0_107" in package.read_text()
    add_generated(root, "1.51")
    assert ".v1_51" in package.read_text()
    assert ".v1_0_107" not in package.read_text()
    code = "import mailwright_post; print(mailwright_post.Post.__module__, *mailwright_post.__all__)"
    done = subprocess.run([sys.executable, "-c", code], cwd=root / "generated", capture_output=True, text=True)
    assert done.stdout == "mailwright_post.v1_51.client AsyncPost Post models\n"
    add_generated(root, "1.9")
    assert ".v1_51" in package.read_text()


def test_a_removed_version_is_taken_away(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(root / "specs" / "post" / "1.0.107")
    assert main(["generate", "--check"]) == 1
    shown = lines(capsys)
    assert "mailwright.lock: post-1.0.107 has no spec any more" in shown
    assert main(["generate", "post-1.0.89"]) == 0
    assert (root / "generated" / "mailwright_post" / "v1_0_107").exists()
    assert main(["generate"]) == 0
    assert lines(capsys)[-1] == "0 targets made, 1 current, 1 removed"
    assert not (root / "generated" / "mailwright_post" / "v1_0_107").exists()
    assert ".v1_0_89" in (root / "generated" / "mailwright_post" / "__init__.py").read_text()
    assert main(["generate", "--check"]) == 0


def test_the_package_goes_with_its_last_version(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(root / "specs" / "post")
    assert main(["generate"]) == 0
    assert lines(capsys) == ["0 targets made, 0 current, 2 removed"]
    assert list((root / "generated").iterdir()) == []
    assert main(["generate", "--check"]) == 0


# --check


def test_check_passes_where_nothing_would_change(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = snapshot(root)
    assert main(["generate", "--check"]) == 0
    assert lines(capsys)[-1] == "2 targets checked, no drift"
    assert snapshot(root) == before


def damage(root: Path, what: str) -> None:
    module = root / "generated" / "mailwright_post" / "v1_0_107"
    lock = root / "mailwright.lock"
    match what:
        case "a hand edit":
            file = module / "letters.py"
            file.write_text(file.read_text().replace("/letters/{}", "/letter/{}"))
        case "a hand edit of the package":
            (module.parent / "__init__.py").write_text("")
        case "an extra file":
            (module / "mine.py").write_text("mine = 1\n")
        case "an extra package":
            (root / "generated" / "mailwright_mine").mkdir()
            (root / "generated" / "mailwright_mine" / "__init__.py").write_text("mine = 1\n")
        case "a missing file":
            (module / "models.py").unlink()
        case "a changed lock":
            lock.write_text(lock.read_text().replace('"newest": true', '"newest": false'))
        case "a missing lock":
            lock.unlink()
        case "a changed spec":
            spec = root / "specs" / "post" / "1.0.107" / "openapi.yaml"
            spec.write_text(spec.read_text().replace("Reads a letter.", "Reads one letter."))
        case _:
            shutil.rmtree(root / "specs" / "post" / "1.0.89")


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a hand edit", '-    "GET", "/letter/{}", id="getLetter", result=models.Letter'),
        ("a hand edit of the package", "--- generated/mailwright_post/__init__.py"),
        ("an extra file", "-mine = 1"),
        ("an extra package", "generated/mailwright_mine/__init__.py: no target makes this (delete it)"),
        ("a missing file", "+class Letter(ResponseModel, kw_only=True):"),
        ("a changed lock", "mailwright.lock: the entry of post-1.0.107 is not what would be written now"),
        ("a missing lock", "mailwright.lock: the entry of post-1.0.89 is not what would be written now"),
        ("a changed spec", '+        """Reads one letter."""'),
        ("a removed spec", "mailwright.lock: post-1.0.89 has no spec any more"),
    ],
)
def test_check_shows_drift_and_writes_nothing(
    root: Path, capsys: pytest.CaptureFixture[str], what: str, line: str
) -> None:
    damage(root, what)
    before = snapshot(root)
    assert main(["generate", "--check"]) == 1
    shown = lines(capsys)
    assert any(each.startswith(line) for each in shown)
    assert shown[-1].endswith(": run `mailwright generate`")
    assert snapshot(root) == before


def test_check_of_one_target_looks_at_nothing_else(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    damage(root, "a hand edit")
    assert main(["generate", "--check", "post-1.0.89"]) == 0
    assert lines(capsys)[-1] == "1 target checked, no drift"


def test_a_long_diff_is_cut(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edited = root / "generated" / "mailwright_post" / "v1_0_107" / "letters.py"
    edited.write_text("".join(f"line {number}\n" for number in range(1000)))
    assert main(["generate", "--check"]) == 1
    shown = lines(capsys)
    assert len(shown) < 210
    assert shown[-2].startswith("… and ")


# What goes wrong: one message, nothing changed.


def broken(root: Path, what: str) -> list[str]:
    """Breaks the version 1.0.107, which comes second, and gives the arguments to run with."""
    spec = root / "specs" / "post" / "1.0.107" / "openapi.yaml"
    overlay = root / "overlays" / "post" / "1.0.107" / "20-client.yaml"
    if what in ("reference", "generators"):  # another target succeeds first
        first = root / "specs" / "post" / "1.0.89" / "openapi.yaml"
        first.write_text(first.read_text().replace("Reads a letter.", "Reads one letter."))
    match what:
        case "YAML":
            spec.write_text(SPEC.replace("'200': {", "'200': {{"))
        case "reference":
            spec.write_text(SPEC.replace("#/components/schemas/Letter'", "#/components/schemas/Lettr'"))
        case "target":
            return ["post-1.0.17"]
        case "name":
            return ["post"]
        case "overlay":
            overlay.write_text(OVERLAY.replace("VERSION", "1.0.89"))
        case "no match":
            overlay.write_text(OVERLAY.replace("VERSION", "1.0.107").replace("{letter}", "{note}"))
        case "lint":
            spec.write_text(SPEC.replace("      summary: Reads a letter.\n", ""))
        case "generators":
            other = SPEC.partition("default: ")[2].partition("\n")[0]
            spec.write_text(SPEC.replace("        default: ", f"        '201': {other}\n        default: "))
        case "lock":
            (root / "mailwright.lock").write_text("<<<<<<< mine\n")
        case "template":
            (root / "templates" / "client" / "resource.py.jinja").write_text("{{ header }}\nclass:\n")
        case _:
            (root / "templates" / "client" / "resource.py.jinja").write_text("{{ header }\n{% if")
    return []


BAD = "specs/post/1.0.107/openapi.yaml"


@pytest.mark.parametrize(
    ("what", "code", "message"),
    [
        ("YAML", 1, f"{BAD}:16: not readable as YAML: "),
        ("reference", 1, f"{BAD}:15: $ref #/components/schemas/Lettr leads nowhere"),
        ("target", 2, "no target is named post-1.0.17 (did you mean post-1.0.107? known targets: "),
        ("name", 2, "no target is named post ("),
        ("overlay", 1, "overlays/post/1.0.107/20-client.yaml:3: this overlay is for another document: "),
        ("no match", 1, "overlays/post/1.0.107/20-client.yaml:5: "),
        ("lint", 1, f"{BAD}:7: summary: GET /letters/{{letter}} has no summary"),
        ("generators", 1, "post-1.0.107: getLetter: the successful responses differ (describe one of them"),
        ("lock", 1, "mailwright.lock: not a lock that mailwright wrote: "),
        ("template", 1, "post-1.0.89: ruff refuses a rendered file: "),
        ("template syntax", 1, "post-1.0.89: templates/client/resource.py.jinja:"),
    ],
)
def test_one_clear_message_and_nothing_changed(
    root: Path, capsys: pytest.CaptureFixture[str], what: str, code: int, message: str
) -> None:
    arguments = broken(root, what)
    before = snapshot(root)
    assert main(["generate", *arguments]) == code
    err = capsys.readouterr().err
    assert err.startswith(f"error: {message}")
    assert err.count("\n") == 1
    assert snapshot(root) == before
    assert not list((root / "generated").glob(".*"))


def test_a_disk_that_fills_up_changes_nothing(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(new: Path, place: Path) -> Any:
        raise OSError(28, "No space left on device", str(place))

    damage(root, "a changed spec")
    before = snapshot(root)
    monkeypatch.setattr(publishing, "_put", fail)
    assert main(["generate"]) == 1
    assert capsys.readouterr().err == (
        "error: generated/mailwright_post/v1_0_107: cannot be written: No space left on device "
        "(check rights and disk space; nothing was changed)\n"
    )
    assert snapshot(root) == before


def test_outside_a_checkout_is_wrong_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["generate"]) == 2
    assert "not inside a checkout of mailwright" in capsys.readouterr().err


@pytest.mark.parametrize("module", ["openapi_python_client", "yaml", "jinja2"])
def test_a_missing_extra_is_named(root: Path, module: str) -> None:
    damage(root, "a changed spec")
    code = (
        "import sys; sys.modules[sys.argv[1]] = None\n"
        "from mailwright.cli import main; sys.exit(main(['generate']))"
    )  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code, module], cwd=root, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == "error: this command needs the extra `codegen`: pip install 'mailwright[codegen]'\n"


def test_where_all_is_current_no_generator_is_loaded(root: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "mailwright.cli", "generate"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "mailwright.codegen.lock" in imported
    assert not imported & {"openapi_python_client", "jinja2", "jsonschema_rs", "openapi_spec_validator"}
