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
# So many characters of a message are enough for anybody.
_LONGEST = 10_000
# So many more, lest what was cut already is cut again.
_NOTE = 50
# How much longer a secret can become in the shapes that are looked for, such as `%F0%9F%A6%86`.
_GROWTH = 12


def redacted(text: str, secrets: Collection[str]) -> str:
    """Returns the text with every secret replaced by `***`, and control characters made visible.

    A secret is also found as URLs, forms, JSON and HTML write it, and in any case of letters.
    """
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = re.sub(_pattern(secret), STARS, text, flags=re.IGNORECASE)
    if text.isprintable():
        return text
    return "".join(mark if mark.isprintable() or mark in "\n\t" else ascii(mark)[1:-1] for mark in text)


def shortened(text: str, secrets: Collection[str]) -> str:
    """Returns the text like `redacted`, its end cut off when it has more than 10,000 characters.

    A server may send millions, and to search them for secrets takes longer than a call may.
    """
    # Secrets that the cut goes through are in what is cut off once more.
    margin = _GROWTH * max(map(len, secrets), default=0)
    if len(text) <= _LONGEST + margin + _NOTE:
        return redacted(text, secrets)
    shown = redacted(text[: _LONGEST + margin], secrets)
    return f"{shown[: len(shown) - margin]}… ({len(text):,} characters)"


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
