from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest

from mailwright.mock import Mock, Request

NUMBERS = [0, -1, 2**53 + 1, 2**70, 1e308, 1.5, float("inf")]
TEXTS = ["", "\u0000", "\ud800", "é" * 300, "1e5", "٣", "*@x", "a@b.c", "INBOX", "///", "NaN", "../.."]
OTHERS: list[Any] = [True, None, [], [1], ["a"] * 300, {}, {"a": [{}]}]
RAW = [b"\xff", b"null", b"[]", b"1", b"{}}", b"a=b&a=c"]
QUERY = [
    "",
    "limit=",
    "limit=%00",
    "next=W3t9LHsiJG9pZCI6IjRjIn1d",
    "page=" + "9" * 500,
    "%ff=%ff",
    "tags=,,",
    "counters=٣",
]
SEGMENTS = ["1", "1:2", "ATT00001", "xyz", "%00", "%ff", "..", "a%2Fb", "5970860fcdb513ce633407a1"]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_comes_there_is_an_answer_in_json(document: Any, seed: int) -> None:
    mock = Mock(document)
    mock.populate(2)
    ours = [each["id"] for each in mock.state.all("users")]
    chance = random.Random(seed)
    names = sorted({name for each in document["components"]["schemas"].values() for name in each.get("properties", {})})
    operations = [
        (path, method) for path, item in document["paths"].items() for method in item if method != "parameters"
    ]
    statuses = set()
    for _ in range(1500):
        path, method = chance.choice(operations)
        if (path, method) == ("/users/{user}", "delete"):
            continue
        for part in re.findall(r"\{\w+\}", path):
            path = path.replace(part, chance.choice(ours + SEGMENTS))
        body = {chance.choice(names): chance.choice(NUMBERS + TEXTS + OTHERS) for _ in range(chance.randrange(5))}
        content = json.dumps(body).encode() if chance.random() < 0.9 else chance.choice(RAW)
        kind = chance.choice(
            ["application/json", "application/json", "application/x-www-form-urlencoded", "text/plain"]
        )
        url = f"http://mock.test{path}?{chance.choice(QUERY)}"
        response = mock.handle(Request(method.upper(), url, (("Content-Type", kind),), content))
        assert response.live is not None or isinstance(json.loads(response.content), dict)
        statuses.add(response.status)
    assert statuses >= {200, 400, 404}
    assert statuses <= {200, 400, 404}
