"""A backend that answers doveadm commands with what a test says, under the tag that was sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mailwright_dovecot.v2_4 import AsyncDoveadm, Doveadm

from mailwright.runtime import Request, Retries

JSON = (("Content-Type", "application/json; charset=utf-8"), ("Connection", "close"))
TEXT = (("Content-Type", "text/plain; charset=utf-8"),)
Make = Callable[[list[list[Any]]], bytes]


@dataclass
class Told:
    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes


class Answers:
    """Gives one answer to every request; `@` in it is the tag of the first command."""

    def __init__(
        self,
        content: bytes | Make = b"",
        *,
        status: int = 200,
        headers: tuple[tuple[str, str], ...] = JSON,
        error: Exception | None = None,
    ) -> None:
        self.requests: list[Request] = []
        self._content, self._status, self._headers, self._error = content, status, headers, error

    @property
    def sent(self) -> list[list[Any]]:
        """The commands of the one request."""
        (request,) = self.requests
        return commands(request)

    def send(self, request: Request, /) -> Told:
        self.requests.append(request)
        if self._error is not None:
            raise self._error
        if callable(self._content):
            content = self._content(commands(request))
        else:
            tag = commands(request)[0][2] if request.content else ""
            content = self._content.replace(b"@", str(tag).encode())
        return Told(self._status, self._headers, content)

    def close(self) -> None: ...


class AsyncAnswers:
    """The same for an async client."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers

    async def send(self, request: Request, /) -> Told:
        return self.answers.send(request)

    async def aclose(self) -> None: ...


def commands(request: Request) -> list[list[Any]]:
    body = request.body()
    assert body is not None
    found: list[list[Any]] = json.loads(body)
    return found


def doveadm(answers: Answers, **options: Any) -> Doveadm:
    return Doveadm("http://host:8080", **{"password": "a password", "backend": answers, **options})


def async_doveadm(answers: Answers, **options: Any) -> AsyncDoveadm:
    return AsyncDoveadm("http://host:8080", password="a password", backend=AsyncAnswers(answers), **options)


def rows(*found: dict[str, Any]) -> Answers:
    """Answers one command with these rows."""
    return Answers(lambda sent: json.dumps([["doveadmResponse", list(found), sent[0][2]]]).encode())


def error(kind: str, code: int = 0) -> Answers:
    """Answers one command with an error."""
    return Answers(lambda sent: json.dumps([["error", {"type": kind, "exitCode": code}, sent[0][2]]]).encode())


EVER = Retries(attempts=3, again=lambda failed: True, wait=lambda failed: 0.0)
