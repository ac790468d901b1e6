from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from account import Account
from installing import CannotStart
from noted_clients import Notes, client_of
from wildduck_server import RealWildDuck, real_wildduck
from wildduck_tools import installed_tools

_HERE = Path(__file__).parent
_KINDS = ["plain", "asyncio"]
_some_left_out = pytest.StashKey[bool]()
_why_skipped = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[RealWildDuck]:
    """A real WildDuck of this run; where none can be started, what needs it is skipped and says why."""
    with ExitStack() as stack:
        try:
            tools = installed_tools()
            real = stack.enter_context(real_wildduck(tmp_path_factory.mktemp("wildduck"), tools))
        except CannotStart as error:
            pytestconfig.stash[_why_skipped] = str(error)
            pytest.skip(f"no real WildDuck here: {str(error).splitlines()[0]}")
        yield real


@pytest.fixture(scope="session")
def notes() -> Notes:
    """What the server answered in the whole run."""
    return Notes()


@pytest.fixture(params=_KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of client: each test that has one runs with both."""
    return str(request.param)


@pytest.fixture
def mail(server: RealWildDuck, kind: str, notes: Notes) -> Iterator[Any]:
    """A client of the real WildDuck with all rights."""
    with client_of(kind, server.url, server.token, notes) as client:
        yield client


@pytest.fixture
def mail_with(server: RealWildDuck, kind: str, notes: Notes) -> Iterator[Callable[[str], Any]]:
    """Makes clients with other tokens."""
    with ExitStack() as stack:
        yield lambda token: stack.enter_context(client_of(kind, server.url, token, notes))


@pytest.fixture
def mark() -> str:
    """A word that nothing else on the server has."""
    return f"t{secrets.token_hex(5)}"


@pytest.fixture
def account(mail: Any, mark: str) -> Account:
    """A user with an address and the standard mailboxes."""
    password = f"correct horse {mark}"
    made = mail.users.create(username=f"{mark}jane", password=password, address=f"jane@{mark}.test", name="Jane Roe")
    boxes = {each.path: each.id for each in mail.mailboxes.list(made.id)}
    return Account(made.id, f"{mark}jane", f"jane@{mark}.test", password, boxes)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Puts what looks at the whole run last, and remembers whether it is the whole."""
    items.sort(key=lambda item: item.path.name == "test_real_wildduck_operations.py")
    collected = {item.path.name for item in items if item.path.parent == _HERE}
    config.stash[_some_left_out] = collected != {file.name for file in _HERE.glob("test_*.py")}


def pytest_deselected(items: list[pytest.Item]) -> None:
    if items:
        items[0].config.stash[_some_left_out] = True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Says once, and with the end of the log, why there was no server."""
    if why := config.stash.get(_why_skipped, ""):
        terminalreporter.write_line(f"no real WildDuck here: {why}", yellow=True)


@pytest.fixture
def whole_run(request: pytest.FixtureRequest, server: RealWildDuck) -> None:
    """Skips what judges the whole run when only some of its tests were chosen."""
    if request.config.stash[_some_left_out] or request.session.testsfailed:
        pytest.skip("this judges the whole run, and some tests were left out or failed")
