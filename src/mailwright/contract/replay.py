"""Replays recorded exchanges: the client must send what was sent, and make of the answer what it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from mailwright.contract import batches
from mailwright.contract.batches import commands_of, tags_of
from mailwright.contract.bindings import Call, Client, Unbindable
from mailwright.contract.calling import Caller, Mode, Outcome
from mailwright.contract.document import JSON, Operation
from mailwright.contract.encode import BASE_PATH
from mailwright.contract.events import recorded_events
from mailwright.contract.exchange import Exchange, Unreadable, case_of, likeness, matches
from mailwright.contract.findings import shown
from mailwright.contract.judging import (
    error_text,
    judge_failure,
    judge_nothing,
    judge_sent,
    judge_value,
    means_nothing,
    undocumented,
)
from mailwright.contract.repeating import line
from mailwright.contract.rpc import rows_of
from mailwright.contract.samples import sample_case
from mailwright.contract.suite import Fault, Suite, arguments_text
from mailwright.runtime import Event, TransportError

_MODES: tuple[Mode, ...] = ("sync", "async")


@dataclass(frozen=True, slots=True)
class Diff:
    """One difference between a recorded exchange and what the client did."""

    place: str
    operation: str
    part: str
    arguments: str
    fault: Fault
    repeat: str

    def __str__(self) -> str:
        return (
            f"{self.place}: {self.operation}: {self.part}: {self.fault.kind}\n"
            f"  arguments  {self.arguments}\n"
            f"  wanted     {self.fault.wanted}\n"
            f"  got        {self.fault.got}\n"
            f"  repeat     {self.repeat}"
        )


@dataclass
class Replay:
    """What came of replaying: counts, the operations the document lacks, and the differences."""

    matched: int = 0
    raw: int = 0
    skipped: Counter[str] = field(default_factory=Counter[str])
    request_diffs: list[Diff] = field(default_factory=list[Diff])
    outcome_diffs: list[Diff] = field(default_factory=list[Diff])

    def __str__(self) -> str:
        return (
            f"matched {self.matched} raw {self.raw} skipped {self.skipped.total()} "
            f"request_diff {len(self.request_diffs)} outcome_diff {len(self.outcome_diffs)}"
        )


def replay(client: Client, exchanges: Iterable[Exchange]) -> Replay:
    """Replays through the sync and the async client; an exchange counts once, and its differences once each."""
    result = Replay()
    with Caller(client) as caller:
        suite = Suite(client, caller, seed=0, cases=0)
        for exchange in exchanges:
            found = [each for each in client.document.operations.values() if matches(each, exchange)]
            operation = max(found, key=lambda each: likeness(each, exchange), default=None)
            if operation is None or _is_another_call(suite, operation, exchange):
                result.skipped[exchange.operation] += 1
            else:
                _replay_one(suite, operation, exchange, result)
    return result


def _is_another_call(suite: Suite, operation: Operation, exchange: Exchange) -> bool:
    """Says whether a query that the operation does not have made the server answer with something else.

    The document has no operation for that: mailcow's `?tags=` gives a list of mailboxes in the place of one.
    Commands that share a URL are told apart by their bodies alone.
    """
    if operation.rpc is not None:
        return False
    known = {each.name for each in operation.parameters if each.place == "query"}
    asked = parse_qs(urlsplit(exchange.target).query, keep_blank_values=True)
    due = [schema for status, schema in operation.answers.items() if status.startswith("2")]
    if not asked or not known.isdisjoint(asked) or exchange.outcome != "success" or not due:
        return False
    fits = any(suite.fits(schema, exchange.body) for schema in due)
    return exchange.body is not None and not fits and not means_nothing(operation, exchange.body)


def _replay_one(suite: Suite, operation: Operation, exchange: Exchange, result: Replay) -> None:
    if operation.rpc is not None:
        exchange = replace(exchange, answer=replace(exchange.answer, tags=tags_of(exchange)))
        if commands_of(exchange):
            result.raw += 1
            _replay_batch(suite, operation, exchange, result)
            return
    case = _bound_case(suite, operation, exchange)
    if case is None:
        result.raw += 1
    else:
        result.matched += 1
    call = suite.client.bind(operation, case or sample_case(suite.document, operation))
    for part, diffs in (("request", result.request_diffs), ("outcome", result.outcome_diffs)):
        found: set[Fault] = set()
        for mode in _MODES:
            outcome = suite.caller.call(suite.client.method(operation), call, exchange.answer, mode=mode)
            faults = _outcome_faults(suite, operation, exchange, outcome)
            if part == "request":
                faults = judge_sent(suite, operation, case, outcome, BASE_PATH) if case is not None else iter(())
            for fault in faults:
                if fault not in found:
                    found.add(fault)
                    diffs.append(_diff(suite, operation, exchange, call, part, fault, mode))


def _replay_batch(suite: Suite, operation: Operation, exchange: Exchange, result: Replay) -> None:
    found: set[Fault] = set()
    for mode in _MODES:
        for fault in batches.faults(suite, exchange, mode):
            if fault not in found:
                found.add(fault)
                call = Call()
                result.outcome_diffs.append(_diff(suite, operation, exchange, call, "outcome", fault, mode))


def _bound_case(suite: Suite, operation: Operation, exchange: Exchange) -> JSON | None:
    """The values of a recorded request; None for one that typed arguments cannot make."""
    try:
        case = case_of(operation, exchange, suite.document.token_names.get("query", ""))
        suite.client.bind(operation, case)
    except (Unreadable, Unbindable):
        return None
    return case


def _outcome_faults(suite: Suite, operation: Operation, exchange: Exchange, outcome: Outcome) -> Iterator[Fault]:
    fault: Fault | None = None
    status = exchange.answer.status
    if exchange.outcome == "success":
        fault = _success_fault(suite, operation, exchange, outcome)
    elif exchange.outcome == "failure" and outcome.error is None:
        fault = Fault("an error was taken for a success", "a documented exception", shown(outcome.value))
    elif exchange.outcome == "failure":
        fault = judge_failure(suite, operation, status, exchange.body, outcome)
    elif exchange.outcome == "disconnect" and not isinstance(outcome.error, TransportError):
        fault = Fault("a disconnect was not told as one", "a TransportError", error_text(outcome.error))
    elif exchange.outcome == "malformed" and outcome.error is None and operation.rpc is not None:
        # The answer of 2.3 that has more parts than it should is malformed, and can be read all the same.
        fault = _success_fault(suite, operation, exchange, outcome)
    elif exchange.outcome == "malformed" and outcome.error is None:
        fault = Fault("a malformed answer was taken", "a documented exception", shown(outcome.value))
    elif outcome.error is not None:
        fault = undocumented(operation, outcome.error)
    if fault is not None:
        yield fault


def _success_fault(suite: Suite, operation: Operation, exchange: Exchange, outcome: Outcome) -> Fault | None:
    if means_nothing(operation, exchange.body):
        return judge_nothing(operation, outcome)
    if outcome.error is not None:
        return Fault("an answer that fits was refused", "a value", error_text(outcome.error))
    if operation.event is not None:
        wanted, events = recorded_events(exchange.answer.content), cast("list[Event[Any]]", outcome.value)
        if len(wanted) != len(events):
            return Fault("events of a recorded stream", f"{len(wanted)} events", f"{len(events)} events")
        for body, event in zip(wanted, events, strict=True):
            fault = judge_value(suite, operation, operation.event, body, Outcome([], value=event.data))
            if fault is not None:
                return fault
        return None
    if operation.downloads:
        same = outcome.value == exchange.answer.content
        return None if same else Fault("a file changed", shown(exchange.answer.content), shown(outcome.value))
    if operation.empty and not exchange.answer.content.strip():
        return None if outcome.value is None else Fault("no content became a value", "None", shown(outcome.value))
    body = exchange.body if operation.rpc is None else rows_of(exchange.body)
    return judge_value(suite, operation, operation.success[1], body, outcome)


def _diff(
    suite: Suite, operation: Operation, exchange: Exchange, call: Call, part: str, fault: Fault, mode: Mode
) -> Diff:
    repeat = line(suite.client, suite.client.method(operation), call, [exchange.answer], mode=mode)
    return Diff(exchange.place, operation.id, part, arguments_text(call), fault, repeat)
