"""Recorded requests of several commands: as a batch of the client, each must come to what its answer says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, cast

from mailwright.contract.bindings import Call, Unbindable
from mailwright.contract.calling import Mode
from mailwright.contract.document import JSON, Operation
from mailwright.contract.exchange import Exchange
from mailwright.contract.findings import shown
from mailwright.contract.judging import error_text
from mailwright.contract.rpc import Unfit, items_of, parameters_of
from mailwright.contract.samples import sample_case
from mailwright.contract.suite import Fault, Suite
from mailwright.runtime import APIError, MailwrightError, TransportError

# Dovecot 2.3 leaves out the comma before an error that it finds before a command is run.
_GAP = re.compile(r'\]\["error"')


def commands_of(exchange: Exchange) -> list[Any]:
    """Lists the commands of a request; none where it has not several."""
    found = items_of(exchange.request.get("json"))
    return found if len(found) > 1 else []


def tags_of(exchange: Exchange) -> tuple[str, ...]:
    """Lists the tags of a recorded request; none where it has no commands."""
    commands = [items_of(each) for each in items_of(exchange.request.get("json"))]
    return tuple(each[-1] if each and isinstance(each[-1], str) else "" for each in commands)


def faults(suite: Suite, exchange: Exchange, mode: Mode) -> Iterator[Fault]:
    """Sends the commands as one batch, and compares each outcome with its answer.

    A command that the client cannot make is sent as another one: only what its answer comes to is looked at.
    """
    found = [_call(suite, each) for each in commands_of(exchange)]
    calls = [(suite.client.method(operation), call) for operation, call in found]
    outcome = suite.caller.batch(calls, exchange.answer, mode=mode)
    answers = _answers(exchange)
    if exchange.outcome == "disconnect":
        if not isinstance(outcome.error, TransportError):
            yield Fault("a disconnect was not told as one", "a TransportError", error_text(outcome.error))
    elif answers is None:
        if not isinstance(outcome.error, MailwrightError):
            yield Fault("an answer that is none was taken", "a documented exception", error_text(outcome.error))
    elif outcome.error is not None:
        yield Fault("the answers to a batch were refused", "outcomes", error_text(outcome.error))
    else:
        got = cast("list[Any]", outcome.value)
        if len(answers) != len(got):
            yield Fault("outcomes of a batch", f"{len(answers)} outcomes", f"{len(got)} outcomes")
        for answer, each in zip(answers, got, strict=False):
            yield from _fault(answer, each.error)


def _fault(answer: list[Any], error: object) -> Iterator[Fault]:
    if answer[0] == "doveadmResponse":
        if isinstance(error, APIError):
            yield Fault("a success in a batch became an error", "a value", error_text(error))
        return
    told = cast("JSON", answer[1])
    wanted = told["exitCode"] if told["type"] == "exitCode" else told["type"]
    if not isinstance(error, APIError) or error.code != wanted:
        yield Fault("an error in a batch changed", f"code {wanted!r}", shown(error))


def _answers(exchange: Exchange) -> list[list[Any]] | None:
    try:
        found = json.loads(_GAP.sub('],["error"', exchange.answer.content.decode()))
    except ValueError:
        return None
    return cast("list[list[Any]]", found) if isinstance(found, list) else None


def _call(suite: Suite, command: Any) -> tuple[Operation, Call]:
    known = [each for each in suite.document.operations.values() if each.rpc is not None]
    parts = items_of(command) or [None]
    for operation in known:
        if operation.rpc is not None and operation.rpc.command == parts[0]:
            try:
                return operation, suite.client.bind(operation, {"body": parameters_of(operation.rpc, [parts])})
            except (Unfit, Unbindable):
                break
    plain = next(each for each in known if each.rpc is not None and each.rpc.void)
    return plain, suite.client.bind(plain, sample_case(suite.document, plain))
