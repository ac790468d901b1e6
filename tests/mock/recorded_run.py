"""Takes a mock through a recording of a real server: recorded ids, tokens and passwords become those of the mock."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

from mailwright.mock import Mock, Request
from mailwright.mock.packs.wildduck import totp

RECORDINGS = Path(__file__).parents[1] / "exchanges"
_CURSOR = re.compile(r"(?<=(?:next|ious)=)[\w-]+")
_TIME = re.compile(r"20\d\d-\d\d-\d\dT[\d:.]+Z|\w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000")
_MADE = re.compile(r"<[0-9a-f]{8}-[0-9a-f-]{27}@|--_NmP-[0-9a-f]{16}|(?<!\w)[0-9a-f]{18}(?!\w)")
_OWN = re.compile(r"(?<!\w)(?:[0-9a-f]{18}|[0-9a-f]{24}|[0-9a-f]{40})(?!\w)")
# What differs from run to run, and what a mock says in its own words.
_VOLATILE = frozenset(
    {
        "key",
        "password",
        "qrcode",
        "seed",
        "mobileconfig",
        "nextCursor",
        "previousCursor",
        "token",
        "totpNonce",
        "queueId",
    }
    | {"twoFactorNonce", "task", "scheduled", "challenge", "fingerprint", "publicKey", "dnsTxt", "description"}
)


def read(name: str) -> list[dict[str, Any]]:
    """The exchanges of a recording, in order."""
    lines = (RECORDINGS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def stable(body: Any, key: str = "") -> Any:
    """A body without what differs from run to run."""
    if key in _VOLATILE and not isinstance(body, bool):
        return type(body).__name__
    if isinstance(body, dict):
        return {name: stable(value, name) for name, value in sorted(body.items())}
    if isinstance(body, list):
        return [stable(item) for item in body]
    return _MADE.sub("<made>", _TIME.sub("<time>", body)) if isinstance(body, str) else body


class RecordedRun:
    """One run through a mock whose token is `secret`."""

    def __init__(self, mock: Mock) -> None:
        self.mock = mock
        self.mine: dict[str, str] = {}

    def send(self, request: dict[str, Any], code_of: str = "") -> tuple[int, str, Any]:
        """Sends a recorded request; its one-time password becomes the right one of the user `code_of`."""
        headers = {name: value for name, value in request.get("headers", {}).items() if value is not None}
        case = headers.pop("X-Auth-Case", "")
        headers |= {"wrong": {"X-Access-Token": "wrong"}, "bearer": {"Authorization": "Bearer secret"}}.get(case, {})
        if headers.get("X-Access-Token"):
            headers["X-Access-Token"] = self.swap(headers["X-Access-Token"].replace("secrettoken", "secret"))
        body = request.get("json")
        if code_of:
            seed = base64.b32decode(self.mock.totp_secret(self.swap(code_of)))
            body = {**body, "token": totp.code(seed, self.mock._clock())}  # pyright: ignore[reportPrivateUsage]
        if "base64" in request:
            content = base64.b64decode(request["base64"])
        else:
            text = json.dumps(body) if body is not None else request.get("text", "")
            kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
            content = self.swap(text).encode("latin-1" if kind.startswith("image/") else "utf-8")
        if content and not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = "application/json"
        url = f"http://mock.test{self._path(request['path'])}".replace("secrettoken", "secret")
        response = self.mock.handle(Request(request["method"], url, tuple(headers.items()), content))
        kind = (response.header("content-type") or "").partition(";")[0]
        if kind == "application/json":
            return response.status, kind, json.loads(response.content)
        return response.status, kind, response.content

    def learn(self, recorded: Any, mine: Any) -> None:
        """Notes what stands for a recorded id, token or password in this run."""
        if isinstance(recorded, dict) and isinstance(mine, dict):
            for name in recorded.keys() & mine.keys():
                if name == "password" and isinstance(mine[name], str):
                    self.mine[recorded[name]] = mine[name]
                self.learn(recorded[name], mine[name])
        elif isinstance(recorded, list) and isinstance(mine, list):
            for one, other in zip(recorded, mine, strict=False):
                self.learn(one, other)
        elif isinstance(mine, str) and _OWN.fullmatch(str(recorded)) and len(recorded) == len(mine):
            self.mine.setdefault(recorded, mine)

    def swap(self, text: str) -> str:
        """A recorded text with what stands for its ids, tokens and passwords here."""
        for recorded in re.findall(r"\w{12,}", text):
            if recorded in self.mine:
                text = text.replace(recorded, self.mine[recorded])
        return text

    def _path(self, path: str) -> str:
        place, _, query = path.partition("?")
        return self.swap(place) + (f"?{_CURSOR.sub(self._cursor, self.swap(query))}" if query else "")

    def _cursor(self, match: re.Match[str]) -> str:
        try:
            content = base64.urlsafe_b64decode(match[0] + "=" * (-len(match[0]) % 4)).decode()
            json.loads(content)
        except ValueError:
            return match[0]
        return base64.urlsafe_b64encode(_OWN.sub(lambda own: self.swap(own[0]), content).encode()).decode().rstrip("=")


def different(run: RecordedRun, exchange: dict[str, Any], code_of: str = "") -> str:
    """Replays one exchange; a text about it where the mock answers differently, else none."""
    status, kind, mine = run.send(exchange["request"], code_of)
    response = exchange["response"]
    recorded = response.get("json", response.get("text", ""))
    if "base64" in response:
        recorded = base64.b64decode(response["base64"])
    run.learn(recorded, mine)
    if isinstance(mine, bytes) or isinstance(recorded, bytes):
        mine, wanted = repr(mine), repr(recorded.encode() if isinstance(recorded, str) else recorded)
    else:
        wanted = json.loads(run.swap(json.dumps(recorded)))
    recorded_kind = response["headers"].get("content-type", "").partition(";")[0]
    one, other = (response["status"], recorded_kind, stable(wanted)), (status, kind, stable(mine))
    if one == other:
        return ""
    return f"n={exchange['n']} {exchange['note']}\n  recorded {_shown(one, other)}\n  mock     {_shown(other, one)}"


def _shown(one: tuple[int, str, Any], other: tuple[int, str, Any]) -> str:
    if isinstance(one[2], dict) and isinstance(other[2], dict):
        apart = {name: value for name, value in one[2].items() if other[2].get(name, ...) != value}
        return f"{one[:2]} {apart}"
    return str(one)
