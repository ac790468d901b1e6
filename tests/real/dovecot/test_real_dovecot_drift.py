from __future__ import annotations

import json

import pytest
from dovecot_server import RealDovecot

from mailwright.cli import main

LISTED = {"2.3": 120, "2.4": 114}
# The document of 2.4 is of 2.4.4 alone: authCacheFlush was renamed after 2.4.1, and sieve is a package of its own.
DIFFERENCES: dict[str, set[tuple[str, ...]]] = {
    "2.3": set(),
    "2.4": {("lacking", "authCacheFlush", "user"), ("surplus", "authCacheFlush", "userMask")}
    | {("lacking", f"sieve{name}") for name in ("Activate", "Deactivate", "Delete", "Get", "List", "Put", "Rename")},
}


def test_the_listing_of_the_server_is_what_the_document_says(
    server: RealDovecot, series: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MAILWRIGHT_USERNAME", "doveadm")
    monkeypatch.setenv("MAILWRIGHT_ACCESS_TOKEN", server.password)
    code = main(["drift", f"dovecot-{series}", "--url", server.url, "--json"])
    told = json.loads(capsys.readouterr().out)
    names = ("kind", "capability", "parameter")
    found = {tuple(each[name] for name in names if name in each) for each in told["differences"]}
    assert found == DIFFERENCES[series]
    assert (code, told["listed"]) == (int(bool(found)), LISTED[series])
