"""Rules for the extension vocabulary: which `x-` keys stand where, and what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from mailwright.codegen.documents import load
from mailwright.codegen.lint.nodes import Document, Fault, Node
from mailwright.codegen.lint.reading import mapping, plain, text
from mailwright.codegen.lint.registry import rule

VOCABULARY = Path(__file__).parents[2] / "vocabulary.yaml"


@cache
def vocabulary() -> Mapping[str, Any]:
    """Gives the JSON Schema of the vocabulary; `$defs` has one schema for each kind of object that takes extensions."""
    return mapping(plain(load(VOCABULARY)))


@cache
def _validator(kind: str) -> jsonschema_rs.Draft202012Validator:
    """Makes the validator for the extensions of one kind of object."""
    return jsonschema_rs.Draft202012Validator({"$ref": f"#/$defs/{kind}", "$defs": vocabulary()["$defs"]})


def _places() -> dict[str, list[str]]:
    """Says for each extension on which kinds of objects it may stand."""
    found: dict[str, list[str]] = {}
    for kind, schema in mapping(vocabulary()["$defs"]).items():
        for key in mapping(mapping(schema).get("properties")):
            if key.startswith("x-"):
                found.setdefault(key, []).append(kind.replace("-", " "))
    return found


def _extensions(node: Node) -> list[str]:
    """Lists the extensions on an object; in a map of names, none."""
    return [key for key in node.keys if key.startswith("x-")]


@rule("extension-name", "An x- key is one of the vocabulary, and stands where the vocabulary has it.")
def extension_name(document: Document) -> Iterator[Fault]:
    """A misspelled extension means nothing, without a word."""
    places = _places()
    for node in document.nodes:
        for key in _extensions(node):
            allowed = places.get(key)
            if allowed is None:
                near = get_close_matches(key, sorted(places), n=1)
                yield node.fault(
                    f"has the extension {key!r}, which is not in the vocabulary",
                    f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(places))}",
                    key,
                )
            elif node.kind not in allowed:
                yield node.fault(
                    f"has the extension {key!r} in the wrong place", f"it goes on: {', '.join(allowed)}", key
                )


@rule("extension-value", "The value of an x- key is as the vocabulary describes it.")
def extension_value(document: Document) -> Iterator[Fault]:
    """Later steps read it without looking twice."""
    places = _places()
    for node in document.nodes:
        kind = node.kind.replace(" ", "-")
        present = {key: node.keys[key] for key in _extensions(node) if node.kind in places.get(key, ())}
        if not present:
            continue
        meanings = mapping(mapping(vocabulary()["$defs"]).get(kind)).get("properties")
        for error in _validator(kind).iter_errors(plain(present)):
            path = error.instance_path
            key = str(path[0])
            yield node.fault(
                f"has an {key} that is not right at {'.'.join(map(str, path))}: {error.message}",
                _meaning(mapping(meanings).get(key)),
                *path,
            )


def _meaning(schema: Any) -> str:
    """Gives the description of an extension, following one reference."""
    reference = text(mapping(schema).get("$ref")).rpartition("/")[2]
    schema = mapping(vocabulary()["$defs"]).get(reference, schema)
    return text(mapping(schema).get("description")).strip()
