"""The grammar of an OpenAPI 3.1 document: which key of which object holds objects of which kind."""

from __future__ import annotations

from typing import Literal

Shape = Literal["one", "list", "map"]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

_ONE = """items additionalProperties unevaluatedProperties unevaluatedItems propertyNames contains contentSchema
    not if then else"""
_LIST = "prefixItems allOf anyOf oneOf"
_MAP = "properties patternProperties dependentSchemas $defs definitions"

_SCHEMA: dict[str, tuple[Shape, str]] = {
    **dict.fromkeys(_ONE.split(), ("one", "schema")),
    **dict.fromkeys(_LIST.split(), ("list", "schema")),
    **dict.fromkeys(_MAP.split(), ("map", "schema")),
    "discriminator": ("one", "discriminator"),
    "xml": ("one", "xml"),
    "externalDocs": ("one", "documentation"),
}

_PARAMETER: dict[str, tuple[Shape, str]] = {
    "schema": ("one", "schema"),
    "content": ("map", "media type"),
    "examples": ("map", "example"),
}

# Kinds that stand for themselves in a message are named as a person would name them. The key `*` stands for every
# key that is not an extension.
GRAMMAR: dict[str, dict[str, tuple[Shape, str]]] = {
    "document": {
        "info": ("one", "info"),
        "servers": ("list", "server"),
        "paths": ("one", "paths"),
        "webhooks": ("map", "path item"),
        "components": ("one", "components"),
        "tags": ("list", "tag"),
        "externalDocs": ("one", "documentation"),
    },
    "info": {"contact": ("one", "contact"), "license": ("one", "license")},
    "server": {"variables": ("map", "server variable")},
    "tag": {"externalDocs": ("one", "documentation")},
    "components": {
        "schemas": ("map", "schema"),
        "responses": ("map", "response"),
        "parameters": ("map", "parameter"),
        "examples": ("map", "example"),
        "requestBodies": ("map", "request body"),
        "headers": ("map", "header"),
        "securitySchemes": ("map", "security scheme"),
        "links": ("map", "link"),
        "callbacks": ("map", "callback"),
        "pathItems": ("map", "path item"),
    },
    "paths": {"*": ("one", "path item")},
    "callback": {"*": ("one", "path item")},
    "path item": {
        **dict.fromkeys(METHODS, ("one", "operation")),
        "parameters": ("list", "parameter"),
        "servers": ("list", "server"),
    },
    "operation": {
        "parameters": ("list", "parameter"),
        "requestBody": ("one", "request body"),
        "responses": ("one", "responses"),
        "callbacks": ("map", "callback"),
        "servers": ("list", "server"),
        "externalDocs": ("one", "documentation"),
        "x-rpc": ("one", "rpc"),
    },
    "rpc": {"parameters": ("one", "schema"), "rows": ("one", "schema")},
    "parameter": _PARAMETER,
    "header": _PARAMETER,
    "request body": {"content": ("map", "media type")},
    "responses": {"*": ("one", "response")},
    "response": {"content": ("map", "media type"), "headers": ("map", "header"), "links": ("map", "link")},
    "media type": {
        "schema": ("one", "schema"),
        "examples": ("map", "example"),
        "encoding": ("map", "encoding"),
    },
    "encoding": {"headers": ("map", "header")},
    "link": {"server": ("one", "server")},
    "schema": _SCHEMA,
}

# Where a `$ref` in an object of this kind may point.
SECTIONS = {
    "schema": "schemas",
    "response": "responses",
    "parameter": "parameters",
    "example": "examples",
    "request body": "requestBodies",
    "header": "headers",
    "security scheme": "securitySchemes",
    "link": "links",
    "callback": "callbacks",
    "path item": "pathItems",
}
