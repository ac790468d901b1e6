"""Each row in which Stalwart's document is wrong is put right by the overlays, and is wrong without them."""

from __future__ import annotations

import json

import pytest
from small_apis import REPOSITORY
from stalwart_rows import ROWS, Api

from mailwright.codegen.bundle import bundle, find_target, source_targets, sources
from mailwright.codegen.documents import load, to_json


@pytest.fixture(scope="module")
def published() -> Api:
    return Api(
        json.loads(to_json(load(sources(REPOSITORY, find_target("stalwart-0.15", source_targets(REPOSITORY))).spec)))
    )


@pytest.fixture(scope="module")
def corrected() -> Api:
    return Api(json.loads(to_json(bundle(find_target("stalwart-0.15", source_targets(REPOSITORY)), REPOSITORY))))


def test_there_are_37_rows() -> None:
    assert [int(name.split("_")[1]) for name in ROWS] == list(range(1, 38))


@pytest.mark.parametrize("name", ROWS)
def test_the_row_is_wrong_in_the_document_and_right_with_the_overlays(
    name: str, published: Api, corrected: Api
) -> None:
    assert not ROWS[name](published), "the published document says it already"
    assert ROWS[name](corrected), "the overlays do not say it"
