"""The seam to schemathesis: JSON values that fit a schema, and values that do not.

Schemathesis generates requests. So each schema becomes the body of an operation in a document of our own: this way
it generates answers as well, and arguments before anything turned them into text.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core import NotSet

from mailwright.contract.document import JSON

VERSION = "4.32.5"
"""The schemathesis this module was written against; pyproject.toml pins the same."""

_PATH = "/value"
_MEDIA = "application/json"
# A metaclass that type checkers do not follow makes it iterable.
_HEALTH_CHECKS: Any = HealthCheck


@dataclass(frozen=True, slots=True)
class Value:
    """One generated value; bytes are a body that is no JSON. `boundary` says it comes from a fixed list of edges."""

    data: Any
    boundary: bool


class Generator:
    """Generates values for the schemas of one document; the same seed gives the same values."""

    def __init__(self, components: JSON, *, seed: int) -> None:
        self._components = components
        self._seed = seed

    def values(self, name: str, schema: JSON, *, count: int, fitting: bool = True) -> list[Value]:
        """Gives the boundary values of a schema and then up to `count` random ones; none where there can be none.

        Without `fitting` the values are made to break the schema; a few fit all the same, so the caller has to look.
        `name` goes into the seed, so that the values of one schema do not depend on what else is generated.
        """
        # Without its types, which are private in part: this module is all that stands on them.
        document: Any = schemathesis.openapi.from_dict(_document(schema, self._components))
        operation = document[_PATH]["POST"]
        mode = GenerationMode.POSITIVE if fitting else GenerationMode.NEGATIVE
        found = [Value(body, True) for body in _bodies(_boundary_cases(document, operation, mode))]
        # An int, since Python's hash of a str differs from run to run.
        seed = zlib.crc32(f"{self._seed}/{name}/{mode.value}".encode())
        return found + [Value(body, False) for body in _bodies(_random_cases(operation, mode, count, seed))]


def _document(schema: JSON, components: JSON) -> JSON:
    return {
        "openapi": "3.1.0",
        "info": {"title": "values", "version": "0"},
        "components": {"schemas": components},
        "paths": {
            _PATH: {
                "post": {
                    "requestBody": {"required": True, "content": {_MEDIA: {"schema": schema}}},
                    "responses": {"200": {"description": ""}},
                }
            }
        },
    }


def _boundary_cases(document: Any, operation: Any, mode: GenerationMode) -> Iterator[Any]:
    config = document.config.generation_for(operation=operation)
    yield from document.iter_coverage_cases(operation, generation_modes=[mode], generation_config=config)


def _random_cases(operation: Any, mode: GenerationMode, count: int, seed: int) -> list[Any]:
    cases: list[Any] = []

    @seeded(seed)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        suppress_health_check=list(_HEALTH_CHECKS),
        phases=[Phase.generate],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def collect(case: Any) -> None:
        cases.append(case)

    try:
        collect()
    except Unsatisfiable:
        # Nothing can be wrong where everything is allowed.
        return []
    return cases


def _bodies(cases: Iterable[Any]) -> Iterator[Any]:
    for case in cases:
        # The negative mode also tries other methods, media types and no body at all: no business of a value.
        is_value = case.method.upper() == "POST" and case.media_type == _MEDIA and not isinstance(case.body, NotSet)
        if is_value and (isinstance(case.body, bytes) or _is_json(case.body)):
            yield case.body


def _is_json(value: object) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True
