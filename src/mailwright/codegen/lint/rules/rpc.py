"""Rules for commands: what x-rpc says has to be what stands in the tuples."""

from __future__ import annotations

from collections.abc import Iterator

from mailwright.codegen.lint.nodes import Document, Fault, Node
from mailwright.codegen.lint.operations import Operation, operations
from mailwright.codegen.lint.reach import close
from mailwright.codegen.lint.reading import text, texts
from mailwright.codegen.lint.registry import rule
from mailwright.codegen.lint.schemas import fields

_TUPLE = 3
_WORDS = ("x-number", "x-rest", "x-column")


def _commands(document: Document) -> Iterator[tuple[Operation, Node]]:
    """Gives every operation that is a command, with its x-rpc."""
    for operation in operations(document):
        yield from ((operation, rpc) for rpc in operation.node.under("x-rpc"))


@rule("rpc-tuple", "The body of a command is a list of one tuple: its name as a `const`, its parameters, and a tag.")
def rpc_tuple(document: Document) -> Iterator[Fault]:
    """The client makes the tuple by x-rpc alone, whatever the body says."""
    for operation, rpc in _commands(document):
        parts = _parts(document, operation)
        told = [text(schema.keys.get("$ref")) for schema in rpc.under("parameters")]
        if len(parts) != _TUPLE:
            found = "has no body that is a list of tuples of three"
        elif parts[0].keys.get("const") != rpc.keys.get("command"):
            found = f"does not have the const {text(rpc.keys.get('command'))!r} first in its tuple"
        elif [text(parts[1].keys.get("$ref"))] != told:
            found = "has other parameters in its tuple"
        else:
            continue
        remedy = "write `prefixItems: [{const: NAME}, {$ref: PARAMETERS}, {$ref: TAG}]` as x-rpc has them"
        yield operation.node.fault(found, remedy, "x-rpc")


def _parts(document: Document, operation: Operation) -> list[Node]:
    media = operation.sent_media
    return [
        part
        for schema in (media.under("schema") if media else [])
        for item in document.follow(schema).under("items")
        for part in document.follow(item).under("prefixItems")
    ]


@rule("rpc-needs", "The names in `needs` of an x-rpc are parameters, none of them required.")
def rpc_needs(document: Document) -> Iterator[Fault]:
    """No call could give the one, and the other is given by every call."""
    for operation, rpc in _commands(document):
        for schema in rpc.under("parameters"):
            known, required = fields(document, schema), texts(document.follow(schema).keys.get("required"))
            for name in texts(rpc.keys.get("needs")):
                if name not in known or name in required:
                    what = "is no parameter of it" if name not in known else "is required anyway"
                    yield operation.node.fault(
                        f"needs {name!r}, which {what}", "name parameters that may be left out", "x-rpc", "needs"
                    )


@rule("row-words", f"{', '.join(_WORDS[:-1])} and {_WORDS[-1]} stand on what the rows of an x-rpc hold.")
def row_words(document: Document) -> Iterator[Fault]:
    """They are read for rows alone, and would mean nothing elsewhere."""
    roots = [(schema, "") for _, rpc in _commands(document) for schema in rpc.under("rows")]
    rows = close(document, roots)
    for schema in document.of("schema"):
        for word in _WORDS:
            if word in schema.keys and schema not in rows:
                yield schema.fault(f"has {word} and is in no row", f"remove `{word}`", word)
        if "x-rest" in schema.keys and not isinstance(schema.keys.get("additionalProperties"), dict):
            yield schema.fault(
                "has x-rest and says nothing of other keys", "describe them by `additionalProperties: {...}`", "x-rest"
            )
