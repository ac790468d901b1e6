"""Follows every `$ref` of a document, and refuses those that lead nowhere or out of the file."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any, NoReturn, cast
from urllib.parse import unquote

from mailwright.codegen.documents import LocatedDict, LocatedList, place_of
from mailwright.problem import Problem

# Under these keys the keys of the next mapping are names that people chose, not words of OpenAPI.
_NAMING = frozenset(
    {
        "$defs",
        "callbacks",
        "content",
        "dependentSchemas",
        "encoding",
        "examples",
        "headers",
        "links",
        "parameters",
        "pathItems",
        "paths",
        "patternProperties",
        "properties",
        "requestBodies",
        "responses",
        "schemas",
        "securitySchemes",
        "variables",
        "webhooks",
    }
)
# What stands under these words is data, in which `$ref` means nothing.
_DATA = frozenset({"example", "default", "const", "enum", "value"})


def check_references(document: LocatedDict) -> None:
    """Checks that each reference in a document leads to a node of the same document.

    Raises:
        Problem: a reference leads nowhere, to another file, or only round in a circle; with near matches.
    """
    for holder, key in _references(document, named=False):
        seen: list[str] = []
        node: Any = holder
        reference = holder[key]
        while True:
            if reference in seen:
                chain = " -> ".join([*seen, reference])
                raise _problem(
                    holder, key, f"this reference goes round in a circle: {chain}", "point it at a definition"
                )
            seen.append(reference)
            node = _resolve(document, holder, key, reference)
            if not (isinstance(node, LocatedDict) and isinstance(node.get("$ref"), str)):
                break
            reference = node["$ref"]


def _references(node: Any, *, named: bool) -> Iterator[tuple[LocatedDict, str]]:
    """Finds each mapping and key that holds a reference; `named` says that the mapping's keys are names."""
    if isinstance(node, LocatedList):
        for item in cast("list[Any]", node):
            yield from _references(item, named=False)
    elif isinstance(node, LocatedDict):
        for key, value in node.items():
            if named:
                yield from _references(value, named=False)
            elif key == "$ref" and isinstance(value, str):
                yield node, key
            elif key == "mapping" and isinstance(value, LocatedDict):
                yield from ((value, name) for name, text in value.items() if isinstance(text, str) and "#/" in text)
            elif key not in _DATA:
                # A schema's `examples` is a list of data, all other `examples` are mappings of names.
                if key == "examples" and isinstance(value, LocatedList):
                    continue
                yield from _references(value, named=key in _NAMING and isinstance(value, LocatedDict))


def _resolve(document: LocatedDict, holder: LocatedDict, key: str, reference: str) -> Any:
    """Follows one reference as RFC 6901 says for URI fragments."""
    if not reference.startswith("#"):
        _refuse(holder, key, f"$ref {reference} leads out of this file", "bring what it names into components")
    pointer = unquote(reference[1:])
    if pointer and not pointer.startswith("/"):
        _refuse(holder, key, f"$ref {reference} is not a JSON Pointer", "write it like #/components/schemas/User")
    node: Any = document
    done = "#"
    for token in pointer.split("/")[1:]:
        step = token.replace("~1", "/").replace("~0", "~")
        if isinstance(node, LocatedDict) and step in node:
            node = node[step]
        elif isinstance(node, LocatedList) and step.isdecimal() and int(step) < len(node):
            node = cast("list[Any]", node)[int(step)]
        else:
            remedy = _near(node, step, done)
            _refuse(holder, key, f"$ref {reference} leads nowhere: {done} has no {step!r}", remedy)
        done += f"/{token}"
    return node


def _near(node: Any, step: str, path: str) -> str:
    if not isinstance(node, LocatedDict):
        return f"{path} is no mapping"
    folded = {name.casefold(): name for name in node}
    near = [folded[name] for name in difflib.get_close_matches(step.casefold(), folded, n=3)]
    if not near:
        return "define it, or point the reference at something that exists"
    return "near: " + ", ".join(f"{path}/{name.replace('~', '~0').replace('/', '~1')}" for name in near)


def _problem(holder: LocatedDict, key: str, cause: str, remedy: str) -> Problem:
    return Problem(cause, place=str(place_of(holder, key)), remedy=remedy)


def _refuse(holder: LocatedDict, key: str, cause: str, remedy: str) -> NoReturn:
    raise _problem(holder, key, cause, remedy)
