"""Tells the file of a document from the name of a target, where a command takes either."""

from __future__ import annotations

import os
from pathlib import Path

SUFFIXES = {".json": "json", ".yaml": "yaml", ".yml": "yaml"}
"""The format of a document by the suffix of its file."""


def is_file_name(name: str) -> bool:
    """Says whether an argument means a file, there or not."""
    return Path(name).is_file() or os.sep in name or Path(name).suffix in SUFFIXES
