"""Lists that come in pages: walked over two of them, every item once, by the cursor of the first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import cast

from mailwright.contract import counted_lists
from mailwright.contract.bindings import Call
from mailwright.contract.calling import Mode, Outcome
from mailwright.contract.document import JSON, Operation
from mailwright.contract.encode import BASE_PATH
from mailwright.contract.findings import shown
from mailwright.contract.judging import error_text, judge_sent
from mailwright.contract.recording import Answer
from mailwright.contract.samples import sample_case
from mailwright.contract.suite import Fault, Suite

_CURSOR = "eyJhIjoiYi8rPSJ9/+="


def check(suite: Suite, operation: Operation) -> None:
    """Walks a list of two pages, sync and async; an operation without pages has nothing to check."""
    paging = operation.paging
    if paging is not None and paging.size:
        counted_lists.check(suite, operation, paging)
    if paging is None or not paging.next or not paging.cursor:
        return
    good = json.loads(suite.good_answer(operation).content)
    bodies = [{**good, paging.cursor: _CURSOR}, {**good, paging.cursor: False}]
    answers = [Answer(json.dumps(each).encode(), operation.success[0]) for each in bodies]
    case = _filtered_case(suite, operation)
    call = suite.client.bind(operation, case)
    for mode in ("sync", "async"):
        suite.counts[operation.id, "decode"] += 1
        for fault in _faults(suite, operation, case, call, answers, len(good[paging.items]), mode):
            suite.report(operation, "decode", fault, call, answers, mode=mode, walk=True)


def _filtered_case(suite: Suite, operation: Operation) -> JSON:
    """The arguments with one filter, which every page has to repeat."""
    case = sample_case(suite.document, operation)
    paging = operation.paging
    names = (each for each in operation.at("query") if paging and each.name not in (paging.next, paging.previous))
    text = next((each for each in names if _takes_any_text(suite.document.resolve(each.schema))), None)
    return {**case, "query": {**case.get("query", {}), **({text.name: "needle"} if text else {})}}


def _takes_any_text(schema: JSON) -> bool:
    return schema.get("type") == "string" and schema.keys().isdisjoint({"enum", "const", "format", "pattern"})


def _faults(
    suite: Suite, operation: Operation, case: JSON, call: Call, answers: list[Answer], on_page: int, mode: Mode
) -> Iterator[Fault]:
    paging = operation.paging
    outcome = suite.caller.walk(suite.client.method(operation), call, *answers, mode=mode)
    if outcome.error is not None:
        yield Fault("a list of two pages was refused", "all items", error_text(outcome.error))
    elif len(outcome.requests) != len(answers):
        yield Fault("pages read", f"{len(answers)} pages", f"{len(outcome.requests)} pages")
    elif len(items := cast("list[object]", outcome.value)) != on_page * len(answers):
        yield Fault("items read", f"{on_page * len(answers)} items", shown(items))
    else:
        second = {**case, "query": {**case["query"], paging.next if paging else "": _CURSOR}}
        for asked, request in zip((case, second), outcome.requests, strict=True):
            one = Outcome([request])
            for fault in judge_sent(suite, operation, asked, one, BASE_PATH):
                yield Fault(f"walking: {fault.kind}", fault.wanted, fault.got)
