from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mailwright.cli import main
from mailwright.codegen.documents import load

SETS = Path(__file__).parents[1] / "overlay-sets"
API = "openapi: 3.1.0\npaths: {}\ninfo: {title: naïve}\n"
OVERLAY = "overlay: 1.1.0\ninfo: {title: t, version: '1'}\nactions:\n  - target: $.info\n    update: {version: '2'}\n"
BUNDLED = {"openapi": "3.1.0", "paths": {}, "info": {"title": "naïve", "version": "2"}}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("api.yaml").write_text(API, encoding="utf-8")
    Path("overlay.yaml").write_text(OVERLAY)
    return tmp_path


@pytest.fixture
def checkout(here: Path) -> Path:
    own = here / "specs" / "wildduck" / "1.51"
    own.mkdir(parents=True)
    (own / "openapi.yaml").write_text(API, encoding="utf-8")
    overlays = here / "overlays" / "wildduck" / "1.51"
    overlays.mkdir(parents=True)
    extends = "extends: ../../../specs/wildduck/1.51/openapi.yaml\n"
    (overlays / "10-corrections.yaml").write_text(OVERLAY.replace("actions", extends + "actions"))
    (here / "pyproject.toml").touch()
    return here


@pytest.mark.parametrize("folder", sorted(path.name for path in SETS.iterdir() if path.is_dir()))
def test_official_sets_come_out_as_published_in_json_and_yaml(folder: str, tmp_path: Path) -> None:
    source = SETS / folder
    for name in ("out.json", "out.yaml"):
        output = tmp_path / name
        assert main(["bundle", f"{source}/openapi.yaml", "--overlay", f"{source}/overlay.yaml", "-o", f"{output}"]) == 0
        assert load(output) == load(source / "output.yaml")


