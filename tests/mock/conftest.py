from __future__ import annotations

import json
from typing import Any

import pytest
from mock_caller import TOKEN, Caller, Clock, Fit

from mailwright.mock import Mock
from mailwright.targets import Target, package_file


@pytest.fixture(scope="session")
def document() -> Any:
    return json.loads(package_file(Target.parse("wildduck-1.0.107"), "openapi.json").read_bytes())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def mock(document: Any, clock: Clock) -> Mock:
    return Mock(document, token=TOKEN, clock=clock)


@pytest.fixture
def fit(document: Any) -> Fit:
    return Fit(document)


@pytest.fixture
def call(mock: Mock, fit: Fit) -> Caller:
    return Caller(mock, fit)
