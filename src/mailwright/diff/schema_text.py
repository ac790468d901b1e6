"""Schemas in words, so that two can be compared and shown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
_NAMES = {"string": "text", "integer": "integer", "number": "number", "boolean": "true or false", "null": "null"}
_BOUNDS = (
    ("minimum", "from {}"),
    ("maximum", "to {}"),
    ("minLength", "at least {} characters"),
    ("maxLength", "at most {} characters"),
    ("pattern", "matching {}"),
    ("minItems", "at least {} items"),
    ("maxItems", "at most {} items"),
)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an answer: what it may be, and whether it is always there."""

    kinds: tuple[str, ...]
    always: bool

    @property
    def text(self) -> str:
        """What it may be, in words."""
        return in_words(self.kinds)


def in_words(kinds: tuple[str, ...]) -> str:
    """Returns what a value may be as one phrase."""
    return " or ".join(kinds) or "anything"


class Schemas:
    """Reads the schemas of one document; `names` has the attributes that differ from their names on the wire."""

    def __init__(self, document: Mapping[str, Any], names: Mapping[str, str]) -> None:
        self._names = names
        self._components: Mapping[str, Schema] = document.get("components", {}).get("schemas", {})

    def resolve(self, schema: Schema) -> Schema:
        """Returns a schema with its reference followed."""
        while "$ref" in schema:
            schema = self._components[schema["$ref"].rpartition("/")[2]]
        return schema

    def text(self, schema: Schema) -> str:
        """Says what a value may be: `text`, `list of integer`, `"a" or "b"`, or `object`."""
        return in_words(self.parts(schema))

    def parts(self, schema: Schema) -> tuple[str, ...]:
        """Lists each thing that a value may be, in order and without doubles."""
        return tuple(dict.fromkeys(self._parts(self.resolve(schema))))

    def bounds(self, schema: Schema) -> tuple[str, ...]:
        """Lists what a value must keep to beside its type."""
        schema = self.resolve(schema)
        return tuple(words.format(schema[key]) for key, words in _BOUNDS if key in schema)

    def fields(self, schema: Schema) -> dict[str, Field]:
        """Lists every field below an object, as `results[].id`."""
        return dict(self._fields(schema, "", always=True, above=()))

    def _parts(self, schema: Schema) -> Iterator[str]:
        options = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
        if "x-none" in schema:
            # The client reads its word, and null, as None.
            words = ("null", _shown(schema["x-none"]))
            yield from (part for option in options for part in self._parts(self.resolve(option)) if part not in words)
            yield "none"
        elif options:
            if "x-list" in schema:
                # The client reads a lone text as a list of one.
                options = [each for each in options if self.resolve(each).get("type") == "array"]
            for option in options:
                # The client reads an empty list as an empty object where x-empty says so.
                if not ("x-empty" in schema and option.get("maxItems") == 0):
                    yield from self._parts(self.resolve(option))
        elif "const" in schema:
            yield _shown(schema["const"])
        elif "enum" in schema:
            yield from map(_shown, schema["enum"])
        else:
            types = schema.get("type", ())
            for name in [types] if isinstance(types, str) else types:
                if name == "array":
                    # In the order of the alphabet, so that a list of the same things is told in the same words.
                    inner = in_words(tuple(sorted(self.parts(self._item(schema)))))
                    yield f"list of {f'({inner})' if ' or ' in inner else inner}"
                else:
                    yield _NAMES.get(name, name)

    def _item(self, schema: Schema) -> Schema:
        """Returns what the items of an array may be, also where each place has a schema of its own."""
        places = schema.get("prefixItems")
        return {"anyOf": places} if places else schema.get("items", {})

    def _fields(
        self, schema: Schema, path: str, *, always: bool, above: tuple[int, ...]
    ) -> Iterator[tuple[str, Field]]:
        schema = self.resolve(schema)
        if id(schema) in above:
            return
        above = (*above, id(schema))
        for option in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
            yield from self._fields(option, path, always=False, above=above)
        if "items" in schema:
            yield from self._fields(schema["items"], f"{path}[]", always=always, above=above)
        for name, value in schema.get("properties", {}).items():
            called = self._names.get(name, name)
            below = f"{path}.{called}" if path else called
            required = always and name in schema.get("required", ())
            yield below, Field(self.parts(value), required)
            yield from self._fields(value, below, always=required, above=above)


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
