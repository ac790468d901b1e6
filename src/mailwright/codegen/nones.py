"""Prepares fields for which the wire has a word for none, or for empty: the models see the field without the word.

The published document keeps what the wire says; this is a copy for the generator of the models.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Literal, cast

Schema = dict[str, Any]
NoneWord = Literal[False, "", "- "]
_SCHEMAS = "#/components/schemas/"
_UNIONS = ("anyOf", "oneOf")


def without_words(document: Schema) -> Schema:
    """Returns a copy in which no schema has its word; each property that had one, itself or by reference, says so."""
    result = copy.deepcopy(document)
    components: dict[str, Schema] = result.get("components", {}).get("schemas", {})
    for schema in all_schemas(list(components.values())):
        for own in schema.get("properties", {}).values():
            word = marked(own, "x-none", components)
            if word is not None:
                own["x-none"] = word
    for schema in all_schemas(list(components.values())):
        if "x-none" in schema:
            _strip(schema, partial(says, word=schema["x-none"]))
        if schema.get("x-empty") == "[]":
            _strip(schema, is_empty_list)
    return result


def marked(schema: Schema, mark: str, components: dict[str, Schema]) -> object:
    """Gives what a mark says of a schema or of what it refers to; None where there is no such mark."""
    seen: set[str] = set()
    while mark not in schema:
        name = str(schema.get("$ref", "")).removeprefix(_SCHEMAS)
        if name in seen or name not in components:
            return None
        seen.add(name)
        schema = components[name]
    return schema[mark]


def _strip(schema: Schema, is_word: Callable[[Schema], bool]) -> None:
    """Takes the branch with the word out of a union; a single branch that is left becomes the schema itself."""
    for union in _UNIONS:
        if union not in schema:
            continue
        left = [branch for branch in schema[union] if not is_word(branch)]
        if len(left) == 1:
            del schema[union]
            schema.update(left[0])
        else:
            schema[union] = left


def says(branch: Mapping[str, Any], word: object) -> bool:
    """Says whether a branch of a union is the word: false is not 0."""
    value = branch.get("const")
    return type(value) is type(word) and value == word


def is_empty_list(branch: Mapping[str, Any]) -> bool:
    """Says whether a branch of a union is a list that is always empty."""
    return branch.get("type") == "array" and branch.get("maxItems") == 0


def all_schemas(waiting: list[Any]) -> Iterator[Schema]:
    """Yields these schemas and all below them."""
    while waiting:
        schema: Any = waiting.pop()
        if isinstance(schema, list):
            waiting.extend([*schema])
        elif isinstance(schema, dict):
            found = cast("Schema", schema)
            yield found
            waiting.extend(found.get("properties", {}).values())
            waiting.extend(found[key] for key in (*_UNIONS, "allOf", "items", "additionalProperties") if key in found)
