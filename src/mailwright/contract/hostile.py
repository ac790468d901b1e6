"""Values that schemathesis does not generate: each must arrive as it is, or be refused before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from mailwright.contract import bulk
from mailwright.contract.bindings import Argument, Call
from mailwright.contract.calling import BASE_URL, ONCE, Outcome
from mailwright.contract.credentials import Credential
from mailwright.contract.document import JSON, Operation
from mailwright.contract.encode import BASE_PATH
from mailwright.contract.findings import Finding, shown
from mailwright.contract.flags import check_flag, is_flag
from mailwright.contract.judging import error_text, is_refusal, judge_sent
from mailwright.contract.reading import read
from mailwright.contract.recording import Recorder
from mailwright.contract.refusals import rule_for
from mailwright.contract.repeating import expression
from mailwright.contract.samples import sample_case, types_of
from mailwright.contract.suite import Fault, Suite
from mailwright.runtime import UNSET, MailwrightError, UsageError

TEXTS: tuple[str, ...] = (
    *("", " ", " a ", ".", "..", "...", "/", "a/b", "../x", "..\\x", "\\", "%", "%2F", "%2e%2e", "%2E%2E%2F"),
    *("%00", "%zz", "?x=1", "#f", "a&b=c", "a=b", "a+b", "a b", ";a=b", "a,b", ",", "*", ":", "@", "~"),
    *("'", '"', "<>", "{}", "[]", "|", "^", "`"),
    *("\0", "a\0b", "\r\n", "a\r\nX-Evil: 1", "\n", "\t", "\x1b[31m", "\x7f", "\u0085", "\u2028", "\ufeff", "\u202e"),
    *("é", "ß", "İ", "андрис@уайлддак.орг", "日本", "\U0001f986", "e\u0301", "\U0010ffff", "\ufffe"),
    *("\ud800", "a\udfffb", "\ud83d"),
    *("null", "true", "false", "0", "-1", "1e5", "NaN", "None", "UNSET", "undefined", "a" * 100_000, "é" * 10_000),
)
_LONG_AGO, _FAR_AHEAD = datetime(2001, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
_NO_CONSENT = (False, None, 0, 1, 1.0, "", "True", "yes", [True])
NUMBERS: tuple[int | float, ...] = (
    *(0, -1, 2**31, 2**53, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1, 2**64, 10**30, -(10**30)),
    *(float("nan"), float("inf"), float("-inf")),
)


def check(suite: Suite, operation: Operation) -> None:
    """Puts every hostile value into every argument of an operation, one at a time."""
    for argument in suite.client.method(operation).arguments:
        if argument.place == "consent":
            check = _check_filters if argument.filters else _check_consent
            check(suite, operation, argument)
        if is_flag(operation, argument):
            check_flag(suite, operation, argument)
        if argument.place == "body" and argument.wire is None and not argument.upload:
            _check_null(suite, operation, argument)
        for value in _values(suite, operation, argument):
            suite.counts[operation.id, "hostile"] += 1
            _check_value(suite, operation, argument, value)


def check_tokens(suite: Suite) -> None:
    """Makes clients with hostile tokens and passwords: refused, or sent in the header as they are."""
    operation = next((each for each in suite.document.operations.values() if each.secured), None)
    for credential in suite.client.credentials:
        if operation is None or not credential.header:
            continue
        for token in TEXTS:
            suite.counts["(client)", "hostile"] += 1
            fault = _token_fault(suite, operation, credential, token)
            if fault is not None:
                name, module = suite.client.bindings.client, suite.client.target.import_name
                given = ", ".join(f"{key}={expression(each)}" for key, each in credential.arguments(token).items())
                repeat = (
                    f"from mailwright.contract import Recorder; from {module} import {name}; "
                    f"print({name}({BASE_URL!r}, {given}, backend=Recorder()))"
                )
                told = f"({credential.argument}={shown(token)})"
                suite.findings.add(Finding("(client)", "hostile", fault.kind, told, fault.wanted, fault.got, repeat))


def _token_fault(suite: Suite, operation: Operation, credential: Credential, token: str) -> Fault | None:
    good = suite.good_answer(operation)
    recorder = Recorder(good.content, status=good.status, headers=good.headers, tags=good.tags, show=False)
    method = suite.client.method(operation)
    call = suite.client.bind(operation, sample_case(suite.document, operation))
    rule = credential.rule(token)
    try:
        given: dict[str, Any] = credential.arguments(token)
        client = suite.client.sync_class(BASE_URL, **given, retries=ONCE, hash_passwords=False, backend=recorder)
        value: Any = getattr(getattr(client, method.resource), method.method)(*call.arguments, **call.keywords)
        if method.paged:
            value.page()
        elif method.stream:
            read(value)
    except UsageError as error:
        return Fault("a token was refused", "a request", error_text(error)) if rule == "send" else None
    except Exception as error:  # noqa: BLE001 (an exception that is not documented is a finding)
        return Fault(f"{type(error).__name__} came out", "UsageError or a request", error_text(error))
    name = credential.header.lower()
    values = [value for key, value in recorder.requests[0].headers if key.lower() == name]
    if rule == "refuse":
        return Fault("a token that no header can carry was taken", "UsageError", shown(values))
    wanted = [credential.value(token)]
    return None if values == wanted else Fault("a token changed", shown(wanted), shown(values))


def _check_consent(suite: Suite, operation: Operation, argument: Argument) -> None:
    """What destroys asks for True itself: nothing that counts as true will do, nor to say nothing."""
    call = suite.client.bind(operation, sample_case(suite.document, operation))
    silent = {name: value for name, value in call.keywords.items() if name != argument.name}
    for keywords in (silent, *({**silent, argument.name: value} for value in _NO_CONSENT)):
        suite.counts[operation.id, "hostile"] += 1
        given = Call(call.arguments, keywords, call.page)
        outcome = suite.caller.call(suite.client.method(operation), given, suite.good_answer(operation))
        wanted = UsageError if argument.name in keywords else TypeError
        if outcome.requests or not isinstance(outcome.error, wanted):
            fault = Fault("it destroys without being told to", wanted.__name__, _sent_text(outcome))
            suite.report(operation, "hostile", fault, given, [suite.good_answer(operation)])


def _check_null(suite: Suite, operation: Operation, argument: Argument) -> None:
    """None is no body: a server may take null for all there is."""
    call = suite.client.bind(operation, sample_case(suite.document, operation))
    suite.counts[operation.id, "hostile"] += 1
    given = Call(call.arguments, {**call.keywords, argument.name: None}, call.page)
    outcome = suite.caller.call(suite.client.method(operation), given, suite.good_answer(operation))
    if outcome.requests or not isinstance(outcome.error, UsageError):
        fault = Fault(f"{argument.name}: null was sent as a whole body", "UsageError", _sent_text(outcome))
        suite.report(operation, "hostile", fault, given, [suite.good_answer(operation)])


def _check_filters(suite: Suite, operation: Operation, argument: Argument) -> None:
    """What means everything without a filter asks for one that counts, or for True itself."""
    call = suite.client.bind(operation, sample_case(suite.document, operation))
    own = {argument.name, *argument.filters, *argument.ahead}
    silent = {name: value for name, value in call.keywords.items() if name not in own}
    nothing: list[Mapping[str, object]] = [{}]
    nothing += [{argument.name: value} for value in _NO_CONSENT]
    nothing += [{name: value} for name in argument.filters for value in ("", None, UNSET)]
    nothing += [{name: value} for name in argument.ahead for value in (_LONG_AGO, None, UNSET)]
    enough: list[Mapping[str, object]] = [{argument.name: True}]
    enough += [{name: _FAR_AHEAD} for name in argument.ahead]
    names = {each.wire: each.name for each in suite.client.method(operation).arguments}
    if operation.heeding is not None:
        filters: dict[str, object] = {names[wire]: text for wire, text in operation.heeding.examples.items()}
        enough += [{name: text} for name, text in filters.items()]
        hidden = [(names[wire], names[other]) for wire, other in operation.heeding.hidden]
        nothing += [{name: filters[name], other: filters[other], argument.name: True} for name, other in hidden]
        unsure: dict[str, object] = dict.fromkeys(argument.unsure, "x")
        nothing += [{name: text, each: "x"} for name, text in filters.items() for each in unsure]
        enough += [{**unsure, argument.name: True}]
    answer = suite.good_answer(operation)
    for given, sent in (*((each, False) for each in nothing), *((each, True) for each in enough)):
        suite.counts[operation.id, "hostile"] += 1
        whole = Call(call.arguments, {**silent, **given}, call.page)
        outcome = suite.caller.call(suite.client.method(operation), whole, answer)
        if sent and not outcome.requests:
            fault = Fault("what is narrowed down was refused", "a request", error_text(outcome.error))
            suite.report(operation, "hostile", fault, whole, [answer])
        elif not sent and (outcome.requests or not isinstance(outcome.error, UsageError)):
            fault = Fault("it destroys everything without being told to", "UsageError", _sent_text(outcome))
            suite.report(operation, "hostile", fault, whole, [answer])


def _values(suite: Suite, operation: Operation, argument: Argument) -> Iterator[Any]:
    """Yields the values for one argument, by the types that the document gives it."""
    schema = _schema(suite, operation, argument)
    if schema is None:
        return
    types = types_of(suite.document, schema)
    if "string" in types:
        yield from TEXTS
    if types & {"integer", "number"}:
        yield from NUMBERS
    if "array" in types:
        yield from ([text] for text in TEXTS)
        yield from (["a", text] for text in TEXTS)
        yield []


def _schema(suite: Suite, operation: Operation, argument: Argument) -> JSON | None:
    if argument.place == "consent" or argument.upload:
        return None
    if suite.client.method(operation).bulk is not None and argument.place in ("body", "items"):
        return bulk.schema_of(suite.document, operation.body or {}, argument.wire or "")
    if argument.place != "body":
        here = (each for each in operation.sent if each.place == argument.place)
        return next(each.schema for each in here if each.name == argument.wire)
    if argument.wire is None or operation.body is None:
        return None
    properties: JSON = suite.document.resolve(operation.body).get("properties", {})
    return properties.get(argument.wire)


def _check_value(suite: Suite, operation: Operation, argument: Argument, value: Any) -> None:
    case = sample_case(suite.document, operation)
    call = suite.client.bind(operation, case)
    wire = argument.wire or ""
    if suite.client.method(operation).bulk is not None and argument.place in ("body", "items"):
        case = {**case, "body": bulk.put(case["body"], wire, value)}
    else:
        case = {**case, argument.place: {**case.get(argument.place, {}), wire: value}}
    call = _with(suite, operation, call, argument, value)
    answer = suite.good_answer(operation)
    outcome = suite.caller.call(suite.client.method(operation), call, answer)
    for fault in _faults(suite, operation, argument, case, value, outcome):
        kind = f"{argument.name}: {fault.kind}"
        suite.report(operation, "hostile", Fault(kind, fault.wanted, fault.got), call, [answer])


def _with(suite: Suite, operation: Operation, call: Call, argument: Argument, value: Any) -> Call:
    """The same call with one argument replaced."""
    if argument.of == "page":
        paging = operation.paging
        keyword = "next" if paging is not None and argument.wire == paging.next else "previous"
        # The number of a page is given as a page has it, as text.
        given = str(value) if isinstance(value, int) else value
        return Call(call.arguments, call.keywords, {**call.page, keyword: given})
    if argument.place not in ("path", "items"):
        return Call(call.arguments, {**call.keywords, argument.name: value}, call.page)
    method = suite.client.method(operation)
    names = [each.name for each in method.arguments if each.place in ("path", "items")]
    position = names.index(argument.name)
    arguments = (*call.arguments[:position], value, *call.arguments[position + 1 :])
    return Call(arguments, call.keywords, call.page)


def _faults(
    suite: Suite, operation: Operation, argument: Argument, case: JSON, value: Any, outcome: Outcome
) -> Iterator[Fault]:
    parameter = next((each for each in operation.sent if each.name == argument.wire), None)
    joined = argument.place == "query" and parameter is not None and parameter.joined
    rule = rule_for("body" if argument.place == "items" else argument.place, value, joined=joined)
    if operation.rpc is not None and value == []:
        rule = "refuse"
    if operation.heeding is not None and argument.place == "query" and operation.heeding.ignored(case["query"]):
        rule = "refuse"
    if argument.narrows and value == "":
        rule = "refuse"
    stated = suite.client.method(operation).bulk
    if stated is not None and stated.whole is not None and argument.name == stated.whole.argument:
        rule = "refuse"
    if argument.of == "page" and not value:
        # A cursor that is empty leads nowhere: to refuse it is better than to give the first page again.
        rule = "either"
    if argument.of == "page" and operation.paging is not None and operation.paging.size:
        rule = "send" if isinstance(value, int) and value > 0 else "refuse"
    if outcome.error is not None and not isinstance(outcome.error, MailwrightError):
        yield Fault(f"{type(outcome.error).__name__} came out", "UsageError or a request", error_text(outcome.error))
    elif is_refusal(outcome.error) and not outcome.requests:
        if rule == "send":
            yield Fault("a value that can be sent was refused", "a request", error_text(outcome.error))
    elif rule == "refuse":
        yield Fault("a value that must be refused was sent", "UsageError", _sent_text(outcome))
    else:
        yield from judge_sent(suite, operation, case, outcome, BASE_PATH)


def _sent_text(outcome: Outcome) -> str:
    if not outcome.requests:
        return error_text(outcome.error)
    request = outcome.requests[0]
    return f"{request.method} {shown(request.url)} {shown(request.body())}"
