"""Python names for columns whose own names make none, such as `%95`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def column_names(schemas: Mapping[str, Any]) -> dict[str, str]:
    """Gives what `x-column` says properties are called in Python, as datamodel-code-generator reads it."""
    return {
        f"{component}.{name}": schema["x-column"]
        for component, whole in schemas.items()
        for name, schema in whole.get("properties", {}).items()
        if "x-column" in schema
    }
