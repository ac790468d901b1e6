"""How these tests call a mock: a clock they move, and a caller that holds every answer against the document."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema_rs

from mailwright.mock import Mock, Request, Response

TOKEN = "secret-token"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


class Clock:
    """A clock that a test moves; each look takes a millisecond, as things do that follow each other."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


class Fit:
    """Holds every answer against the bundled document, and remembers which operations have succeeded."""

    def __init__(self, document: Any) -> None:
        registry = jsonschema_rs.Registry([("mock:///fit", {**document, "$schema": _DRAFT})])
        self.succeeded: set[str] = set()
        self._validators: dict[tuple[str, bool], jsonschema_rs.Draft202012Validator] = {}
        for item in document["paths"].values():
            for operation in item.values():
                if not isinstance(operation, dict):
                    continue
                for good, status in ((True, "200"), (False, "default")):
                    response = operation["responses"][status]
                    if "$ref" in response:
                        response = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
                    if "application/json" not in response["content"]:
                        continue
                    schema = response["content"]["application/json"]["schema"]["$ref"]
                    self._validators[operation["operationId"], good] = jsonschema_rs.Draft202012Validator(
                        {"$ref": f"mock:///fit{schema}"}, registry=registry, validate_formats=True
                    )

    def check_response(self, operation: str, response: Response) -> None:
        """Holds JSON against the document; a stream has succeeded when it is none."""
        if (response.header("content-type") or "").startswith("application/json"):
            self.check(operation, json.loads(response.content))
        else:
            assert (operation, True) not in self._validators
            self.succeeded.add(operation)

    def check(self, operation: str, body: Any) -> None:
        good = body.get("success") is True
        if operation:
            self._validators[operation, good].validate(body)
        if good:
            self.succeeded.add(operation)


@dataclass
class Caller:
    """Calls a mock the way a person with curl would; answers that do not fit the document fail the test."""

    mock: Mock
    fit: Fit
    token: str | None = TOKEN

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        raw: bytes | None = None,
    ) -> Response:
        pairs = dict(headers or {})
        if self.token is not None:
            pairs.setdefault("X-Access-Token", self.token)
        if body is not None or raw is not None:
            pairs.setdefault("Content-Type", "application/json")
        content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        response = self.mock.handle(Request(method, f"http://mock.test{path}", tuple(pairs.items()), content))
        self.fit.check_response(self.mock.journal[-1].operation, response)
        return response

    def __call__(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        return json.loads(self.send(method, path, body, **more).content)

    def user(self, username: str = "jane", **more: Any) -> str:
        answer = self("POST", "/users", {"username": username, "password": "a-password", **more})
        assert answer["success"], answer
        return str(answer["id"])
