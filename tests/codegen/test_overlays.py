from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest

from mailwright.codegen.documents import LocatedDict, Place, load, parse, place_of
from mailwright.codegen.overlays import apply
from mailwright.problem import Problem

SETS = sorted(path for path in (Path(__file__).parents[1] / "overlay-sets").iterdir() if path.is_dir())


def doc(text: str, name: str = "openapi.yaml") -> LocatedDict:
    parsed = parse(text, Path(name))
    assert isinstance(parsed, LocatedDict)
    return parsed


def overlay(actions: str, version: str = "1.1.0", name: str = "overlay.yaml") -> LocatedDict:
    """The actions start at line 4."""
    return doc(f"overlay: {version}\ninfo: {{title: t, version: '1'}}\nactions:\n{actions}", name)


def refusal(document: LocatedDict, *overlays: LocatedDict) -> str:
    with pytest.raises(Problem) as caught:
        apply(document, overlays)
    assert caught.value.remedy
    assert caught.value.exit_code == 1
    return str(caught.value)


def test_all_eight_official_sets_are_here() -> None:
    assert len(SETS) == 8


@pytest.mark.parametrize("folder", SETS, ids=lambda path: path.name)
def test_official_set_gives_its_published_output(folder: Path) -> None:
    got = apply(load(folder / "openapi.yaml"), [load(folder / "overlay.yaml")])
    assert got == load(folder / "output.yaml")


def test_keys_keep_their_order_and_new_ones_come_last() -> None:
    document = doc("b: 1\na: {z: 1, y: 1}")
    got = apply(document, [overlay("- target: $\n  update: {c: 1, a: {x: 1, z: 2}, b: 2}")])
    assert list(got) == ["b", "a", "c"]
    assert list(got["a"]) == ["z", "y", "x"]


def test_objects_merge_at_every_depth_and_arrays_append() -> None:
    document = doc("a: {b: {kept: 1, changed: 2, list: [1]}}")
    update = overlay("- target: $\n  update: {a: {b: {changed: 3, new: {x: null}, list: [2, 3]}}, c: []}")
    assert apply(document, [update]) == {
        "a": {"b": {"kept": 1, "changed": 3, "list": [1, 2, 3], "new": {"x": None}}},
        "c": [],
    }


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        ("c", ["a", "b", "c"]),
        ("{x: 1}", ["a", "b", {"x": 1}]),
        ("[c, d]", ["a", "b", "c", "d"]),
        ("[[c]]", ["a", "b", ["c"]]),
    ],
)
@pytest.mark.parametrize("version", ["1.0.0", "1.1.0", "1.1.7"])
def test_update_of_an_array_appends(value: str, tags: list[object], version: str) -> None:
    assert apply(doc("tags: [a, b]"), [overlay(f"- target: $.tags\n  update: {value}", version)]) == {"tags": tags}


@pytest.mark.parametrize(("value", "want"), [("new", "new"), ("7", 7), ("null", None), ("false", False), ("''", "")])
def test_primitives_can_be_updated_in_1_1(value: str, want: object) -> None:
    document = doc("info: {title: old}\ntags: [a, b, a]")
    actions = f"- target: $.info.title\n  update: {value}\n- target: $.tags[?@ == 'a']\n  update: {value}"
    assert apply(document, [overlay(actions)]) == {"info": {"title": want}, "tags": [want, "b", want]}


def test_primitives_cannot_be_updated_in_1_0() -> None:
    message = refusal(doc("info: {title: old}"), overlay("- target: $.info.title\n  update: new", "1.0.0"))
    assert message.startswith("overlay.yaml:4: action 1 (target $.info.title): ")
    assert "Overlay 1.0 cannot update" in message


def test_remove_takes_several_items_of_one_array() -> None:
    document = doc("servers: [{d: Dev}, {d: Prod}, {d: Dev}, {d: Dev}]")
    assert apply(document, [overlay("- target: $.servers[?@.d == 'Dev']\n  remove: true")]) == {
        "servers": [{"d": "Prod"}]
    }


def test_remove_takes_nodes_within_removed_nodes() -> None:
    document = doc("x: {x: {x: 1, y: 2}, z: [[0, 1], 2]}\nz: [[5], 6]")
    assert apply(document, [overlay("- target: $..x\n  remove: true\n- target: $..[0]\n  remove: true")]) == {"z": [6]}


def test_remove_takes_a_node_once_when_the_target_selects_it_twice() -> None:
    document = doc("list: [a, b, c]")
    assert apply(document, [overlay("- target: $.list[0, 0, -3]\n  remove: true")]) == {"list": ["b", "c"]}


def test_remove_wins_over_update() -> None:
    assert apply(doc("a: {b: 1}"), [overlay("- target: $.a\n  update: {c: 1}\n  remove: true")]) == {}


