"""Reads a bundled document with openapi-python-client and refuses whatever it would lose.

This is the seam to openapi-python-client's parser and rendering environment, which are not part of its public
interface: a test asserts each name that is used of them, and says this file's name when one is gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment
from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.parser.openapi import Endpoint, GeneratorData
from openapi_python_client.parser.properties import Property
from openapi_python_client.strings import PythonIdentifier

from mailwright.codegen.lint.media_types import is_bytes
from mailwright.codegen.lint.operations import Operation
from mailwright.problem import Problem

_REMEDY = "`mailwright lint` names the usual causes; openapi-python-client drops what it cannot read"


@dataclass(frozen=True, slots=True)
class ParsedOperation:
    """One operation, as openapi-python-client read it, beside what the document says."""

    endpoint: Endpoint
    operation: Operation

    @property
    def http(self) -> str:
        """The HTTP method, such as `GET`."""
        return str(self.operation.node.key).upper()

    def properties(self, where: str) -> list[Property]:
        """Lists the parameters in `path` (in the order of the path), `query` or `header`."""
        return list(getattr(self.endpoint, f"{where}_parameters", ()))


class ClientProject(Project):
    """openapi-python-client's project, of which only the rendering environment is used."""

    @classmethod
    def environment(cls, data: GeneratorData, config: Config, templates: Path) -> Environment:
        """Gives the Jinja environment that looks for our templates first."""
        return cls(openapi=data, config=config, custom_template_path=templates).env


@dataclass(frozen=True, slots=True)
class Parsed:
    """Every operation of a document, in document order, and the environment to render them in."""

    operations: tuple[ParsedOperation, ...]
    environment: Environment
    classes: frozenset[str]
    """What openapi-python-client calls the objects and enums."""


def parse_operations(document: dict[str, Any], operations: Iterable[Operation], templates: Path) -> Parsed:
    """Reads a bundled document, and matches what was read with the operations there are.

    Raises:
        Problem: openapi-python-client refuses the document, reports a loss, or silently has fewer operations than the
            document.
    """
    expected = list(operations)
    config = Config.from_sources(
        ConfigFile(post_hooks=[], literal_enums=True, content_type_overrides=_overrides(expected)),
        MetaType.NONE,
        Path("openapi.json"),
        "utf-8",
        True,
        Path("client"),
    )
    untitled = deepcopy(document)
    for schema in untitled["components"]["schemas"].values():
        schema.pop("title", None)  # it would rename the class
    try:
        data = GeneratorData.from_dict(untitled, config=config)
    except Exception as error:  # whatever it raises is about the document
        raise Problem(f"openapi-python-client fails: {error}", remedy=_REMEDY) from error
    if isinstance(data, GeneratorError):
        raise Problem(f"openapi-python-client refuses the document: {data.header} {data.detail or ''}", remedy=_REMEDY)
    losses = [*data.errors, *(e for c in data.endpoint_collections_by_tag.values() for e in c.parse_errors)]
    if losses:
        raise Problem(
            "openapi-python-client loses: " + "; ".join(f"{e.header} {e.detail or ''}".strip() for e in losses),
            remedy=_REMEDY,
        )
    found = {str(e.name): e for c in data.endpoint_collections_by_tag.values() for e in c.endpoints}
    parsed: list[ParsedOperation] = []
    for operation in expected:
        endpoint = found.pop(PythonIdentifier(operation.id, config.field_prefix), None)
        if endpoint is None:
            raise Problem(
                f"openapi-python-client silently drops {operation.id}", place=str(operation.node), remedy=_REMEDY
            )
        parsed.append(ParsedOperation(endpoint, operation))
    if found:
        raise Problem(f"openapi-python-client reads more than there is: {', '.join(found)}", remedy=_REMEDY)
    classes = frozenset(str(each.class_info.name) for each in (*data.models, *data.enums))
    return Parsed(tuple(parsed), ClientProject.environment(data, config, templates), classes)


def _overrides(operations: Iterable[Operation]) -> dict[str, str]:
    """Gives every kind of bytes as the one kind that openapi-python-client does not drop."""
    messages = [
        message
        for operation in operations
        for message in (operation.body, *(response for _, response in operation.responses))
        if message is not None
    ]
    kinds = {str(media.key) for message in messages for media in message.under("content")}
    return {kind: "application/octet-stream" for kind in sorted(kinds) if is_bytes(kind)}
