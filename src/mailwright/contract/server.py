"""Sends generated cases to a real server through the real backend."""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from dataclasses import replace
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from mailwright.asking import REFUSED, TOKEN_VARIABLE, USER_VARIABLE, ask, refusal
from mailwright.contract import encode
from mailwright.contract.bindings import Client, Unbindable
from mailwright.contract.calling import ONCE, Outcome
from mailwright.contract.document import Operation
from mailwright.contract.judging import is_refusal, judge_sent, judge_token, undocumented
from mailwright.contract.reading import read
from mailwright.contract.suite import Fault, Suite, arguments_text
from mailwright.problem import Problem
from mailwright.runtime import (
    Backend,
    ConnectFailed,
    Reply,
    Request,
    StreamedReply,
    UsageError,
)
from mailwright.runtime.backends.httpx_backend import HttpxBackend

_TIMEOUT = 30.0


class _Tee:
    """A backend that keeps each request before another backend sends it."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.requests: list[Request] = []

    def send(self, request: Request, /) -> Reply | StreamedReply:
        """Keeps and sends."""
        self.requests.append(request)
        return self._backend.send(request)

    def close(self) -> None:
        """Closes the connections."""
        self._backend.close()


class Server:
    """A real server and a client of it; token or password come from the environment and are shown nowhere.

    Operations that are marked destructive are sent only if `destroy` has their ids.

    Raises:
        Problem: the server is down, answers something else than its API, or the URL cannot be used.
    """

    def __init__(self, client: Client, url: str, *, destroy: Collection[str] = ()) -> None:
        self._token = os.environ.get(TOKEN_VARIABLE, "")
        self._tee = _Tee(HttpxBackend())
        self._url = url
        self._destroy = destroy
        self._credential = next(iter(client.credentials), None) if self._token else None
        if self._credential is not None and self._credential.names_user:
            self._credential = replace(self._credential, user=os.environ.get(USER_VARIABLE, ""))
        given: dict[str, Any] = self._credential.arguments(self._token) if self._credential else {}
        try:
            self._client: Any = client.sync_class(url, **given, timeout=_TIMEOUT, retries=ONCE, backend=self._tee)
        except UsageError as error:
            raise Problem(
                str(error), place="--url", remedy=f"check the URL, and {TOKEN_VARIABLE} in the environment", exit_code=2
            ) from None
        self.base_path = urlsplit(url).path.rstrip("/")
        self._probe(client)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._tee.close()

    def check(self, suite: Suite, operation: Operation) -> None:
        """Sends every case of an operation; a value or a documented exception must come of each."""
        if operation.destructive and operation.id not in self._destroy:
            suite.unjudged[operation.id, "a destructive operation that --operation does not name"] += 1
            return
        answer = suite.good_answer(operation)
        for value in encode.cases(suite, operation):
            try:
                call = suite.client.bind(operation, value.data)
            except Unbindable:
                # The encode half reports it.
                continue
            suite.counts[operation.id, "server"] += 1
            outcome = self._call(suite, operation, call.arguments, dict(call.keywords), dict(call.page))
            if isinstance(outcome.error, ConnectFailed):
                told = self._clean(arguments_text(call))
                raise self._problem(
                    f"the server went away during {operation.id}{told}: {outcome.error.message}", "look into its log"
                )
            for fault in self._faults(suite, operation, value.data, outcome):
                suite.report(operation, "server", fault, call, [answer])

    def _faults(self, suite: Suite, operation: Operation, case: Any, outcome: Outcome) -> list[Fault]:
        error = outcome.error
        if is_refusal(error) and not outcome.requests:
            return []
        faults = list(judge_sent(suite, operation, case, outcome, self.base_path))
        if self._token:
            faults += judge_token(suite, operation, outcome, self._token, self._credential)
        if error is not None and (fault := undocumented(operation, error)):
            faults.append(fault)
        return [Fault(each.kind, self._clean(each.wanted), self._clean(each.got)) for each in faults]

    def _call(
        self, suite: Suite, operation: Operation, arguments: tuple[object, ...], keywords: Any, page: Any
    ) -> Outcome:
        method = suite.client.method(operation)
        self._tee.requests = []
        try:
            value: Any = getattr(getattr(self._client, method.resource), method.method)(*arguments, **keywords)
            value = value.page(**page) if method.paged else value
            if operation.event is not None:
                # What happens on a server, and when, no document tells: that the stream opens is all to be judged.
                suite.unjudged[operation.id, "the events of a real server"] += 1
                with value:
                    return Outcome(self._tee.requests)
            value = read(value) if method.stream else value
        except Exception as error:  # noqa: BLE001 (an exception that is not documented is a finding)
            return Outcome(self._tee.requests, error=error)
        return Outcome(self._tee.requests, value=value.value if method.paged else value)

    def _clean(self, text: str) -> str:
        return text.replace(self._token, "***") if self._token else text

    def _probe(self, client: Client) -> None:
        """Asks once, so that a wrong URL or token is one clear message, and not the same answer to every case."""
        known = client.document.operations.values()
        readable = (each for each in known if each.method == "GET" and each.event is None and not each.downloads)
        path = next((each.path for each in readable if "{" not in each.path), "/")
        headers: list[tuple[str, str]] = []
        if self._credential is not None and self._credential.header:
            headers.append((self._credential.header, self._credential.value(self._token)))
        try:
            reply, content = ask(self._tee, self._url, path, tuple(headers))
        except Problem as problem:
            raise self._problem(problem.cause, str(problem.remedy)) from None
        media = next((value for key, value in reply.headers if key.lower() == "content-type"), "")
        try:
            json.loads(content)
        except (ValueError, RecursionError):
            kind = media.partition(";")[0] or "no JSON"
            raise self._problem(
                f"this is not the API: GET {path} is answered with {kind}, status {reply.status}",
                "give the URL of the API itself, not of a page or a proxy before it",
            ) from None
        if reply.status in REFUSED:
            raise refusal(self._url, path, reply.status, self._token)

    def _problem(self, cause: str, remedy: str) -> Problem:
        return Problem(self._clean(cause), place=self._url, remedy=remedy)
