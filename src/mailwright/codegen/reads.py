"""Prepares values that the wire writes otherwise than Python reads them, such as 1 or "1" for true.

The published document keeps what the wire says; this is a copy for the generator of the models.
"""

from __future__ import annotations

import copy
from typing import Any

Schema = dict[str, Any]


def as_read(document: Schema) -> Schema:
    """Returns a copy in which each component with `x-reads` is what it says, and nothing else."""
    result = copy.deepcopy(document)
    components: dict[str, Schema] = result.get("components", {}).get("schemas", {})
    for name, schema in components.items():
        if "x-reads" in schema:
            told = {"description": schema["description"]} if "description" in schema else {}
            components[name] = {**told, "type": schema["x-reads"]}
    return result
