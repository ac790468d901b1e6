"""Applies OpenAPI Overlays (1.0 and 1.1) to a document; places travel with every node that is moved."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, cast

import jsonpath_rfc9535 as jsonpath

from mailwright.codegen.documents import LocatedDict, LocatedList, Place, place_of
from mailwright.codegen.overlay_file import Action, Overlay

_Location = tuple[str | int, ...]


def apply(document: LocatedDict, overlays: Sequence[LocatedDict], *, known: Sequence[Path] = ()) -> LocatedDict:
    """Gives a new document with all overlays applied in order; the inputs stay as they are.

    An overlay may extend the document, or one of the `known` files that it was made of.

    Unlike the specification, a target that matches nothing is an error: it is the alarm when a document changes under
    its overlays. An action that neither updates, copies nor removes only asserts that its target is there.

    Raises:
        Problem: an overlay is not valid, is for another document, matches nothing or does not fit what it matches;
            the message names file, line, action number and target.
    """
    result = deepcopy(document)
    for each in overlays:
        overlay = Overlay.read(each)
        overlay.check_extends(document.place.file, *known)
        for action in overlay.actions:
            _perform(action, result)
    return result


def _perform(action: Action, document: LocatedDict) -> None:
    nodes = _select(action, action.query, document)
    if not nodes:
        raise action.problem(
            f"matches nothing in {document.place.file}{_first_miss(action, document)}",
            remedy="correct the target, or drop the action if the document no longer needs it",
        )
    if action.verb == "remove":
        _remove(action, nodes)
    elif action.verb == "update":
        _refuse_mixed_kinds(action, nodes)
        for node in nodes:
            _change(action, node, action.value, action.value_place)
    elif action.verb == "copy":
        _refuse_mixed_kinds(action, nodes)
        source = _source(action, document)
        # A copy of its own: the source may lie inside a target and would grow while it is being copied.
        value = deepcopy(source.value)
        place = _place_of_node(source) or action.value_place
        for node in nodes:
            _change(action, node, value, place)


def _select(action: Action, query: jsonpath.JSONPathQuery, document: LocatedDict) -> list[jsonpath.JSONPathNode]:
    """Gives what a query selects, each node once (RFC 9535 allows doubles, as in `$['a','a']`)."""
    try:
        found = {node.location: node for node in query.find(document)}
    except jsonpath.JSONPathError as error:
        raise action.problem(f"cannot be evaluated: {error.args[0]}", remedy="write a simpler JSONPath") from error
    return list(found.values())


def _first_miss(action: Action, document: LocatedDict) -> str:
    """Says which step of the target is the first that leads nowhere."""
    segments = action.query.segments
    for count in range(1, len(segments)):
        start = jsonpath.JSONPathQuery(env=action.query.env, segments=segments[:count])
        if not _select(action, start, document):
            return f"; the first step that leads nowhere is {segments[count - 1]}"
    return ""


def _source(action: Action, document: LocatedDict) -> jsonpath.JSONPathNode:
    found = _select(action, action.value, document)
    if len(found) != 1:
        raise action.problem(
            f"copy {action.value} selects {len(found)} nodes instead of one", remedy="name exactly one node to copy"
        )
    return found[0]


def _kind(value: object) -> str:
    if isinstance(value, dict):
        return "an object"
    return "an array" if isinstance(value, list) else "a primitive"


def _path(location: _Location) -> str:
    return "$" + "".join(f"[{step!r}]" for step in location)


def _refuse_mixed_kinds(action: Action, nodes: Sequence[jsonpath.JSONPathNode]) -> None:
    first = nodes[0]
    for node in nodes:
        if _kind(node.value) != _kind(first.value):
            raise action.problem(
                "matches nodes of different kinds: "
                f"{_path(first.location)} is {_kind(first.value)}, {_path(node.location)} is {_kind(node.value)}",
                remedy="make one action for each kind",
            )


def _change(action: Action, node: jsonpath.JSONPathNode, value: Any, place: Place) -> None:
    """Updates one selected node with a value, which stands at `place`."""
    selected = node.value
    if isinstance(selected, LocatedList):
        _append(selected, value if isinstance(value, LocatedList) else LocatedList(place, [value], [place]))
    elif _kind(selected) != _kind(value):
        raise _misfit(action, node.location, selected, value)
    elif isinstance(selected, LocatedDict):
        _merge(action, selected, value, node.location)
    elif action.minor == 0:
        raise action.problem(
            f"{_path(node.location)} is a primitive, which Overlay 1.0 cannot update",
            remedy="write overlay: 1.1.0, or target the object that holds it",
        )
    else:
        _put(cast("jsonpath.JSONPathNode", node.parent).value, node.location[-1], value, place)


def _merge(action: Action, into: LocatedDict, update: LocatedDict, location: _Location) -> None:
    for key, value in update.items():
        here = (*location, key)
        if key not in into:
            _put(into, key, deepcopy(value), place_of(update, key))
        elif _kind(into[key]) != _kind(value):
            raise _misfit(action, here, into[key], value)
        elif isinstance(value, LocatedDict):
            _merge(action, into[key], value, here)
        elif isinstance(value, LocatedList):
            _append(into[key], value)
        else:
            _put(into, key, value, place_of(update, key))


def _misfit(action: Action, location: _Location, old: object, new: object) -> Exception:
    return action.problem(
        f"{_path(location)} is {_kind(old)}, and the action gives it {_kind(new)}",
        remedy="give it a value of its kind, or remove it in an action of its own before this one",
    )


def _append(into: LocatedList, values: LocatedList) -> None:
    into.extend(deepcopy(list(values)))
    into.places.extend(values.places)


def _put(parent: object, key: str | int, value: Any, place: Place | None) -> None:
    if isinstance(parent, LocatedDict):
        parent[str(key)] = value
        parent.places[str(key)] = place or parent.place
    elif isinstance(parent, LocatedList) and isinstance(key, int):
        parent[key] = value
        parent.places[key] = place or parent.place


def _place_of_node(node: jsonpath.JSONPathNode) -> Place | None:
    return place_of(node.parent.value, node.location[-1]) if node.parent else place_of(node.value)


def _remove(action: Action, nodes: Sequence[jsonpath.JSONPathNode]) -> None:
    # From the back, so that the indexes of the items that are still to be removed stay true.
    for node in sorted(nodes, key=_index, reverse=True):
        parent, key = node.parent.value if node.parent else None, node.location[-1] if node.location else ""
        if isinstance(parent, LocatedDict):
            del parent[str(key)]
            parent.places.pop(str(key), None)
        elif isinstance(parent, LocatedList) and isinstance(key, int):
            if action.minor == 0 and _kind(node.value) == "a primitive":
                raise action.problem(
                    f"{_path(node.location)} is a primitive item, which Overlay 1.0 cannot remove by itself",
                    remedy="write overlay: 1.1.0",
                )
            del parent[key], parent.places[key]
        else:
            raise action.problem("the root of a document cannot be removed", remedy="select what is to go inside it")


def _index(node: jsonpath.JSONPathNode) -> int:
    last = node.location[-1] if node.location else ""
    return last if isinstance(last, int) else -1
