"""Rules for `$ref`: into this document's components, at something that is there."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from mailwright.codegen.lint.grammar import SECTIONS
from mailwright.codegen.lint.nodes import Document, Fault
from mailwright.codegen.lint.reading import mapping, text
from mailwright.codegen.lint.registry import rule

_BESIDE = ("summary", "description", "deprecated", "default", "example", "examples", "externalDocs")


@rule("local-ref", "A `$ref` points into the section of `components` for its kind, such as #/components/schemas/User.")
def local_ref(document: Document) -> Iterator[Fault]:
    """openapi-python-client drops what refers to other files, or to places inside other schemas."""
    for node in document.nodes:
        reference = node.keys.get("$ref")
        section = SECTIONS.get(node.kind)
        if reference is None or section is None or node.kind == "path item":
            continue
        start = f"#/components/{section}/"
        if not text(reference).startswith(start) or "/" in text(reference)[len(start) :]:
            yield node.fault(
                f"refers to {reference!r}", f"put what is meant into this document, and refer to {start}Name", "$ref"
            )


@rule("ref-target", "A `$ref` points at something that is there, and not in a circle.")
def ref_target(document: Document) -> Iterator[Fault]:
    """A broken reference loses what it stood for."""
    for node in document.nodes:
        reference = text(node.keys.get("$ref"))
        if not reference.startswith("#/") or node.kind not in SECTIONS:
            continue
        if document.target(node) is None:
            section, _, name = reference[2:].rpartition("/")
            names = [
                str(each.pointer[-1]) for each in document.nodes if "/".join(map(str, each.pointer[:-1])) == section
            ]
            near = get_close_matches(name, names, n=1)
            remedy = f"did you mean {near[0]}?" if near else "add it, or correct the reference"
            yield node.fault(f"refers to {reference!r}, which is not there", remedy, "$ref")
        elif "$ref" in document.follow(node).keys and document.target(document.follow(node)) is not None:
            yield node.fault(f"refers to {reference!r}, which leads back to itself", "write the schema out", "$ref")


@rule("component-alias", "A component is something of its own, not just a `$ref`.")
def component_alias(document: Document) -> Iterator[Fault]:
    """openapi-python-client does not follow references from component to component."""
    for node in document.nodes:
        if node.is_component and "$ref" in node.keys:
            yield node.fault("is only a reference", "refer to what it stands for where it is used", "$ref")


@rule("ref-siblings", "Beside the `$ref` of a schema stand annotations only.")
def ref_siblings(document: Document) -> Iterator[Fault]:
    """The generators ignore the rest, or read it differently."""
    for schema in document.of("schema"):
        if "$ref" in schema.keys:
            for keyword in schema.keys:
                if keyword != "$ref" and keyword not in _BESIDE and not keyword.startswith("x-"):
                    yield schema.fault(
                        f"has `{keyword}` beside its `$ref`", "make a component of its own that says both", keyword
                    )


@rule("no-path-item-ref", "A path item is written out, not referred to.")
def no_path_item_ref(document: Document) -> Iterator[Fault]:
    """openapi-python-client gives it no operations, without a word."""
    for item in document.of("path item"):
        if "$ref" in item.keys:
            yield item.fault("is a reference, and its operations would be lost", "write them out here", "$ref")


@rule("no-defs", "A schema has no `$defs` or `definitions`.")
def no_defs(document: Document) -> Iterator[Fault]:
    """openapi-python-client does not read them."""
    for schema in document.of("schema"):
        for keyword in ("$defs", "definitions"):
            if keyword in schema.keys:
                names = ", ".join(mapping(schema.keys[keyword]))
                yield schema.fault(f"has `{keyword}`", f"move {names or 'them'} to components.schemas", keyword)
