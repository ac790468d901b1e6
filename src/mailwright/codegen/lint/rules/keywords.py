"""Rules for keywords: those the generators ignore, and those that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from mailwright.codegen.lint.nodes import Document, Fault
from mailwright.codegen.lint.registry import rule

_SPELL_OUT = "describe the schema without it; say in `description` what it meant"
_ONE_SCHEMA = "write one object with optional properties"
_DIRECTION = "a schema has one direction; describe it twice, and leave the property out in one"

_UNSUPPORTED: dict[str, dict[str, str]] = {
    "schema": {
        "patternProperties": "describe the values of all keys with additionalProperties",
        "propertyNames": _SPELL_OUT,
        "if": _ONE_SCHEMA,
        "then": _ONE_SCHEMA,
        "else": _ONE_SCHEMA,
        "not": _SPELL_OUT,
        "contains": _SPELL_OUT,
        "minContains": _SPELL_OUT,
        "maxContains": _SPELL_OUT,
        "dependentSchemas": _ONE_SCHEMA,
        "dependentRequired": _ONE_SCHEMA,
        "dependencies": _ONE_SCHEMA,
        "unevaluatedItems": _SPELL_OUT,
        "additionalItems": "use `items` and prefixItems",
        "readOnly": _DIRECTION,
        "writeOnly": _DIRECTION,
        "nullable": "write `anyOf: [..., {type: 'null'}]` or `type: [string, 'null']`",
        "$id": "refer to components by name",
        "$anchor": "refer to components by name",
        "$dynamicAnchor": "refer to components by name",
        "$dynamicRef": "refer to components by name",
        "$schema": "the dialect is that of OpenAPI 3.1",
        "$vocabulary": "the dialect is that of OpenAPI 3.1",
    },
    "document": {
        "webhooks": "remove them",
        "jsonSchemaDialect": "the dialect is that of OpenAPI 3.1; remove it",
    },
    "operation": {"callbacks": "remove them", "servers": "keep the servers at the root"},
    "path item": {
        "servers": "keep the servers at the root",
        "summary": "give each operation its own",
        "description": "give each operation its own",
    },
    "media type": {"encoding": "remove it; parts are sent as OpenAPI has it where nothing is said"},
    "link": {"server": "remove it"},
}

# JSON Schema 2020-12 and what OpenAPI adds to it, beside the unsupported ones.
_WORDS = """
    $ref $comment $defs definitions type enum const title description default deprecated example examples format
    multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern
    items prefixItems maxItems minItems uniqueItems
    properties required additionalProperties unevaluatedProperties maxProperties minProperties
    allOf anyOf oneOf discriminator xml externalDocs contentEncoding contentMediaType contentSchema
    """
_KNOWN = frozenset(_WORDS.split())


@rule("unsupported-keyword", "No keyword is used that the generators ignore, such as patternProperties or callbacks.")
def unsupported_keyword(document: Document) -> Iterator[Fault]:
    """What they ignore is lost without a word."""
    for node in document.nodes:
        remedies = _UNSUPPORTED.get(node.kind, {})
        for keyword in node.keys:
            if keyword in remedies:
                yield node.fault(f"has `{keyword}`, which the generators ignore", remedies[keyword], keyword)


@rule("unknown-keyword", "A schema has keywords of JSON Schema and OpenAPI only.")
def unknown_keyword(document: Document) -> Iterator[Fault]:
    """JSON Schema allows any, so a misspelled keyword means nothing at all."""
    for schema in document.of("schema"):
        for keyword in schema.keys:
            if keyword in _KNOWN or keyword in _UNSUPPORTED["schema"] or keyword.startswith("x-"):
                continue
            near = get_close_matches(keyword, sorted(_KNOWN), n=1)
            yield schema.fault(
                f"has the keyword {keyword!r}, which means nothing",
                f"did you mean {near[0]}?" if near else "remove it",
                keyword,
            )
