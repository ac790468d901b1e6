from __future__ import annotations

from collections.abc import Iterator

import pytest
from backend_drivers import KINDS, Driver, driving


@pytest.fixture(params=["sync", "async"])
def is_async(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "async")


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def driver(kind: str, is_async: bool) -> Iterator[Driver]:
    """Every backend, sync and async."""
    with driving(kind, is_async) as made:
        yield made
