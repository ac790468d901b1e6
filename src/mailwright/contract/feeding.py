"""Feeds one operation with answers: the same plain call each time, sync and now and then async."""

from __future__ import annotations

import json
from itertools import cycle
from typing import Any

from mailwright.contract.calling import Mode, Outcome
from mailwright.contract.document import JSON, Operation
from mailwright.contract.envelopes import broken
from mailwright.contract.judging import judge_failure
from mailwright.contract.recording import Answer
from mailwright.contract.rpc import TAG
from mailwright.contract.samples import sample_case
from mailwright.contract.suite import Fault, Suite

MODES: tuple[Mode, ...] = ("sync", "async")
_STATUSES = (200, 400, 403, 404, 500, 599, 302, 99, 429, 503)
_ASYNC_EVERY = 10


class Feeder:
    """One operation, called with the same plain arguments each time."""

    def __init__(self, suite: Suite, operation: Operation) -> None:
        self.suite = suite
        self.operation = operation
        self.method = suite.client.method(operation)
        self.call = suite.client.bind(operation, sample_case(suite.document, operation))
        self.number = 0

    def failures(self) -> None:
        """Errors that fit the document's failures, and some that do not, at every status."""
        schemas: dict[str, tuple[JSON, set[int]]] = {}
        for name, schema in self.operation.failures:
            _, statuses = schemas.setdefault(json.dumps(schema, sort_keys=True), (schema, set(_STATUSES)))
            statuses.update([int(name)] if name.isdigit() else [])
        for schema, statuses in schemas.values():
            values = [*self.suite.values(schema, fitting=True), *self.suite.values(schema, fitting=False)]
            for value, status in zip(values, cycle(sorted(statuses)), strict=False):
                self._failure(status, value.data)

    def envelopes(self, good: Any) -> None:
        """An answer whose envelope says otherwise, at the status of success."""
        if self.suite.document.envelope == "doveadm" and self.operation.rpc is None:
            # Only commands have one.
            return
        for name, body in broken(self.suite.document.envelope, good):
            tags = (TAG,) if self.operation.rpc is not None else ()
            answer = Answer(json.dumps(body).encode(), self.operation.status, tags=tags)
            for mode in MODES:
                self.add(self.failure_fault(answer, body, self.outcome(answer, mode)), answer, name, mode)
            self.count()

    def failure_fault(self, answer: Answer, body: Any, outcome: Outcome) -> Fault | None:
        """Judges what came of an answer that tells an error, or is none of the operation's successes."""
        return judge_failure(self.suite, self.operation, answer.status, body, outcome)

    def outcome(self, answer: Answer, mode: Mode) -> Outcome:
        """What the call comes to with this answer."""
        return self.suite.caller.call(self.method, self.call, answer, mode=mode)

    def mode(self) -> Mode:
        """The mode of the next call."""
        return "async" if self.number % _ASYNC_EVERY == 0 else "sync"

    def count(self) -> None:
        """Counts a case."""
        self.number += 1
        self.suite.counts[self.operation.id, "decode"] += 1

    def add(self, fault: Fault | None, answer: Answer, name: str, mode: Mode) -> None:
        """Reports a fault, if there is one, under the name of its case."""
        if fault is not None:
            named = Fault(f"{name}: {fault.kind}" if name else fault.kind, fault.wanted, fault.got)
            self.suite.report(self.operation, "decode", named, self.call, [answer], mode=mode)

    def _failure(self, status: int, body: Any) -> None:
        answer = Answer(content_of(body), status)
        mode = self.mode()
        self.add(self.failure_fault(answer, body, self.outcome(answer, mode)), answer, "", mode)
        self.suite.coverage.status(self.operation, status)
        self.count()


def content_of(body: Any) -> bytes:
    """The bytes of a generated value; bytes are a body that is no JSON."""
    return body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
