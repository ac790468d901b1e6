"""Holds flags, parameters whose only value is true: each is sent so, or not at all, whatever it is set to."""

from __future__ import annotations

from collections.abc import Iterator

from mailwright.contract.bindings import Argument, Call
from mailwright.contract.document import Operation
from mailwright.contract.encode import BASE_PATH
from mailwright.contract.findings import shown
from mailwright.contract.judging import error_text, judge_sent
from mailwright.contract.samples import sample_case
from mailwright.contract.suite import Fault, Suite
from mailwright.runtime import UsageError

_UNSAID = (False, None)
_NO_TRUTH = (0, 1, "", "false", "true", [True])


def is_flag(operation: Operation, argument: Argument) -> bool:
    """Says whether an argument is a parameter that may be left out, and can only be true."""
    here = (each for each in operation.sent if each.place == argument.place == "query")
    return any(each.name == argument.wire and not each.required and each.schema.get("const") is True for each in here)


def check_flag(suite: Suite, operation: Operation, argument: Argument) -> None:
    """Sets a flag to what is not true: the two that say so leave it out, and all else is refused."""
    case = sample_case(suite.document, operation)
    query = {name: value for name, value in case.get("query", {}).items() if name != argument.wire}
    case = {**case, "query": query}
    call = suite.client.bind(operation, case)
    answer = suite.good_answer(operation)
    for value in (*_UNSAID, *_NO_TRUTH):
        suite.counts[operation.id, "hostile"] += 1
        given = Call(call.arguments, {**call.keywords, argument.name: value}, call.page)
        outcome = suite.caller.call(suite.client.method(operation), given, answer)
        faults: Iterator[Fault] = iter(())
        if any(value is each for each in _UNSAID):
            faults = judge_sent(suite, operation, case, outcome, BASE_PATH)
        elif outcome.requests or not isinstance(outcome.error, UsageError):
            got = shown(outcome.requests[0].url) if outcome.requests else error_text(outcome.error)
            faults = iter((Fault("a flag that is neither true nor false was taken", "UsageError", got),))
        for fault in faults:
            suite.report(
                operation, "hostile", Fault(f"{argument.name}: {fault.kind}", fault.wanted, fault.got), given, [answer]
            )
