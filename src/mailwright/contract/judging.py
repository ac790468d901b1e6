"""Decides whether what a call came to is what the contract allows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, cast

import msgspec

from mailwright.contract.calling import TOKEN, Outcome
from mailwright.contract.credentials import Credential
from mailwright.contract.document import JSON, Operation
from mailwright.contract.envelopes import told
from mailwright.contract.findings import shown
from mailwright.contract.rpc import flat, in_python
from mailwright.contract.suite import Fault, Suite
from mailwright.contract.wire import read
from mailwright.runtime import APIError, MailwrightError, NotFound, Page, UsageError


def judge_value(suite: Suite, operation: Operation, schema: JSON, body: object, outcome: Outcome) -> Fault | None:
    """An answer that fits its schema must give a value that means the same."""
    if outcome.error is not None:
        return Fault("an answer that fits was refused", "a value", error_text(outcome.error))
    return _same_value(suite, operation, schema, body, outcome, lax=False)


def judge_misfit(suite: Suite, operation: Operation, schema: JSON, body: object, outcome: Outcome) -> Fault | None:
    """An answer that does not fit must raise a documented exception, or mean the same when read laxly."""
    if outcome.error is not None:
        return undocumented(operation, outcome.error)
    if isinstance(body, bytes):
        return Fault("bytes that are no answer were taken", "ResponseInvalid", shown(outcome.value))
    return _same_value(suite, operation, schema, body, outcome, lax=True)


def judge_careless(suite: Suite, operation: Operation, schema: JSON, body: object, outcome: Outcome) -> Fault | None:
    """An answer that is only written carelessly must be read laxly, and mean the same."""
    if outcome.error is not None:
        return Fault("a careless answer was refused", "a value", error_text(outcome.error))
    return _same_value(suite, operation, schema, body, outcome, lax=True)


def means_nothing(operation: Operation, body: object) -> bool:
    """Says whether an answer is one of those that stand for an empty list, or for no such thing."""
    words: dict[str, list[object]] = {"list": [{}], "object": [{}, [], False]}
    return any(type(body) is type(word) and body == word for word in words.get(operation.form, ()))


def judge_nothing(operation: Operation, outcome: Outcome) -> Fault | None:
    """What stands for something else: for an empty list, or for that there is no such thing."""
    if operation.form == "list":
        same = outcome.error is None and outcome.value == []
        return None if same else Fault("an empty object is no empty list", "[]", _told(outcome))
    if isinstance(outcome.error, NotFound):
        return undocumented(operation, outcome.error)
    return Fault("an empty object is not told as NotFound", "NotFound", _told(outcome))


def _told(outcome: Outcome) -> str:
    return shown(outcome.value) if outcome.error is None else error_text(outcome.error)


def judge_failure(suite: Suite, operation: Operation, status: int, body: object, outcome: Outcome) -> Fault | None:
    """An answer that tells an error must raise it, with its status and code."""
    told_here = told(suite.document.envelope, body, status)
    if outcome.error is None:
        if told_here and status < 300 and (told_here.success or (operation.bare and not told_here.error)):
            return None
        return Fault("an error was taken for a success", "a documented exception", shown(outcome.value))
    if fault := undocumented(operation, outcome.error):
        return fault
    error = outcome.error
    if getattr(error, "status", None) != status:
        return Fault("an error lost its status", f"status {status}", shown(getattr(error, "status", None)))
    must_be_told = status >= 400 or (200 <= status < 300 and told_here is not None and told_here.error)
    if not isinstance(error, APIError):
        text = f"an APIError with status {status}"
        return Fault("an error of the API was not told as one", text, error_text(error)) if must_be_told else None
    if told_here is None:
        return None
    # What cannot be printed is shown in escapes, and so is not compared.
    if error.code != told_here.code and (not isinstance(told_here.code, str) or told_here.code.isprintable()):
        return Fault("an error lost its code", f"code {told_here.code!r}", f"code {error.code!r}")
    if not told_here.message or not told_here.message.isprintable():
        return None
    text, _, more = error.message.partition("; ") if told_here.explained else (error.message, "", "")
    if text != told_here.message:
        return Fault("an error lost its text", shown(told_here.message), shown(error.message))
    if told_here.explained and not more:
        return Fault("a key of several meanings is not explained", "its meanings", shown(error.message))
    return None


def undocumented(operation: Operation, error: BaseException) -> Fault | None:
    """Only the client's own exceptions may pass, and each must tell its call and no secret."""
    if not isinstance(error, MailwrightError) or isinstance(error, UsageError):
        return Fault(f"{type(error).__name__} came out", "a value or a documented exception", error_text(error))
    if error.operation != operation.id:
        return Fault("an error lost its operation", operation.id, shown(error.operation))
    if leak := leaked(error):
        return leak
    return None


def leaked(error: BaseException) -> Fault | None:
    """The token must be in no text of an exception."""
    for name, text in (("text", str(error)), ("repr", repr(error)), ("url", str(getattr(error, "url", "")))):
        if TOKEN in text:
            return Fault(f"the token is in the {name} of an exception", "***", shown(text))
    return None


