"""Methods for many items: one request for each, and one outcome for each, also where something fails on the way."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import msgspec

from mailwright.contract import bulk
from mailwright.contract.bindings import Call, Method
from mailwright.contract.calling import Mode, Outcome
from mailwright.contract.document import JSON, Operation
from mailwright.contract.encode import BASE_PATH
from mailwright.contract.envelopes import broken
from mailwright.contract.findings import shown
from mailwright.contract.judging import error_text, judge_failure, judge_sent, undocumented
from mailwright.contract.recording import Answer
from mailwright.contract.samples import sample_case, types_of
from mailwright.contract.suite import Fault, Suite
from mailwright.runtime import Disconnected, NotSent, UsageError

_MODES: tuple[Mode, ...] = ("sync", "async")
_TEXTS = ("a", "b/ü, c", "", "a")
_NUMBERS = (1, 2**31, 0, 1)
_FAILS_AT = 1
# No item is the reason of these.
_REFUSALS = (401, 403, 404, 500)


@dataclass(frozen=True, slots=True)
class _Run:
    """One call for several items, and what each of them comes to."""

    name: str
    items: Sequence[Any]
    answers: Sequence[Answer]
    told: object = None
    """The body with a failure of the second item, where there is one."""
    ends: bool = False
    """Whether the answer for the second item is the last."""


def check(suite: Suite, operation: Operation) -> None:
    """Calls the method for many of an operation; one without such a method has nothing to check."""
    one = suite.client.method(operation)
    if one.bulk is None or not one.bulk.many:
        return
    many = msgspec.structs.replace(one, method=one.bulk.many)
    case = sample_case(suite.document, operation)
    for run in _runs(suite, operation):
        call = _call(suite, operation, one, case, run.items)
        for mode in _MODES:
            suite.counts[operation.id, "encode"] += 1
            for fault in _faults(suite, operation, many, case, call, run, mode):
                named = Fault(f"several items, {run.name}: {fault.kind}", fault.wanted, fault.got)
                suite.report(operation, "encode", named, call, run.answers, mode=mode, method=many)


def check_whole(suite: Suite, operation: Operation) -> None:
    """Calls the method for all there is, which sends no item; each method refuses what the other takes."""
    one = suite.client.method(operation)
    whole = one.bulk.whole if one.bulk else None
    if whole is None:
        return
    method = msgspec.structs.replace(one, method=whole.method)
    case = sample_case(suite.document, operation)
    good = suite.good_answer(operation)
    single = suite.client.bind(operation, case)
    calls = [
        (method, Call((), {whole.argument: word}), word, word in whole.values) for word in whole.values + whole.others
    ]
    calls += [(one, Call(single.arguments, {whole.argument: word}), word, False) for word in whole.values]
    for called, call, word, taken in calls:
        suite.counts[operation.id, "encode"] += 1
        outcome = suite.caller.call(called, call, good)
        body: JSON = bulk.put(case["body"], whole.wire, word)
        asked: JSON = {**case, "body": {**body, "items": list[Any]()}}
        faults = list(judge_sent(suite, operation, asked, outcome, BASE_PATH)) if taken else []
        if not taken and (outcome.requests or not isinstance(outcome.error, UsageError)):
            faults.append(Fault(f"{word} went to {called.method}", "UsageError", error_text(outcome.error)))
        for fault in faults:
            suite.report(operation, "encode", fault, call, [good], method=called)


def _runs(suite: Suite, operation: Operation) -> Iterator[_Run]:
    good = suite.good_answer(operation)
    items = _items(suite, operation)
    yield _Run("none of them", (), (good,))
    yield _Run("all done", items, (good,))
    for name, body in broken(suite.document.envelope, json.loads(good.content or b"null")):
        answer = Answer(json.dumps(body).encode(), operation.status)
        yield _Run(f"the second fails, {name}", items, (good, answer, good), told=body)
    lost = Answer(error=Disconnected("the connection was closed without an answer"))
    yield _Run("the connection is lost", items, (good, lost, good), ends=True)
    for status in _REFUSALS:
        refused = Answer(b'{"type": "error", "msg": "no"}', status)
        yield _Run(f"status {status}", items, (good, refused, good), ends=True)


def _items(suite: Suite, operation: Operation) -> Sequence[Any]:
    schema = bulk.schema_of(suite.document, operation.body or {}, "items") or {}
    return _TEXTS if "string" in types_of(suite.document, schema) else _NUMBERS


def _call(suite: Suite, operation: Operation, one: Method, case: JSON, items: Sequence[Any]) -> Call:
    """The call for one item, with all items in its place."""
    call = suite.client.bind(operation, case)
    places = [each.place for each in one.arguments if each.place in ("path", "items")]
    at = places.index("items")
    return Call((*call.arguments[:at], [*items], *call.arguments[at + 1 :]), call.keywords)


def _faults(
    suite: Suite, operation: Operation, many: Method, case: JSON, call: Call, run: _Run, mode: Mode
) -> Iterator[Fault]:
    outcome = suite.caller.call(many, call, *run.answers, mode=mode)
    if outcome.error is not None:
        yield Fault(f"{type(outcome.error).__name__} came out", "outcomes", error_text(outcome.error))
        return
    due = run.items[: _FAILS_AT + 1] if run.ends else run.items
    if len(outcome.requests) != len(due):
        yield Fault("requests sent", f"{len(due)} requests", f"{len(outcome.requests)} requests")
        return
    for item, request in zip(due, outcome.requests, strict=True):
        asked = {**case, "body": bulk.put(case["body"], "items", item)}
        yield from judge_sent(suite, operation, asked, Outcome([request]), BASE_PATH)
    told = cast("Sequence[Any]", outcome.value)
    if [each.item for each in told] != [*run.items]:
        yield Fault("items of the outcomes", shown([*run.items]), shown([each.item for each in told]))
        return
    for number, each in enumerate(told):
        fault = _outcome_fault(suite, operation, run, number, each.error)
        if fault is not None:
            yield fault


def _outcome_fault(
    suite: Suite, operation: Operation, run: _Run, number: int, error: BaseException | None
) -> Fault | None:
    """Judges what is told of one item, by its number."""
    if number == _FAILS_AT and run.told is not None:
        return judge_failure(suite, operation, operation.status, run.told, Outcome([], error=error))
    if run.ends and number >= _FAILS_AT:
        sent = number == _FAILS_AT
        if error is None or isinstance(error, NotSent) is sent:
            return Fault("an outcome", "the error that ended it" if sent else "NotSent", error_text(error))
        return undocumented(operation, error)
    return None if error is None else Fault("an item that was done is told as failed", "a value", error_text(error))
