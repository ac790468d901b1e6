"""Prepares lists of which the wire may have a lone text instead: the models see a list.

The published document keeps what the wire says; this is a copy for the generator of the models.
"""

from __future__ import annotations

import copy
from typing import Any

from mailwright.codegen.nones import all_schemas, marked

Schema = dict[str, Any]


def without_lone_texts(document: Schema) -> Schema:
    """Returns a copy in which such a union is its list; each property that is one, itself or by reference, says so."""
    result = copy.deepcopy(document)
    components: dict[str, Schema] = result.get("components", {}).get("schemas", {})
    for schema in all_schemas(list(components.values())):
        for own in schema.get("properties", {}).values():
            if marked(own, "x-list", components) is not None:
                own["x-list"] = True
    for schema in all_schemas(list(components.values())):
        if "x-list" in schema and "anyOf" in schema:
            branches = schema.pop("anyOf")
            schema.update(next(each for each in branches if each.get("type") == "array"))
    return result
