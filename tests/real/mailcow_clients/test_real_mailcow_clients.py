"""Clients of mailcow that others have written run on our mock as they are, and see what a real server shows them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from client_tools import CannotInstall, npm_client, python_client

HERE = Path(__file__).parent
KEY = "a-key-for-the-tests"
SECONDS = 60


@pytest.fixture
def url() -> Iterator[str]:
    """A mock server in a process of its own."""
    command = [sys.executable, "-m", "mailwright.cli", "mock", "mailcow-2026.08", "--port", "0", "--token", KEY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            found = next(
                (each for line in server.stdout if (each := re.search(r"http://127\.0\.0\.1:\d+", line))), None
            )
            assert found is not None, f"the mock did not start (exit code {server.wait(10)})"
            yield found[0]
        finally:
            server.terminate()
            server.wait(10)


def run(command: list[str], **environment: str) -> str:
    """What a program prints."""
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=SECONDS, check=False, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stderr or done.stdout
    return done.stdout


def messages(entries: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    return [(entry["type"], entry["msg"]) for entry in entries]


@pytest.fixture
def npm_told(url: str) -> dict[str, Any]:
    """What the methods of mailcow-api give."""
    try:
        node, package = npm_client()
    except CannotInstall as error:
        pytest.skip(f"no mailcow-api here: {error}")
    told: dict[str, Any] = json.loads(run([node, str(HERE / "npm_story.js"), str(package), url, KEY]))
    return told


@pytest.fixture
def configuration(url: str, tmp_path: Path) -> Path:
    """The configuration of python-mailcow, where its program looks for it below a home folder."""
    file = tmp_path / ".config" / "python-mailcow.conf"
    file.parent.mkdir()
    file.write_text(f"[defaults]\nserver = mock\n\n[mock]\nurl = {url}\ntoken = {KEY}\n", encoding="utf-8")
    return file


@pytest.fixture
def python() -> Path:
    """A Python that has python-mailcow."""
    try:
        return python_client()
    except CannotInstall as error:
        pytest.skip(f"no python-mailcow here: {error}")


def test_mailcow_api_does_all_it_can_do(npm_told: dict[str, Any]) -> None:
    done = ["addDomain", "editDomain", "deleteDKIM", "addDKIM", "addAlias", "deleteMailbox", "deleteDomain"]
    assert {step: npm_told[step] for step in done} == dict.fromkeys(done, True)
    assert npm_told["getDomain"][0]["max_num_aliases_for_domain"] == 400
    assert npm_told["edited domain"][0]["max_num_aliases_for_domain"] == 399
    assert (npm_told["getDKIM"]["dkim_selector"], npm_told["getDKIM"]["length"]) == ("s1", "1024")
    assert npm_told["addAndGetDKIM"] == npm_told["getDKIM"]
    assert npm_told["addMailbox"]["password"]
    assert npm_told["getMailboxes"]["name"] == "John Doe"
    assert [box["username"] for box in npm_told["getMailboxes of all"]] == ["mail@npm.example"]
    assert npm_told["addDomainAdmin"]["username"] == "npmadmin"


def test_mailcow_api_sees_what_the_mock_refuses(npm_told: dict[str, Any]) -> None:
    refused = [
        *("addDomain again", "editDomain of another", "addDKIM where one is", "getDKIM of none", "addMailbox again"),
        *("addMailbox too large", "addAlias again", "deleteDomain with a mailbox", "deleteMailbox again"),
    ]
    assert {step: npm_told[step] for step in refused} == dict.fromkeys(refused, False)


def test_mailcow_api_has_its_faults_here_as_on_a_real_server(npm_told: dict[str, Any]) -> None:
    assert npm_told["domains of an empty server"] == [{}]
    assert npm_told["getDomain of a server with domains"] is False
    assert npm_told["updateMailboxes"] == {"thrown": "ReferenceError"}
    assert npm_told["with a wrong key"] == [{"type": "error", "msg": "authentication failed"}]


def test_python_mailcow_reads_the_document_and_does_what_it_can_do(python: Path, configuration: Path) -> None:
    told = json.loads(run([str(python), str(HERE / "python_story.py"), str(configuration)]))
    assert {"domain", "mailbox", "alias", "dkim", "rl-mbox"} <= set(told["sections"])
    assert told["no domains"] == {}
    assert messages(told["add"]) == [
        ("success", ["dkim_added", "py.example"]),
        ("success", ["domain_added", "py.example"]),
    ]
    assert messages(told["add again"]) == [("danger", ["domain_exists", "py.example"])]
    assert told["get"]["tags"] == ["py"]
    assert messages(told["add mailbox"])[-1] == ("success", ["mailbox_added", "jane@py.example"])
    assert messages(told["one too many"]) == [("danger", ["max_mailbox_exceeded", 1, 1])]
    assert messages(told["edit"]) == [
        ("success", ["mailbox_modified", "jane@py.example"]),
        ("danger", "access_denied"),
    ]
    assert messages(told["limit"]) == [("success", ["rl_saved", "jane@py.example"])]
    assert (told["mailbox"]["name"], told["mailbox"]["rl"]) == ("Jane", {"value": "5", "frame": "h"})
    assert "info@py.example" in told["table"]
    assert messages(told["delete domain with a mailbox"]) == [("danger", ["domain_not_empty", "py.example"])]
    assert messages(told["delete"]) == [("success", ["domain_removed", "py.example"])]
    assert told["unknown"] == {"type": "error", "msg": "route not found"}


def test_the_program_of_python_mailcow_runs(python: Path, configuration: Path) -> None:
    program, home = [str(python), "-m", "mailcow", "--json"], str(configuration.parent.parent)
    added = json.loads(run([*program, "domain", "add", "--domain", "cli.example"], HOME=home))
    assert messages(added)[-1] == ("success", ["domain_added", "cli.example"])
    found = json.loads(run([*program, "domain", "get", "--domain", "cli.example"], HOME=home))
    assert found["domain_name"] == "cli.example"
    gone = json.loads(run([*program, "domain", "delete", "--items", "cli.example"], HOME=home))
    assert messages(gone) == [("success", ["domain_removed", "cli.example"])]
