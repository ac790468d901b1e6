from __future__ import annotations

from pathlib import Path

from small_apis import api

from mailwright.codegen.directions import Directions, find_directions
from mailwright.codegen.documents import LocatedDict, parse, to_json
from mailwright.codegen.lint.nodes import Document

TEXT = """
    paths:
      /things:
        post:
          operationId: createThing
          parameters: [{name: color, in: query, schema: {$ref: '#/components/schemas/Color'}}]
          requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/NewThing'}}}}
          answers: Thing
    components:
      schemas:
        NewThing: {type: object, properties: {parts: {type: array, items: {$ref: '#/components/schemas/NewPart'}}}}
        NewPart: {type: object, properties: {size: {$ref: '#/components/schemas/Size'}}}
        Thing: {type: object, properties: {size: {$ref: '#/components/schemas/Size'}}}
        Size: {type: string, enum: [small, large]}
        Color: {type: string, enum: [red]}
        Unused: {type: string}
"""


def test_references_are_followed_from_requests_and_from_responses() -> None:
    document = parse(to_json(api(TEXT)), Path("openapi.json"))
    assert isinstance(document, LocatedDict)
    assert find_directions(Document(document)) == Directions(
        sent=frozenset({"NewThing", "NewPart", "Size", "Color"}), received=frozenset({"Thing", "Size"})
    )