def judge_broken(
    suite: Suite, operation: Operation, wanted: type[MailwrightError], good: Any, outcome: Outcome, *, or_value: bool
) -> Fault | None:
    """An answer that is none must raise; where a value is allowed, it must be that of the good answer."""
    if outcome.error is not None:
        if fault := undocumented(operation, outcome.error):
            return fault
        if or_value or isinstance(outcome.error, wanted):
            return None
        return Fault("the wrong exception came", wanted.__name__, error_text(outcome.error))
    if or_value:
        return _same_value(suite, operation, operation.success[1], good, outcome, lax=False)
    return Fault("an answer that is none was taken", wanted.__name__, shown(outcome.value))


def judge_sent(suite: Suite, operation: Operation, case: JSON, outcome: Outcome, base_path: str) -> Iterator[Fault]:
    """A call must send one request, which means what the arguments say."""
    if len(outcome.requests) != 1:
        yield Fault("requests sent", "1 request", f"{len(outcome.requests)} requests; {error_text(outcome.error)}")
        return
    sent = read(outcome.requests[0], base_path)
    for mismatch in suite.wire.mismatches(operation, case, sent):
        yield Fault(mismatch.part, shown(mismatch.wanted), shown(mismatch.got))


def judge_token(
    suite: Suite, operation: Operation, outcome: Outcome, token: str = TOKEN, credential: Credential | None = None
) -> Iterator[Fault]:
    """The token goes in its header, once, and nowhere else; and nowhere at all where none is asked for."""
    credential = credential or next(iter(suite.client.credentials), None)
    if credential is None:
        return
    value = credential.value(token)
    wanted = [credential.header.lower()] if operation.secured else []
    for request in outcome.requests:
        if not credential.header:
            if (token in request.url) is not operation.secured:
                yield Fault("the token in the URL", shown(operation.secured), shown(token in request.url))
            continue
        places = [key.lower() for key, each in request.headers if each == value]
        if places != wanted:
            yield Fault("headers with the token", shown(wanted), shown(places))
        others = [each for _, each in request.headers if each != value]
        if any(token in text for text in (request.url, *others)) or token.encode() in (request.body() or b""):
            yield Fault(
                "the token is in the URL, the body or another header", "in its header only", "elsewhere as well"
            )


def error_text(error: BaseException | None) -> str:
    """An exception as a person reads it."""
    return "no exception" if error is None else f"{type(error).__name__}: {shown(str(error))}"


def is_refusal(error: BaseException | None) -> bool:
    """Says whether a call was refused before anything was sent."""
    return isinstance(error, UsageError)


def _same_value(
    suite: Suite, operation: Operation, schema: JSON, body: object, outcome: Outcome, *, lax: bool
) -> Fault | None:
    if operation.value:
        if not isinstance(body, dict) or operation.value not in body:
            return Fault("an answer without its value was taken", f"{operation.value} in it", shown(outcome.value))
        schema = suite.document.resolve(schema)["properties"][operation.value]
        body = cast("JSON", body)[operation.value]
    try:
        back: Any = json.loads(msgspec.json.encode(outcome.value))
    except Exception as error:  # noqa: BLE001 (whatever it is, it is the finding)
        return Fault("a value cannot be encoded again", "JSON", error_text(error))
    if operation.form == "entries":
        # The value holds the list that came, or the one entry that came alone.
        entries: list[Any] = back["entries"]
        came_alone = isinstance(body, dict)
        back = entries[0] if came_alone else entries
    if operation.rpc is not None:
        if operation.rpc.void:
            return None if back is None else Fault("no rows became a value", "None", shown(back))
        body, back = in_python(suite.document, schema, body), flat(suite.document, schema, back)
    difference = suite.equality.first_difference(schema, body, back, mode="lax" if lax else "answer")
    if difference is not None:
        kind = f"an answer changed at {_general(difference.place)}"
        return Fault(kind, shown(difference.wanted), shown(difference.got))
    if lax or outcome.page is None or not isinstance(body, dict):
        return None
    return _page_fault(operation, cast("JSON", body), outcome.page)


def _page_fault(operation: Operation, body: JSON, page: Page[Any, Any]) -> Fault | None:
    """The page of a list must hold the items and the cursors of its answer."""
    paging = operation.paging
    if paging is None:
        return None
    for name, wire, got in (
        ("next_cursor", paging.cursor, page.next_cursor),
        ("previous_cursor", paging.previous_cursor, page.previous_cursor),
    ):
        # False, and anything else that is no text, says that there is no such page.
        wanted = body.get(wire) or None
        if wire and wanted != got:
            return Fault(f"page.{name}", shown(wanted), shown(got))
    if paging.total and page.total != body.get(paging.total):
        return Fault("page.total", shown(body.get(paging.total)), shown(page.total))
    if len(page.items) != len(body.get(paging.items) or ()):
        return Fault("page.items", f"{len(body[paging.items])} items", f"{len(page.items)} items")
    return None


def _general(place: str) -> str:
    """A place without the numbers of list items, so that one mistake is one finding."""
    return re.sub(r"\[\d+\]", "[]", place)
