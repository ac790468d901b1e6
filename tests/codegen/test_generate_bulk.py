"""Operations that act on several things, and answers that are read otherwise than they are written."""

from __future__ import annotations

import asyncio
import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from shape_apis import AsyncEar, Ear, Told, client

from mailwright.runtime import Done, NotFound, PartialFailure, UsageError

DONE = Told(content=b'[{"type": "success", "log": ["secret"], "msg": ["thing_changed", "a"]}]')


def sent(ear: Ear) -> tuple[str, Any]:
    (request,) = ear.requests
    return request.url.removeprefix("http://host"), json.loads(request.body() or b"null")


@pytest.mark.parametrize(
    ("call", "url", "body"),
    [
        (lambda t: t.update("k", "a", size=1), "/edit/k", {"items": ["a"], "attr": {"size": 1}}),
        (lambda t: t.update("k", "a", size=1, note=""), "/edit/k", {"items": ["a"], "attr": {"size": 1, "note": ""}}),
        (lambda t: t.delete(7, destroy=True), "/delete", [7]),
        (lambda t: t.set(length=3), "/edit/settings", {"items": ["none"], "attr": {"length": 3}}),
        (lambda t: t.change_queue("a", way="hold"), "/edit/queue", {"items": ["a"], "attr": {"way": "hold"}}),
        (lambda t: t.change_all(way="drop"), "/edit/queue", {"items": [], "attr": {"way": "drop"}}),
        (lambda t: t.set(), "/edit/settings", {"items": ["none"], "attr": {}}),
    ],
)
def test_one_thing_is_sent_as_a_list_of_one(generated: Path, call: Any, url: str, body: object) -> None:
    ear = Ear(told=DONE)
    done = call(client("bulk", ear).things)
    assert sent(ear) == (url, body)
    assert isinstance(done, Done)
    assert (done.confirmed, done.key, list(done.arguments)) == (True, "thing_changed", ["a"])
    assert "secret" not in repr(done)


def test_the_method_for_one_waits_without_blocking_and_gives_whole_responses_too(generated: Path) -> None:
    ear = Ear(told=DONE)
    mail = importlib.import_module("mailwright_bulk").AsyncBulk("http://host", backend=AsyncEar(ear))
    response = asyncio.run(mail.things.with_response.update("k", "a", size=1))
    assert (response.status, response.value.key) == (200, "thing_changed")
    assert sent(ear) == ("/edit/k", {"items": ["a"], "attr": {"size": 1}})


def test_the_methods_for_one_and_for_many_ask_for_consent_before_anything_is_sent(generated: Path) -> None:
    ear = Ear(told=DONE)
    with pytest.raises(UsageError):
        client("bulk", ear).things.delete(7, destroy=False)
    with pytest.raises(UsageError):
        client("bulk", ear).things.delete_many([7, 8], destroy=False)
    assert ear.requests == []


@pytest.mark.parametrize(
    "call",
    [
        lambda t: t.change_queue("a", way="drop"),
        lambda t: t.change_queue("a", way=["hold"]),
        lambda t: t.change_letters(["a"], way="flush").raise_first(),
        lambda t: t.change_all(way="hold"),
        lambda t: t.change_all(way=None),
    ],
)
def test_what_means_all_is_not_said_of_one_nor_the_other_way_round(generated: Path, call: Any) -> None:
    ear = Ear(told=DONE)
    with pytest.raises(UsageError, match=r"^changeQueue: way must be one of (hold, send|flush, drop) here"):
        call(client("bulk", ear).things)
    assert ear.requests == []


@pytest.mark.parametrize(
    ("call", "url", "bodies"),
    [
        (
            lambda t: t.update_many("k", ["a", "b"], size=1, note="n"),
            "/edit/k",
            [{"items": ["a"], "attr": {"size": 1, "note": "n"}}, {"items": ["b"], "attr": {"size": 1, "note": "n"}}],
        ),
        (lambda t: t.delete_many(boxes=iter([7, 8, 7]), destroy=True), "/delete", [[7], [8], [7]]),
        (lambda t: t.delete_many([], destroy=True), "/delete", []),
    ],
)
def test_many_things_are_sent_one_by_one_plain_and_with_asyncio(
    generated: Path, call: Any, url: str, bodies: list[Any]
) -> None:
    plain, awaited = Ear(told=DONE), Ear(told=DONE)
    outcomes = call(client("bulk", plain).things)
    mail = importlib.import_module("mailwright_bulk").AsyncBulk("http://host", backend=AsyncEar(awaited))
    others = asyncio.run(call(mail.things))
    for ear in (plain, awaited):
        assert [json.loads(request.body() or b"null") for request in ear.requests] == bodies
        assert {request.url for request in ear.requests} <= {f"http://host{url}"}
    assert repr(others) == repr(outcomes)
    assert [each.value.key for each in outcomes] == ["thing_changed"] * len(bodies)


def test_the_method_for_many_gives_whole_responses_too(generated: Path) -> None:
    plain, awaited = Ear(told=DONE), Ear(told=DONE)
    mail = importlib.import_module("mailwright_bulk").AsyncBulk("http://host", backend=AsyncEar(awaited))
    outcomes = client("bulk", plain).things.with_response.update_many("k", ["a", "b"], size=1)
    others = asyncio.run(mail.things.with_response.update_many("k", ["a", "b"], size=1))
    for each in (*outcomes, *others):
        assert (each.value.status, each.value.value.key, each.operation) == (200, "thing_changed", "updateThings")


@pytest.mark.parametrize("content", [b"{}", b" {\n} ", b"[]"])
def test_an_empty_object_is_an_empty_list_where_a_list_is_due(generated: Path, content: bytes) -> None:
    assert client("bulk", Ear(told=Told(content=content))).things.list() == []


@pytest.mark.parametrize("content", [b"{}", b"{ }\n", b"[]", b"false"])
def test_an_empty_object_is_not_found_where_one_object_is_due(generated: Path, content: bytes) -> None:
    with pytest.raises(NotFound) as caught:
        client("bulk", Ear(told=Told(content=content))).things.get()
    assert (caught.value.operation, caught.value.status, caught.value.content) == ("get", 200, content)


@pytest.mark.parametrize("on", [b"1", b'"1"'])
@pytest.mark.parametrize("size", [b"12", b'"12"'])
def test_truth_and_numbers_are_read_however_they_are_written(generated: Path, on: bytes, size: bytes) -> None:
    content = b'{"on": ' + on + b', "off": "0", "size": ' + size + b"}"
    thing = client("bulk", Ear(told=Told(content=content))).things.get()
    assert (thing.on, thing.off, thing.size) == (True, False, 12)
    assert type(thing.on) is bool


def test_a_request_that_was_done_in_part_is_raised_with_what_was_done(generated: Path) -> None:
    content = b'[{"type":"success","msg":["thing_changed","a"]},{"type":"danger","log":["pw"],"msg":"access_denied"}]'
    (outcome,) = client("bulk", Ear(told=Told(content=content))).things.update_many("k", ["a"], size=1)
    with pytest.raises(PartialFailure) as caught:
        client("bulk", Ear(told=Told(content=content))).things.update("k", "a", size=1)
    assert str(outcome.error) == str(caught.value)
    assert caught.value.code == "access_denied"
    assert caught.value.succeeded == [{"type": "success", "msg": ["thing_changed", "a"]}]
    assert caught.value.failed == [{"type": "danger", "msg": "access_denied"}]
