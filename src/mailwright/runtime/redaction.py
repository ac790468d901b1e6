"""Takes secrets out of what a person may read."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from functools import lru_cache
from html import escape
from typing import cast
from urllib.parse import quote, quote_plus

STARS = "***"
_SHORT = 8


def redacted(text: str, secrets: Collection[str]) -> str:
    """Returns the text with every secret replaced by `***`, and control characters made visible.

    A secret is also found as URLs, forms, JSON and HTML write it, and in any case of letters.
    """
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = re.sub(_pattern(secret), STARS, text, flags=re.IGNORECASE)
    if text.isprintable():
        return text
    return "".join(mark if mark.isprintable() or mark in "\n\t" else ascii(mark)[1:-1] for mark in text)


@lru_cache(maxsize=64)
def _pattern(secret: str) -> str:
    quoted = (quote(secret, safe="", errors="replace"), quote(secret, errors="replace"))
    in_json = (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    shapes = {secret, *quoted, quote_plus(secret, errors="replace"), *in_json, escape(secret)}
    pattern = "|".join(re.escape(shape) for shape in sorted(shapes, key=len, reverse=True))
    # A password such as "a" must not blot out every word that has the letter.
    return rf"(?<!\w)(?:{pattern})(?!\w)" if len(secret) < _SHORT else pattern


def redacted_data(data: object, secrets: Collection[str]) -> object:
    """Returns JSON data with `***` for every secret in its strings and keys; None when it is nested too deeply."""
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
        items = cast("dict[str, object]", data).items()
        return {redacted(key, secrets): _redacted_data(item, secrets) for key, item in items}
    return data
