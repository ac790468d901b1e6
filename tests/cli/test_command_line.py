from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

import mailwright.cli.targets
from mailwright.cli import main
from mailwright.problem import Problem

Run = Callable[[argparse.Namespace], int]


def replace_targets(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """Makes `mailwright targets` do something else, to see how main ends."""
    monkeypatch.setattr(mailwright.cli.targets, "run", run)


def raising(error: BaseException) -> Run:
    def run(args: argparse.Namespace) -> int:
        raise error

    return run


@pytest.mark.parametrize("code", [0, 1])
def test_the_code_of_a_command_is_the_exit_code(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    replace_targets(monkeypatch, lambda args: code)
    assert main(["targets"]) == code


@pytest.mark.parametrize("code", [1, 2])
def test_a_problem_is_one_sentence_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: int
) -> None:
    problem = Problem("it is broken", place=f"{Path.cwd()}/specs/a.yaml:3", remedy="mend it", exit_code=code)
    replace_targets(monkeypatch, raising(problem))
    assert main(["targets"]) == code
    assert capsys.readouterr() == ("", "error: specs/a.yaml:3: it is broken (mend it)\n")


def test_an_interrupt_ends_with_130_and_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    replace_targets(monkeypatch, raising(KeyboardInterrupt()))
    assert main(["targets"]) == 130
    assert capsys.readouterr() == ("", "error: interrupted\n")


def test_a_too_deep_document_is_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    replace_targets(monkeypatch, raising(RecursionError()))
    assert main(["targets"]) == 1
    assert capsys.readouterr() == ("", "error: a document is nested too deeply to be worked on\n")


@pytest.mark.parametrize(
    ("command", "module", "extra"),
    [("bundle", "jsonpath_rfc9535", "codegen"), ("targets", "yaml", "codegen"), ("bundle", "yaml.nodes", "codegen")],
)
def test_a_missing_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, module: str, extra: str
) -> None:
    run = raising(ModuleNotFoundError(f"No module named {module!r}", name=module))
    monkeypatch.setattr(f"mailwright.cli.{command}.run", run)
    assert main([command, "x"] if command == "bundle" else [command]) == 2
    assert (
        capsys.readouterr().err == f"error: this command needs the extra `{extra}`: pip install 'mailwright[{extra}]'\n"
    )


def test_a_missing_module_of_our_own_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    replace_targets(
        monkeypatch, raising(ModuleNotFoundError("No module named 'mailwright.gone'", name="mailwright.gone"))
    )
    with pytest.raises(ModuleNotFoundError):
        main(["targets"])


@pytest.mark.parametrize("argv", [[], ["unknown"], ["targets", "--unknown"], ["bundle"]])
def test_a_wrong_command_line_ends_with_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(argv)
    assert caught.value.code == 2
    assert "usage: mailwright" in capsys.readouterr().err


def test_the_version_is_the_distributions(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"mailwright {version('mailwright')}\n"


def test_help_lists_the_commands_in_the_order_of_work(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    out = capsys.readouterr().out
    assert 0 < out.index("\n    targets ") < out.index("\n    bundle ")


def test_building_the_command_line_imports_nothing_heavy() -> None:
    code = (
        "import sys, mailwright.cli as cli; cli._parser();"
        "heavy = {'yaml', 'jsonpath_rfc9535', 'msgspec', 'httpx', 'jinja2', 'schemathesis', 'uvicorn',"
        " 'jsonschema_rs', 'datamodel_code_generator', 'openapi_python_client'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_closed_pipe_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_text("a: b\n")
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "mailwright.cli", "bundle", "api.yaml"]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, cwd=tmp_path, check=False)
    os.close(write)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "error: the program reading the output ended before all of it was written"
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
