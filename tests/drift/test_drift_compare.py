"""What counts as drift, and how it is told."""

from __future__ import annotations

import json

from mailwright.drift import Capability, Difference, as_json, as_text, compare

OURS = (
    Capability("fetch", {"user": "string", "field": "array"}),
    Capability("index", {"maxRecent": "integer"}),
    Capability("quotaGet", {"user": "string"}, "quota"),
    Capability("quotaRecalc", {"user": "string"}, "quota"),
)


def without(*names: str) -> list[Capability]:
    return [each for each in OURS if each.name not in names]


def test_the_same_is_no_drift() -> None:
    drift = compare(OURS, reversed(OURS))
    assert (drift.differences, drift.listed, drift.not_loaded) == ((), 4, {})
    assert as_text("api-1", "command", drift) == "drift api-1: 0 differences; the server lists 4 commands"


def test_a_command_of_one_side_is_drift() -> None:
    drift = compare(OURS, [*without("fetch"), Capability("stop")])
    assert drift.differences == (Difference("surplus", "fetch"), Difference("lacking", "stop"))
    assert as_text("api-1", "command", drift).splitlines() == [
        "command fetch is in the document and not on the server",
        "command stop is on the server and not in the document",
        "drift api-1: 2 differences (2 in commands, 0 in parameters); the server lists 4 commands",
    ]


def test_parameters_of_one_side_and_other_types_are_drift() -> None:
    theirs = [*without("fetch", "index"), Capability("fetch", {"user": "string", "sort": "string"})]
    drift = compare(OURS, [*theirs, Capability("index", {"maxRecent": "string"})])
    assert as_text("api-1", "command", drift).splitlines() == [
        "command fetch: parameter field (array) is in the document and not on the server",
        "command fetch: parameter sort (string) is on the server and not in the document",
        "command index: parameter maxRecent is string on the server and integer in the document",
        "drift api-1: 3 differences (0 in commands, 3 in parameters); the server lists 4 commands",
    ]
    assert json.loads(as_json("api-1", drift)) == {
        "target": "api-1",
        "listed": 4,
        "differences": [
            {"kind": "surplus", "capability": "fetch", "parameter": "field", "document": "array"},
            {"kind": "lacking", "capability": "fetch", "parameter": "sort", "server": "string"},
            {
                "kind": "retyped",
                "capability": "index",
                "parameter": "maxRecent",
                "document": "integer",
                "server": "string",
            },
        ],
        "not_loaded": {},
    }


def test_a_plugin_that_is_not_loaded_is_told_and_is_no_drift() -> None:
    drift = compare(OURS, without("quotaGet", "quotaRecalc"))
    assert drift.differences == ()
    assert as_text("api-1", "command", drift).splitlines() == [
        "not loaded: quota (quotaGet, quotaRecalc)",
        "drift api-1: 0 differences; the server lists 2 commands, without 1 part that it has not loaded",
    ]


def test_a_command_that_a_loaded_plugin_has_no_more_is_drift() -> None:
    drift = compare(OURS, without("quotaRecalc"))
    assert drift.differences == (Difference("surplus", "quotaRecalc"),)
    assert drift.not_loaded == {}
