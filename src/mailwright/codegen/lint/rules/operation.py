"""Rules for what every operation says about itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailwright.codegen.lint.names import snake_name
from mailwright.codegen.lint.nodes import Document, Fault
from mailwright.codegen.lint.operations import operations
from mailwright.codegen.lint.reading import mapping, sequence, text, texts
from mailwright.codegen.lint.registry import rule

_CAMEL_CASE = re.compile(r"[a-z][A-Za-z0-9]*")


@rule("operation-id", "An operation has an operationId in camelCase, unique also when written in snake_case.")
def operation_id(document: Document) -> Iterator[Fault]:
    """Generated files and methods are named after it; the second of two alike would overwrite the first."""
    seen: dict[str, str] = {}
    for operation in operations(document):
        node = operation.node
        if not operation.id:
            yield node.fault("has no operationId", "name it in camelCase, such as listUsers", "operationId")
        elif not _CAMEL_CASE.fullmatch(operation.id):
            yield node.fault(
                f"has the operationId {operation.id!r}, which is not camelCase",
                "write letters and digits only, the first one small, such as listUsers",
                "operationId",
            )
        else:
            first = seen.setdefault(snake_name(operation.id), str(node))
            if first != str(node):
                yield node.fault(
                    f"has the operationId {operation.id!r}, which in snake_case is also that of {first}",
                    "give one of them another operationId",
                    "operationId",
                )


@rule("one-tag", "An operation has exactly one tag: the resource it belongs to.")
def one_tag(document: Document) -> Iterator[Fault]:
    """Only the first tag counts for openapi-python-client."""
    for operation in operations(document):
        tags = sequence(operation.node.keys.get("tags"))
        if len(tags) != 1:
            yield operation.node.fault(
                f"has {len(tags) or 'no'} tags", "keep the one tag of the resource it belongs to", "tags"
            )


@rule("tag-declared", "The tag of an operation is declared in the list `tags` at the root.")
def tag_declared(document: Document) -> Iterator[Fault]:
    """A misspelled tag would become a resource of its own."""
    declared = {text(tag.keys.get("name")) for tag in document.root.under("tags")}
    for operation in operations(document):
        for index, tag in enumerate(texts(operation.node.keys.get("tags"))):
            if tag not in declared:
                yield operation.node.fault(
                    f"has the tag {tag!r}, which the root does not declare",
                    "add it to `tags` at the root, or correct its spelling",
                    "tags",
                    index,
                )


@rule("summary", "An operation has a summary of one line.")
def summary(document: Document) -> Iterator[Fault]:
    """It is the first line of the method's docstring."""
    for operation in operations(document):
        line = text(operation.node.keys.get("summary")).strip()
        if not line or "\n" in line:
            yield operation.node.fault(
                "has a summary of several lines" if line else "has no summary",
                "say in one sentence of your own what it does; the rest belongs in `description`",
                "summary",
            )


@rule(
    "x-source",
    "An operation says in x-source which document and heading it comes from, or in x-evidence how it is known.",
)
def source(document: Document) -> Iterator[Fault]:
    """Every fact can be looked up where it was found."""
    for operation in operations(document):
        keys = operation.node.keys
        stated = keys.get("x-source")
        sources = sequence(stated) or [stated]
        complete = all(text(mapping(one).get(key)).strip() for one in sources for key in ("document", "heading"))
        evidence = "x-source" not in keys and keys.get("x-evidence")
        if not complete and not evidence:
            yield operation.node.fault(
                "does not say where it comes from"
                if stated is None
                else "has an x-source without document and heading",
                "add x-source: {document: ..., heading: ...}; x-evidence for what no document tells",
                "x-source",
            )


@rule("error-response", "An operation describes what an error looks like: a 4xx, 5xx or default response.")
def error_response(document: Document) -> Iterator[Fault]:
    """Errors become typed exceptions only where they are described."""
    for operation in operations(document):
        if not any(status == "default" or status[:1] in ("4", "5") for status, _ in operation.responses):
            yield operation.node.fault(
                "describes no error", "add a response `default`, or one for each error status", "responses"
            )


@rule("success-response", "An operation describes what success looks like: a 2xx or 3xx response.")
def success_response(document: Document) -> Iterator[Fault]:
    """The method's return type comes from it."""
    for operation in operations(document):
        if operation.responses and not any(status[:1] in ("2", "3") for status, _ in operation.responses):
            yield operation.node.fault(
                "describes no success", "add the response it gives when all is well", "responses"
            )


@rule("operation-security", "An operation lists its own `security`, `[]` where it needs none; the root lists none.")
def operation_security(document: Document) -> Iterator[Fault]:
    """Security at the root alone is ignored by openapi-python-client."""
    if "security" in document.root.keys:
        yield document.root.fault(
            "has `security` at its root, which the generators do not see", "move it to each operation", "security"
        )
    for operation in operations(document):
        if "security" not in operation.node.keys:
            yield operation.node.fault(
                "does not list its security", "add `security`, or `security: []` for a public one"
            )


@rule("security-scheme", "`security` names schemes that `components.securitySchemes` declares.")
def security_scheme(document: Document) -> Iterator[Fault]:
    """A misspelled scheme would leave the request without its credential."""
    schemes = mapping(mapping(document.root.keys.get("components")).get("securitySchemes"))
    for operation in operations(document):
        for index, requirement in enumerate(sequence(operation.node.keys.get("security"))):
            for name in mapping(requirement):
                if name not in schemes:
                    yield operation.node.fault(
                        f"asks for the security scheme {name!r}, which is not declared",
                        "declare it in components.securitySchemes, or correct its spelling",
                        "security",
                        index,
                        name,
                    )


@rule("credential", "`x-client: {user: ...}` stands on HTTP basic authentication alone.")
def credential(document: Document) -> Iterator[Fault]:
    """No other scheme sends a user name."""
    for scheme in document.of("security scheme"):
        kind = text(scheme.keys.get("type")), text(scheme.keys.get("scheme")).lower()
        if "user" in mapping(scheme.keys.get("x-client")) and kind != ("http", "basic"):
            yield scheme.fault(
                "has a user, and is not HTTP basic authentication", "take `user` away", "x-client", "user"
            )
