"""Schemathesis changes often: what mailwright.contract.generation stands on must be there, at the pinned version."""

from __future__ import annotations

import tomllib
from importlib.metadata import version
from pathlib import Path

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core import NotSet

from mailwright.contract import generation
from mailwright.contract.generation import Generator

ADVICE = "read its changes, run `mailwright contract` and the tests, then set VERSION in contract/generation.py"
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/a": {
            "post": {
                "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "integer"}}}},
                "responses": {"200": {"description": ""}},
            }
        }
    },
}


def test_the_installed_schemathesis_is_the_one_the_seam_was_written_for() -> None:
    installed = version("schemathesis")
    assert installed == generation.VERSION, f"schemathesis is {installed}, not {generation.VERSION}: {ADVICE}"


def test_the_packaging_pins_the_same_version() -> None:
    extras = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    assert f"schemathesis=={generation.VERSION}" in extras["optional-dependencies"]["contract"]


def test_every_name_the_seam_uses_exists() -> None:
    document = schemathesis.openapi.from_dict(DOCUMENT)
    operation = document["/a"]["POST"]
    missing = [
        name
        for name, there in {
            "operation.as_strategy": hasattr(operation, "as_strategy"),
            "document.iter_coverage_cases": hasattr(document, "iter_coverage_cases"),
            "document.config.generation_for": hasattr(document.config, "generation_for"),
            "GenerationMode.POSITIVE": hasattr(GenerationMode, "POSITIVE"),
            "GenerationMode.NEGATIVE": hasattr(GenerationMode, "NEGATIVE"),
            "hypothesis.Phase.generate": hasattr(Phase, "generate"),
            "hypothesis.HealthCheck": len(list(HealthCheck)) > 0,
            "hypothesis.settings": settings(database=None, deadline=None).deadline is None,
            "hypothesis.errors.Unsatisfiable": issubclass(Unsatisfiable, Exception),
            "schemathesis.core.NotSet": isinstance(NotSet, type),
        }.items()
        if not there
    ]
    assert not missing, f"schemathesis or hypothesis lacks {', '.join(missing)}: {ADVICE}"


def test_a_coverage_case_has_what_the_seam_reads() -> None:
    document = schemathesis.openapi.from_dict(DOCUMENT)
    operation = document["/a"]["POST"]
    config = document.config.generation_for(operation=operation)
    case = next(
        document.iter_coverage_cases(operation, generation_modes=[GenerationMode.POSITIVE], generation_config=config)
    )
    assert (case.method, case.media_type) == ("POST", "application/json")
    assert isinstance(case.body, int)


def test_fitting_values_fit_and_most_others_do_not() -> None:
    generator = Generator({}, seed=1)
    fitting = [value.data for value in generator.values("n", {"type": "integer"}, count=20)]
    other = [value.data for value in generator.values("n", {"type": "integer"}, count=20, fitting=False)]
    assert len(fitting) > 10
    assert all(value == int(value) for value in fitting)
    misfits = [value for value in other if isinstance(value, bool) or not isinstance(value, int)]
    assert len(misfits) > len(other) / 2


def test_the_same_seed_gives_the_same_values_and_another_seed_gives_others() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}}
    first, again, other = (
        [value.data for value in Generator({}, seed=seed).values("n", schema, count=30)] for seed in (7, 7, 8)
    )
    assert first == again
    assert first != other


def test_boundary_values_come_first() -> None:
    values = Generator({}, seed=1).values("n", {"type": "integer", "minimum": 3, "maximum": 250}, count=5)
    boundary = [value.data for value in values if value.boundary]
    assert values[0].boundary
    assert {3, 250} <= set(boundary)


def test_where_everything_is_allowed_nothing_is_wrong() -> None:
    assert Generator({}, seed=1).values("n", {}, count=5, fitting=False) == []
