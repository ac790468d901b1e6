"""Whatever is sent to the mock of WildDuck 1.51, in right shapes and wrong ones, there is an answer that fits."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest
from mock_caller import Clock
from test_mock_hostile import NUMBERS, OTHERS, RAW, SEGMENTS, TEXTS

from mailwright.mock import Mock, Request
from mailwright.targets import bundled_document

LETTER = b"From: a@x.test\r\nSubject: one\r\n\r\nx\r\n"
QUERY = ["", "limit=", "limit=%00", "next=W3t9LHsiJG9pZCI6IjRjIn1d", "page=" + "9" * 500, "%ff=%ff", "sess=", "q=%22a"]
QUERY += ["metaData=true&threadCounters=1&includeHeaders=y&collapseThreads=on", "or.from=x&or.query=y", "next=e30"]
WIRE = [
    "a@b.test",
    "2030-01-01T00:00:00Z",
    "1:*",
    "1,2",
    "http://x.test/",
    "-----BEGIN PRIVATE KEY-----",
    "reply",
    "9" * 30,
]
NESTED: list[Any] = [
    [{"address": "a@b.test", "name": "é, x"}],
    {"address": "a@b.test"},
    {"from": "x", "size": 5, "ha": True},
    {"seen": True, "mailbox": "", "targets": ["a@b.test"]},
    [{"filename": "é\u0000.x", "content": "aGk", "cid": "c"}],
    [{"key": "x\ny", "value": "z\r\nq"}],
    {"id": 1, "mailbox": "5970860fcdb513ce633407a1", "action": "replyAll", "attachments": True},
    {"status": True, "start": "x", "text": ""},
]
KINDS = ["application/json"] * 6 + ["application/x-www-form-urlencoded", "text/plain", "message/rfc822", "image/png"]


def stocked() -> tuple[Mock, list[str]]:
    """A mock with something of each kind that has an id, and these ids."""
    mock = Mock(bundled_document("wildduck-1.51"), clock=Clock())
    mock.populate(2)
    for number in range(4):
        mock.deliver(f"user{number % 2 + 1}@example.test", LETTER)
    names = ("users", "addresses", "mailboxes", "messages")
    return mock, [each["id"] for name in names for each in mock.state.all(name)]


@pytest.mark.parametrize("seed", range(6))
def test_whatever_comes_there_is_an_answer(seed: int) -> None:
    mock, ours = stocked()
    document: Any = bundled_document("wildduck-1.51")
    chance = random.Random(seed)
    schemas = document["components"]["schemas"]
    operations = [
        (path, method, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if isinstance(operation, dict) and (path, method) != ("/users/{user}", "delete")
    ]
    statuses: set[int] = set()
    for _ in range(2500):
        path, method, operation = chance.choice(operations)
        body_schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        names = sorted(schemas.get(body_schema.get("$ref", "").rpartition("/")[2], {}).get("properties", {"x": {}}))
        place = path.partition("#")[0]
        for part in re.findall(r"\{\w+\}", place):
            place = place.replace(part, chance.choice(ours + SEGMENTS + ["1", "2", "resolve", "me"]))
        values = [*NUMBERS, *TEXTS, *OTHERS, *WIRE, *NESTED, *ours]
        body = {chance.choice(names): chance.choice(values) for _ in range(chance.randrange(6))}
        content = json.dumps(body).encode() if chance.random() < 0.9 else chance.choice([*RAW, LETTER])
        headers = (("Content-Type", chance.choice(KINDS)), ("Last-Event-ID", chance.choice(["", "x", *ours])))
        response = mock.handle(Request(method.upper(), f"{place}?{chance.choice(QUERY)}", headers, content))
        if (response.header("content-type") or "").startswith("application/json"):
            assert isinstance(json.loads(response.content), dict)
        else:
            assert response.status == 200
        statuses.add(response.status)
    assert {200, 400, 403, 404} <= statuses <= {200, 400, 403, 404, 500}


def answers(call: Any, path: str, body: Any) -> tuple[int, str]:
    response = call.handle(Request("POST", path, (("Content-Type", "application/json"),), body))
    told = json.loads(response.content)
    return response.status, told.get("message", told.get("error", ""))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "Invalid JSON: Expected property name or '}' in JSON at position 1 (line 1 column 2)"),
        (b"x", "Invalid JSON: Unexpected token 'x', \"x\" is not valid JSON"),
        (b'"a', "Invalid JSON: Unterminated string in JSON at position 2 (line 1 column 3)"),
        (b'{"a":1,}', "Invalid JSON: Expected double-quoted property name in JSON at position 7 (line 1 column 8)"),
        (b"[1", "Invalid JSON: Expected ',' or ']' after array element in JSON at position 2 (line 1 column 3)"),
        (b'{"a":[1]', "Invalid JSON: Expected ',' or '}' after property value in JSON at position 8 (line 1 column 9)"),
        (b'{"a"', "Invalid JSON: Expected ':' after property name in JSON at position 4 (line 1 column 5)"),
        (b'{"a":', "Invalid JSON: Unexpected end of JSON input"),
        (b"{}\n1", "Invalid JSON: Unexpected non-whitespace character after JSON at position 3 (line 2 column 1)"),
        (b"5", '"value" must be of type object'),
    ],
)
def test_a_body_that_cannot_be_read_is_told_as_node_tells_it(body: bytes, said: str) -> None:
    assert answers(Mock(bundled_document("wildduck-1.51")), "/users", body) == (400, said)
