"""Reads an OpenAPI Overlay document, version 1.0 or 1.1, and refuses what the specification does not allow."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import unquote, urlsplit

import jsonpath_rfc9535 as jsonpath

from mailwright.codegen.documents import LocatedDict, LocatedList, Place, place_of
from mailwright.problem import Problem

Verb = Literal["update", "copy", "remove", "none"]

_VERSION = re.compile(r"1\.(?P<minor>[01])\.[0-9]+")
_ROOT_KEYS = {"overlay", "info", "extends", "actions"}
_INFO_KEYS = {0: {"title", "version"}, 1: {"title", "version", "description"}}
_ACTION_KEYS = {
    0: {"target", "description", "update", "remove"},
    1: {"target", "description", "update", "copy", "remove"},
}


@dataclass(frozen=True, slots=True)
class Action:
    """One action of an overlay: what it selects and what it does there; `none` only asserts that there is a match."""

    number: int
    minor: int
    verb: Verb
    target: str
    query: jsonpath.JSONPathQuery
    value: Any
    place: Place
    value_place: Place

    def problem(self, cause: str, *, remedy: str) -> Problem:
        """Makes the problem that names this action: file, line, number and target."""
        return Problem(f"action {self.number} (target {self.target}): {cause}", place=str(self.place), remedy=remedy)


@dataclass(frozen=True, slots=True)
class Overlay:
    """An overlay that keeps to its specification; whether it fits a document shows when it is applied."""

    file: Path
    minor: int
    extends: str | None
    extends_place: Place
    actions: tuple[Action, ...]

    @classmethod
    def read(cls, document: LocatedDict) -> Overlay:
        """Checks an overlay document and gives its actions.

        Raises:
            Problem: the document is no overlay of version 1.0 or 1.1, or holds a key, a value or a JSONPath that the
                specification does not allow.
        """
        minor = _minor(document)
        _refuse_unknown_keys(document, _ROOT_KEYS, set(), "an overlay")
        _check_info(document, minor)
        extends = document.get("extends")
        if "extends" in document and not (isinstance(extends, str) and extends):
            raise _problem(
                document, "extends", "extends is not text", "name the document it is for, such as openapi.yaml"
            )
        return cls(
            file=document.place.file,
            minor=minor,
            extends=extends,
            extends_place=_place(document, "extends"),
            actions=tuple(_actions(document, minor)),
        )

    @property
    def extended_file(self) -> Path | None:
        """The file `extends` names, seen from the overlay's folder; None without `extends` or when it is elsewhere."""
        if self.extends is None:
            return None
        parts = urlsplit(self.extends)
        if parts.scheme not in ("", "file") or not parts.path:
            return None
        return Path(os.path.normpath(self.file.parent / unquote(parts.path)))

    def check_extends(self, document: Path, *more: Path) -> None:
        """Refuses a document that is not the one `extends` names; nor are the others that it was made of.

        A name without folders that no file has (the official set "remove-server" has one) proves nothing about the
        document, which may have been renamed; a path through folders is meant to lead somewhere.

        Raises:
            Problem: `extends` leads to another file than `document`, or through folders to no file.
        """
        named = self.extended_file
        if named is None or any(_same(named, each) for each in (document, *more)):
            return
        if named.exists():
            cause = f"this overlay is for another document: extends names {named}, not {document}"
        elif named.parent != Path(os.path.normpath(self.file.parent)):
            cause = f"extends names {named}, which does not exist"
        else:
            return
        raise Problem(
            cause,
            place=str(self.extends_place),
            remedy="correct extends, or apply the overlay to the document it is for",
        )

    def unproven(self, document: Path) -> str | None:
        """Says in a sentence that `extends` could not be compared with the document; None when it could."""
        if self.extends is None or (self.extended_file is not None and _same(self.extended_file, document)):
            return None
        return f"{self.extends_place}: extends names {self.extends}, which is not here to be compared with {document}"


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def _place(node: LocatedDict, key: str) -> Place:
    return place_of(node, key) or node.place


def _problem(node: LocatedDict, key: str, cause: str, remedy: str) -> Problem:
    return Problem(cause, place=str(_place(node, key)), remedy=remedy)


