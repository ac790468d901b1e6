"""Calls the methods of a generated client, sync and async alike, and tells what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self

from mailwright.contract.bindings import Call, Client, Method
from mailwright.contract.reading import async_read, read
from mailwright.contract.recording import Answer, AsyncRecorder, Recorder
from mailwright.runtime import Page, Request, Retries, command

BASE_URL = "http://contract.test:8080/api"
"""Where the clients think they send to; the path shows that a prefix is kept."""

# Put together here, since Hypothesis also tries the literals that it finds in a project's code.
TOKEN = "-".join(("c0ntract", "t0ken", "Kz7Q"))

# What a case gives is what is judged: a second attempt would only take time.
ONCE = Retries(attempts=1)

Mode = Literal["sync", "async"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call came to: what was sent, and a value or an exception; `page` where the value is one of a list."""

    requests: list[Request]
    value: object = None
    error: BaseException | None = None
    page: Page[Any, Any] | None = None
    open: int = 0
    """How many answers that came as a stream were not given back."""


class Caller:
    """A sync and an async client of one target, over recorders."""

    def __init__(self, client: Client) -> None:
        self._recorder = Recorder(show=False)
        self._async_recorder = AsyncRecorder()
        self._async_recorder.recorder = self._recorder
        token = client.credentials[0].arguments(TOKEN) if client.credentials else {}
        # A hash of a password differs each time, and takes its time.
        given: dict[str, Any] = {**token, "retries": ONCE, "hash_passwords": False}
        self._sync = client.sync_class(BASE_URL, **given, backend=self._recorder)
        self._async = client.async_class(BASE_URL, **given, backend=self._async_recorder)
        self._loop = asyncio.new_event_loop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._loop.run_until_complete(_settled())
        self._loop.close()

    def call(
        self,
        method: Method,
        call: Call,
        *answers: Answer,
        mode: Mode = "sync",
        whole: bool = False,
        reconnect: bool = False,
    ) -> Outcome:
        """Makes one call that is given these answers in turn; no exception of the client passes.

        With `whole` the value is the whole `Response`. That of a stream is all its bytes, or the events of one
        connection in a list; with `reconnect` those of all connections.
        """
        recorder = self._recorder
        recorder.requests, recorder.answers, recorder.streamed = [], answers, []
        try:
            value = self._value(method, call, mode, whole=whole, reconnect=reconnect)
        except Exception as error:  # noqa: BLE001 (an exception that is not documented is a finding)
            return Outcome(recorder.requests, error=error, open=self._open())
        if method.paged and not whole:
            page: Page[Any, Any] = value
            return Outcome(recorder.requests, value=page.value, page=page)
        return Outcome(recorder.requests, value=value, open=self._open())

    def batch(self, calls: Sequence[tuple[Method, Call]], answer: Answer, *, mode: Mode = "sync") -> Outcome:
        """Makes several calls as one batch; the value is the list of their outcomes."""
        self._recorder.requests, self._recorder.answers, self._recorder.streamed = [], [answer], []
        client = self._sync if mode == "sync" else self._async
        try:
            commands = [
                command(self._function(client, method), *call.arguments, **call.keywords) for method, call in calls
            ]
            value: Any = client.batch(*commands)
            value = value if mode == "sync" else self._loop.run_until_complete(value)
        except Exception as error:  # noqa: BLE001 (an exception that is not documented is a finding)
            return Outcome(self._recorder.requests, error=error)
        return Outcome(self._recorder.requests, value=value)

    def walk(self, method: Method, call: Call, *answers: Answer, mode: Mode = "sync") -> Outcome:
        """Reads all pages of a list; the value is the list of all items."""
        self._recorder.requests = []
        self._recorder.answers = answers
        try:
            if mode == "sync":
                pages = self._function(self._sync, method)(*call.arguments, **call.keywords)
                items = list(pages)
            else:
                pages = self._function(self._async, method)(*call.arguments, **call.keywords)
                items = self._loop.run_until_complete(_all(pages))
        except Exception as error:  # noqa: BLE001 (an exception that is not documented is a finding)
            return Outcome(self._recorder.requests, error=error)
        return Outcome(self._recorder.requests, value=items)

    def _open(self) -> int:
        return sum(not each.closed for each in self._recorder.streamed)

    def _value(self, method: Method, call: Call, mode: Mode, *, whole: bool, reconnect: bool) -> Any:
        function = self._function(self._sync if mode == "sync" else self._async, method, whole=whole)
        value: Any = function(*call.arguments, **call.keywords)
        if method.paged:
            value = value.page(**call.page)
        if method.stream:
            value = (read if mode == "sync" else async_read)(value, reconnect=reconnect)
        return value if mode == "sync" else self._loop.run_until_complete(value)

    def _function(self, client: Any, method: Method, *, whole: bool = False) -> Any:
        resource = getattr(client, method.resource)
        return getattr(resource.with_response if whole else resource, method.method)


async def _settled() -> None:
    """Lets generators end that were left early: each takes a step to be noticed, and one to end."""
    await asyncio.get_running_loop().shutdown_asyncgens()
    for _ in range(2):
        await asyncio.sleep(0)


async def _all(pages: Any) -> list[Any]:
    return [item async for item in pages]
