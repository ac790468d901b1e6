"""Prepares fields for which the wire has a word for none: the models see a field that may be None, and no word.

The published document keeps what the wire says; this is a copy for the generator of the models.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any, cast

Schema = dict[str, Any]
_SCHEMAS = "#/components/schemas/"
_UNIONS = ("anyOf", "oneOf")


def without_words(document: Schema) -> Schema:
    """Returns a copy in which no schema has its word; each property that had one, itself or by reference, says so."""
    result = copy.deepcopy(document)
    components: dict[str, Schema] = result.get("components", {}).get("schemas", {})
    for schema in _all_schemas(list(components.values())):
        for own in schema.get("properties", {}).values():
            word = _word(own, components)
            if word is not None:
                own["x-none"] = word
    for schema in _all_schemas(list(components.values())):
        if "x-none" in schema:
            _strip(schema)
    return result


def _word(schema: Schema, components: dict[str, Schema]) -> object:
    """Gives the word of a schema or of what it refers to; None where there is none."""
    seen: set[str] = set()
    while "x-none" not in schema:
        name = str(schema.get("$ref", "")).removeprefix(_SCHEMAS)
        if name in seen or name not in components:
            return None
        seen.add(name)
        schema = components[name]
    return schema["x-none"]


def _strip(schema: Schema) -> None:
    """Takes the branch with the word out of a union; a single branch that is left becomes the schema itself."""
    word = schema["x-none"]
    for union in _UNIONS:
        if union not in schema:
            continue
        left = [branch for branch in schema[union] if not says(branch, word)]
        if len(left) == 1:
            del schema[union]
            schema.update(left[0])
        else:
            schema[union] = left


def says(branch: Mapping[str, Any], word: object) -> bool:
    """Says whether a branch of a union is the word: false is not 0."""
    value = branch.get("const")
    return type(value) is type(word) and value == word


def _all_schemas(waiting: list[Any]) -> Iterator[Schema]:
    while waiting:
        schema: Any = waiting.pop()
        if isinstance(schema, list):
            waiting.extend([*schema])
        elif isinstance(schema, dict):
            found = cast("Schema", schema)
            yield found
            waiting.extend(found.get("properties", {}).values())
            waiting.extend(found[key] for key in (*_UNIONS, "allOf", "items", "additionalProperties") if key in found)