def test_remove_false_and_no_verb_change_nothing() -> None:
    actions = "- target: $.a\n  remove: false\n- target: $.a\n  description: a is here"
    assert apply(doc("a: 1"), [overlay(actions)]) == {"a": 1}


def test_primitive_items_can_be_removed_in_1_1_only() -> None:
    actions = "- target: $.tags[?@ == 'a']\n  remove: true"
    assert apply(doc("tags: [a, b]"), [overlay(actions)]) == {"tags": ["b"]}
    assert "Overlay 1.0 cannot remove" in refusal(doc("tags: [a, b]"), overlay(actions, "1.0.0"))


def test_root_cannot_be_removed() -> None:
    assert "the root of a document cannot be removed" in refusal(doc("a: 1"), overlay("- target: $\n  remove: true"))


def test_copy_merges_objects_appends_arrays_and_replaces_primitives() -> None:
    document = doc("a: {x: {y: 1}, list: [1], text: t}\nb: {x: {z: 2}, list: [0], text: u}")
    actions = "- target: $.b\n  copy: $.a\n- target: $.b.list\n  copy: $.a.list\n- target: $.b.list\n  copy: $.a.text"
    got = apply(document, [overlay(actions)])
    assert got["b"] == {"x": {"z": 2, "y": 1}, "list": [0, 1, 1, "t"], "text": "t"}
    assert got["a"] == document["a"]


def test_copy_then_remove_moves_a_path() -> None:
    document = doc("paths: {/items: {get: {tags: [a]}}, /other: {}}")
    actions = (
        "- target: $.paths\n  update: {/new: {}}\n"
        "- target: $.paths['/new']\n  copy: $.paths['/items']\n"
        "- target: $.paths['/items']\n  remove: true"
    )
    assert apply(document, [overlay(actions)]) == {"paths": {"/other": {}, "/new": {"get": {"tags": ["a"]}}}}


def test_copies_do_not_share_nodes() -> None:
    document = doc("a: {list: []}\nb: {}\nc: {}")
    actions = "- target: $['b', 'c']\n  copy: $.a\n- target: $.b.list\n  update: 1"
    assert apply(document, [overlay(actions)]) == {"a": {"list": []}, "b": {"list": [1]}, "c": {"list": []}}


def test_copy_into_its_own_parent_ends() -> None:
    assert apply(doc("a: {b: {c: 1}}"), [overlay("- target: $.a\n  copy: $\n")]) == {
        "a": {"b": {"c": 1}, "a": {"b": {"c": 1}}}
    }


@pytest.mark.parametrize(("path", "count"), [("$['none']", 0), ("$[*]", 2)])
def test_copy_needs_exactly_one_source(path: str, count: int) -> None:
    message = refusal(doc("a: {}\nb: {}"), overlay(f"- target: $.a\n  copy: {path}"))
    assert f"overlay.yaml:4: action 1 (target $.a): copy {path} selects {count} nodes instead of one" in message


def test_each_action_sees_the_result_of_those_before() -> None:
    first = overlay("- target: $\n  update: {a: {b: 1}}\n- target: $.a\n  update: {c: 1}")
    second = overlay("- target: $.a.b\n  remove: true\n- target: $.a\n  update: {c: 2}", name="second.yaml")
    assert apply(doc("x: 1"), [first, second]) == {"x": 1, "a": {"c": 2}}


def test_filters_functions_and_wildcards_select() -> None:
    document = doc("paths: {/a: {get: {tags: [x]}, post: {}}, /b: {get: {tags: [y]}}}")
    actions = (
        "- target: $.paths[?match(@.get.tags[0], '[xy]')].get\n  update: {x-tagged: true}\n"
        "- target: $.paths.*[?length(@.tags) == 1 && @.tags[0] == 'y']\n  update: {x-y: true}\n"
        "- target: $.paths[?@.post].post\n  update: {x-post: true}"
    )
    assert apply(document, [overlay(actions)]) == {
        "paths": {
            "/a": {"get": {"tags": ["x"], "x-tagged": True}, "post": {"x-post": True}},
            "/b": {"get": {"tags": ["y"], "x-tagged": True, "x-y": True}},
        }
    }


def test_inputs_are_not_changed() -> None:
    document = doc("a: {list: [1]}\nb: [x]\nc: {d: 1}")
    actions = overlay(
        "- target: $.a\n  update: {list: [{k: [2]}]}\n- target: $.b\n  update: {deep: [1]}\n"
        "- target: $.a.list[1].k\n  update: 3\n- target: $.b[1].deep\n  update: 2\n- target: $.c\n  remove: true"
    )
    before = deepcopy((document, actions))
    got = apply(document, [actions, overlay("- target: $.a.list[1].k\n  update: 4")])
    assert got == {"a": {"list": [1, {"k": [2, 3, 4]}]}, "b": ["x", {"deep": [1, 2]}]}
    assert (document, actions) == before
    assert (document.places, document["a"]["list"].places) == (before[0].places, before[0]["a"]["list"].places)


