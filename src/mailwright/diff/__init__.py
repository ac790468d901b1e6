"""What changed between two versions of an API, as the people who call its client need to know it."""

from __future__ import annotations

from mailwright.diff.attribute_names import attribute_names
from mailwright.diff.changes import Change, Level
from mailwright.diff.compare import compare
from mailwright.diff.report import as_json, as_text, bump
from mailwright.diff.surface import Surface, surface

__all__ = ["Change", "Level", "Surface", "as_json", "as_text", "attribute_names", "bump", "compare", "surface"]