def test_a_file_goes_to_standard_output_in_its_own_format(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bundle", "api.yaml", "--overlay", "overlay.yaml"]) == 0
    out, err = capsys.readouterr()
    assert out == "openapi: 3.1.0\npaths: {}\ninfo:\n  title: naïve\n  version: '2'\n"
    assert err == f"bundled api.yaml: 1 overlay applied, {len(out.encode())} bytes\n"
    Path("api.json").write_text('{"paths": {}}')
    assert main(["bundle", "api.json"]) == 0
    assert capsys.readouterr().out == '{\n  "paths": {}\n}\n'


def test_a_target_goes_to_standard_output_as_json(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bundle", "wildduck-1.51"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == BUNDLED
    assert err.startswith("bundled wildduck-1.51: 1 overlay applied, ")


def test_given_overlays_come_after_a_targets_own(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("more.yaml").write_text(OVERLAY.replace("$.info", "$.info.version").replace("{version: '2'}", "3.0.0"))
    assert main(["bundle", "wildduck-1.51", "--overlay", "more.yaml"]) == 0
    assert json.loads(capsys.readouterr().out)["info"]["version"] == "3.0.0"


def test_several_overlays_are_applied_in_the_order_given(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("remove.yaml").write_text(
        OVERLAY.replace("$.info", "$.info.version").replace("update: {version: '2'}", "remove: true")
    )
    assert main(["bundle", "api.yaml", "--overlay", "overlay.yaml", "--overlay", "remove.yaml"]) == 0
    assert "version" not in capsys.readouterr().out
    assert main(["bundle", "api.yaml", "--overlay", "remove.yaml", "--overlay", "overlay.yaml"]) == 1
    assert "error: remove.yaml:4: action 1 (target $.info.version): matches nothing" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["out.yaml", "out.yml", "out.json"])
def test_output_is_written_by_suffix_and_the_summary_is_the_last_line(
    here: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert main(["bundle", "api.yaml", "--overlay", "overlay.yaml", "-o", name]) == 0
    out, err = capsys.readouterr()
    written = (here / name).read_bytes()
    assert out == f"bundled api.yaml: 1 overlay applied, {len(written)} bytes written to {name}\n"
    assert err == ""
    assert written.startswith(b"{" if name == "out.json" else b"openapi:")
    assert load(Path(name)) == BUNDLED
    assert sorted(path.name for path in here.iterdir()) == sorted(["api.yaml", "overlay.yaml", name])


def test_an_extends_that_cannot_be_compared_is_noted(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("overlay.yaml").write_text(OVERLAY.replace("actions", "extends: gone.yaml\nactions"))
    assert main(["bundle", "api.yaml", "--overlay", "overlay.yaml"]) == 0
    assert capsys.readouterr().err.splitlines()[0] == (
        "note: overlay.yaml:3: extends names gone.yaml, which is not here to be compared with api.yaml"
    )


@pytest.mark.parametrize(
    ("files", "argv", "code", "message"),
    [
        ({"api.yaml": "a: [1\nb: 2\n"}, ["api.yaml"], 1, "api.yaml:2: not readable as YAML"),
        ({"api.yaml": "- a\n"}, ["api.yaml"], 1, "api.yaml:1: the document is not a mapping"),
        ({"api.yaml": "a:\n  $ref: '#/none'\n"}, ["api.yaml"], 1, "api.yaml:2: $ref #/none leads nowhere"),
        (
            {"api.yaml": "a: {$ref: 'b.yaml#/c'}\n"},
            ["api.yaml"],
            1,
            "api.yaml:1: $ref b.yaml#/c leads out of this file",
        ),
        ({}, ["none.yaml"], 2, "none.yaml: cannot be read: No such file or directory"),
        ({}, ["api.yaml", "--overlay", "none.yaml"], 2, "none.yaml: cannot be read"),
        (
            {"overlay.yaml": "overlay: [\n"},
            ["api.yaml", "--overlay", "overlay.yaml"],
            1,
            "overlay.yaml:2: not readable",
        ),
        ({}, ["api.yaml", "--overlay", "api.yaml"], 1, "api.yaml:1: this is not an overlay"),
        (
            {"overlay.yaml": OVERLAY.replace("$.info", "$.infos"), "out.yaml": "kept"},
            ["api.yaml", "--overlay", "overlay.yaml", "-o", "out.yaml"],
            1,
            "overlay.yaml:4: action 1 (target $.infos): matches nothing in api.yaml",
        ),
        (
            {"other.yaml": "a: 1", "overlay.yaml": OVERLAY + "extends: other.yaml\n"},
            ["api.yaml", "--overlay", "overlay.yaml"],
            1,
            "overlay.yaml:6: this overlay is for another document: extends names other.yaml, not api.yaml",
        ),
        ({}, ["api.yaml", "-o", "out.txt"], 2, "out.txt: the suffix '.txt' says neither JSON nor YAML"),
        ({"api.txt": "a: 1"}, ["api.txt"], 2, "api.txt: the suffix '.txt' says neither JSON nor YAML"),
        ({}, ["api.yaml", "-o", "none/out.json"], 2, "none/out.json: cannot be written: No such file or directory"),
        ({}, ["wildduck"], 2, "no target is named wildduck ("),
        ({}, ["wildduck-9.9"], 2, "no target is named wildduck-9.9 ("),
    ],
)
def test_bad_input_is_one_message_and_writes_nothing(
    here: Path,
    capsys: pytest.CaptureFixture[str],
    files: dict[str, str],
    argv: list[str],
    code: int,
    message: str,
) -> None:
    for name, text in files.items():
        Path(name).write_text(text)
    before = {path.name: path.read_bytes() for path in here.iterdir()}
    assert main(["bundle", *argv]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"error: {message}")
    assert err.count("\n") == 1
    assert {path.name: path.read_bytes() for path in here.iterdir()} == before


def test_an_unknown_target_of_a_checkout_lists_the_known_ones(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bundle", "wildduck-1.5"]) == 2
    assert capsys.readouterr().err == (
        "error: no target is named wildduck-1.5 (did you mean wildduck-1.51? known targets: wildduck-1.51)\n"
    )


def test_outside_a_checkout_an_installed_target_gives_the_document_of_its_package(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    package = here / "site" / "mailwright_example"
    (package / "v2_4").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "v2_4" / "openapi.json").write_text(json.dumps({"info": {"title": "x"}}))
    monkeypatch.syspath_prepend(here / "site")
    assert main(["bundle", "example-2.4", "--overlay", "overlay.yaml"]) == 0
    assert json.loads(capsys.readouterr().out) == {"info": {"title": "x", "version": "2"}}


@pytest.mark.parametrize("depth", [200, 250, 300, 400, 5000])
def test_a_deep_document_is_bundled_or_refused_in_one_message(
    here: Path, capsys: pytest.CaptureFixture[str], depth: int
) -> None:
    text = '{"a":' * depth + "1" + "}" * depth
    Path("api.json").write_text(text)
    code = main(["bundle", "api.json"])
    out, err = capsys.readouterr()
    assert (code, "".join(out.split())) in [(0, text), (1, "")]
    assert err.count("\n") == 1


def test_the_module_and_the_command_are_the_same(here: Path) -> None:
    command = shutil.which("mailwright", path=str(Path(sys.executable).parent))
    assert command is not None
    runs = [
        subprocess.run([*start, "bundle", "api.yaml"], capture_output=True, check=True)
        for start in ([command], [sys.executable, "-m", "mailwright.cli"])
    ]
    assert runs[0].stdout == runs[1].stdout == "openapi: 3.1.0\npaths: {}\ninfo:\n  title: naïve\n".encode()
