"""The client that the contract tests are about."""

from __future__ import annotations

import pytest

from mailwright.contract.bindings import Client
from mailwright.targets import Target


@pytest.fixture(scope="session")
def wildduck() -> Client:
    return Client(Target.parse("wildduck-1.0.107"))
