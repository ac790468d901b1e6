from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from dovecot_server import RealDovecot, real_dovecot
from dovecot_tools import installed_dovecot
from installing import CannotStart
from noted_doveadm import doveadm_of
from noting import Notes

_HERE = Path(__file__).parent
_SERIES = ["2.3", "2.4"]
_KINDS = ["plain", "asyncio"]
_some_left_out = pytest.StashKey[bool]()
_why_skipped = pytest.StashKey[set[str]]()


class Servers:
    """The servers of this run, each started when a test first asks for it."""

    def __init__(self, stack: ExitStack, stash: pytest.Stash) -> None:
        self._stack = stack
        self._stash = stash
        self._running: dict[tuple[str, bool], RealDovecot | str] = {}

    def get(self, series: str, *, everything: bool) -> RealDovecot:
        """Gives a server; where none can be started, the test is skipped and says why."""
        if (series, everything) not in self._running:
            try:
                server = real_dovecot(installed_dovecot(series), everything=everything)
                self._running[series, everything] = self._stack.enter_context(server)
            except CannotStart as error:
                self._running[series, everything] = str(error)
        found = self._running[series, everything]
        if isinstance(found, str):
            self._stash.setdefault(_why_skipped, set()).add(f"no real Dovecot {series} here: {found}")
            pytest.skip(f"no real Dovecot {series} here: {found.splitlines()[0]}")
        return found


@pytest.fixture(scope="session")
def servers(pytestconfig: pytest.Config) -> Iterator[Servers]:
    with ExitStack() as stack:
        yield Servers(stack, pytestconfig.stash)


@pytest.fixture(params=_SERIES)
def series(request: pytest.FixtureRequest) -> str:
    """The series of Dovecot: each test that has one runs with both."""
    return str(request.param)


@pytest.fixture(params=_KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of client: each test that has one runs with both."""
    return str(request.param)


@pytest.fixture
def server(servers: Servers, series: str) -> RealDovecot:
    """A real Dovecot with all plugins and dictionaries."""
    return servers.get(series, everything=True)


@pytest.fixture
def plain_server(servers: Servers, series: str) -> RealDovecot:
    """A real Dovecot with quota and ACL alone, as most are."""
    return servers.get(series, everything=False)


@pytest.fixture(scope="session")
def notes_of() -> defaultdict[str, Notes]:
    """What the servers of each series answered in the whole run."""
    return defaultdict(Notes)


@pytest.fixture
def notes(notes_of: defaultdict[str, Notes], series: str) -> Notes:
    return notes_of[series]


@pytest.fixture
def dv(server: RealDovecot, kind: str, notes: Notes) -> Iterator[Any]:
    """A client of the real Dovecot with all plugins."""
    with doveadm_of(kind, server.series, server.url, notes, password=server.password) as client:
        yield client


@pytest.fixture
def mark() -> str:
    """A word that nothing else on the server has."""
    return f"t{secrets.token_hex(5)}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Puts what looks at the whole run last, and remembers whether it is the whole."""
    items.sort(key=lambda item: item.path.name == "test_real_dovecot_commands.py")
    collected = {item.path.name for item in items if item.path.parent == _HERE}
    config.stash[_some_left_out] = collected != {file.name for file in _HERE.glob("test_*.py")}


def pytest_deselected(items: list[pytest.Item]) -> None:
    if items:
        items[0].config.stash[_some_left_out] = True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Says once, and with the end of the log, why there was no server."""
    for why in sorted(config.stash.get(_why_skipped, set())):
        terminalreporter.write_line(why, yellow=True)


@pytest.fixture
def whole_run(request: pytest.FixtureRequest, server: RealDovecot) -> None:
    """Skips what judges the whole run when only some of its tests were chosen."""
    if request.config.stash[_some_left_out] or request.session.testsfailed:
        pytest.skip("this judges the whole run, and some tests were left out or failed")
