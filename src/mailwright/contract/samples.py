"""One plain value for a schema, made without a generator: the arguments and answers that are not under test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mailwright.contract.document import JSON, Document, Operation

# It stands for a password, and is looked for where none may be. Put together here, since Hypothesis also tries the
# literals that it finds in a project's code.
SECRET = "-".join(("S3cret", "Marker", "9fQ"))


def sample(document: Document, schema: JSON) -> Any:
    """Gives a value with every property; strings that the document calls secret are `SECRET`."""
    branches = list(branches_of(document, schema))
    if any(each.get("x-secret") for each in branches) and "string" in types_of(document, schema):
        return SECRET
    if any("x-reads" in each for each in branches) and not any("enum" in each for each in branches):
        return "1" if "string" in types_of(document, schema) else 1
    for branch in branches:
        if "const" in branch:
            return branch["const"]
        if "enum" in branch:
            return branch["enum"][0]
        value = _of_type(document, branch)
        if value is not None:
            return value
    return None


def sample_case(document: Document, operation: Operation) -> JSON:
    """Gives the arguments of an operation, without its optional parameters but the secret ones."""
    case: JSON = {}
    for parameter in operation.sent:
        if parameter.required or parameter.secret:
            value = SECRET if parameter.secret else sample(document, parameter.schema)
            case.setdefault(parameter.place, {})[parameter.name] = value
    if operation.body is not None:
        case["body"] = sample(document, operation.body)
    elif operation.uploads:
        case["body"] = "Subject: sample\r\n\r\n"
    return case


def types_of(document: Document, schema: JSON) -> frozenset[str]:
    """The JSON types a schema allows."""
    found: set[str] = set()
    for branch in branches_of(document, schema):
        types = branch.get("type", ())
        found.update([types] if isinstance(types, str) else types)
    return frozenset(found)


def branches_of(document: Document, schema: JSON) -> Iterator[JSON]:
    """Yields a schema and everything it is composed of, references followed."""
    resolved = document.resolve(schema)
    yield resolved
    for word in ("anyOf", "oneOf", "allOf"):
        for each in resolved.get(word, ()):
            yield from branches_of(document, each)


def _of_type(document: Document, branch: JSON) -> Any:
    types = branch.get("type", ())
    kind = types if isinstance(types, str) else next(iter(types), "")
    if kind == "object" and branch.get("minProperties") and "properties" not in branch:
        return {"a": sample(document, branch.get("additionalProperties", {}))}
    if kind == "object":
        return {name: sample(document, each) for name, each in branch.get("properties", {}).items()}
    if "prefixItems" in branch:
        return [sample(document, each) for each in branch["prefixItems"]]
    if kind == "array":
        return [sample(document, branch["items"])] if "items" in branch and branch.get("maxItems") != 0 else []
    if "x-number" in branch:
        return "1"
    if kind == "string":
        return "2020-01-02T03:04:05Z" if branch.get("format") == "date-time" else "a" * branch.get("minLength", 1)
    if kind == "boolean":
        return True
    return max(1, branch.get("minimum", 1)) if kind in ("integer", "number") else None
