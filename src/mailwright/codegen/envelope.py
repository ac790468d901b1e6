"""Takes the envelope off the answers of a document, so that methods give what is in it.

The published document keeps what is on the wire; this is a copy for the generators.
"""

from __future__ import annotations

import copy

from mailwright.codegen.documents import LocatedDict
from mailwright.codegen.lint.nodes import Document, Node
from mailwright.codegen.lint.operations import operations, value_name

_SCHEMAS = "#/components/schemas/"


def unwrapped(document: LocatedDict) -> LocatedDict:
    """Returns a document whose successful answers are the value that `x-client: {value: ...}` names.

    A component that only wrapped another one is gone; one that wrapped a schema in place is that schema. The document
    itself is returned where it names no value.
    """
    if not value_name(Document(document).root):
        return document
    result: LocatedDict = copy.deepcopy(document)
    nodes = Document(result)
    wrapped: dict[str, Node] = {}
    for operation in operations(nodes):
        for schema in operation.success_schemas(whole=True):
            inner = operation.value_of(nodes.follow(schema))
            if inner is None or "$ref" not in schema.keys:
                continue
            wrapped[str(schema.keys["$ref"]).removeprefix(_SCHEMAS)] = inner
            if "$ref" in inner.keys:
                schema.value["$ref"] = inner.keys["$ref"]
    schemas = result["components"]["schemas"]
    for name, inner in wrapped.items():
        if "$ref" in inner.keys:
            del schemas[name]
        else:
            schemas[name] = inner.value
    return result
