"""Secrets: what the document marks as such must be in no repr, and in no text of an exception."""

from __future__ import annotations

import json
from collections.abc import Iterator

from mailwright.contract.bindings import Call
from mailwright.contract.calling import TOKEN
from mailwright.contract.document import JSON, Operation
from mailwright.contract.envelopes import broken
from mailwright.contract.judging import error_text
from mailwright.contract.recording import Answer
from mailwright.contract.samples import SECRET, sample_case
from mailwright.contract.suite import Fault, Suite


def check(suite: Suite, operation: Operation) -> None:
    """Calls with a known secret in every secret place, and looks for it where a person may read."""
    case = sample_case(suite.document, operation)
    call = suite.client.bind(operation, case)
    suite.counts[operation.id, "hostile"] += 1
    for fault, answer in _faults(suite, operation, case, call):
        suite.report(operation, "hostile", fault, call, [answer])


def _faults(suite: Suite, operation: Operation, case: JSON, call: Call) -> Iterator[tuple[Fault, Answer]]:
    method, good = suite.client.method(operation), suite.good_answer(operation)
    body = suite.client.body_of(operation, case)
    yield from ((fault, good) for fault in _shown("the repr of the request's model", repr(body)))
    outcome = suite.caller.call(method, call, good)
    yield from ((fault, good) for fault in _shown("the repr of the value", repr(outcome.value)))
    for request in outcome.requests:
        yield from ((fault, good) for fault in _shown("the repr of the request", repr(request)))
    if not method.paged and not method.stream:
        whole = suite.caller.call(method, call, good, whole=True)
        yield from ((fault, good) for fault in _response_faults(operation, whole.value, whole.error))
        yield from ((fault, good) for fault in _shown("the repr of the response", repr(whole.value)))
    answers = [Answer(json.dumps(each).encode()) for _, each in broken(suite.document.envelope, {"success": True})]
    # A server that repeats what it was sent.
    echo = {"error": f"wrong: {SECRET} {TOKEN}", "code": "Wrong"}
    secret_sent = SECRET in json.dumps(case)
    for answer in (*answers, Answer(json.dumps(echo if secret_sent else {**echo, "error": TOKEN}).encode())):
        error = suite.caller.call(method, call, answer).error
        text = f"{error!s} {error!r} {getattr(error, 'url', '')}"
        yield from ((fault, answer) for fault in _shown("the text of an exception", text))


def _response_faults(operation: Operation, value: object, error: BaseException | None) -> Iterator[Fault]:
    """With the whole response asked for, it must be there, and tell what it answers."""
    if error is not None:
        yield Fault("with_response failed", "a Response", error_text(error))
        return
    told = (getattr(value, "operation", None), getattr(value, "method", None), getattr(value, "status", None))
    wanted = (operation.id, operation.method, operation.status)
    if told != wanted:
        yield Fault("with_response gave something else", str(wanted), str(told))
    yield from _shown("the url of the response", str(getattr(value, "url", "")))


def _shown(place: str, text: str) -> Iterator[Fault]:
    for name, secret in (("a secret", SECRET), ("the token", TOKEN)):
        if secret in text:
            yield Fault(f"{name} is in {place}", "***", text.replace(secret, f"<{name}>")[:300])
