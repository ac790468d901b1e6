"""Rules for the document as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mailwright.codegen.documents import Place, place_of
from mailwright.codegen.lint.nodes import Document, Fault
from mailwright.codegen.lint.reading import has_surrogate, mapping, sequence, text
from mailwright.codegen.lint.registry import rule


@rule("openapi-version", "The document is OpenAPI 3.1.")
def openapi_version(document: Document) -> Iterator[Fault]:
    """openapi-python-client refuses 3.2; in 3.0 schemas have other rules."""
    version = document.root.keys.get("openapi")
    if not re.fullmatch(r"3\.1\.[0-9]+", text(version)):
        yield document.root.fault(
            "does not say which OpenAPI it is" if version is None else f"is OpenAPI {version}",
            "write it in OpenAPI 3.1, and `openapi: 3.1.0`",
            "openapi",
        )


@rule("envelope", "The root says in x-envelope in which dialect the server wraps its answers.")
def envelope(document: Document) -> Iterator[Fault]:
    """Without it an error that comes with status 200 would pass for a value."""
    if "x-envelope" not in document.root.keys:
        yield document.root.fault("has no x-envelope", "add it: stalwart, wildduck, mailcow or doveadm", "info")


@rule("lone-surrogate", "No text holds half of a surrogate pair.")
def lone_surrogate(document: Document) -> Iterator[Fault]:
    """It cannot be written as UTF-8, so no file could be generated."""
    yield from _surrogates(document.root.value, document.root.place)


def _surrogates(root: Any, start: Place) -> Iterator[Fault]:
    """Looks at every text below a value, keys included."""
    waiting: list[tuple[Any, Place]] = [(root, start)]
    while waiting:
        value, place = waiting.pop()
        if has_surrogate(text(value)):
            yield Fault(place, f"a text holds half of a surrogate pair: {value!r}", "write the whole character")
        for key, item in mapping(value).items():
            here = place_of(value, key) or place
            waiting += [(key, here), (item, here)]
        for index, item in enumerate(sequence(value)):
            waiting.append((item, place_of(value, index) or place))
