"""What fields of answers are called in Python, read from the generated models."""

from __future__ import annotations

import ast
from collections.abc import Mapping


def attribute_names(models: str) -> Mapping[str, str]:
    """Returns the attribute for each name on the wire that differs from it, from the source of `models.py`.

    A generator makes an attribute of a name alone, so that one name is called alike in all models.
    """
    found: dict[str, str] = {}
    for node in ast.walk(ast.parse(models)):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and isinstance(node.value, ast.Call):
            wire = next((each.value for each in node.value.keywords if each.arg == "name"), None)
            if isinstance(wire, ast.Constant) and isinstance(wire.value, str):
                found[wire.value] = node.target.id
    return found
