"""One call for each of several items: what fails is kept with its item, and nothing that was done is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator

import pytest

from mailwright.runtime import (
    APIError,
    AuthenticationFailed,
    ConnectFailed,
    Disconnected,
    InvalidRequest,
    ItemOutcome,
    MailwrightError,
    NotSent,
    Operation,
    Outcome,
    Outcomes,
    PermissionDenied,
    ResponseInvalid,
    ServerError,
    TimedOut,
    UsageError,
    async_one_by_one,
    one_by_one,
)

OPERATION: Operation[str] = Operation("POST", "/delete", id="deleteThings", result=str)
Run = Callable[[Iterable[str], Callable[[str], str]], Outcomes[str, str]]


def plain(items: Iterable[str], call: Callable[[str], str]) -> Outcomes[str, str]:
    return one_by_one(OPERATION, items, call)


def awaited(items: Iterable[str], call: Callable[[str], str]) -> Outcomes[str, str]:
    async def later(item: str) -> str:
        await asyncio.sleep(0)
        return call(item)

    async def run() -> Outcomes[str, str]:
        return await async_one_by_one(OPERATION, items, later)

    return asyncio.run(run())


both = pytest.mark.parametrize("run", [plain, awaited])


class Server:
    """What is called: it keeps the items, and fails for some of them."""

    def __init__(self, **failures: MailwrightError) -> None:
        self.failures = failures
        self.called: list[str] = []

    def __call__(self, item: str) -> str:
        self.called.append(item)
        if item in self.failures:
            raise self.failures[item]
        return item.upper()


def refused(status: int = 200, kind: type[APIError] = InvalidRequest) -> APIError:
    return kind("no", status=status, code="access_denied")


@both
def test_each_item_has_its_value_in_the_order_of_the_items(run: Run) -> None:
    server = Server()
    outcomes = run(["b", "a", "b"], server)
    assert server.called == ["b", "a", "b"]
    assert [(each.item, each.value, each.error, each.operation) for each in outcomes] == [
        ("b", "B", None, "deleteThings"),
        ("a", "A", None, "deleteThings"),
        ("b", "B", None, "deleteThings"),
    ]
    assert outcomes.ok
    assert outcomes.raise_first() is outcomes
    assert (len(outcomes.succeeded), outcomes.failed) == (3, [])


@both
@pytest.mark.parametrize(
    "error",
    [
        refused(),
        refused(kind=PermissionDenied),
        refused(kind=ServerError),
        ResponseInvalid("empty", status=200),
        UsageError("this item cannot be sent"),
    ],
)
def test_what_is_refused_of_one_item_is_its_outcome_and_the_others_are_sent(run: Run, error: MailwrightError) -> None:
    server = Server(b=error)
    outcomes = run(["a", "b", "c"], server)
    assert server.called == ["a", "b", "c"]
    assert [each.error for each in outcomes] == [None, error, None]
    assert [each.ok for each in outcomes] == [True, False, True]
    assert [each.item for each in outcomes.failed] == ["b"]
    assert not outcomes.ok
    with pytest.raises(type(error)) as caught:
        _ = outcomes[1].value
    assert caught.value is error


@both
@pytest.mark.parametrize(
    "error",
    [
        Disconnected("the connection ended", status=200),
        ConnectFailed("refused"),
        TimedOut("no answer"),
        refused(401, AuthenticationFailed),
        refused(403, PermissionDenied),
        refused(500, ServerError),
        ResponseInvalid("the server redirects", status=302),
    ],
)
def test_what_concerns_no_item_ends_the_run_and_the_rest_is_told_as_not_sent(run: Run, error: MailwrightError) -> None:
    server = Server(b=error)
    outcomes = run(["a", "b", "c", "d"], server)
    assert server.called == ["a", "b"]
    assert (outcomes[0].value, outcomes[1].error) == ("A", error)
    for each in outcomes[2:]:
        assert isinstance(each.error, NotSent)
        assert each.error.operation == "deleteThings"
        assert each.error.__cause__ is error
        assert "'b'" in str(each.error)
        assert type(error).__name__ in str(each.error)
    assert [each.item for each in outcomes] == ["a", "b", "c", "d"]
    assert outcomes[2].error is not outcomes[3].error


@both
def test_no_items_are_no_calls_and_no_failure(run: Run) -> None:
    server = Server()
    outcomes = run([], server)
    assert (list(outcomes), server.called, outcomes.ok) == ([], [], True)
    assert outcomes.raise_first() is outcomes


@both
def test_an_iterator_is_read_to_its_end_before_the_first_call(run: Run) -> None:
    server = Server()

    def items() -> Iterator[str]:
        yield "a"
        raise RuntimeError("the list of items ended early")

    with pytest.raises(RuntimeError):
        run(items(), server)
    assert server.called == []
    assert [each.item for each in run(iter("xy"), server)] == ["x", "y"]


@both
@pytest.mark.parametrize("text", ["jane@example.org", ""])
def test_a_text_is_no_list_of_its_characters(run: Run, text: str) -> None:
    server = Server()
    with pytest.raises(UsageError, match="put it in a list"):
        run(text, server)
    assert server.called == []


@both
def test_what_is_no_error_of_a_call_passes(run: Run) -> None:
    def broken(item: str) -> str:
        raise KeyError(item)

    with pytest.raises(KeyError):
        run(["a"], broken)


@both
def test_the_first_failure_is_raised_with_a_note_that_names_its_item(run: Run) -> None:
    first, second = refused(), refused()
    outcomes = run(["a", "b", "c"], Server(b=first, c=second))
    for _ in range(2):
        with pytest.raises(InvalidRequest) as caught:
            outcomes.raise_first()
        assert caught.value is first
        assert caught.value.__notes__ == ["item 'b': 1 of 3 items were done, 2 not"]


def test_the_repr_tells_item_and_error_and_no_value() -> None:
    outcomes = plain(["a", "b"], Server(b=refused()))
    assert repr(outcomes) == (
        "Outcomes([<ItemOutcome of 'a', deleteThings: ok>, <ItemOutcome of 'b', deleteThings: InvalidRequest: no>])"
    )
    secret: Outcome[str] = Outcome("readKey", "s3cret", None)
    assert repr(secret) == "<Outcome of readKey: ok>"
    assert isinstance(outcomes[0], ItemOutcome)


def test_the_items_that_failed_can_be_given_again() -> None:
    server = Server(b=refused())
    failed = plain(["a", "b"], server).failed
    server.failures = {}
    assert plain((each.item for each in failed), server).ok
    assert server.called == ["a", "b", "b"]
