"""A parameter that a client sends where it is told nothing is due in every request that has no other value for it."""

from __future__ import annotations

from typing import Any

import pytest

from mailwright.contract.document import Document
from mailwright.contract.equality import Equality
from mailwright.contract.wire import Wire, read
from mailwright.runtime import Request
from mailwright.targets import bundled_document

DOCUMENT = Document(bundled_document("stalwart-0.15"))
LIST = DOCUMENT.operations["listPrincipals"]
USUAL = next(each.default for each in LIST.at("query") if each.name == "fields")


def parts(query: dict[str, Any], target: str) -> list[str]:
    request = Request("GET", f"http://contract.test/api/principal{target}", (), None, 1.0)
    wire = Wire(Equality(DOCUMENT), DOCUMENT.token_names)
    return [each.part for each in wire.mismatches(LIST, {"query": query}, read(request, "/api"))]


@pytest.mark.parametrize(("query", "target"), [({}, f"?fields={USUAL}"), ({"fields": "name"}, "?fields=name")])
def test_the_default_or_what_was_given_is_right(query: dict[str, Any], target: str) -> None:
    assert parts(query, target) == []


@pytest.mark.parametrize(
    ("query", "target"), [({}, ""), ({}, "?fields=name"), ({"fields": "name"}, f"?fields={USUAL}")]
)
def test_anything_else_is_a_mismatch(query: dict[str, Any], target: str) -> None:
    assert parts(query, target) == ["query fields"]
