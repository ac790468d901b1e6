"""Every operation of WildDuck 1.51 succeeds on its mock, and every answer fits the document."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
from mock_caller import Clock
from recorded_run import RecordedRun, read
from test_mock_recordings import KNOWN, ROLES, a_run, code_of

from mailwright.mock import Request
from mailwright.targets import bundled_document

# Nobody has a security key in a mock, archived messages have no number, and the server has no list of its methods.
NEVER = {
    "finishWebAuthnRegistration",
    "startWebAuthnAuthentication",
    "finishWebAuthnAuthentication",
    "restoreMessage",
    "listApiMethods",
}


class Fit:
    """Holds the answers of a run against the document."""

    def __init__(self, document: Any) -> None:
        draft = {**document, "$schema": "https://json-schema.org/draft/2020-12/schema"}
        self._registry = jsonschema_rs.Registry([("mock:///fit", draft)])
        self._document = document
        self.operations = {
            operation["operationId"]: operation
            for item in document["paths"].values()
            for operation in item.values()
            if isinstance(operation, dict)
        }
        self.succeeded: set[str] = set()

    def check(self, run: RecordedRun, kind: str, status: int, body: Any) -> None:
        name = run.mock.journal[-1].operation
        if not name or kind != "application/json":
            self.succeeded |= {name} if status == 200 else set()
            return
        responses = self.operations[name]["responses"]
        good = status == 200 and (body.get("success") is True or "result" in body)
        response = responses[
            "200" if good else str(status) if status != 200 and str(status) in responses else "default"
        ]
        if "$ref" in response:
            response = self._document["components"]["responses"][response["$ref"].rpartition("/")[2]]
        schema = response["content"]["application/json"]["schema"]["$ref"]
        validator = jsonschema_rs.Draft202012Validator(
            {"$ref": f"mock:///fit{schema}"}, registry=self._registry, validate_formats=True
        )
        validator.validate(body)
        if good:
            self.succeeded.add(name)


def test_every_operation_of_the_document_succeeds_and_fits_it() -> None:
    fit = Fit(bundled_document("wildduck-1.51"))
    run = a_run()
    run.mine |= ROLES
    for exchange in read("wildduck-1.51-rest"):
        # Tasks are done at once here, so that what they take away is gone for what comes behind them.
        if exchange["n"] not in KNOWN or exchange["n"] in (1208, 1212, 1214):
            status, kind, body = run.send(exchange["request"], code_of(exchange))
            run.learn(exchange["response"].get("json"), body)
            fit.check(run, kind, status, body)
    user = next(run.mock.state.all("users"))["id"]
    gone = run.mock.state.add("mailboxes", {"given": {"path": "Gone", "name": "Gone"}}, Clock()(), user=user)["id"]
    asked = {"start": "2020-01-01", "end": "2040-01-01"}
    for method, path, body in (
        ("GET", f"/users/{user}/updates", None),
        ("POST", f"/users/{user}/archived/restore", asked),
        ("GET", "/users/" + run.swap("6b0145c6c5f4ffeedc3613c5"), None),
        ("POST", f"/users/{user}/2fa/totp/setup", {"issuer": "x"}),
        ("POST", f"/users/{user}/quota/reset", {}),
        ("DELETE", f"/users/{user}/mailboxes/{gone}", None),
    ):
        content = b"" if body is None else json.dumps(body).encode()
        headers = (("X-Access-Token", "secret"), ("Content-Type", "application/json"))
        response = run.mock.handle(Request(method, path, headers, content))
        kind = (response.header("content-type") or "").partition(";")[0]
        fit.check(run, kind, response.status, json.loads(response.content) if kind == "application/json" else None)
    assert len(fit.operations) == 125
    assert set(fit.operations) - fit.succeeded == NEVER
