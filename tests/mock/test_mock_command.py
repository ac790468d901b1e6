from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import IncompleteRead, RemoteDisconnected

import pytest

from mailwright.cli import main

TARGET = "wildduck-1.0.107"
MOCK = [sys.executable, "-m", "mailwright.cli", "mock"]


@contextmanager
def serving(
    *arguments: str, stop: signal.Signals = signal.SIGTERM
) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    targets = [each for each in arguments if each.startswith("wildduck")] or [TARGET]
    options = [each for each in arguments if not each.startswith("wildduck")]
    process = subprocess.Popen(
        [*MOCK, *targets, "--port", "0", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process, [process.stdout.readline() for _ in targets]
        process.send_signal(stop)
        process.wait(10)
    finally:
        process.kill()
        process.wait()


def url_in(line: str) -> str:
    match = re.search(r"http://\S+", line)
    assert match, line
    return match[0]


def fetch(url: str, **headers: str) -> dict[str, object]:
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    with urllib.request.urlopen(request, timeout=5) as answer:
        value: dict[str, object] = json.load(answer)
        return value


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_serves_and_stops_with_a_summary(number: signal.Signals) -> None:
    with serving("--token", "secret", "--users", "3", stop=number) as (process, (line,)):
        assert line.startswith(f"{TARGET} at http://127.0.0.1:")
        assert "secret" not in line
        assert fetch(f"{url_in(line)}/users?accessToken=secret")["total"] == 3
        with pytest.raises(urllib.error.HTTPError) as refused:
            fetch(f"{url_in(line)}/users")
        assert refused.value.code == 403
    out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    assert out.splitlines()[-1] == "stopped: 1 mock, 2 requests answered"


def test_several_targets_have_a_port_each() -> None:
    with serving(TARGET, TARGET) as (_, lines):
        urls = [url_in(line) for line in lines]
        assert len(set(urls)) == 2
        assert [fetch(f"{url}/users")["total"] for url in urls] == [0, 0]


def test_faults_reach_the_wire_where_control_is_given() -> None:
    with serving("--control") as (_, (line,)):
        url = f"{url_in(line)}/users"
        with pytest.raises(IncompleteRead):
            fetch(url, Prefer="fault=truncate")
        with pytest.raises((ConnectionResetError, RemoteDisconnected)):
            fetch(url, Prefer="fault=reset")
        with pytest.raises(urllib.error.HTTPError) as html:
            fetch(url, Prefer="fault=html")
        assert html.value.headers["content-type"] == "text/html"
        assert fetch(url)["success"]


def test_a_port_in_use_is_said_with_a_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["mock", TARGET, "--port", str(port)]) == 2
    error = capsys.readouterr().err
    assert (
        error == f"error: port {port} of 127.0.0.1 is in use (take another with --port, or a free one with --port 0)\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["wildduck-9.9"], "no target wildduck-9.9 here"),
        (["nonsense"], "'nonsense' is not a target name"),
        ([TARGET, "--port", "70000"], "70000 is no port"),
        ([TARGET, "--host", "192.0.2.1"], "192.0.2.1:8080 cannot be listened on"),
    ],
)
def test_wrong_use_ends_with_2(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mock", *arguments]) == 2
    assert said in capsys.readouterr().err
