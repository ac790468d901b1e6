"""Takes secrets out of what a person may read."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import cast

STARS = "***"
_SHORT = 8


def redacted(text: str, secrets: Collection[str]) -> str:
    """Returns the text with every secret replaced by `***`, and control characters made visible."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        pattern = re.escape(secret)
        # A password such as "a" must not blot out every word that has the letter.
        if len(secret) < _SHORT:
            pattern = rf"(?<!\w){pattern}(?!\w)"
        text = re.sub(pattern, STARS, text)
    return "".join(mark if mark.isprintable() or mark in "\n\t" else ascii(mark)[1:-1] for mark in text)


def redacted_data(data: object, secrets: Collection[str]) -> object:
    """Returns JSON data with every secret in its strings replaced by `***`; None when it is nested too deeply."""
    try:
        return _redacted_data(data, secrets)
    except RecursionError:
        # Nested as deep as that, it explains nothing to anybody.
        return None


def _redacted_data(data: object, secrets: Collection[str]) -> object:
    if isinstance(data, str):
        return redacted(data, secrets)
    if isinstance(data, list):
        return [_redacted_data(item, secrets) for item in cast("list[object]", data)]
    if isinstance(data, dict):
        return {key: _redacted_data(item, secrets) for key, item in cast("dict[str, object]", data).items()}
    return data
