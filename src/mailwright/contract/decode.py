"""The decode half: generated answers, failures and broken answers must give equal values or documented exceptions."""

from __future__ import annotations

import json
from itertools import cycle
from typing import Any, cast

from mailwright.contract.calling import Mode, Outcome
from mailwright.contract.document import JSON, Operation
from mailwright.contract.envelopes import broken
from mailwright.contract.faults import broken_answers
from mailwright.contract.judging import judge_broken, judge_careless, judge_failure, judge_misfit, judge_value
from mailwright.contract.recording import Answer
from mailwright.contract.samples import sample_case
from mailwright.contract.shrinking import shrink
from mailwright.contract.suite import Fault, Suite

_STATUSES = (200, 400, 403, 404, 500, 599, 302, 99, 429, 503)
_ASYNC_EVERY = 10


def check(suite: Suite, operation: Operation) -> None:
    """Feeds an operation all its answers and reports what they came to where that is wrong."""
    check_ = _Check(suite, operation)
    check_.successes()
    check_.careless()
    check_.failures()
    check_.envelopes()
    check_.broken()


class _Check:
    """One operation, called with the same plain arguments each time."""

    def __init__(self, suite: Suite, operation: Operation) -> None:
        self.suite = suite
        self.operation = operation
        self.method = suite.client.method(operation)
        self.call = suite.client.bind(operation, sample_case(suite.document, operation))
        self.status, self.schema = operation.success
        self.number = 0

    def successes(self) -> None:
        """Answers that fit, and answers that do not, at the status of success."""
        for fitting in (True, False):
            for value in self.suite.values(self.schema, fitting=fitting):
                mode = self._mode()
                fault = self._success_fault(value.data, mode)
                if fault is not None:
                    self._report_shrunk(value.data, fault, mode)
                if self._fits(value.data):
                    suite = self.suite
                    suite.coverage.answer(self.operation, self.status, self.schema, value.data, suite.equality)
                self._count()

    def careless(self) -> None:
        """The good answer of a server that writes its whole numbers as text: the lax second try must read it."""
        good = json.loads(self.suite.good_answer(self.operation).content)
        body = _numbers_as_text(good)
        if body != good:
            mode = self._mode()
            outcome = self._outcome(Answer(_content(body), self.status), mode)
            fault = judge_careless(self.suite, self.operation, self.schema, body, outcome)
            self._add(fault, Answer(_content(body), self.status), "whole numbers as text", mode)
            self._count()

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

    def envelopes(self) -> None:
        """A good answer whose envelope says otherwise."""
        good = json.loads(self.suite.good_answer(self.operation).content)
        for name, body in broken(self.suite.document.envelope, good):
            answer = Answer(json.dumps(body).encode(), self.status)
            for mode in ("sync", "async"):
                outcome = self._outcome(answer, mode)
                fault = judge_failure(self.suite, self.operation, self.status, body, outcome)
                self._add(fault, answer, name, mode)
            self._count()

    def broken(self) -> None:
        """Answers that are none."""
        good = self.suite.good_answer(self.operation).content
        for case in broken_answers(good):
            mode = self._mode()
            outcome = self._outcome(case.answer, mode)
            fault = judge_broken(
                self.suite, self.operation, case.wanted, json.loads(good), outcome, or_value=case.or_value
            )
            self._add(fault, case.answer, case.name, mode)
            if case.answer.error is None:
                self.suite.coverage.status(self.operation, case.answer.status)
            self._count()

    def _success_fault(self, body: Any, mode: Mode) -> Fault | None:
        outcome = self._outcome(Answer(_content(body), self.status), mode)
        judge = judge_value if self._fits(body) else judge_misfit
        return judge(self.suite, self.operation, self.schema, body, outcome)

    def _failure(self, status: int, body: Any) -> None:
        answer = Answer(_content(body), status)
        mode = self._mode()
        outcome = self._outcome(answer, mode)
        self._add(judge_failure(self.suite, self.operation, status, body, outcome), answer, "", mode)
        self.suite.coverage.status(self.operation, status)
        self._count()

    def _fits(self, body: Any) -> bool:
        return not isinstance(body, bytes) and self.suite.fits(self.schema, body)

    def _report_shrunk(self, body: Any, fault: Fault, mode: Mode) -> None:
        kind, fits = fault.kind, self._fits(body)
        if isinstance(body, (dict, list)) and not self.suite.findings.knows(self.operation.id, "decode", kind):

            def fails(smaller: Any) -> bool:
                found = self._success_fault(smaller, mode)
                return found is not None and found.kind == kind and self._fits(smaller) is fits

            body = shrink(cast("Any", body), fails)
            fault = self._success_fault(body, mode) or fault
        self._add(fault, Answer(_content(body), self.status), "", mode)

    def _outcome(self, answer: Answer, mode: Mode) -> Outcome:
        return self.suite.caller.call(self.method, self.call, answer, mode=mode)

    def _mode(self) -> Mode:
        return "async" if self.number % _ASYNC_EVERY == 0 else "sync"

    def _count(self) -> None:
        self.number += 1
        self.suite.counts[self.operation.id, "decode"] += 1

    def _add(self, fault: Fault | None, answer: Answer, name: str, mode: Mode) -> None:
        if fault is not None:
            named = Fault(f"{name}: {fault.kind}" if name else fault.kind, fault.wanted, fault.got)
            self.suite.report(self.operation, "decode", named, self.call, [answer], mode=mode)


def _numbers_as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _numbers_as_text(item) for key, item in cast("JSON", value).items()}
    if isinstance(value, list):
        return [_numbers_as_text(item) for item in cast("list[object]", value)]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _content(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
