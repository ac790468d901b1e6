"""Small examples, and the line that repeats them."""

from __future__ import annotations

import contextlib
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from mailwright_wildduck.v1_0_107 import AsyncWildDuck, WildDuck

from mailwright.contract import AsyncRecorder, Recorder
from mailwright.contract.bindings import Client, Unbindable
from mailwright.contract.findings import Finding, Findings, shown
from mailwright.contract.recording import Answer
from mailwright.contract.repeating import expression, line
from mailwright.contract.shrinking import shrink
from mailwright.runtime import Disconnected


@pytest.mark.parametrize(
    "value",
    [
        "a'b\n\ud800é",
        b"\xff\x00",
        ["a", 1.5, None],
        {"a": [True]},
        "a" * 5000 + "b" + "c" * 300,
        b"[" * 999 + b"]" * 999,
        -1,
    ],
)
def test_an_expression_evaluates_to_its_value(value: Any) -> None:
    written = expression(value)
    assert eval(written) == value
    assert len(written) < 150


def test_a_date_and_an_infinity_have_expressions_too() -> None:
    import datetime as module

    moment = datetime(2020, 1, 2, tzinfo=UTC)
    assert eval(expression(moment), {"datetime": module}) == moment
    assert eval(expression(float("inf"))) == float("inf")


def test_a_line_makes_the_same_call(wildduck: Client) -> None:
    operation = wildduck.document.operations["listAuthLog"]
    case = {"path": {"user": "a b"}, "query": {"ip": "::1", "limit": 3, "next": "c"}}
    call = wildduck.bind(operation, case)
    answer = Answer(b'{"error": "no"}', 404)
    for mode in ("sync", "async"):
        text = line(wildduck, wildduck.method(operation), call, [answer], mode=mode)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), pytest.raises(Exception, match="no \\(listAuthLog: GET"):
            exec(text, {})
        assert printed.getvalue().startswith("GET http://contract.test:8080/api/users/a%20b/authlog?ip=%3A%3A1&")
        assert "\n" not in text


def test_a_line_repeats_an_answer_that_never_came(wildduck: Client) -> None:
    operation = wildduck.document.operations["getUser"]
    call = wildduck.bind(operation, {"path": {"user": "a"}})
    text = line(wildduck, wildduck.method(operation), call, [Answer(error=Disconnected("gone"))])
    with contextlib.redirect_stdout(io.StringIO()), pytest.raises(Disconnected, match="gone"):
        exec(text, {})


def test_values_shrink_to_what_is_needed() -> None:
    value = {"a": [1, 2, {"b": "xxxx!xxxx", "c": None}], "d": 12345, "e": True}
    assert shrink(value, lambda smaller: "!" in str(smaller)) == {"a": [{"b": "!"}]}
    assert shrink(12345, lambda smaller: smaller > 100) == 192
    assert shrink("abc", lambda smaller: False) == "abc"


def test_shrinking_ends_within_its_budget() -> None:
    asked: list[object] = []

    def fails(smaller: object) -> bool:
        asked.append(smaller)
        return False

    shrink({str(number): "x" * 50 for number in range(1000)}, fails, budget=30)
    assert len(asked) == 30


def test_the_same_fault_is_one_finding_by_its_smallest_example() -> None:
    findings = Findings()
    for arguments in ("(long)", "(s)", "(longer)"):
        findings.add(Finding("getUser", "encode", "path", arguments, "a", "b", "line"))
    findings.add(Finding("getUser", "encode", "query", "()", "a", "b", "line"))
    assert [(each.arguments, each.count) for each in findings] == [("(s)", 3), ("()", 1)]


def test_what_is_shown_can_be_printed_and_is_short() -> None:
    assert shown("\ud800").encode() == b"'\\ud800'"
    assert len(shown("x" * 100_000)) < 500


def test_a_recorder_gives_its_answers_in_turn(capsys: pytest.CaptureFixture[str]) -> None:
    recorder = Recorder(b'{"success": true}', b'{"error": "no"}')
    mail = WildDuck("http://h", backend=recorder)
    mail.users.delete("a")
    for _ in range(2):
        with pytest.raises(Exception, match="no"):
            mail.users.delete("b")
    assert [request.url for request in recorder.requests] == [
        "http://h/users/a",
        "http://h/users/b",
        "http://h/users/b",
    ]
    assert capsys.readouterr().out.splitlines()[0] == "DELETE http://h/users/a None"


def test_an_async_recorder_does_the_same() -> None:
    import asyncio

    recorder = AsyncRecorder(b'{"success": true}', show=False)
    asyncio.run(AsyncWildDuck("http://h", backend=recorder).users.delete("a"))
    assert [request.method for request in recorder.requests] == ["DELETE"]


@pytest.mark.parametrize(
    ("operation", "case", "cause"),
    [
        ("getUser", {}, "missing a required argument: 'user'"),
        ("getUser", {"path": {"user": 1}}, "user: Expected `str`, got `int`"),
        ("getUser", {"path": {"user": "a"}, "query": {"x": 1}}, "no argument for query parameter x"),
        ("getUser", {"path": {"user": "a"}, "body": {}}, "the operation has no body"),
        ("createUser", {"body": {"username": "a", "password": "b", "x": 1}}, "no argument for the field x"),
        ("createUser", {"body": []}, "the body is a list, not an object"),
        ("createUser", {}, "the body is missing"),
        ("authenticate", {"body": {"username": "a", "password": "b", "scope": "none"}}, "scope: Invalid enum value"),
        ("listUsers", {"query": {"next": 1}}, "Expected `str`, got `int`"),
    ],
)
def test_what_typed_arguments_cannot_take_is_told(
    wildduck: Client, operation: str, case: dict[str, Any], cause: str
) -> None:
    with pytest.raises(Unbindable) as refused:
        wildduck.bind(wildduck.document.operations[operation], case)
    assert cause in str(refused.value)
