"""Recorded exchanges that are more than JSON both ways: what is compared of them, and what is found."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from mailwright.cli import main
from mailwright.contract.bindings import Client

FILE = base64.b64encode(b"Subject: x\r\n\r\n\xff").decode()
EVENTS = ': hello\r\n\r\nid: 1\r\ndata: {\r\ndata: "command": "EXISTS"}\r\n\r\ndata: {"command": "cut'


def line(method: str, path: str, status: int, kind: str, answer: dict[str, Any], **request: Any) -> dict[str, Any]:
    headers = {"content-type": kind} if kind else {}
    response = {"status": status, "headers": headers, **answer}
    return {"request": {"method": method, "path": path, **request}, "response": response, "outcome": "success"}


LINES = {
    "an upload": line(
        "POST", "/boxes/in%20box/messages?draft=true", 200, "application/json", {"json": {"success": True}}, text="\0é"
    ),
    "fields on the same path": line("POST", "/boxes/b/messages", 204, "", {"text": ""}, json={"subject": "x"}),
    "nothing": line("DELETE", "/boxes/b/messages", 204, "", {"text": ""}),
    "nothing in the place of a value": line("GET", "/boxes/b/messages", 202, "", {"text": ""}),
    "a file": line("GET", "/boxes/b/messages/7.eml?tags=a,b", 200, "message/rfc822", {"base64": FILE}),
    "events": line("GET", "/updates?interval=5", 200, "text/event-stream", {"text": EVENTS}),
}


def replay(tmp_path: Path, capsys: pytest.CaptureFixture[str], *lines: dict[str, Any]) -> tuple[int, str]:
    file = tmp_path / "recorded.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in lines))
    code = main(["replay", "shapes-1", str(file)])
    return code, capsys.readouterr().out


@pytest.mark.parametrize("name", LINES)
def test_it_replays_without_a_difference(
    shapes: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    code, out = replay(tmp_path, capsys, LINES[name])
    assert out.rstrip().endswith("matched 1 raw 0 skipped 0 request_diff 0 outcome_diff 0")
    assert code == 0


DIFFERENCES: list[tuple[str, str, Any, str]] = [
    ("an upload", "runtime.upload.Upload.chunks", lambda self: iter([b"other"]), "request_diff 1 outcome_diff 0"),
    ("a file", "contract.calling.read", lambda stream, **options: b"other", "outcome_diff 1"),
    ("events", "contract.calling.read", lambda stream, **options: [], "outcome_diff 1"),
]


@pytest.mark.parametrize(("name", "place", "bug", "counts"), DIFFERENCES, ids=[each[0] for each in DIFFERENCES])
def test_a_difference_is_found(
    shapes: Client,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    place: str,
    bug: Any,
    counts: str,
) -> None:
    monkeypatch.setattr(f"mailwright.{place}", bug)
    code, out = replay(tmp_path, capsys, LINES[name])
    assert code == 1
    assert counts in out


def test_a_body_of_the_wrong_kind_is_raw(shapes: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = line("DELETE", "/boxes/b/messages", 204, "", {"text": ""}, text="x")
    assert "matched 0 raw 1" in replay(tmp_path, capsys, wrong)[1]
