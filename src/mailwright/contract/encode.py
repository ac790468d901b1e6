"""The encode half: generated arguments must reach the wire as the document says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, cast
from urllib.parse import urlsplit

from mailwright.contract import bulk
from mailwright.contract.bindings import Unbindable
from mailwright.contract.calling import BASE_URL, Mode
from mailwright.contract.document import JSON, Document, Operation
from mailwright.contract.generation import Value
from mailwright.contract.judging import error_text, is_refusal, judge_sent, judge_token
from mailwright.contract.refusals import may_refuse
from mailwright.contract.rpc import refused
from mailwright.contract.samples import sample, sample_case
from mailwright.contract.shrinking import shrink
from mailwright.contract.suite import Fault, Suite

BASE_PATH = urlsplit(BASE_URL).path
_ASYNC_EVERY = 10
_LEFT_ALONE = 5


def request_schema(document: Document, operation: Operation) -> JSON:
    """The arguments of an operation as one object: path, query and header parameters by place, and the body."""
    properties: JSON = {}
    required: list[str] = []
    for place in ("path", "query", "header"):
        parameters = list(operation.at(place))
        if parameters:
            needed = [each.name for each in parameters if each.required]
            schemas = {each.name: each.schema for each in parameters}
            properties[place] = _closed(schemas, needed)
            required += [place] if needed else []
    if operation.takes_body:
        # Bytes are generated as text; a table of its own has those that are none.
        properties["body"] = {"type": "string"} if operation.body is None else operation.body
        required.append("body")
    return _closed(properties, required)


def check(suite: Suite, operation: Operation) -> None:
    """Calls the client with every generated case, sync and some of them async, and reports what differs."""
    schema = request_schema(suite.document, operation)
    for number, value in enumerate(cases(suite, operation)):
        suite.counts[operation.id, "encode"] += 1
        suite.coverage.request(operation, value.data, suite.equality)
        faults = list(_faults(suite, operation, value.data, "sync"))
        for fault in faults:
            _report(suite, operation, schema, value.data, fault, "sync")
        if value.boundary or number % _ASYNC_EVERY == 0:
            known = {fault.kind for fault in faults}
            for fault in _faults(suite, operation, value.data, "async"):
                if fault.kind not in known:
                    _report(suite, operation, schema, value.data, fault, "async")


def cases(suite: Suite, operation: Operation) -> list[Value]:
    """Generates the cases of an operation; one without any argument has one case."""
    schema = request_schema(suite.document, operation)
    if not schema["properties"]:
        return [Value({}, boundary=True)]
    values = suite.generator.values(operation.id, schema, count=suite.cases)
    # A page is asked for by one cursor: an API has no meaning for two, and a client refuses them.
    return [
        Value(
            _for_one(
                suite,
                operation,
                _for_somebody(suite, operation, _one_way(operation, whole_numbers(value.data), number), number),
            ),
            value.boundary,
        )
        for number, value in enumerate(values)
    ]


def _for_one(suite: Suite, operation: Operation, case: JSON) -> JSON:
    """Leaves one item of those that an operation acts on: for several, a client makes several calls."""
    stated = suite.client.method(operation).bulk
    if stated is None or not stated.many:
        return case
    items = bulk.items_of(case["body"]) or bulk.items_of(sample_case(suite.document, operation)["body"])
    body = bulk.put(case["body"], "items", items[0])
    # What means all there is is another method's: `many` makes these cases.
    told = None if stated.whole is None else (bulk.apart(body) or {}).get(stated.whole.wire)
    if stated.whole is not None and told in stated.whole.values:
        body = bulk.put(body, stated.whole.wire, stated.whole.others[0])
    return {**case, "body": body}


def _one_way(operation: Operation, case: JSON, number: int) -> JSON:
    """Takes one of two cursors out of a case, in turn."""
    paging = operation.paging
    if paging is None or not _asks_both_ways(operation, case):
        return case
    dropped = paging.previous if number % 2 else paging.next
    return {**case, "query": {name: value for name, value in case["query"].items() if name != dropped}}


def _for_somebody(suite: Suite, operation: Operation, case: JSON, number: int) -> JSON:
    """Gives most cases of a command one of the parameters that it needs: without any, a client sends nothing."""
    rpc = operation.rpc
    if rpc is None or not rpc.needs or number % _LEFT_ALONE == 0 or not refused(rpc, case["body"]):
        return case
    properties = suite.document.resolve(operation.body or {})["properties"]
    name = rpc.needs[number % len(rpc.needs)]
    return {**case, "body": {**case["body"], name: sample(suite.document, properties[name])}}


def whole_numbers(value: Any) -> Any:
    """Writes 3.0 as 3, which is the same number in JSON and in JSON Schema, but not to a typed argument."""
    if isinstance(value, dict):
        return {key: whole_numbers(item) for key, item in cast("JSON", value).items()}
    if isinstance(value, list):
        return [whole_numbers(item) for item in cast("list[object]", value)]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _asks_both_ways(operation: Operation, case: JSON) -> bool:
    paging, query = operation.paging, case.get("query", {})
    return paging is not None and paging.next in query and paging.previous in query


def _faults(suite: Suite, operation: Operation, case: JSON, mode: Mode) -> Iterator[Fault]:
    try:
        call = suite.client.bind(operation, case)
    except Unbindable as error:
        yield Fault("arguments that fit have no typed form", "a call", str(error))
        return
    outcome = suite.caller.call(suite.client.method(operation), call, suite.good_answer(operation), mode=mode)
    if is_refusal(outcome.error) and not outcome.requests:
        if not may_refuse(operation, case):
            yield Fault("arguments that fit were refused", "a request", error_text(outcome.error))
        return
    ignored = operation.heeding.ignored(case.get("query", {})) if operation.heeding else ""
    if ignored:
        yield Fault(f"{ignored} was sent, which the server ignores", "UsageError", "a request")
        return
    yield from judge_sent(suite, operation, case, outcome, BASE_PATH)
    yield from judge_token(suite, operation, outcome)
    if outcome.error is not None:
        yield Fault("a good answer was refused", "a value", error_text(outcome.error))


def _report(suite: Suite, operation: Operation, schema: JSON, case: JSON, fault: Fault, mode: Mode) -> None:
    kind = fault.kind if mode == "sync" else f"{fault.kind} (async)"
    if not suite.findings.knows(operation.id, "encode", kind):
        case = _smallest(suite, operation, schema, case, fault.kind, mode)
        fault = next((each for each in _faults(suite, operation, case, mode) if each.kind == fault.kind), fault)
    call = suite.client.bind(operation, case, typed=False)
    with suppress(Unbindable):
        call = suite.client.bind(operation, case)
    fault = Fault(kind, fault.wanted, fault.got)
    suite.report(operation, "encode", fault, call, [suite.good_answer(operation)], mode=mode)


def _smallest(suite: Suite, operation: Operation, schema: JSON, case: JSON, kind: str, mode: Mode) -> Any:
    def fails(smaller: Any) -> bool:
        if not suite.fits(schema, smaller) or _asks_both_ways(operation, smaller):
            return False
        return any(each.kind == kind for each in _faults(suite, operation, smaller, mode))

    return shrink(case, fails)


def _closed(properties: JSON, required: list[str]) -> JSON:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
