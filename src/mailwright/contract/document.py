"""The bundled document of a target, read as a contract: operations, parameters, bodies, answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, cast

from mailwright.problem import Problem

JSON = dict[str, Any]
Place = Literal["path", "query", "header"]

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_MEDIA = "application/json"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `joined` says that a list is one value with commas."""

    name: str
    place: Place
    required: bool
    schema: JSON
    joined: bool


@dataclass(frozen=True, slots=True)
class Paging:
    """What the document says of pages: `items`, `total` and the cursors are fields of the answer."""

    items: str
    total: str
    cursor: str
    previous_cursor: str
    next: str
    previous: str
    omit: frozenset[str]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; `answers` maps a status (or `default`) to the schema of its JSON."""

    id: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    body: JSON | None
    answers: Mapping[str, JSON]
    paging: Paging | None
    secured: bool

    @property
    def sent(self) -> tuple[Parameter, ...]:
        """The parameters that a client sends: those that paging leaves out are none of them."""
        omitted = self.paging.omit if self.paging else frozenset[str]()
        return tuple(each for each in self.parameters if each.place != "query" or each.name not in omitted)

    def at(self, place: Place) -> Iterator[Parameter]:
        """Yields the parameters of one place that a client sends, in order."""
        return (each for each in self.sent if each.place == place)

    @property
    def success(self) -> tuple[int, JSON]:
        """The status and the schema of a successful answer."""
        for status, schema in self.answers.items():
            if status.startswith("2"):
                return int(status), schema
        raise Problem(f"{self.id} has no successful JSON answer", remedy="run `mailwright lint`")

    @property
    def failures(self) -> Iterator[tuple[str, JSON]]:
        """The statuses and schemas of the other answers."""
        return ((status, schema) for status, schema in self.answers.items() if not status.startswith("2"))


class Document:
    """A bundled OpenAPI document; every reference in it leads somewhere in it."""

    def __init__(self, raw: JSON) -> None:
        self.raw = raw
        self.envelope = str(raw.get("x-envelope", ""))

    @classmethod
    def load(cls, path: Path) -> Document:
        """Reads the file.

        Raises:
            Problem: the file cannot be read, or is not such a document.
        """
        try:
            raw: Any = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise Problem(f"cannot be read: {error}", place=str(path), remedy="run `mailwright generate`") from error
        if not isinstance(raw, dict) or "paths" not in raw:
            raise Problem("is not an OpenAPI document", place=str(path), remedy="run `mailwright generate`")
        return cls(cast("JSON", raw))

    @property
    def components(self) -> JSON:
        """The schemas that have names."""
        return cast("JSON", self.raw.get("components", {}).get("schemas", {}))

    def resolve(self, node: JSON) -> JSON:
        """Follows `$ref` until there is none."""
        while "$ref" in node:
            target: Any = self.raw
            for part in str(node["$ref"]).removeprefix("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            node = cast("JSON", target)
        return node

    @cached_property
    def operations(self) -> dict[str, Operation]:
        """All operations by id, sorted by it."""
        found = {each.id: each for each in self._operations()}
        return dict(sorted(found.items()))

    @cached_property
    def token_names(self) -> dict[str, str]:
        """The API keys of the document: the place of each, header or query, and its name there."""
        schemes = self.raw.get("components", {}).get("securitySchemes", {})
        return {str(each["in"]): str(each["name"]) for each in schemes.values() if each.get("type") == "apiKey"}

    @cached_property
    def token_argument(self) -> str:
        """The client's argument for its token; empty where the API has none."""
        schemes = self.raw.get("components", {}).get("securitySchemes", {})
        return next((str(each["x-client"]["argument"]) for each in schemes.values() if "x-client" in each), "")

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.raw["paths"].items():
            for method in _METHODS:
                if method in item:
                    yield self._operation(str(path), method, item[method], item.get("parameters", []))

    def _operation(self, path: str, method: str, raw: JSON, shared: list[JSON]) -> Operation:
        by_name = {
            (each["in"], each["name"]): each for each in map(self.resolve, [*shared, *raw.get("parameters", [])])
        }
        answers: dict[str, JSON] = {}
        for status, answer in raw.get("responses", {}).items():
            media = self.resolve(answer).get("content", {}).get(_MEDIA)
            if media is not None:
                answers[str(status)] = media.get("schema", {})
        body: JSON | None = None
        if "requestBody" in raw:
            body = self.resolve(raw["requestBody"])["content"].get(_MEDIA, {}).get("schema", {})
        return Operation(
            id=str(raw["operationId"]),
            method=method.upper(),
            # A fragment tells operations of one URL apart and never reaches the wire.
            path=path.partition("#")[0],
            parameters=tuple(map(_parameter, by_name.values())),
            body=body,
            answers=answers,
            paging=_paging(raw["x-paging"]) if "x-paging" in raw else None,
            secured=bool(raw.get("security")),
        )


def _parameter(raw: JSON) -> Parameter:
    return Parameter(
        name=str(raw["name"]),
        place=raw["in"],
        required=bool(raw.get("required", False)),
        schema=raw.get("schema", {}),
        joined=raw.get("explode", True) is False,
    )


def _paging(raw: JSON) -> Paging:
    return Paging(
        items=raw["items"],
        total=raw.get("total", ""),
        cursor=raw.get("cursor", ""),
        previous_cursor=raw.get("previousCursor", ""),
        next=raw.get("next", ""),
        previous=raw.get("previous", ""),
        omit=frozenset(raw.get("omit", ())),
    )
