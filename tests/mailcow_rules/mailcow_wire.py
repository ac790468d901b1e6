"""mailcow's clients on single answers as its server sends them, and on the mock."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from mailwright_mailcow.v2026_08 import AsyncMailcow, Mailcow

from mailwright.mock import Mock, MockBackend
from mailwright.mock import Request as MockRequest
from mailwright.runtime import MailwrightError, Request, Retries
from mailwright.targets import bundled_document

RECORDING = Path(__file__).parents[1] / "exchanges" / "mailcow-2026.08.jsonl"
DOCUMENT: Any = bundled_document("mailcow-2026.08")
URL = "http://mail.test"
MIB = 1024 * 1024
_ONCE = Retries(attempts=1)

Call = Callable[[Any], Any]


@dataclass(frozen=True)
class Answer:
    """One answer; JSON that is no success calls itself HTML, as the server's does."""

    content: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)


def says(body: Any, status: int = 200) -> Answer:
    """An answer of this body: JSON, or the bytes themselves."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    html = status in (401, 500)
    return Answer(content, status, (("Content-Type", "text/html; charset=UTF-8" if html else "application/json"),))


def success(*message: Any) -> dict[str, Any]:
    return _entry("success", message)


def danger(*message: Any) -> dict[str, Any]:
    return _entry("danger", message)


def alone(text: str) -> dict[str, Any]:
    """The one object that an error is."""
    return {"type": "error", "msg": text}


def _entry(kind: str, message: tuple[Any, ...]) -> dict[str, Any]:
    return {"type": kind, "log": ["mailbox", "add", {}, None], "msg": list(message) if message[1:] else message[0]}


@cache
def exchanges() -> dict[int, dict[str, Any]]:
    """What was recorded with the real server, by number."""
    lines = RECORDING.read_text(encoding="utf-8").splitlines()
    return {each["n"]: each for each in map(json.loads, lines)}


def recorded(number: int) -> Answer:
    """The recorded answer of this number."""
    response = exchanges()[number]["response"]
    content = json.dumps(response["json"]) if "json" in response else response.get("text", "")
    return Answer(content.encode(), response["status"], tuple(response["headers"].items()))


def changed(number: int, *without: str, **members: Any) -> Answer:
    """The recorded object of this number with other members, and without some."""
    found = {**exchanges()[number]["response"]["json"], **members}
    return says({name: each for name, each in found.items() if name not in without})


@dataclass
class Wire:
    """A backend that gives the same answer each time and keeps what it is sent."""

    answer: Answer
    requests: list[Request] = field(default_factory=list[Request])

    def send(self, request: Request, /) -> Answer:
        self.requests.append(request)
        return self.answer

    def close(self) -> None:
        pass


class AsyncWire(Wire):
    """The same, awaited."""

    async def send(self, request: Request, /) -> Answer:  # type: ignore[override]
        return super().send(request)

    async def aclose(self) -> None:
        pass


def _run(call: Call, answer: Answer) -> tuple[Any, Request]:
    """The value or the exception of a call, which is the same with the plain and the asyncio client."""
    wire, awaited = Wire(answer), AsyncWire(answer)

    async def run() -> Any:
        async with AsyncMailcow(URL, api_key="0A1B2C-3D4E5F", backend=awaited, retries=_ONCE) as mail:
            return await call(mail)

    with Mailcow(URL, api_key="0A1B2C-3D4E5F", backend=wire, retries=_ONCE) as mail:
        plain = _outcome(lambda: call(mail))
    other = _outcome(lambda: asyncio.run(run()))
    if isinstance(plain, MailwrightError) and isinstance(other, MailwrightError):
        assert (type(plain), str(plain)) == (type(other), str(other))
    else:
        assert plain == other
    one, two = wire.requests[-1], awaited.requests[-1]
    assert (one.method, one.url, one.content) == (two.method, two.url, two.content)
    return plain, one


def _outcome(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except MailwrightError as error:
        return error


def value(call: Call, answer: Answer) -> Any:
    """What the client makes of an answer that is a success."""
    found, _ = _run(call, answer)
    assert not isinstance(found, MailwrightError), f"raised {found!r}"
    return found


def failure(call: Call, answer: Answer) -> Any:
    """The exception that the client makes of an answer."""
    found, _ = _run(call, answer)
    assert isinstance(found, MailwrightError), f"gave {found!r}"
    return found


@dataclass(frozen=True)
class Sent:
    """What went on the wire."""

    method: str
    path: str
    body: Any
    headers: dict[str, str]


def sent(call: Call) -> Sent:
    """What the client sends for a call, whatever it makes of the answer."""
    _, request = _run(call, says([success("done")]))
    body = json.loads(request.content) if isinstance(request.content, bytes) and request.content else None
    headers = {name.lower(): text for name, text in request.headers}
    return Sent(request.method, request.url.removeprefix(URL), body, headers)


def untyped(client: Mailcow) -> Any:
    """The client without its types, for calls that they forbid."""
    return client


class Server:
    """The mock of mailcow, with a client and with raw requests."""

    def __init__(self) -> None:
        self.mock = Mock(DOCUMENT, token="secret", control=True)
        self.mail = Mailcow(URL, api_key="secret", backend=MockBackend(self.mock), retries=_ONCE)

    def ask(self, method: str, path: str, body: Any = ..., *, key: str | None = "secret", **headers: str) -> Answer:
        """A request as it is; a body of bytes is sent as it is, any other as JSON. Names of headers have _ for -."""
        given = {"Content-Type": "application/json", **{name.replace("_", "-"): text for name, text in headers.items()}}
        if key is not None:
            given["X-API-Key"] = key
        content = b"" if body is ... else body if isinstance(body, bytes) else json.dumps(body).encode()
        request = MockRequest(method, f"{URL}/api/v1/{path}", tuple(given.items()), content)
        response = self.mock.handle(request)
        return Answer(response.content, response.status, response.headers)

    def told(
        self, method: str, path: str, body: Any = ..., *, key: str | None = "secret", **headers: str
    ) -> tuple[int, Any]:
        """The status and the decoded answer of a request; empty bytes where it has no body."""
        answer = self.ask(method, path, body, key=key, **headers)
        return answer.status, json.loads(answer.content) if answer.content else b""

    def post(self, path: str, body: Any, *, key: str | None = "secret") -> Any:
        """The decoded answer of a write; empty bytes where it has no body."""
        return self.told("POST", path, body, key=key)[1]

    def get(self, path: str) -> Any:
        """The decoded answer of a read; empty bytes where it has no body."""
        return self.told("GET", path)[1]

    def add_domain(self, name: str = "example.org", **more: Any) -> None:
        """Makes a domain."""
        assert self.post("add/domain", {"domain": name, **more})[-1]["type"] == "success"

    def add_mailbox(self, local: str = "jane", domain: str = "example.org", **more: Any) -> None:
        """Makes a mailbox."""
        assert self.post("add/mailbox", box(local, domain, **more))[-1]["type"] == "success"


def box(local: str = "jane", domain: str = "example.org", **more: Any) -> dict[str, Any]:
    """What a new mailbox is made of."""
    return {"domain": domain, "local_part": local, "password": "moohoo12", "password2": "moohoo12", **more}


def messages(entries: Any) -> list[Any]:
    """The messages of entries."""
    return [entry["msg"] for entry in entries]


def fields_of(name: str) -> set[str]:
    """The fields of a component of the document."""
    return set(DOCUMENT["components"]["schemas"][name]["properties"])


def required_of(name: str) -> set[str]:
    """The fields of a component of the document that have to be given."""
    return set(DOCUMENT["components"]["schemas"][name].get("required", ()))


def field_docs(name: str) -> dict[str, str]:
    """What the document says of each field of a component; the generated client has it as docstrings."""
    properties: dict[str, Any] = DOCUMENT["components"]["schemas"][name]["properties"]
    return {key: each.get("description", "") for key, each in properties.items()}
