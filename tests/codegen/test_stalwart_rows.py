"""Each row in which Stalwart's document is wrong is put right by the overlays, and is wrong without them."""

from __future__ import annotations

import json
import re

import pytest
from small_apis import REPOSITORY
from stalwart_document import Api
from stalwart_rows import ROWS

from mailwright.codegen.bundle import bundle, find_target, source_targets, sources
from mailwright.codegen.documents import LocatedDict, LocatedList, load, to_json
from mailwright.codegen.overlays import apply

TARGET = find_target("stalwart-0.15", source_targets(REPOSITORY))
SOURCES = sources(REPOSITORY, TARGET)
CORRECTIONS = next(path for path in SOURCES.overlays if path.name == "10-corrections.yaml")
HEADING = re.compile(r"  # ([0-9]+(?:, [0-9]+)*)\. ")


@pytest.fixture(scope="module")
def published() -> Api:
    return Api(json.loads(to_json(load(SOURCES.spec))))


@pytest.fixture(scope="module")
def corrected() -> Api:
    return Api(json.loads(to_json(bundle(TARGET, REPOSITORY))))


@pytest.fixture(scope="module")
def corrections() -> LocatedDict:
    return load(CORRECTIONS)


def without(overlay: LocatedDict, number: int) -> LocatedDict:
    """The overlay without the actions that stand under a number."""
    under: list[str] = []
    numbers: list[list[str]] = []
    for line in CORRECTIONS.read_text(encoding="utf-8").splitlines():
        if line.startswith("  # "):
            heading = HEADING.match(line)
            under = heading[1].split(", ") if heading else []
        numbers.append(under)
    actions = overlay["actions"]
    kept = [
        (action, place)
        for action, place in zip(actions, actions.places, strict=True)
        if str(number) not in numbers[place.line - 1]
    ]
    own = LocatedList(actions.place, [action for action, _ in kept], [place for _, place in kept])
    return LocatedDict(overlay.place, {**overlay, "actions": own}, overlay.places)


def test_there_are_37_rows() -> None:
    assert [int(name.split("_")[1]) for name in ROWS] == list(range(1, 38))


@pytest.mark.parametrize("name", ROWS)
def test_the_row_is_wrong_in_the_document_and_right_with_the_overlays(
    name: str, published: Api, corrected: Api
) -> None:
    assert not ROWS[name](published), "the published document says it already"
    assert ROWS[name](corrected), "the overlays do not say it"


def test_the_corrections_alone_are_enough(corrections: LocatedDict) -> None:
    api = Api(json.loads(to_json(apply(load(SOURCES.spec), [corrections]))))
    assert [name for name, tells in ROWS.items() if not tells(api)] == []


@pytest.mark.parametrize("name", ROWS)
def test_the_row_is_wrong_without_the_corrections_under_its_number(name: str, corrections: LocatedDict) -> None:
    fewer = without(corrections, int(name.split("_")[1]))
    assert len(fewer["actions"]) < len(corrections["actions"])
    assert not ROWS[name](Api(json.loads(to_json(apply(load(SOURCES.spec), [fewer])))))
