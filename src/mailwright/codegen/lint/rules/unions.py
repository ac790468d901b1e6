"""Rules for unions and compositions: what msgspec can decode, and openapi-python-client does not lose."""

from __future__ import annotations

from collections.abc import Iterator

from mailwright.codegen.lint.nodes import Document, Fault, Node
from mailwright.codegen.lint.reading import mapping, sequence, text
from mailwright.codegen.lint.registry import rule
from mailwright.codegen.lint.schemas import fields, kinds, members, types

_TEXTS = ("text", "date", "date-time", "time")


def _unions(document: Document) -> Iterator[Node]:
    """Gives the outermost schemas that allow one of several things."""
    for schema in document.of("schema"):
        inside = schema.role in ("anyOf", "oneOf")
        if not inside and ("anyOf" in schema.keys or "oneOf" in schema.keys or len(types(schema)) > 1):
            yield schema


@rule(
    "oneof-needs-discriminator", "A union of objects has a discriminator, which is a required `const` in each of them."
)
def oneof_needs_discriminator(document: Document) -> Iterator[Fault]:
    """Nothing else tells msgspec which Struct to make."""
    for schema in _unions(document):
        records = [each for each in members(document, schema) if "record" in kinds(document, each)]
        if len(records) < 2:
            continue
        keyword = "oneOf" if "oneOf" in schema.keys else "anyOf"
        tag = text(mapping(schema.keys.get("discriminator")).get("propertyName"))
        if not tag:
            yield schema.fault(
                f"is a union of {len(records)} objects without discriminator",
                "merge them into one object with optional properties; a discriminator where the server sends a tag",
                keyword,
            )
            continue
        for record in records:
            field = fields(document, record).get(tag)
            fixed = field is not None and "const" in document.follow(field).keys
            if not fixed or tag not in sequence(record.keys.get("required")):
                yield record.fault(
                    f"has no required property {tag!r} with a `const`, by which {schema} tells its members apart",
                    f"add `{tag}` with a `const`, and require it",
                )


@rule(
    "union-decodable",
    "A union has at most one object, one array and one kind of string, so that msgspec can decode it.",
)
def union_decodable(document: Document) -> Iterator[Fault]:
    """msgspec refuses a date-time beside plain text, an object beside a map, and two arrays."""
    for schema in _unions(document):
        found: list[str] = []
        for member in members(document, schema):
            found += sorted(kinds(document, member))
        texts = sorted({kind for kind in found if kind in _TEXTS})
        keyword = next((key for key in ("anyOf", "oneOf") if key in schema.keys), "type")
        why = ""
        if len(texts) > 1:
            why = f"{' and '.join(texts)} are all strings"
        elif found.count("array") > 1:
            why = "two members are arrays"
        elif found.count("map") > 1 or ("map" in found and "record" in found):
            why = "an object stands beside a map" if "record" in found else "two members are maps"
        if why:
            yield schema.fault(
                f"is a union that msgspec cannot decode: {why}", "merge the members into one schema", keyword
            )


@rule("all-of-plain", "The parts of an allOf are objects, none of them a union.")
def all_of_plain(document: Document) -> Iterator[Fault]:
    """openapi-python-client loses a oneOf inside an allOf without a word."""
    for schema in document.of("schema"):
        for index, part in enumerate(schema.under("allOf")):
            whole = document.follow(part)
            if "oneOf" in whole.keys or "anyOf" in whole.keys:
                yield schema.fault(
                    "has a union among the parts of its allOf", "write the properties out", "allOf", index
                )
        beside = [
            key for key in ("anyOf", "oneOf") if key in schema.keys and {"properties", "allOf"} & schema.keys.keys()
        ]
        if beside:
            yield schema.fault(
                f"has `{beside[0]}` beside its properties, of which one is lost", "write the properties out", beside[0]
            )
