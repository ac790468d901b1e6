"""The secrets of the matrix, and all the shapes in which one could show up."""

from __future__ import annotations

import base64
from html import escape
from urllib.parse import quote, quote_plus

TOKEN = "s3cr3t+T0ken/of=Jane-4711"
PASSWORD = "c0rrect & h0rse=battery 4712"


def shapes() -> frozenset[str]:
    """The secrets as they are, quoted, escaped for HTML, and in base64."""
    plain = (TOKEN, PASSWORD)
    packed = {base64.b64encode(secret.encode()).decode() for secret in plain}
    return frozenset(
        {*plain, *map(escape, plain), *(quote(s, safe="") for s in plain), *(quote(s) for s in plain), *packed}
    ) | {quote_plus(secret) for secret in plain}


SHAPES = shapes()
_FOLDED = [shape.lower() for shape in SHAPES]


def shows(text: str) -> bool:
    """Whether a secret is in a text, in any case of letters."""
    folded = text.lower()
    return any(shape in folded for shape in _FOLDED)
