"""Reads YAML and JSON documents so that every node still knows the file and line it came from."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from mailwright.problem import Problem


@dataclass(frozen=True, slots=True)
class Place:
    """A line (from 1) of a file."""

    file: Path
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class LocatedDict(dict[str, Any]):
    """A mapping that remembers where it and each of its keys stand; the places travel with it through overlays."""

    def __init__(self, place: Place, values: dict[str, Any], places: dict[str, Place]) -> None:
        super().__init__(values)
        self.place = place
        self.places = places

    def __deepcopy__(self, memo: dict[int, Any]) -> LocatedDict:
        return LocatedDict(self.place, {k: deepcopy(v, memo) for k, v in self.items()}, dict(self.places))

    def __reduce__(self) -> Any:
        return LocatedDict, (self.place, dict(self), self.places)


class LocatedList(list[Any]):
    """A sequence that remembers where it stands, and each item; the places travel with it through overlays."""

    def __init__(self, place: Place, values: list[Any], places: list[Place]) -> None:
        super().__init__(values)
        self.place = place
        self.places = places

    def __deepcopy__(self, memo: dict[int, Any]) -> LocatedList:
        return LocatedList(self.place, [deepcopy(v, memo) for v in self], list(self.places))

    def __reduce__(self) -> Any:
        return LocatedList, (self.place, list(self), self.places)


def place_of(node: Any, key: str | int | None = None) -> Place | None:
    """Says where a node stands, or one of its keys or items; None for nodes that were not read from a file."""
    if isinstance(node, LocatedDict):
        return node.place if key is None else node.places.get(str(key), node.place)
    if isinstance(node, LocatedList):
        if isinstance(key, int) and key < len(node.places):
            return node.places[key]
        return node.place
    return None


# YAML's core schema 1.2: `no`, `on` and dates are text, and 010 is ten.
_PLAIN: tuple[tuple[re.Pattern[str], Callable[[str], Any]], ...] = (
    (re.compile(r"~|null|Null|NULL|"), lambda text: None),
    (re.compile(r"true|True|TRUE"), lambda text: True),
    (re.compile(r"false|False|FALSE"), lambda text: False),
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"), float),
)


def _plain(text: str) -> Any:
    """Gives an unquoted scalar its value."""
    for pattern, convert in _PLAIN:
        if pattern.fullmatch(text):
            return convert(text)
    return text


class _Builder:
    """Turns PyYAML's node graph into located dictionaries and lists."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.open: set[int] = set()

    def place(self, node: yaml.Node) -> Place:
        return Place(self.file, node.start_mark.line + 1)

    def build(self, node: yaml.Node) -> Any:
        if id(node) in self.open:
            raise Problem(
                "an alias refers to its own parent", place=str(self.place(node)), remedy="write the value out"
            )
        self.open.add(id(node))
        try:
            if isinstance(node, yaml.MappingNode):
                return self.mapping(node)
            if isinstance(node, yaml.SequenceNode):
                items = cast("list[yaml.Node]", node.value)
                return LocatedList(self.place(node), [self.build(i) for i in items], [self.place(i) for i in items])
            return self.scalar(cast("yaml.ScalarNode", node))
        finally:
            self.open.discard(id(node))

    def scalar(self, node: yaml.ScalarNode) -> Any:
        text = self.text(node)
        if node.style is not None:
            return text
        try:
            value = _plain(text)
        except ValueError:  # Python refuses integers of several thousand digits.
            value = math.inf
        if value in (math.inf, -math.inf):
            raise Problem("this number is too large", place=str(self.place(node)), remedy="quote it if it is text")
        return value

    def text(self, node: yaml.Node) -> str:
        """Joins the surrogate pairs in which JSON escapes characters such as emoji; PyYAML leaves them apart."""
        try:
            return str(node.value).encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError as error:
            raise Problem(
                "an escape holds half a character (a lone surrogate)",
                place=str(self.place(node)),
                remedy="write the character itself",
            ) from error

    def mapping(self, node: yaml.MappingNode) -> LocatedDict:
        values: dict[str, Any] = {}
        places: dict[str, Place] = {}
        for key_node, value_node in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
            if not isinstance(key_node, yaml.ScalarNode):
                raise Problem("a key must be plain text", place=str(self.place(key_node)), remedy="quote the key")
            key = self.text(key_node)
            if key in values:
                raise Problem(
                    f"the key {key!r} stands twice in one mapping (first at line {places[key].line})",
                    place=str(self.place(key_node)),
                    remedy="remove or rename one of them",
                )
            places[key] = self.place(key_node)
            values[key] = self.build(value_node)
        return LocatedDict(self.place(node), values, places)


def parse(text: str, file: Path) -> Any:
    """Reads YAML 1.2 or JSON text; `file` is only the name that places show.

    Raises:
        Problem: the text is not YAML, has a key twice, or holds characters no document may hold.
    """
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader)
        if node is None:
            raise Problem("the file is empty", place=str(file), remedy="a document is a mapping of keys")
        return _Builder(file).build(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark else ""
        raise Problem(
            f"not readable as YAML: {error.problem or error.context}",
            place=f"{file}{line}",
            remedy="check quotes, colons and indentation around this line",
        ) from error
    except yaml.YAMLError as error:
        raise Problem(
            f"not readable as YAML: {str(error).splitlines()[0]}", place=str(file), remedy="save the file as UTF-8 text"
        ) from error
    except RecursionError as error:
        raise Problem("nested too deeply", place=str(file), remedy="flatten the document") from error


def load(file: Path) -> LocatedDict:
    """Reads a document whose root is a mapping.

    Raises:
        Problem: the file cannot be read, is not YAML, or is something else than a mapping.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise Problem(
            f"cannot be read: {error.strerror}", place=str(file), remedy="check the name and the rights", exit_code=2
        ) from error
    except UnicodeDecodeError as error:
        raise Problem("is not UTF-8 text", place=str(file), remedy="save it as UTF-8") from error
    document = parse(text, file)
    if not isinstance(document, LocatedDict):
        raise Problem("the document is not a mapping", place=f"{file}:1", remedy="start it with keys, such as openapi:")
    return document


def to_json(document: Any) -> str:
    """Writes a document as JSON text, two blanks deep, keys in document order, with a newline at the end."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


class _PlainDumper(yaml.SafeDumper):
    """Writes located nodes as plain YAML, without aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text_node(_: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Quotes what would not come back as text: PyYAML knows YAML 1.1 only, and 1.2 also takes 1e3 for a number."""
    quoted = not isinstance(_plain(text), str)
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style="'" if quoted else None)


_PlainDumper.add_multi_representer(
    dict, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data.items())
)
_PlainDumper.add_multi_representer(list, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data))
_PlainDumper.add_representer(str, _text_node)


def to_yaml(document: Any) -> str:
    """Writes a document as YAML text, keys in document order."""
    return yaml.dump(document, Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=120)
