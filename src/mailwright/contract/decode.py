"""The decode half: generated answers, failures and broken answers must give equal values or documented exceptions."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, cast

from mailwright.contract import downloads, events
from mailwright.contract.calling import Mode, Outcome
from mailwright.contract.document import JSON, Operation
from mailwright.contract.faults import Broken, broken_answers
from mailwright.contract.feeding import MODES, Feeder
from mailwright.contract.findings import shown
from mailwright.contract.judging import (
    error_text,
    judge_broken,
    judge_careless,
    judge_misfit,
    judge_nothing,
    judge_value,
    means_nothing,
    undocumented,
)
from mailwright.contract.recording import Answer
from mailwright.contract.rpc import TAG
from mailwright.contract.samples import sample
from mailwright.contract.shrinking import shrink
from mailwright.contract.suite import Fault, Suite


def check(suite: Suite, operation: Operation) -> None:
    """Feeds an operation all its answers and reports what they came to where that is wrong."""
    if operation.event is not None:
        events.check(suite, operation)
    elif operation.downloads:
        downloads.check(suite, operation)
    elif operation.is_empty:
        _check_empty(suite, operation)
    else:
        _check_json(suite, operation)


def _check_json(suite: Suite, operation: Operation) -> None:
    feeder = _Json(suite, operation)
    feeder.successes()
    feeder.careless()
    feeder.empty()
    feeder.failures()
    feeder.envelopes(feeder.good)
    feeder.broken()


def _check_empty(suite: Suite, operation: Operation) -> None:
    feeder = _Empty(suite, operation)
    feeder.empty()
    feeder.failures()
    feeder.envelopes({"success": True})
    feeder.broken()


class _Empty(Feeder):
    """An operation whose answers have no content, or need not have any."""

    def empty(self) -> None:
        """No content, at each status that has none, and with blanks for content."""
        for status in sorted(self.operation.empty):
            for content in (b"",) if status in (204, 205) else (b"", b" \r\n"):
                answer = Answer(content, status, ())
                for mode in MODES:
                    self.add(_nothing_fault(self.outcome(answer, mode)), answer, f"no content at {status}", mode)
                self.suite.coverage.status(self.operation, status)
                self.count()

    def broken(self) -> None:
        """Answers that are none."""
        good = self.good_content
        tags = (TAG,) if self.operation.rpc is not None else ()
        for each in broken_answers(good):
            case = replace(each, answer=replace(each.answer, tags=tags))
            mode = self.mode()
            outcome = self.outcome(case.answer, mode)
            nothing = bool(self.operation.empty) and _is_nothing(case.answer)
            fault = _nothing_fault(outcome) if nothing else self.broken_fault(case, good, outcome)
            self.add(fault, case.answer, case.name, mode)
            if case.answer.error is None:
                self.suite.coverage.status(self.operation, case.answer.status)
            self.count()

    @property
    def good_content(self) -> bytes:
        """What broken answers are made from: here something, where nothing is due."""
        return b'{"success": true}'

    def broken_fault(self, case: Broken, good: bytes, outcome: Outcome) -> Fault | None:
        """Judges what came of an answer that is none: there is no value that it could be."""
        if outcome.error is None:
            return Fault("something was taken where nothing is due", "an exception", shown(outcome.value))
        return undocumented(self.operation, outcome.error)


class _Json(_Empty):
    """An operation that answers with JSON."""

    def __init__(self, suite: Suite, operation: Operation) -> None:
        super().__init__(suite, operation)
        self.status, self.schema = operation.success
        self.good: Any = sample(suite.document, self.schema)

    @property
    def good_content(self) -> bytes:
        """What broken answers are made from: a good one."""
        return self.suite.good_answer(self.operation).content

    def successes(self) -> None:
        """Answers that fit, and answers that do not, at the status of success."""
        for fitting in (True, False):
            for value in self.suite.values(self.schema, fitting=fitting):
                mode = self.mode()
                fault = self._success_fault(value.data, mode)
                if fault is not None:
                    self._report_shrunk(value.data, fault, mode)
                if self._fits(value.data):
                    suite = self.suite
                    suite.coverage.answer(self.operation, self.status, self.schema, value.data, suite.equality)
                self.count()

    def careless(self) -> None:
        """The good answer of a server that writes its whole numbers as text: the lax second try must read it."""
        body = _numbers_as_text(self.good)
        if body != self.good:
            mode = self.mode()
            answer = self.suite.answer(self.operation, body, self.status)
            fault = judge_careless(self.suite, self.operation, self.schema, body, self.outcome(answer, mode))
            self.add(fault, answer, "whole numbers as text", mode)
            self.count()

    def broken_fault(self, case: Broken, good: bytes, outcome: Outcome) -> Fault | None:
        """Judges what came of an answer that is none."""
        if case.whole and self._is_bare and case.answer.status == self.status:
            body: Any = json.loads(case.answer.content)
            if means_nothing(self.operation, body):
                return judge_nothing(self.operation, outcome)
            judge = judge_value if self._fits(body) else judge_misfit
            return judge(self.suite, self.operation, self.schema, body, outcome)
        return judge_broken(self.suite, self.operation, case.wanted, self.good, outcome, or_value=case.or_value)

    @property
    def _is_bare(self) -> bool:
        """Whether a success has no envelope, so that a value of the right kind is one."""
        return self.operation.bare or self.suite.document.envelope == "mailcow"

    def _success_fault(self, body: Any, mode: Mode) -> Fault | None:
        outcome = self.outcome(self.suite.answer(self.operation, body, self.status), mode)
        if means_nothing(self.operation, body):
            return judge_nothing(self.operation, outcome)
        judge = judge_value if self._fits(body) else judge_misfit
        return judge(self.suite, self.operation, self.schema, body, outcome)

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
        self.add(fault, self.suite.answer(self.operation, body, self.status), "", mode)


def _is_nothing(answer: Answer) -> bool:
    return answer.error is None and not answer.content.strip() and 200 <= answer.status < 300


def _nothing_fault(outcome: Outcome) -> Fault | None:
    if outcome.error is not None:
        return Fault("an answer without content was refused", "None", error_text(outcome.error))
    return None if outcome.value is None else Fault("no content became a value", "None", shown(outcome.value))


def _numbers_as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _numbers_as_text(item) for key, item in cast("JSON", value).items()}
    if isinstance(value, list):
        return [_numbers_as_text(item) for item in cast("list[object]", value)]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
