"""The rule that asks openapi-spec-validator, and finds the place for what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol, cast

from jsonschema_path.paths import SchemaPath
from openapi_spec_validator import OpenAPIV31SpecValidator
from openapi_spec_validator.validation.exceptions import DuplicateOperationIDError, UnresolvableParameterError
from openapi_spec_validator.validation.keywords import KeywordValidator, ValueValidator

from mailwright.codegen.lint.nodes import Document, Fault, Node
from mailwright.codegen.lint.reading import plain, text
from mailwright.codegen.lint.registry import rule

_REMEDY = "see the OpenAPI 3.1 specification of this object"
_UNKNOWN = "OpenAPI knows no such key here"
_LONGEST = 240
# Rules of our own say these with the right place.
_COVERED = (DuplicateOperationIDError, UnresolvableParameterError)


class _Error(Protocol):
    """What is needed of jsonschema's ValidationError, which comes without types."""

    message: str
    absolute_path: Sequence[str | int]


@rule("openapi", "The document is valid OpenAPI 3.1, as openapi-spec-validator reads it.")
def openapi(document: Document) -> Iterator[Fault]:
    """Its structure first; what needs references followed only where the structure holds."""
    if not text(document.root.keys.get("openapi")).startswith("3.1."):
        return
    content = plain(document.root.value)
    structural = list(_structure(content))
    for path, message in structural:
        yield _fault(document, path, message)
    if structural or any(_leads_astray(document, node) for node in document.nodes):
        return
    for path, message in _meaning(content):
        yield _fault(document, path, message)


def _fault(document: Document, path: list[str | int], message: str) -> Fault:
    way, node = _walk(document, path)
    inside = f" at {'.'.join(map(str, way))}" if way else ""
    short = message if len(message) <= _LONGEST else f"{message[:_LONGEST]} ..."
    if node.kind in ("parameter", "header") and "'oneOf'" in message:
        short = "it has neither `schema` nor `content`, or both"
    remedy = "correct its spelling, or remove it" if message == _UNKNOWN else _REMEDY
    return Fault(node.at(*way), f"{node} is not valid{inside}: {short}", remedy)


def _walk(document: Document, path: list[str | int]) -> tuple[list[str | int], Node]:
    """Finds the innermost node on a path that may go through references, and the steps that are left from it."""
    node, rest = document.root, list(path)
    while rest:
        inner = next((child for child in node.children if _begins(node, child, rest)), None)
        if inner is not None:
            rest = rest[len(inner.pointer) - len(node.pointer) :]
            node = inner
        elif (target := document.target(node)) is not None and rest[0] not in node.keys:
            node = target
        else:
            break
    return rest, node


def _begins(node: Node, child: Node, rest: list[str | int]) -> bool:
    """Says whether the way to a child is the beginning of a path."""
    steps = [str(step) for step in child.pointer[len(node.pointer) :]]
    return [str(step) for step in rest[: len(steps)]] == steps


def _leads_astray(document: Document, node: Node) -> bool:
    """Says whether a node is a reference the validator would stumble over, or fetch from elsewhere."""
    return "$ref" in node.keys and "$ref" in document.follow(node).keys


def _structure(content: Any) -> Iterator[tuple[list[str | int], str]]:
    """Holds the document against the JSON Schema of OpenAPI 3.1."""
    validator = cast("Any", _LocatedValidator(content)).schema_validator
    errors = [
        (list(error.absolute_path), error.message.partition("\n")[0])
        for error in cast("Iterable[_Error]", validator.iter_errors(content))
    ]
    for path, message in errors:
        if not message.startswith("Unevaluated properties"):
            # The message begins with the whole object, for which the place stands.
            yield path, re.sub(r"^\{.*\} is ", "it is ", message)
        # A part that is wrong makes its whole "not evaluated" as well: the part alone is worth saying.
        elif not any(len(other) > len(path) and other[: len(path)] == path for other, _ in errors):
            for key in re.findall(r"'([^']*)'", message):
                yield [*path, key], _UNKNOWN


def _meaning(content: Any) -> Iterator[tuple[list[str | int], str]]:
    """Has the validator follow paths and schemas: duplicates, defaults, schemas that are none."""
    validator = _LocatedValidator(content)
    try:
        for error in cast("Iterable[_Error]", validator.root_validator(validator.schema_path)):
            if not isinstance(error, _COVERED):
                # Nested validators pass each other's errors on; the innermost was the first to note a place.
                yield [*getattr(error, "mailwright_path", ()), *error.absolute_path], error.message
    except Exception as error:  # noqa: BLE001 - a validator that breaks down is a finding, not a crash
        yield [], f"openapi-spec-validator gave up: {type(error).__name__}: {error}"


class _Located:
    """Notes on each error where in the document the validator was."""

    def __call__(self, *args: Any, **options: Any) -> Iterator[_Error]:
        path = next((each for each in args if isinstance(each, SchemaPath)), None)
        steps = [*path.parts] if path is not None else []
        if isinstance(self, ValueValidator):
            steps.append("default")
        for error in cast("Any", super()).__call__(*args, **options):
            if not hasattr(error, "mailwright_path"):
                error.mailwright_path = steps
            yield error


def _located(validator: type[KeywordValidator]) -> type[KeywordValidator]:
    return type(f"Located{validator.__name__}", (_Located, validator), {})


class _LocatedValidator(OpenAPIV31SpecValidator):
    keyword_validators = {  # noqa: RUF012 - the validator has it as a class attribute
        name: _located(validator) for name, validator in OpenAPIV31SpecValidator.keyword_validators.items()
    }
