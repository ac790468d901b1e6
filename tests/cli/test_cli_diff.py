from __future__ import annotations

import json

import pytest

from mailwright.cli import main
from mailwright.targets import installed


def test_a_target_and_itself_differ_in_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    for target in installed():
        assert main(["diff", target.name, target.name]) == 0
        last = capsys.readouterr().out.splitlines()[-1]
        assert last == "0 breaking, 0 on the wire only, 0 additions; suggested bump: patch"


def test_json_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    name = installed()[0].name
    assert main(["diff", name, name, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"from": name, "to": name, "bump": "patch", "changes": []}


def test_an_unknown_target_is_wrong_use_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "duck-1", installed()[0].name]) == 2
    assert "no generated client is for duck-1" in (error := capsys.readouterr().err)
    assert installed()[0].name in error
