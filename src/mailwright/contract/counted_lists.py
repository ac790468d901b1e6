"""Lists whose pages are counted: walked over two of one item each, the second asked for by its number."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import cast

from mailwright.contract.bindings import Call
from mailwright.contract.calling import Mode, Outcome
from mailwright.contract.document import JSON, Operation, Paging
from mailwright.contract.encode import BASE_PATH
from mailwright.contract.findings import shown
from mailwright.contract.judging import error_text, judge_sent
from mailwright.contract.recording import Answer
from mailwright.contract.samples import sample_case
from mailwright.contract.suite import Fault, Suite

_MODES: tuple[Mode, ...] = ("sync", "async")


def check(suite: Suite, operation: Operation, paging: Paging) -> None:
    """Walks a list of three items in pages of two, sync and async, and one without a size, which is one page."""
    good = json.loads(suite.good_answer(operation).content)
    item = _value(operation, good)[paging.items][0]
    pages = [Answer(_page(operation, paging, good, [item] * n), operation.success[0]) for n in (2, 1)]
    case = sample_case(suite.document, operation)
    sized = {**case, "query": {**case.get("query", {}), paging.size: 2}}
    second = {**case, "query": {**sized["query"], paging.next: 2}}
    for asked, answers in (([sized, second], pages), ([case], pages[:1])):
        call = suite.client.bind(operation, asked[0])
        for mode in _MODES:
            suite.counts[operation.id, "decode"] += 1
            for fault in _faults(suite, operation, asked, call, answers, mode):
                suite.report(operation, "decode", fault, call, answers, mode=mode, walk=True)


def _value(operation: Operation, body: JSON) -> JSON:
    return cast("JSON", body[operation.value]) if operation.value else body


def _page(operation: Operation, paging: Paging, good: JSON, items: list[object]) -> bytes:
    value = {**_value(operation, good), paging.items: items, **({paging.total: 3} if paging.total else {})}
    return json.dumps({**good, operation.value: value} if operation.value else value).encode()


def _faults(
    suite: Suite, operation: Operation, asked: list[JSON], call: Call, answers: list[Answer], mode: Mode
) -> Iterator[Fault]:
    outcome = suite.caller.walk(suite.client.method(operation), call, *answers, mode=mode)
    if outcome.error is not None:
        yield Fault("a counted list was refused", "all items", error_text(outcome.error))
        return
    if len(outcome.requests) != len(asked):
        yield Fault("pages read", f"{len(asked)} pages", f"{len(outcome.requests)} pages")
        return
    wanted = 3 if len(asked) > 1 else 2
    if len(items := cast("list[object]", outcome.value)) != wanted:
        yield Fault("items read", f"{wanted} items", shown(items))
    for case, request in zip(asked, outcome.requests, strict=True):
        for fault in judge_sent(suite, operation, case, Outcome([request]), BASE_PATH):
            yield Fault(f"walking: {fault.kind}", fault.wanted, fault.got)
