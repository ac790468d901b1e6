"""The mock is taken through the scenario that was recorded with a real server, and has to answer the same."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from mailwright.mock import Mock, Request
from mailwright.mock.packs.wildduck import totp

RECORDED = Path(__file__).parents[1] / "exchanges" / "wildduck-1.0.107.jsonl"
ELSEWHERE = re.compile(r"/(messages|archived|search|updates|limits)\b")
# What differs from run to run, and what stands for something else in the recording: 185 counts stored messages.
VOLATILE = ("created", "expires", "password", "qrcode", "mobileconfig", "nextCursor", "previousCursor")
LEFT_OUT = {185}

TESTUSER = "6b00fde28c649e4bff1aa5f2"
ALIAS = "6b00fde68c649e4bff1aa633"
# Steps of the scenario that the recording leaves out, before the one of that number; with the id that came of them.
BETWEEN: dict[int, list[tuple[str, str, Any, str]]] = {
    9: [
        (
            "POST",
            "/users",
            {
                "username": "testuser01",
                "password": "secretpass",
                "address": "testuser01@example.test",
                "name": "Test User",
                "tags": ["green", "blue"],
                "ip": "192.168.10.10",
            },
            TESTUSER,
        )
    ],
    22: [
        ("POST", "/users", {"username": "nopass", "password": False, "emptyAddress": True}, "6b00fde28c649e4bff1aa609"),
        (
            "POST",
            "/users",
            {
                "username": "tgtuser",
                "password": "secretpass",
                "targets": ["fwd@remote.test", "http://127.0.0.1:9/hook"],
                "tags": ["green"],
            },
            "6b00fde38c649e4bff1aa612",
        ),
        ("POST", "/users", {"username": "fulluser", "password": "secretpass", "quota": 1048576}, ""),
    ],
    41: [
        ("PUT", f"/users/{TESTUSER}", {"existingPassword": "wrong", "password": "newsecret1"}, ""),
        ("PUT", f"/users/{TESTUSER}", {"existingPassword": "secretpass", "password": "newsecret1"}, ""),
    ],
    55: [
        ("POST", "/authenticate", {"username": "testuser01", "password": "wrong"}, ""),
        ("POST", "/authenticate", {"username": "ghost", "password": "wrong"}, ""),
    ],
    75: [
        ("POST", f"/users/{TESTUSER}/addresses", {"address": "андрис@уайлддак.орг"}, "6b00fde68c649e4bff1aa634"),
    ],
    84: [("PUT", f"/users/{TESTUSER}/addresses/{ALIAS}", {"main": True}, "")],
    103: [("DELETE", f"/users/{TESTUSER}/mailboxes/6b00fde68c649e4bff1aa635", None, "")],
    117: [
        (
            "PUT",
            f"/users/{TESTUSER}/filters/6b00fde68c649e4bff1aa63c",
            {"query": {"from": "", "ha": True}, "action": {"spam": True}},
            "",
        )
    ],
    123: [
        (
            "PUT",
            f"/users/{TESTUSER}/autoreply",
            {
                "status": True,
                "subject": "Out of office",
                "text": "I'm out of office this week",
                "html": "<p>out</p>",
                "start": "2017-11-15T00:00:00.000Z",
                "end": "2017-11-19T00:00:00.000Z",
            },
            "",
        )
    ],
}


class Scenario:
    """One run; recorded ids and passwords are replaced by what the mock gave in their place."""

    def __init__(self, mock: Mock) -> None:
        self.mock = mock
        self.mine: dict[str, str] = {}

    def swap(self, text: str) -> str:
        for recorded, mine in self.mine.items():
            text = text.replace(recorded, mine)
        return text

    def path(self, path: str) -> str:
        place, _, query = path.partition("?")
        return self.swap(place) + ("?" + re.sub(r"(?<=(?:next|ious)=)[\w-]+", self._cursor, query) if query else "")

    def _cursor(self, match: re.Match[str]) -> str:
        try:
            content = base64.urlsafe_b64decode(match[0] + "=" * (-len(match[0]) % 4)).decode()
            json.loads(content)
        except ValueError:
            return match[0]
        return base64.urlsafe_b64encode(self.swap(content).encode()).decode().rstrip("=")

    def send(self, method: str, path: str, headers: dict[str, str], content: bytes) -> tuple[int, Any]:
        case = headers.pop("X-Auth-Case", None)
        if case:
            headers.update(
                {"wrong": {"X-Access-Token": "wrong"}, "bearer": {"Authorization": "Bearer secret-token"}}[case]
            )
        elif "X-Access-Token" in headers:
            headers["X-Access-Token"] = "secret-token"
        if content:
            headers.setdefault("Content-Type", "application/json")
        response = self.mock.handle(
            Request(method, f"http://mock.test{self.path(path)}", tuple(headers.items()), content)
        )
        return response.status, json.loads(response.content)

    def step(self, method: str, path: str, body: Any, recorded_id: str) -> None:
        content = b"" if body is None else json.dumps(body).encode()
        _, answer = self.send(method, path, {"X-Access-Token": ""}, content)
        if recorded_id:
            self.mine[recorded_id] = answer["id"]

    def replay(self, exchange: dict[str, Any]) -> tuple[int, Any]:
        request = exchange["request"]
        body = request.get("json")
        if "token" in (body or {}) and exchange["outcome"] == "success":
            # The recorded code was right for the recorded seed and time.
            seed = base64.b32decode(self.mock.totp_secret(self.mine[TESTUSER]))
            body = {**body, "token": totp.code(seed, self.mock_time())}
        content = json.dumps(body).encode() if body is not None else request.get("text", "").encode()
        content = self.swap(content.decode()).encode()
        return self.send(request["method"], request["path"], dict(request["headers"]), content)

    def mock_time(self) -> Any:
        return self.mock._clock()  # pyright: ignore[reportPrivateUsage]

    def learn(self, recorded: Any, mine: Any) -> None:
        if isinstance(recorded, dict) and isinstance(mine, dict):
            for key in ("id", "password"):
                if isinstance(recorded.get(key), str) and key in mine:
                    self.mine[recorded[key]] = mine[key]
            for one, other in zip(recorded.get("results", []), mine.get("results", []), strict=False):
                self.learn(one, other)


def stable(body: Any) -> Any:
    if isinstance(body, dict):
        return {key: type(value).__name__ if key in VOLATILE else stable(value) for key, value in sorted(body.items())}
    return [stable(item) for item in body] if isinstance(body, list) else body


def test_every_recorded_answer_is_the_answer_of_the_mock(mock: Mock) -> None:
    scenario = Scenario(mock)
    exchanges = [json.loads(line) for line in RECORDED.read_text(encoding="utf-8").splitlines()]
    between = dict(BETWEEN)
    compared = 0
    differences: list[str] = []
    for exchange in exchanges:
        for number in [each for each in between if each <= exchange["n"]]:
            for step in between.pop(number):
                scenario.step(*step)
        if ELSEWHERE.search(exchange["request"]["path"]) or exchange["n"] in LEFT_OUT:
            continue
        status, mine = scenario.replay(exchange)
        recorded = exchange["response"]["json"]
        scenario.learn(recorded, mine)
        wanted = (exchange["response"]["status"], stable(json.loads(scenario.swap(json.dumps(recorded)))))
        compared += 1
        if wanted != (status, stable(mine)):
            differences.append(
                f"n={exchange['n']} {exchange['note']}\n  recorded {wanted}\n  mock     {(status, stable(mine))}"
            )
    assert not differences, "\n".join(differences)
    assert compared == 98


@pytest.mark.parametrize("number", [2, 6, 9, 15, 80])
def test_headers_say_what_the_real_ones_say(mock: Mock, number: int) -> None:
    lines = RECORDED.read_text(encoding="utf-8").splitlines()
    exchange = next(each for each in map(json.loads, lines) if each["n"] == number)
    request = exchange["request"]
    token = "wrong" if "X-Auth-Case" in request["headers"] else "secret-token"
    headers = {"X-Access-Token": token, "Content-Type": "application/json"}
    content = json.dumps(request["json"]).encode() if "json" in request else request.get("text", "").encode()
    response = mock.handle(Request(request["method"], request["path"], tuple(headers.items()), content))
    recorded = exchange["response"]["headers"]
    assert response.header("server") == recorded["server"]
    assert response.header("content-type") == recorded["content-type"]
    assert response.header("content-length") == str(len(response.content))