def _minor(document: LocatedDict) -> int:
    version = document.get("overlay")
    if version is None:
        raise _problem(
            document, "overlay", "this is not an overlay: it has no key overlay", "start it with overlay: 1.1.0"
        )
    match = _VERSION.fullmatch(version) if isinstance(version, str) else None
    if match is None:
        raise _problem(
            document, "overlay", f"overlay version {version} is not known", "write overlay: 1.0.0 or overlay: 1.1.0"
        )
    return int(match["minor"])


def _refuse_unknown_keys(node: LocatedDict, known: Collection[str], later: Collection[str], what: str) -> None:
    for key in node:
        if key in known or key.startswith("x-"):
            continue
        if key in later:
            raise _problem(node, key, f"{what} of Overlay 1.0 has no {key}, only 1.1 has it", "write overlay: 1.1.0")
        raise _problem(node, key, f"{what} has no key {key!r}", f"known keys: {', '.join(sorted(known))}, x-…")


def _check_info(document: LocatedDict, minor: int) -> None:
    info = document.get("info")
    if not isinstance(info, LocatedDict):
        raise _problem(document, "info", "the overlay has no info", "add info with a title and a version")
    _refuse_unknown_keys(info, _INFO_KEYS[minor], _INFO_KEYS[1], "info")
    for key in ("title", "version"):
        # The specification wants text; an unquoted `version: 1.0` is a number and does no harm here.
        if not isinstance(info.get(key), str | int | float):
            raise _problem(info, key, f"info has no {key}", f"add info.{key}")


def _actions(document: LocatedDict, minor: int) -> list[Action]:
    actions = document.get("actions")
    if not isinstance(actions, LocatedList) or not actions:
        cause = "actions is not a list with an action in it" if "actions" in document else "the overlay has no actions"
        raise _problem(document, "actions", cause, "list at least one action under actions")
    read: list[Action] = []
    for index, node in enumerate(cast("list[Any]", actions)):
        place = place_of(actions, index) or actions.place
        if not isinstance(node, LocatedDict):
            raise Problem(
                f"action {index + 1} is not a mapping", place=str(place), remedy="give it a target and an update"
            )
        if node in actions[:index]:
            first = actions.index(node) + 1
            raise Problem(f"action {index + 1} repeats action {first}", place=str(place), remedy="remove one of them")
        read.append(_action(node, index + 1, minor, place))
    return read


def _action(node: LocatedDict, number: int, minor: int, place: Place) -> Action:
    what = f"action {number}"
    _refuse_unknown_keys(node, _ACTION_KEYS[minor], _ACTION_KEYS[1], what)
    target = node.get("target")
    if not isinstance(target, str):
        raise _problem(node, "target", f"{what} has no target", "add target, a JSONPath such as $.info")
    query = _compile(node, "target", what)
    remove = node.get("remove", False)
    if not isinstance(remove, bool):
        raise _problem(node, "remove", f"{what}: remove is neither true nor false", "write remove: true")
    verb: Verb = "none"
    value: Any = None
    # The specification gives remove the last word over update and copy, but lets update and copy void each other.
    if remove:
        verb = "remove"
    elif "update" in node and "copy" in node:
        raise _problem(node, "copy", f"{what} both updates and copies", "make two actions of it")
    elif "update" in node:
        verb, value = "update", node["update"]
    elif "copy" in node:
        verb, value = "copy", _compile(node, "copy", what)
    return Action(number, minor, verb, target, query, value, place, _place(node, verb))


def _compile(node: LocatedDict, key: str, what: str) -> jsonpath.JSONPathQuery:
    text = node[key]
    if not isinstance(text, str):
        raise _problem(node, key, f"{what}: {key} is not text", "write a JSONPath such as $.info")
    try:
        return jsonpath.compile(text)
    except jsonpath.JSONPathError as error:
        cause = f"{what}: {key} {text!r} is not a JSONPath of RFC 9535: {error.args[0] if error.args else error}"
        raise _problem(node, key, cause, "names with / or - stand in brackets: $.paths['/users']") from error
