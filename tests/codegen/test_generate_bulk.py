"""Operations that act on several things, and answers that are read otherwise than they are written."""

from __future__ import annotations

import asyncio
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
        (lambda t: t.update_many("k", ["a", "b"], size=1), "/edit/k", {"items": ["a", "b"], "attr": {"size": 1}}),
        (lambda t: t.update("k", "a", size=1, note=""), "/edit/k", {"items": ["a"], "attr": {"size": 1, "note": ""}}),
        (lambda t: t.delete(7, destroy=True), "/delete", [7]),
        (lambda t: t.delete_many(boxes=[7, 8], destroy=True), "/delete", [7, 8]),
        (lambda t: t.set(length=3), "/edit/settings", {"items": ["none"], "attr": {"length": 3}}),
        (lambda t: t.set(), "/edit/settings", {"items": ["none"], "attr": {}}),
    ],
)
def test_one_and_many_send_the_same_kind_of_body(generated: Path, call: Any, url: str, body: object) -> None:
    ear = Ear(told=DONE)
    done = call(client("bulk", ear).things)
    assert sent(ear) == (url, body)
    assert isinstance(done, Done)
    assert (done.confirmed, done.key, list(done.arguments)) == (True, "thing_changed", ["a"])
    assert "secret" not in repr(done)


def test_the_method_for_one_waits_without_blocking_and_gives_whole_responses_too(generated: Path) -> None:
    import importlib

    ear = Ear(told=DONE)
    mail = importlib.import_module("mailwright_bulk").AsyncBulk("http://host", backend=AsyncEar(ear))
    response = asyncio.run(mail.things.with_response.update("k", "a", size=1))
    assert (response.status, response.value.key) == (200, "thing_changed")
    assert sent(ear) == ("/edit/k", {"items": ["a"], "attr": {"size": 1}})


def test_the_method_for_one_asks_for_consent_as_that_for_many_does(generated: Path) -> None:
    ear = Ear(told=DONE)
    with pytest.raises(UsageError):
        client("bulk", ear).things.delete(7, destroy=False)
    assert ear.requests == []


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


def test_one_failure_among_many_is_raised_with_what_was_done(generated: Path) -> None:
    content = b'[{"type":"success","msg":["thing_changed","a"]},{"type":"danger","log":["pw"],"msg":"access_denied"}]'
    with pytest.raises(PartialFailure) as caught:
        client("bulk", Ear(told=Told(content=content))).things.update_many("k", ["a", "b"], size=1)
    assert caught.value.code == "access_denied"
    assert caught.value.succeeded == [{"type": "success", "msg": ["thing_changed", "a"]}]
    assert caught.value.failed == [{"type": "danger", "msg": "access_denied"}]
