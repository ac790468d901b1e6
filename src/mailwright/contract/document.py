"""The bundled document of a target, read as a contract: operations, parameters, bodies, answers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, cast

from mailwright.contract.heeding import Heeding
from mailwright.contract.rpc import NO_ROWS, Rpc, read_rpc
from mailwright.problem import Problem

JSON = dict[str, Any]
Place = Literal["path", "query", "header"]

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_EVENTS = "text/event-stream"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `joined` says that a list is one value with commas, `secret` that nobody may read it.

    `default` is what a client sends where it is told nothing.
    """

    name: str
    place: Place
    required: bool
    schema: JSON
    joined: bool
    secret: bool = False
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Paging:
    """What the document says of pages: `items`, `total` and the cursors are fields of the answer.

    Where pages are counted, `next` takes a number, and `size` is the parameter that says how many items a page has.
    """

    items: str
    total: str
    cursor: str
    previous_cursor: str
    next: str
    previous: str
    omit: frozenset[str]
    size: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    `body` is the schema of a JSON body and `media_type` what any body is sent as; `answers` maps a status (or
    `default`) to the schema of its JSON, and `others` a status of success to the media type of what is no JSON, empty
    where it has no content. `event` is the schema of the data of one event, where the answer is a stream of them, and
    `bare` says that a success has no envelope, and `form` in which other form a success may come: `entries`, `list` or
    `object`, of which the last two are an empty object. `value` is the property of an answer that a method gives, where
    it is not the whole answer, and `once` says that a stream of events is over when it ends. Of a command (`rpc`)
    `body` and the answer at 200 are the parameters and the rows, without the tuples around them.
    """

    id: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    body: JSON | None
    media_type: str
    answers: Mapping[str, JSON]
    others: Mapping[str, str]
    event: JSON | None
    paging: Paging | None
    secured: bool
    destructive: bool
    bare: bool
    value: str = ""
    once: bool = False
    form: str = ""
    rpc: Rpc | None = None
    heeding: Heeding | None = None

    @property
    def uploads(self) -> bool:
        """Whether its body is bytes."""
        return bool(self.media_type) and self.body is None

    @property
    def takes_body(self) -> bool:
        """Whether it has a body of any kind."""
        return bool(self.media_type)

    @property
    def downloads(self) -> bool:
        """Whether its answer is bytes."""
        return self.event is None and any(self.others.values())

    @property
    def empty(self) -> frozenset[int]:
        """The statuses of success that come without content."""
        return frozenset(_status(status) for status, media in self.others.items() if not media)

    @property
    def status(self) -> int:
        """The status of a success: one with content, where there is one."""
        json = [status for status in self.answers if status.startswith("2")]
        others = sorted(self.others, key=lambda status: not self.others[status])
        found = next(iter((*json, *others)), None)
        if found is None:
            raise Problem(f"{self.id} has no successful answer", remedy="run `mailwright lint`")
        return _status(found)

    @property
    def is_empty(self) -> bool:
        """Whether no success has any content."""
        return not any(self.others.values()) and not any(status.startswith("2") for status in self.answers)

    @property
    def answer_type(self) -> str:
        """The media type of a success that is no JSON; empty where there is none."""
        return next(filter(None, self.others.values()), "")

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
                return _status(status), schema
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
        self.value = str(raw.get("x-client", {}).get("value", ""))

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

    @property
    def schemes(self) -> JSON:
        """The security schemes by name."""
        return cast("JSON", self.raw.get("components", {}).get("securitySchemes", {}))

    @cached_property
    def token_names(self) -> dict[str, str]:
        """The API keys of the document: the place of each, header or query, and its name there."""
        return {str(each["in"]): str(each["name"]) for each in self.schemes.values() if each.get("type") == "apiKey"}

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.raw["paths"].items():
            for method in _METHODS:
                if method in item:
                    yield self._operation(str(path), method, item[method], item.get("parameters", []))

    def _parameter(self, raw: JSON) -> Parameter:
        schema: JSON = raw.get("schema", {})
        return Parameter(
            name=str(raw["name"]),
            place=raw["in"],
            required=bool(raw.get("required", False)),
            schema=schema,
            joined=raw.get("explode", True) is False,
            secret=any(each.get("x-secret") is True for each in (raw, self.resolve(schema))),
            default=raw.get("x-client", {}).get("default"),
        )

    def _operation(self, path: str, method: str, raw: JSON, shared: list[JSON]) -> Operation:
        by_name = {
            (each["in"], each["name"]): each for each in map(self.resolve, [*shared, *raw.get("parameters", [])])
        }
        answers: dict[str, JSON] = {}
        others: dict[str, str] = {}
        event: JSON | None = None
        for status, answer in raw.get("responses", {}).items():
            content: JSON = self.resolve(answer).get("content", {})
            kind = next(iter(content), "")
            if _is_json(kind):
                answers[str(status)] = content[kind].get("schema", {})
            elif str(status).startswith("2"):
                others[str(status)] = kind
                event = content[kind].get("schema", {}) if kind.partition(";")[0] == _EVENTS else event
        bodies: JSON = self.resolve(raw["requestBody"])["content"] if "requestBody" in raw else {}
        media_type = str(raw.get("x-client", {}).get("body") or next(iter(bodies), ""))
        body: JSON | None = bodies[media_type].get("schema", {}) if _is_json(media_type) else None
        parameters = map(self._parameter, by_name.values())
        # Where none is given the client fetches one, which is a call of its own.
        token = "token" in raw.get("x-client", {})
        rpc = read_rpc(raw)
        if rpc is not None:
            body, answers["200"] = raw["x-rpc"]["parameters"], raw["x-rpc"].get("rows", NO_ROWS)
        return Operation(
            id=str(raw["operationId"]),
            method=method.upper(),
            # A fragment tells operations of one URL apart and never reaches the wire.
            path=path.partition("#")[0],
            parameters=tuple(replace(each, required=each.required or (token and each.secret)) for each in parameters),
            body=body,
            media_type=media_type,
            answers=answers,
            others=others,
            event=event,
            paging=_paging(raw["x-paging"]) if "x-paging" in raw else None,
            # Who has a token for a stream shows nothing else.
            secured=bool(raw.get("security")) and not token,
            destructive=bool(raw.get("x-destructive")),
            bare=raw.get("x-envelope") == "none",
            value="" if raw.get("x-envelope") == "none" or "x-stream" in raw else self.value,
            once=raw.get("x-stream") == "sse-once",
            form=str(raw.get("x-answer", "")),
            rpc=rpc,
            heeding=self._heeding(raw, by_name.values()),
        )

    def _heeding(self, raw: JSON, parameters: Iterable[JSON]) -> Heeding | None:
        told = raw.get("x-destructive")
        if not isinstance(told, dict):
            return None
        optional = (each for each in parameters if each["in"] == "query" and not each.get("required", False))
        schemas = {str(each["name"]): self.resolve(each.get("schema", {})) for each in optional}
        return Heeding(cast("JSON", told), schemas)


def _status(text: str) -> int:
    """Reads a status; the first of a range such as 2XX."""
    return int(text.upper().replace("X", "0"))


def _is_json(media_type: str) -> bool:
    essence = media_type.partition(";")[0].strip().lower()
    return essence == "application/json" or essence.endswith("+json")


def _paging(raw: JSON) -> Paging:
    return Paging(
        items=raw["items"],
        total=raw.get("total", ""),
        cursor=raw.get("cursor", ""),
        previous_cursor=raw.get("previousCursor", ""),
        next=raw.get("page") or raw.get("next", ""),
        previous=raw.get("previous", ""),
        omit=frozenset(raw.get("omit", ())),
        size=raw.get("size", ""),
    )
