"""The rules, a file for each topic; to be imported is to be entered in the table."""

from __future__ import annotations

import importlib

_TOPICS = (
    "document",
    "standard",
    "operation",
    "parameters",
    "bodies",
    "streams",
    "destroying",
    "rpc",
    "references",
    "keywords",
    "shapes",
    "values",
    "unions",
    "nones",
    "lone",
    "empties",
    "answers",
    "bulk",
    "names",
    "directions",
    "client",
    "extensions",
    "corrections",
)


def load() -> None:
    """Imports every topic; the order of the table is that of `_TOPICS`."""
    for topic in _TOPICS:
        importlib.import_module(f"{__name__}.{topic}")
