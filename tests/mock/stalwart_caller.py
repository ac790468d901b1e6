"""How tests call a mock of Stalwart: every answer is held against the document, and what has succeeded is known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import jsonschema_rs
from mock_caller import Clock

from mailwright.mock import Mock, Request, Response
from mailwright.targets import bundled_document

TOKEN = "secret-token"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
DOCUMENT: Any = bundled_document("stalwart-0.15")
_REGISTRY = jsonschema_rs.Registry([("mock:///fit", {**DOCUMENT, "$schema": _DRAFT})])


def _validator(schema: Mapping[str, Any]) -> jsonschema_rs.Draft202012Validator:
    where = json.dumps(schema).replace("#/components", "mock:///fit#/components")
    return jsonschema_rs.Draft202012Validator(json.loads(where), registry=_REGISTRY, validate_formats=True)


_FAILURE = _validator({"$ref": "#/components/schemas/Failure"})
_PROBLEM = _validator({"$ref": "#/components/schemas/Problem"})
_SUCCESS = {
    operation["operationId"]: (_validator(content["schema"]) if kind == "application/json" else None)
    for item in DOCUMENT["paths"].values()
    for operation in item.values()
    if isinstance(operation, dict)
    for kind, content in operation["responses"]["200"]["content"].items()
}


class StalwartCaller:
    """Calls a mock the way a person with curl would."""

    def __init__(self, edition: str = "", clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.mock = Mock(DOCUMENT, token=TOKEN, clock=self.clock, edition=edition)
        self.succeeded: set[str] = set()

    def send(
        self, method: str, path: str, body: object = None, *, token: str | None = TOKEN, raw: bytes | None = None
    ) -> Response:
        """The response, after a look at its shape."""
        headers = [("content-type", "application/json" if raw is None else "message/rfc822")]
        headers += [("authorization", f"Bearer {token}")] if token else []
        content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        response = self.mock.handle(Request(method, f"http://127.0.0.1/api{path}", tuple(headers), content))
        operation = self.mock.journal[-1].operation
        kind = response.header("content-type") or ""
        if response.status != 200:
            assert kind == "application/problem+json"
            _PROBLEM.validate(json.loads(response.content))
        elif not kind.startswith("application/json"):
            assert _SUCCESS[operation] is None
            self.succeeded.add(operation)
        elif "error" in (told := json.loads(response.content)):
            assert "data" not in told
            _FAILURE.validate(told)
        else:
            fit = _SUCCESS[operation]
            assert fit is not None
            fit.validate(told)
            self.succeeded.add(operation)
        return response

    def __call__(self, method: str, path: str, body: object = None, **more: Any) -> Any:
        """The `data` of a success."""
        response = self.send(method, path, body, **more)
        told = json.loads(response.content)
        assert response.status == 200, told
        assert "data" in told, told
        return told["data"]

    def fails(self, method: str, path: str, body: object = None, **more: Any) -> Any:
        """The JSON of a failure."""
        told = json.loads(self.send(method, path, body, **more).content)
        assert "data" not in told, told
        return told

    def events(self, path: str, **more: Any) -> list[tuple[str, Any]]:
        """Name and data of all events of a stream."""
        blocks = self.send("GET", path, **more).content.decode().strip().split("\n\n")
        pairs = [dict(line.split(": ", 1) for line in block.splitlines()) for block in blocks]
        return [(each["event"], json.loads(each["data"])) for each in pairs]
