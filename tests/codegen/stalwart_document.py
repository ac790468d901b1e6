"""A document of Stalwart, and the questions that tests have about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema_rs

JSON = dict[str, Any]
METHODS = ("get", "put", "post", "patch", "delete")


class Api:
    """A document, and what it says."""

    def __init__(self, document: JSON) -> None:
        self.document = document

    def operation(self, line: str) -> JSON:
        """Gives an operation by its method and path; an empty one where there is none."""
        method, path = line.split()
        found: JSON = self.document["paths"].get(path, {}).get(method.lower(), {})
        return found

    def operations(self) -> Iterator[JSON]:
        """Yields all of them."""
        for item in self.document["paths"].values():
            yield from (item[method] for method in METHODS if method in item)

    def follow(self, node: JSON) -> JSON:
        """Follows references."""
        while "$ref" in node:
            target: Any = self.document
            for part in str(node["$ref"]).removeprefix("#/").split("/"):
                target = target.get(part, {})
            node = target
        return node

    def _parameters(self, line: str) -> list[JSON]:
        found = map(self.follow, self.operation(line).get("parameters", ()))
        return [each for each in found if each]

    def query(self, line: str) -> dict[str, JSON]:
        """Gives the schemas of the query parameters by name."""
        return {each["name"]: each["schema"] for each in self._parameters(line) if each["in"] == "query"}

    def content(self, line: str, status: str = "200") -> JSON:
        """Gives the media types of a response."""
        found: JSON = self.follow(self.operation(line).get("responses", {}).get(status, {})).get("content", {})
        return found

    def answers(self, line: str, *bodies: Any) -> bool:
        """Says whether all these bodies fit the answer, and only objects with `data` do."""
        schema = self.content(line).get("application/json", {}).get("schema", {})
        fits = self.fits(schema, *({"data": body} for body in bodies))
        return fits and not self.fits(schema, {"error": "other", "details": "", "reason": None})

    def takes(self, line: str, *bodies: Any) -> bool:
        """Says whether the request may have all these bodies."""
        content = self.operation(line).get("requestBody", {}).get("content", {})
        return self.fits(content.get("application/json", {}).get("schema", {}), *bodies)

    def fits(self, schema: JSON, *bodies: Any) -> bool:
        """Says whether all bodies fit a schema; nothing fits one with a reference that leads nowhere."""
        whole = {**schema, "components": self.document["components"]}
        try:
            validator = jsonschema_rs.validator_for(whole, validate_formats=True)
        except jsonschema_rs.ValidationError:
            return False
        return all(validator.is_valid(body) for body in bodies)

    def parameters(self, line: str) -> list[tuple[str, str]]:
        """Gives place and name of all parameters."""
        return [(each["in"], each["name"]) for each in self._parameters(line)]

    def properties(self) -> Iterator[tuple[str, JSON]]:
        """Yields the properties of all components by name."""
        for schema in self.document["components"]["schemas"].values():
            yield from schema.get("properties", {}).items()

    def lines(self) -> list[str]:
        """Gives method and path of all operations."""
        found = self.document["paths"].items()
        return [f"{method.upper()} {path}" for path, item in found for method in METHODS if method in item]

    def filters(self, line: str) -> list[str]:
        """Gives the parameters without which an operation destroys everything; none where nothing says so."""
        told: JSON = self.operation(line).get("x-destructive") or {}
        return [*told["filters"], *told.get("ahead", [])] if told else []

    def schema(self, name: str) -> JSON:
        """Gives a component; an empty one where there is none."""
        found: JSON = self.document["components"]["schemas"].get(name, {})
        return found

    def secret(self, line: str, status: str, name: str) -> bool:
        """Says whether a property of a response is marked as a secret."""
        schema = self.follow(self.content(line, status).get("application/json", {}).get("schema", {}))
        return schema.get("properties", {}).get(name, {}).get("x-secret") is True