def test_places_travel_with_updates_appends_removals_and_copies() -> None:
    document = doc("paths:\n  /a:\n    get:\n      tags:\n        - one\n        - two\n  /b: {}\ntitle: old\n")
    actions = overlay(
        "- target: $.paths['/a'].get\n"  # line 4
        "  update:\n"
        "    summary: s\n"  # 6
        "    tags:\n"
        "      - three\n"  # 8
        "- target: $.paths['/a'].get.tags[0]\n"
        "  remove: true\n"
        "- target: $.paths['/b']\n"  # 11
        "  copy: $.paths['/a']\n"
        "- target: $.title\n"  # 13
        "  update: new\n"
        "- target: $.paths['/a'].get.tags\n"  # 15
        "  update: four\n"
    )
    got = apply(document, [actions])
    spec, over = Path("openapi.yaml"), Path("overlay.yaml")
    get = got["paths"]["/a"]["get"]
    assert get == {"tags": ["two", "three", "four"], "summary": "s"}
    assert place_of(got["paths"], "/a") == Place(spec, 2)
    assert place_of(get, "tags") == Place(spec, 4)
    assert place_of(get, "summary") == Place(over, 6)
    assert [place_of(get["tags"], i) for i in range(3)] == [Place(spec, 6), Place(over, 8), Place(over, 16)]
    copied = got["paths"]["/b"]["get"]
    assert place_of(got["paths"], "/b") == Place(spec, 7)
    assert place_of(got["paths"]["/b"], "get") == Place(spec, 3)
    assert [place_of(copied["tags"], i) for i in range(2)] == [Place(spec, 6), Place(over, 8)]
    assert place_of(copied, "summary") == Place(over, 6)
    assert place_of(got, "title") == Place(over, 14)


def test_a_key_removed_and_given_again_has_its_new_place() -> None:
    actions = overlay("- target: $.type\n  remove: true\n- target: $\n  update:\n    type: [string, 'null']")
    got = apply(doc("type: string"), [actions])
    assert got == {"type": ["string", "null"]}
    assert place_of(got, "type") == Place(Path("overlay.yaml"), 8)


def test_a_target_that_matches_nothing_is_refused_with_file_line_action_and_step() -> None:
    actions = overlay("- target: $.paths\n  update: {}\n- target: $.paths['/usr'].get\n  update: {}")
    message = refusal(doc("paths: {/users: {get: {}}}"), actions)
    assert message.startswith(
        "overlay.yaml:6: action 2 (target $.paths['/usr'].get): matches nothing in openapi.yaml; "
        "the first step that leads nowhere is ['/usr']"
    )


@pytest.mark.parametrize("verb", ["update: {}", "remove: true", "copy: $.a", "description: d"])
def test_matching_nothing_is_refused_whatever_the_action_does(verb: str) -> None:
    assert "matches nothing in openapi.yaml" in refusal(doc("a: 1"), overlay(f"- target: $.b\n  {verb}"))


@pytest.mark.parametrize("verb", ["update: {x: 1}", "copy: $.b"])
def test_matches_of_different_kinds_are_refused(verb: str) -> None:
    message = refusal(doc("a: {}\nb: []\nc: 1"), overlay(f"- target: $.*\n  {verb}"))
    assert "action 1 (target $.*): matches nodes of different kinds: $['a'] is an object, $['b'] is an array" in message


@pytest.mark.parametrize(
    ("target", "update", "where"),
    [
        ("$.a", "text", "$['a'] is an object, and the action gives it a primitive"),
        ("$.a", "[1]", "$['a'] is an object, and the action gives it an array"),
        ("$.c", "{}", "$['c'] is a primitive, and the action gives it an object"),
        ("$.c", "[]", "$['c'] is a primitive, and the action gives it an array"),
        ("$", "{a: {d: {}}}", "$['a']['d'] is a primitive, and the action gives it an object"),
        ("$", "{a: null}", "$['a'] is an object, and the action gives it a primitive"),
        ("$", "{b: text}", "$['b'] is an array, and the action gives it a primitive"),
        ("$", "{c: [string, 'null']}", "$['c'] is a primitive, and the action gives it an array"),
    ],
)
def test_a_value_of_another_kind_is_refused(target: str, update: str, where: str) -> None:
    message = refusal(doc("a: {d: 1}\nb: [1]\nc: string"), overlay(f"- target: {target}\n  update: {update}"))
    assert message.startswith(f"overlay.yaml:4: action 1 (target {target}): {where} (")
