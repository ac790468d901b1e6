"""A mock of Dovecot behind the recipes of either kind, and answers to what a mock does not do."""

from __future__ import annotations

import asyncio
import importlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from mailwright.mock import AsyncMockBackend, Mock, MockBackend
from mailwright.recipes import async_dovecot, dovecot
from mailwright.runtime import Request
from mailwright.targets import bundled_document

URL = "http://mock.test"
JANE, JOE = "jane@example.org", "joe@example.org"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self._now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self._now

    def go(self, span: timedelta) -> None:
        self._now += span


@dataclass(frozen=True)
class Answered:
    """An answer with one command in it."""

    content: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("content-type", "application/json; charset=utf-8"),)


@dataclass
class Script:
    """Answers of some commands, one after the other, and the commands that were asked for."""

    answers: dict[str, list[Any]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def answer(self, request: Request) -> Answered | None:
        """Notes what is asked, and answers it where the script tells how."""
        ((name, given, tag),) = json.loads(request.body() or b"[[null,null,null]]")
        self.asked.append((name, given))
        if name not in self.answers:
            return None
        told = self.answers[name].pop(0)
        kind = "doveadmResponse" if isinstance(told, list) else "error"
        return Answered(json.dumps([[kind, told, tag]]).encode())

    def names(self) -> list[str]:
        return [name for name, _ in self.asked]


class ScriptedBackend(MockBackend):
    """A mock of which some commands are answered by a script."""

    def __init__(self, mock: Mock, script: Script) -> None:
        super().__init__(mock)
        self._script = script

    def send(self, request: Any) -> Any:
        return self._script.answer(request) or super().send(request)


class AsyncScriptedBackend(AsyncMockBackend):
    """The same for an asynchronous client."""

    def __init__(self, mock: Mock, script: Script) -> None:
        super().__init__(mock)
        self._script = script

    async def send(self, request: Any) -> Any:
        return self._script.answer(request) or await super().send(request)


class Server:
    """One mock, a plain client of it, and the recipes of one kind, to be called alike."""

    def __init__(self, version: str, *, is_async: bool) -> None:
        self.version = version
        self.clock = Clock()
        self.script = Script()
        self._is_async = is_async
        self._mock = Mock(bundled_document(f"dovecot-{version}"), clock=self.clock, quirks=True)
        self._module: Any = importlib.import_module(f"mailwright_dovecot.v{version.replace('.', '_')}")
        self.dv: Any = self._module.Doveadm(URL, backend=MockBackend(self._mock))

    def run(self, name: str, /, *arguments: Any, **keywords: Any) -> Any:
        """Runs a recipe; what it asks for is in the script then."""
        if not self._is_async:
            with self._module.Doveadm(URL, backend=ScriptedBackend(self._mock, self.script)) as dv:
                return getattr(dovecot, name)(dv, *arguments, **keywords)

        async def call() -> Any:
            backend = AsyncScriptedBackend(self._mock, self.script)
            async with self._module.AsyncDoveadm(URL, backend=backend) as dv:
                return await getattr(async_dovecot, name)(dv, *arguments, **keywords)

        return asyncio.run(asyncio.wait_for(call(), 20))

    def save(self, user: str, mailbox: str, subject: str, *headers: str) -> None:
        """Saves a message."""
        text = "\r\n".join([f"Subject: {subject}", *headers, "", "Hello", ""])
        self.dv.mail.save(user=user, mailbox=mailbox, file=text)

    def subjects(self, user: str, mailbox: str) -> list[str]:
        """The subjects of the messages in a mailbox."""
        rows = self.dv.mail.fetch(user=user, field=["hdr.subject"], query=["mailbox", mailbox, "all"])
        return [row.columns["hdr.subject"] for row in rows]
