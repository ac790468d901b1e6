"""Rules for the shape of schemas: what both generators read in the same way, and lose nothing of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailwright.codegen.lint.names import class_name
from mailwright.codegen.lint.nodes import Document, Fault, Node
from mailwright.codegen.lint.reading import sequence, texts
from mailwright.codegen.lint.registry import rule
from mailwright.codegen.lint.schemas import closed, fields, is_record, types

_COMPONENT = re.compile(r"[A-Z][A-Za-z0-9]*")
# Names that a models.py imports for itself; datamodel-code-generator renames a component that has one of them.
_IMPORTED = (
    *("Any", "Annotated", "ClassVar", "Literal", "Meta", "Model", "Optional", "RequestModel", "ResponseModel"),
    *("Struct", "TypeAlias", "Union", "UNSET", "UnsetType"),
)


@rule("no-boolean-schema", "`true` and `false` are no schemas, but for additionalProperties and unevaluatedProperties.")
def no_boolean_schema(document: Document) -> Iterator[Fault]:
    """openapi-python-client refuses the whole document otherwise."""
    for schema in document.of("schema"):
        if isinstance(schema.value, bool) and schema.role not in ("additionalProperties", "unevaluatedProperties"):
            yield schema.fault(
                f"is the boolean schema `{str(schema.value).lower()}`",
                "write `{}` where anything goes; leave the keyword out where nothing does",
            )


@rule("named-components", "Object and enum schemas are components of their own, and referred to by `$ref`.")
def named_components(document: Document) -> Iterator[Fault]:
    """The two generators make up different names for what has none."""
    for schema in document.of("schema"):
        if schema.is_component or _is_part(schema) or "$ref" in schema.keys:
            continue
        kind = "enum" if "enum" in schema.keys else "allOf" if "allOf" in schema.keys else "object"
        if kind != "object" or (is_record(schema) and ("properties" in schema.keys or closed(schema))):
            yield schema.fault(
                f"is an inline {kind}",
                "make it a component of its own and put a `$ref` here",
                *(["enum"] * (kind == "enum")),
            )


def _is_part(schema: Node) -> bool:
    """Says whether a schema is a part of a component's `allOf`, where an object needs no name."""
    return schema.role == "allOf" and schema.parent is not None and schema.parent.is_component


@rule(
    "component-name", "A schema component is named in letters and digits, the first one a capital, as a class would be."
)
def component_name(document: Document) -> Iterator[Fault]:
    """Both generators have to keep the name as it is."""
    for name, schema in document.components.items():
        if not _COMPONENT.fullmatch(name):
            yield schema.fault("is no name for a component", "use letters and digits only, the first one a capital")
        elif name in _IMPORTED or (class_name(name) != name and (is_record(schema) or "enum" in schema.keys)):
            made = "another name" if name in _IMPORTED else class_name(name)
            yield schema.fault(
                f"would become {made} in Python", "choose a name that stays: capitals after digits, no builtin"
            )


@rule("no-title-on-component", "A schema component has no `title`.")
def no_title_on_component(document: Document) -> Iterator[Fault]:
    """openapi-python-client would name the class after it."""
    for schema in document.components.values():
        if "title" in schema.keys:
            yield schema.fault("has a title, which would rename its class", "move the text to `description`", "title")


@rule("array-items", "An array says what its items are.")
def array_items(document: Document) -> Iterator[Fault]:
    """openapi-python-client drops the operation or the model otherwise."""
    for schema in document.of("schema"):
        if "array" in types(schema) and "items" not in schema.keys and "prefixItems" not in schema.keys:
            yield schema.fault("is an array without `items`", "add `items`; `items: {}` where anything goes", "type")


@rule("object-shape", "An object has properties, or says in additionalProperties what its values are.")
def object_shape(document: Document) -> Iterator[Fault]:
    """As a component it would become a Struct without fields, and every key would be lost."""
    for schema in document.of("schema"):
        if (
            "object" in types(schema)
            and not {"properties", "additionalProperties", "allOf", "$ref"} & schema.keys.keys()
        ):
            yield schema.fault(
                "is an object without properties",
                "add `additionalProperties: {...}` for a map, `additionalProperties: false` for an empty object",
                "type",
            )


@rule("map-values", "A component that is a map of anything says so with `additionalProperties: {}`, not `true`.")
def map_values(document: Document) -> Iterator[Fault]:
    """With `true` datamodel-code-generator makes a Struct without fields of a component, and every key is lost."""
    for schema in document.of("schema"):
        anything = schema.keys.get("additionalProperties") is True
        if schema.is_component and anything and "properties" not in schema.keys:
            yield schema.fault("would lose its keys", "write `additionalProperties: {}`", "additionalProperties")


@rule("object-type", "A schema with properties or additionalProperties has `type: object`.")
def object_type(document: Document) -> Iterator[Fault]:
    """Without it JSON Schema allows everything that is no object, and openapi-python-client drops members of unions."""
    for schema in document.of("schema"):
        for keyword in ("properties", "additionalProperties"):
            if keyword in schema.keys and "object" not in types(schema) and not _is_part(schema):
                yield schema.fault(f"has `{keyword}` and no `type: object`", "add `type: object`", keyword)
                break


@rule("prefix-items", "A tuple has minItems and maxItems, both as many as its prefixItems.")
def prefix_items(document: Document) -> Iterator[Fault]:
    """It would become a list of anything otherwise."""
    for schema in document.of("schema"):
        if "prefixItems" not in schema.keys:
            continue
        length = len(sequence(schema.keys["prefixItems"]))
        if schema.keys.get("minItems") != length or schema.keys.get("maxItems") != length:
            yield schema.fault(
                f"has {length} prefixItems and not that length",
                f"add `minItems: {length}` and `maxItems: {length}`",
                "prefixItems",
            )


@rule("required-has-property", "Each name in `required` is one of the properties.")
def required_has_property(document: Document) -> Iterator[Fault]:
    """Such a name is dropped without a word; mostly it is misspelled."""
    for schema in document.of("schema"):
        if "required" not in schema.keys:
            continue
        whole = schema.parent if schema.role == "allOf" and schema.parent is not None else schema
        known = fields(document, whole)
        for index, name in enumerate(texts(schema.keys["required"])):
            if name not in known:
                yield schema.fault(
                    f"requires {name!r}, which is not among its properties",
                    "describe the property, or correct its spelling",
                    "required",
                    index,
                )
