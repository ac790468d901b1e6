"""`mailwright drift` on recorded listings and on servers that run here."""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from mailwright.cli import main

LISTINGS = Path(__file__).parents[1] / "listings"
SECRET = "a-secret-for-the-tests"
AS_PASSWORD = "Basic " + b64encode(f"doveadm:{SECRET}".encode()).decode()
AS_KEY = "X-Dovecot-API " + b64encode(SECRET.encode()).decode()
TOKEN = "MAILWRIGHT_ACCESS_TOKEN"


@contextmanager
def served(content: bytes, *, taken: str = AS_PASSWORD, status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """Serves a listing on loopback to who sends the right header; gives the URL and the headers that came."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers.get("Authorization", ""))
            right = seen[-1] == taken and self.path == "/doveadm/v1"
            body = content if right else b""
            self.send_response(status if right else 401)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def recorded(version: str) -> Any:
    return json.loads((LISTINGS / f"dovecot-{version}.json").read_bytes())


def changed(tmp_path: Path, version: str, change: Callable[[dict[str, Any]], object]) -> str:
    """Writes a recorded listing in which something else is true."""
    commands = {each["command"]: each for each in recorded(version)}
    change(commands)
    path = tmp_path / "listing.json"
    path.write_text(json.dumps(list(commands.values())), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(("version", "count"), [("2.3", 120), ("2.4", 107)])
def test_recorded_listings_of_real_servers_show_no_drift(
    version: str, count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    target = f"dovecot-{version}"
    assert main(["drift", target, "--listing", str(LISTINGS / f"{target}.json")]) == 0
    assert capsys.readouterr().out == f"drift {target}: 0 differences; the server lists {count} commands\n"


def test_each_kind_of_drift_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def change(commands: dict[str, Any]) -> None:
        del commands["reload"]
        commands["authCacheStatus"] = {"command": "authCacheStatus", "parameters": []}
        commands["kick"]["parameters"].append({"name": "force", "type": "boolean"})
        commands["fetch"]["parameters"] = [each for each in commands["fetch"]["parameters"] if each["name"] != "field"]
        next(each for each in commands["index"]["parameters"] if each["name"] == "maxRecent")["type"] = "string"

    listing = changed(tmp_path, "2.4", change)
    assert main(["drift", "dovecot-2.4", "--listing", listing]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "command authCacheStatus is on the server and not in the document",
        "command fetch: parameter field (array) is in the document and not on the server",
        "command index: parameter maxRecent is string on the server and integer in the document",
        "command kick: parameter force (boolean) is on the server and not in the document",
        "command reload is in the document and not on the server",
        "drift dovecot-2.4: 5 differences (2 in commands, 3 in parameters); the server lists 107 commands",
    ]
    assert main(["drift", "dovecot-2.4", "--listing", listing, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [each["kind"] for each in told["differences"]] == ["lacking", "surplus", "retyped", "lacking", "surplus"]


def test_a_server_without_a_plugin_shows_no_drift(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plugin = [each["command"] for each in recorded("2.3") if each["command"].startswith("sieve")]
    listing = changed(tmp_path, "2.3", lambda commands: [commands.pop(name) for name in plugin])
    assert main(["drift", "dovecot-2.3", "--listing", listing]) == 0
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith("not loaded: sieve (")
    assert len(plugin) == first.count("sieve") - 1 == 7
    assert last.endswith("lists 113 commands, without 1 part that it has not loaded")


@pytest.mark.parametrize(("taken", "tries"), [(AS_PASSWORD, [AS_PASSWORD]), (AS_KEY, [AS_PASSWORD, AS_KEY])])
def test_a_running_server_is_asked_with_the_secret_as_password_and_then_as_key(
    taken: str, tries: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(TOKEN, SECRET)
    with served((LISTINGS / "dovecot-2.4.json").read_bytes(), taken=taken) as (url, seen):
        assert main(["drift", "dovecot-2.4", "--url", url]) == 0
    assert seen == tries
    assert capsys.readouterr().out.startswith("drift dovecot-2.4: 0 differences")


@pytest.mark.parametrize("secret", ["", "wrong-secret"])
def test_a_server_that_refuses_is_told_without_the_secret(
    secret: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(TOKEN, secret)
    with served(b"[]") as (url, seen):
        assert main(["drift", "dovecot-2.4", "--url", url]) == 1
    assert len(seen) == (2 if secret else 1)
    told = capsys.readouterr().err
    assert "the server refuses" in told
    assert TOKEN in told
    assert "wrong-secret" not in told


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>", "no listing of doveadm commands"),
        (b'{"command": "who"}', "no listing of doveadm commands"),
        (b'[{"command": "who", "parameters": [{"name": "mask"}]}]', "no listing of doveadm commands"),
        (b'[{"command":"who","parameters":[]},{"command":"who","parameters":[]}]', "it has who twice"),
        (b"[" * 100_000, "no listing of doveadm commands"),
    ],
)
def test_what_is_no_listing_is_told(
    content: bytes, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(TOKEN, SECRET)
    with served(content) as (url, _):
        assert main(["drift", "dovecot-2.4", "--url", url]) == 1
    told = capsys.readouterr()
    assert words in told.err
    assert url in told.err
    assert told.out == ""


def test_another_status_and_a_closed_port_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(TOKEN, SECRET)
    with served(b"[]", status=500) as (url, _):
        assert main(["drift", "dovecot-2.4", "--url", url]) == 1
    assert "answered with status 500" in capsys.readouterr().err
    assert main(["drift", "dovecot-2.4", "--url", url]) == 1
    assert "no server answers here" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["dovecot-2.4", "--url", "ftp://127.0.0.1"], "must start with http"),
        (["dovecot-2.4", "--url", "http://a:b@127.0.0.1"], "credentials"),
        (["dovecot-2.4", "--listing", "no-such-listing.json"], "cannot be read"),
        (["dovecot-9", "--listing", "no-such-listing.json"], "no target dovecot-9"),
        (["wildduck-1.51", "--listing", "no-such-listing.json"], "no listing that is known"),
    ],
)
def test_wrong_use_ends_with_2(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drift", *arguments]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["--url", "http://127.0.0.1", "--listing", "x.json"]])
def test_either_a_server_or_a_recorded_listing_is_wanted(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["drift", "dovecot-2.4", *arguments])
    assert ended.value.code == 2
