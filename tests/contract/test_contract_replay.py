"""Recorded exchanges through the client: what is counted, what differs, and what a broken file says."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from mailwright.cli import main

RECORDED = Path(__file__).parents[1] / "exchanges" / "wildduck-1.0.107.jsonl"
ID = "6b00fde28c649e4bff1aa5f2"


def line(method: str, path: str, answer: object, outcome: str, *, status: int = 200, **body: object) -> dict[str, Any]:
    response = {"status": status, "headers": {"content-type": "application/json"}, "json": answer}
    return {"request": {"method": method, "path": path, **body}, "response": response, "outcome": outcome}


def replayed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *lines: Mapping[str, Any], code: int
) -> tuple[str, list[str]]:
    """Gives the last line of a replay, and those before it."""
    file = tmp_path / "recorded.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in lines))
    assert main(["replay", "wildduck-1.0.107", str(file)]) == code
    *before, last = capsys.readouterr().out.rstrip().splitlines()
    return last.removeprefix("replay wildduck-1.0.107: "), before


def test_the_recorded_exchanges_with_the_real_server_replay_without_a_difference(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["replay", "wildduck-1.0.107", str(RECORDED)]) == 0
    *before, last = capsys.readouterr().out.rstrip().splitlines()
    assert last == "replay wildduck-1.0.107: matched 105 raw 18 skipped 10 request_diff 0 outcome_diff 0"
    assert "skipped GET /user/{user}/search: 1" in before
    assert sum(int(each.rpartition(": ")[2]) for each in before) == 10


@pytest.mark.parametrize(
    ("target", "version"),
    [
        ("wildduck-1.0.89", "1.0.89"),
        ("wildduck-1.0.89", "1.0.92"),
        ("wildduck-1.51", "1.46.1"),
        ("wildduck-1.51", "1.51"),
    ],
)
def test_a_client_reads_what_its_own_version_and_the_next_answered(
    target: str, version: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", target, str(RECORDED.with_name(f"wildduck-{version}.jsonl"))]) == 0
    last = capsys.readouterr().out.rstrip().splitlines()[-1]
    matched = int(last.split("matched ")[1].split()[0])
    assert matched > 50
    assert last.endswith("request_diff 0 outcome_diff 0")


@pytest.mark.parametrize(
    ("recorded", "counts"),
    [
        ("wildduck-1.51", "matched 103 raw 14 skipped 12"),
        ("wildduck-1.51-rest", "matched 279 raw 9 skipped 0"),
        ("wildduck-1.46.1", "matched 95 raw 21 skipped 13"),
    ],
)
def test_the_current_client_reads_what_current_servers_answered(
    recorded: str, counts: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", "wildduck-1.51", str(RECORDED.with_name(f"{recorded}.jsonl"))]) == 0
    last = capsys.readouterr().out.rstrip().splitlines()[-1]
    assert last == f"replay wildduck-1.51: {counts} request_diff 0 outcome_diff 0"


def test_the_mailcow_client_reads_what_a_real_mailcow_answered(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "mailcow-2026.08", str(RECORDED.with_name("mailcow-2026.08.jsonl"))]) == 0
    last = capsys.readouterr().out.rstrip().splitlines()[-1]
    assert last == "replay mailcow-2026.08: matched 183 raw 87 skipped 14 request_diff 0 outcome_diff 0"


def test_a_page_number_is_left_out_and_a_list_may_be_spelled_otherwise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = {"success": True, "total": 0, "page": 2, "previousCursor": "a", "nextCursor": False, "results": []}
    path = "/users?page=2&tags=a,b&next=c&accessToken=secret"
    last, _ = replayed(tmp_path, capsys, line("GET", path, page, "success"), code=0)
    assert last == "matched 1 raw 0 skipped 0 request_diff 0 outcome_diff 0"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/users?nosuch=1", None),
        ("/users?limit=many", None),
        ("/users?query=", None),
        ("/users", {"text": "username=a&password=b"}),
        ("/users", {"json": {"username": "a"}}),
        ("/users", {"json": {"username": "a", "password": "b", "nosuch": 1}}),
        ("/users", {"json": {"username": 1, "password": "b"}}),
        ("/users", {"json": ["username"]}),
        ("/users", {}),
    ],
)
def test_a_request_that_was_wrong_on_purpose_is_raw(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], path: str, body: dict[str, object] | None
) -> None:
    method = "GET" if body is None else "POST"
    exchange = line(method, path, {"error": "wrong", "code": "InputValidationError"}, "failure", **(body or {}))
    last, _ = replayed(tmp_path, capsys, exchange, code=0)
    assert last == "matched 0 raw 1 skipped 0 request_diff 0 outcome_diff 0"


@pytest.mark.parametrize(
    ("answer", "outcome", "said"),
    [
        ({"error": "no such user"}, "success", "an answer that fits was refused"),
        ({"success": True}, "failure", "an error was taken for a success"),
        ({"success": True}, "malformed", "a malformed answer was taken"),
        ({"success": True}, "disconnect", "a disconnect was not told as one"),
    ],
)
def test_an_outcome_that_is_not_the_recorded_one_is_told_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], answer: object, outcome: str, said: str
) -> None:
    good = line("DELETE", f"/users/{ID}", {"success": True}, "success")
    last, before = replayed(tmp_path, capsys, good, line("DELETE", f"/users/{ID}", answer, outcome), code=1)
    assert last == "matched 2 raw 0 skipped 0 request_diff 0 outcome_diff 1"
    assert before[0] == f"{tmp_path}/recorded.jsonl:2: deleteUser: outcome: {said}"
    assert before[1] == f"  arguments  ('{ID}')"


def test_a_request_that_means_something_else_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailwright.runtime.arguments._segment", lambda place, argument: str(argument).upper())
    last, before = replayed(tmp_path, capsys, line("DELETE", f"/users/{ID}", {"success": True}, "success"), code=1)
    assert last == "matched 1 raw 0 skipped 0 request_diff 1 outcome_diff 0"
    assert "deleteUser: request: path" in before[0]


def test_a_disconnect_is_one_for_the_client_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exchange = {
        "request": {"method": "DELETE", "path": f"/users/{ID}"},
        "error": "connection closed without a response",
        "outcome": "disconnect",
    }
    last, _ = replayed(tmp_path, capsys, exchange, code=0)
    assert last == "matched 1 raw 0 skipped 0 request_diff 0 outcome_diff 0"


def test_another_answer_may_be_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = {"status": 200, "headers": {"content-type": "image/png"}, "base64": base64.b64encode(b"\x89PNG").decode()}
    exchange = {"request": {"method": "GET", "path": f"/users/{ID}"}, "response": picture, "outcome": "other"}
    last, _ = replayed(tmp_path, capsys, exchange, code=0)
    assert last == "matched 1 raw 0 skipped 0 request_diff 0 outcome_diff 0"


def test_a_mark_that_looks_like_a_line_end_does_not_end_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "recorded.jsonl"
    exchange = line("PUT", f"/users/{ID}", {"success": True}, "success", json={"name": "a\u2028b\x85c"})
    file.write_text(json.dumps(exchange, ensure_ascii=False) + "\n", encoding="utf-8")
    assert main(["replay", "wildduck-1.0.107", str(file)]) == 0
    assert "matched 1 " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("broken", "cause"),
    [
        ('{"request": ', "Expecting value"),
        ("[]", "no recorded exchange"),
        ('{"outcome": "success"}', "it lacks 'request'"),
        ('{"request": {"method": "GET", "path": "/"}, "outcome": "maybe"}', "outcome 'maybe'"),
        ('{"request": {"method": "GET"}, "outcome": "other"}', "it lacks 'path'"),
        (
            '{"request": {"method": "GET", "path": "/"}, "outcome": "other", "response": {"base64": "?"}}',
            "no recorded exchange",
        ),
        ('{"request": {"method": "GET", "path": "/"}, "outcome": "other", "response": {}}', "it lacks 'status'"),
    ],
)
def test_a_broken_line_is_one_message_with_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], broken: str, cause: str
) -> None:
    file = tmp_path / "recorded.jsonl"
    good = json.dumps(line("DELETE", f"/users/{ID}", {"success": True}, "success"))
    file.write_text(f"{good}\n\n{broken}\n")
    assert main(["replay", "wildduck-1.0.107", str(file)]) == 1
    captured = capsys.readouterr()
    assert f"{file}:3: " in captured.err
    assert cause in captured.err
    assert captured.out == ""


def test_a_file_that_is_not_there_is_one_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "wildduck-1.0.107", str(tmp_path / "none.jsonl")]) == 2
    assert "none.jsonl: cannot be read" in capsys.readouterr().err
