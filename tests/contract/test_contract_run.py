"""The contract of WildDuck 1.0.107 holds, and what a run says of itself."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mailwright.cli import main
from mailwright.contract.bindings import Client
from mailwright.contract.run import run


def test_the_generated_client_keeps_the_contract(wildduck: Client) -> None:
    operations = list(wildduck.document.operations.values())
    suite = run(wildduck, operations, cases=4, seed=1)
    assert [str(finding) for finding in suite.findings] == []
    assert suite.coverage.operations == set(wildduck.document.operations)
    assert suite.coverage.gaps() == []
    halves = {half for _, half in suite.counts}
    assert halves == {"encode", "decode", "hostile"}
    assert all(suite.counts[name, half] for name in wildduck.document.operations for half in halves)


def test_a_run_ends_with_one_line_that_tells_counts_rates_and_seed(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["contract", "wildduck-1.0.107", "--cases", "3", "--seed", "5", "--operation", "getUser", "listUsers"])
    out = capsys.readouterr().out
    last = out.rstrip().splitlines()[-1]
    assert re.fullmatch(
        r"contract wildduck-1\.0\.107: 0 differences in [\d,]+ cases "
        r"\(encode [\d,]+ at [\d,]+/s, decode [\d,]+ at [\d,]+/s, hostile [\d,]+; seed 5\)",
        last,
    )
    assert code == 0
    assert re.search(r"^getUser +\d+ +\d+ +\d+ +0$", out, re.MULTILINE)
    assert "coverage: operations 2 of 2" in out


@pytest.mark.parametrize(
    ("target", "operation"), [("wildduck-1.51", "listApiMethods"), ("dovecot-2.4", "listCommands")]
)
def test_a_good_answer_without_an_envelope_may_be_empty_json_and_yet_no_picture(target: str, operation: str) -> None:
    assert main(["contract", target, "--cases", "1", "--operation", operation]) == 0


def test_the_same_seed_gives_the_same_cases(wildduck: Client) -> None:
    operation = wildduck.document.operations["createMailbox"]
    first, again = (run(wildduck, [operation], cases=10, seed=3) for _ in range(2))
    assert first.counts == again.counts
    assert first.coverage.parameters == again.coverage.parameters


def test_shards_take_every_operation_once(wildduck: Client, capsys: pytest.CaptureFixture[str]) -> None:
    names = ["getUser", "listAsps", "deleteAsp", "getMailbox", "resetQuota"]
    seen: list[str] = []
    for shard in ("1/2", "2/2"):
        arguments = ["contract", "wildduck-1.0.107", "--cases", "1", "--shard", shard, "--operation", *names]
        assert main(arguments) == 0
        seen += re.findall(r"^(\w+) +\d+ +\d+ +[\d,]+ +0$", capsys.readouterr().out, re.MULTILINE)
    assert sorted(seen) == sorted(names)


@pytest.mark.parametrize(
    "arguments",
    [["--shard", "3/2"], ["--shard", "0/2"], ["--shard", "x"], ["--cases", "0"], ["--cases", "many"]],
)
def test_wrong_use_is_told_with_exit_code_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["contract", "wildduck-1.0.107", *arguments])
    assert stopped.value.code == 2


def test_an_unknown_target_or_operation_is_one_message(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contract", "wildduck-9.9"]) == 2
    assert "no target wildduck-9.9" in capsys.readouterr().err
    assert main(["contract", "wildduck-1.0.107", "--operation", "getUsr"]) == 2
    assert "no operation getUsr" in capsys.readouterr().err


def test_a_report_is_written_as_json_and_junit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "new" / "report"
    arguments = ["contract", "wildduck-1.0.107", "--cases", "2", "--operation", "getUser", "--report", str(folder)]
    assert main(arguments) == 0
    report = json.loads((folder / "contract.json").read_text())
    assert (report["target"], report["seed"], report["differences"]) == ("wildduck-1.0.107", 1, [])
    assert report["operations"]["getUser"]["hostile"] > 50
    suites = ElementTree.parse(folder / "junit.xml").getroot()
    group = next(each for each in suites if each.get("name") == "getUser")
    assert [case.get("name") for case in group] == ["encode", "decode", "hostile"]
    assert group.get("failures") == "0"
    assert "wrote" in capsys.readouterr().err


def test_a_report_that_cannot_be_written_is_one_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("")
    arguments = ["contract", "wildduck-1.0.107", "--cases", "1", "--operation", "getUser"]
    assert main([*arguments, "--report", str(tmp_path / "taken")]) == 2
    assert "--report" in capsys.readouterr().err
