from __future__ import annotations

from collections.abc import Iterator

import pytest
from mailwright_wildduck.v1_51 import WildDuck
from wildduck_server import RealWildDuck, real_wildduck
from wildduck_tools import CannotStart, installed_tools


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealWildDuck]:
    """A real WildDuck of this run; where none can be started, what needs it is skipped and says why."""
    try:
        tools = installed_tools()
        started = real_wildduck(tmp_path_factory.mktemp("wildduck"), tools)
        real = started.__enter__()
    except CannotStart as error:
        pytest.skip(f"no real WildDuck: {error}")
    try:
        yield real
    finally:
        started.__exit__(None, None, None)


@pytest.fixture
def mail(server: RealWildDuck) -> Iterator[WildDuck]:
    """A client of the real WildDuck."""
    with WildDuck(server.url, access_token=server.token) as client:
        yield client
