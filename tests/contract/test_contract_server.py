"""`mailwright contract --url` against servers of our own: good, down, HTML, and dying."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from mailwright.cli import main
from mailwright.contract.bindings import Client
from mailwright.targets import Target

TOKEN = "t0ken-of-the-test"
CONTRACT = ["contract", "wildduck-1.0.107", "--cases", "2", "--operation", "deleteUser", "--url"]


class Handler(BaseHTTPRequestHandler):
    """Answers every request alike and keeps what came."""

    content: ClassVar[bytes] = b'{"success": true}'
    media: ClassVar[str] = "application/json"
    status: ClassVar[int] = 200
    seen: ClassVar[list[tuple[str, str, str]]] = []

    def answer(self) -> None:
        self.seen.append((self.command, self.path, self.headers.get("X-Access-Token", "")))
        self.send_response(self.status)
        self.send_header("Content-Type", self.media)
        self.send_header("Content-Length", str(len(self.content)))
        self.end_headers()
        self.wfile.write(self.content)

    do_GET = do_DELETE = do_POST = answer

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""


@pytest.fixture
def handler() -> type[Handler]:
    return type("Fresh", (Handler,), {"seen": []})


@pytest.fixture
def url(handler: type[Handler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILWRIGHT_ACCESS_TOKEN", TOKEN)


def test_cases_go_to_the_server_with_the_token_of_the_environment(
    url: str, handler: type[Handler], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*CONTRACT, url + "/prefix"]) == 0
    captured = capsys.readouterr()
    deletes = [(path, token) for method, path, token in handler.seen if method == "DELETE"]
    assert len(deletes) > 5
    assert all(path.startswith("/prefix/users/") and token == TOKEN for path, token in deletes)
    assert f"server {len(deletes)} at " in captured.out
    assert TOKEN not in captured.out + captured.err


def test_what_destroys_is_sent_only_when_it_is_named(
    url: str, handler: type[Handler], capsys: pytest.CaptureFixture[str]
) -> None:
    handler.content = b"[]"
    known = list(Client(Target.parse("dovecot-2.4")).document.operations)
    of_stop = ["--shard", f"{known.index('stop') + 1}/{len(known)}"]
    main(["contract", "dovecot-2.4", "--cases", "2", *of_stop, "--url", url])
    assert (
        "not judged: stop: a destructive operation that --operation does not name (1 cases)" in capsys.readouterr().out
    )
    assert [method for method, _, _ in handler.seen if method == "POST"] == []
    main(["contract", "dovecot-2.4", "--cases", "2", "--operation", "stop", "--url", url])
    assert [path for method, path, _ in handler.seen if method == "POST"] != []


def test_a_documented_exception_is_well(url: str, handler: type[Handler]) -> None:
    handler.content = b'{"error": "no such user", "code": "UserNotFound"}'
    assert main([*CONTRACT, url]) == 0


def test_a_refused_token_is_one_message_without_the_token(
    url: str, handler: type[Handler], capsys: pytest.CaptureFixture[str]
) -> None:
    handler.status, handler.content = 403, b'{"error": "Invalid accessToken value"}'
    assert main([*CONTRACT, url]) == 1
    captured = capsys.readouterr()
    assert "the server refuses the token: GET /users is answered with status 403" in captured.err
    assert "MAILWRIGHT_ACCESS_TOKEN" in captured.err
    assert TOKEN not in captured.out + captured.err


def test_a_server_that_answers_html_is_one_message(
    url: str, handler: type[Handler], capsys: pytest.CaptureFixture[str]
) -> None:
    handler.content, handler.media = b"<!DOCTYPE html><title>Welcome</title>", "text/html"
    assert main([*CONTRACT, url]) == 1
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert f"{url}: this is not the API: GET /users is answered with text/html, status 200" in captured.err
    assert "give the URL of the API itself" in captured.err
    assert len(handler.seen) == 1


def test_a_server_that_is_down_is_one_message(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert main([*CONTRACT, url]) == 1
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert f"error: {url}: no server answers here: " in captured.err
    assert "start it, or check the URL" in captured.err


def test_a_server_that_goes_away_ends_the_run(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from mailwright.runtime import ConnectFailed
    from mailwright.runtime.backends.httpx_backend import HttpxBackend

    original = HttpxBackend.send
    left = iter([True])

    def dying(self: HttpxBackend, request: object) -> object:
        if next(left, False):
            return original(self, request)  # type: ignore[arg-type]
        raise ConnectFailed("refused")

    monkeypatch.setattr(HttpxBackend, "send", dying)
    assert main([*CONTRACT, url]) == 1
    assert "the server went away during deleteUser(" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["ftp://x", "nonsense", "http://", "http://u:p@h/"])
def test_a_url_that_is_none_is_wrong_use(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*CONTRACT, url]) == 2
    assert "--url: base_url" in capsys.readouterr().err


def test_the_help_warns_that_the_server_is_written_to(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["contract", "--help"])
    assert "THIS WRITES TO THE SERVER" in " ".join(capsys.readouterr().out.split())


class Shapes(BaseHTTPRequestHandler):
    """Answers each shape in its kind, and keeps what came."""

    seen: ClassVar[list[tuple[str, str, bytes]]] = []

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.seen.append((self.command, self.headers.get("Authorization", ""), body))
        path = self.path.partition("?")[0]
        status, kind, content = 200, "application/json", b'{"success": true, "total": 1}'
        if path.endswith(".eml"):
            kind, content = "message/rfc822", b"Subject: x"
        elif path == "/updates":
            kind, content = "text/event-stream", b'data: {"command": "EXISTS"}\n\n'
        elif self.command == "DELETE" or self.headers.get("Content-Type") == "application/vnd.mail+json":
            status, content = 204, b""
        self.send_response(status)
        if content:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_DELETE = do_POST = answer

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""


def test_every_shape_goes_to_the_server_and_what_cannot_be_judged_is_said(
    shapes: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("MAILWRIGHT_USERNAME", "jane")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shapes)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}"
        report = tmp_path / "report"
        # Named, those are sent too that destroy.
        every = ["--operation", *shapes.document.operations]
        code = main(["contract", "shapes-1", "--cases", "4", *every, "--url", url, "--report", str(report)])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    out = capsys.readouterr().out
    assert code == 0, out
    assert "not judged: watch: the events of a real server (" in out
    told = json.loads((report / "contract.json").read_text())["unjudged"]
    assert [(each["operation"], each["what"]) for each in told] == [("watch", "the events of a real server")]
    assert told[0]["cases"] > 0
    expected = "Basic " + base64.b64encode(f"jane:{TOKEN}".encode()).decode()
    assert {given for _, given, _ in Shapes.seen} == {expected, ""}
    assert any(method == "POST" and body for method, _, body in Shapes.seen)
