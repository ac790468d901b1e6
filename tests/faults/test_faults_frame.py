"""The judge of the fault matrix itself: a client that does wrong is caught, whatever it does."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
import warnings
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from answers import GOOD, THING, failure
from catalog import load
from cell import Cell, Differs, Raises, Value, at_once, get, raises, save, value
from generating import REPOSITORY
from judge import Judge, Verdict, equal
from matrix import Matrix, as_text
from page import document, is_fresh
from secret import PASSWORD, TOKEN
from server import FaultServer
from steps import CLOSE, STALL, Drip

from mailwright.runtime import APIError, Disconnected, MailwrightError, NotFound, ServerError, TimedOut

GIVES_THING = value(THING)


class Plain:
    """A session that asks the server for a thing and gives it; its subclasses do one thing wrong."""

    def __init__(self, cell: Cell, base_url: str, authority: object, folder: Path) -> None:
        self.cell, self.url, self.folder = cell, urlsplit(base_url), folder
        self.connections: list[HTTPConnection] = []
        self.afterwards = False

    def open(self) -> None: ...

    def call(self, name: str, arguments: Any) -> object:
        return self.ask()

    def call_patiently(self, name: str, arguments: Any) -> object:
        self.afterwards = True
        return self.ask()

    def ask(self, port: int | None = None) -> object:
        connection = HTTPConnection("127.0.0.1", port or self.url.port, timeout=self.cell.deadline)
        self.connections.append(connection)
        try:
            connection.request("GET", "/api/things/7", headers={"Host": self.url.netloc, "X-Token": TOKEN})
            connection.getresponse().read()
        except TimeoutError:
            raise TimedOut from None
        except OSError:
            raise Disconnected from None
        finally:
            connection.close()
        return THING

    def shown(self) -> list[str]:
        return ["<Plain>"]

    def close(self) -> None: ...

    def documented(self, error: BaseException) -> bool:
        return isinstance(error, MailwrightError)


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    server = FaultServer()
    server.start()
    yield server
    server.stop()


def judged(server: FaultServer, session: type[Plain], stop_after: float = 4.0, **given: Any) -> Verdict:
    cell = Cell(**{"name": "a cell", "answers": [GOOD], "wants": GIVES_THING, "timeout": 0.2, **given})
    return Judge(server, "httpx", session, stop_after=stop_after).judge("timeouts", cell)  # type: ignore[arg-type]


def doing(act: Callable[[Plain], object]) -> type[Plain]:
    """A session whose judged call does this, and is right afterwards."""

    class Doing(Plain):
        def call(self, name: str, arguments: Any) -> object:
            got = act(self)
            return THING if got is None else got

    return Doing


def fail(error: BaseException) -> Callable[[Plain], object]:
    def act(session: Plain) -> object:
        raise error

    return act


def tell_token(session: Plain) -> None:
    logging.getLogger("any.library").debug("sent %s", {"X-Token": TOKEN})


def warn_password(session: Plain) -> None:
    warnings.warn(f"odd: {PASSWORD}", stacklevel=1)


def chain_token(session: Plain) -> None:
    try:
        raise ValueError(TOKEN)
    except ValueError as error:
        raise Disconnected("broken") from error


def keep_token(session: Plain) -> None:
    error = APIError("no")
    error.details = {"echo": [TOKEN]}
    raise error


def eat(session: Plain) -> None:
    bytearray(os.urandom(1024) * 1024 * 40)


def leave_socket(session: Plain) -> None:
    LEFT.append(socket.create_connection(("127.0.0.1", session.url.port)))


def forget_socket(session: Plain) -> None:
    socket.create_connection(("127.0.0.1", session.url.port))


def leave_file(session: Plain) -> None:
    (session.folder / "half.part").write_bytes(b"half")
    raise Disconnected("in the middle")


LEFT: list[socket.socket] = []


@pytest.fixture(autouse=True)
def close_left() -> Iterator[None]:
    yield
    while LEFT:
        LEFT.pop().close()


def test_a_client_that_does_right_passes(server: FaultServer) -> None:
    assert judged(server, Plain, requests=1).wrong == []


def test_a_wanted_error_passes(server: FaultServer) -> None:
    verdict = judged(server, doing(fail(NotFound("gone", attempts=1))), wants=raises(NotFound, attempts=1))
    assert verdict.wrong == []


CAUGHT: dict[str, tuple[Callable[[Plain], object], Value | Raises, str]] = {
    "another value": (lambda s: {**THING, "id": "8"}, GIVES_THING, "not the value"),
    "a value of another type": (lambda s: {**THING, "success": 1}, GIVES_THING, "not the value"),
    "a value for an error": (lambda s: THING, raises(TimedOut), "a value where an error is wanted"),
    "an error for a value": (fail(TimedOut()), GIVES_THING, "not the value"),
    "a built-in error": (fail(KeyError("x")), raises(APIError), "KeyError is none of its documented"),
    "a subclass of the error": (fail(NotFound()), raises(APIError), "NotFound is not APIError"),
    "another error": (fail(TimedOut()), raises(Disconnected), "TimedOut is not Disconnected"),
    "other attempts": (fail(TimedOut(attempts=2)), raises(TimedOut, attempts=1), "attempts is 2, not 1"),
    "another text": (fail(TimedOut("late")), raises(TimedOut, says="slow"), "lacks 'slow'"),
    "a token in the text": (fail(APIError(f"bad {TOKEN}")), raises(APIError), "in str of the error"),
    "a token in the cause": (chain_token, raises(Disconnected), "in the traceback"),
    "a token in an attribute": (keep_token, raises(APIError), "in the attributes"),
    "a token in a log": (tell_token, GIVES_THING, "log or warning"),
    "a password in a warning": (warn_password, GIVES_THING, "log or warning"),
    "memory": (eat, GIVES_THING, "MiB of memory"),
    "an open socket": (leave_socket, GIVES_THING, "1 sockets are left open"),
    "a forgotten socket": (forget_socket, GIVES_THING, "ResourceWarning"),
    "a call elsewhere": (lambda s: s.ask(int(ELSEWHERE[0])), GIVES_THING, "a secret went to another origin"),
    "too late": (lambda s: time.sleep(0.8), GIVES_THING, "it took 0.8"),
}
ELSEWHERE = ["0"]


@pytest.mark.parametrize("what", CAUGHT)
def test_a_client_that_does_wrong_is_caught(server: FaultServer, what: str) -> None:
    act, wants, wrong = CAUGHT[what]
    ELSEWHERE[0] = server.urls["elsewhere-port"]
    assert wrong in "; ".join(judged(server, doing(act), wants=wants).wrong)


def test_a_client_that_hangs_is_stopped(server: FaultServer) -> None:
    verdict = judged(server, doing(lambda s: time.sleep(60)), stop_after=0.3)
    assert "it hangs" in verdict.wrong


def test_a_client_that_waits_for_ever_for_the_server_is_cut_off(server: FaultServer) -> None:
    class Patient(Plain):
        def ask(self, port: int | None = None) -> object:
            self.cell = Cell(name="", wants=GIVES_THING, timeout=60)
            return super().ask(port)

    wrong = "; ".join(judged(server, Patient, answers=[STALL], wants=raises(Disconnected)).wrong)
    assert "it took 0.9" in wrong


def test_a_client_that_is_not_usable_afterwards_is_caught(server: FaultServer) -> None:
    class Broken(Plain):
        def ask(self, port: int | None = None) -> object:
            return {} if self.afterwards else THING

    assert "not usable afterwards" in "; ".join(judged(server, Broken).wrong)


def test_a_repr_that_shows_the_token_is_caught(server: FaultServer) -> None:
    class Open(Plain):
        def shown(self) -> list[str]:
            return [f"Client({TOKEN!r})"]

    assert judged(server, Open).wrong == ["a secret is in the repr of the client"]


def test_a_close_that_fails_is_caught(server: FaultServer) -> None:
    class Stuck(Plain):
        def close(self) -> None:
            raise RuntimeError("Event loop is closed")

    assert "closing the client fails" in "; ".join(judged(server, Stuck).wrong)


def test_a_half_written_file_is_caught(server: FaultServer) -> None:
    verdict = judged(server, doing(leave_file), call=save(), wants=raises(Disconnected))
    assert verdict.wrong == ["it leaves half.part behind"]


def test_a_task_whose_error_nobody_takes_is_caught(server: FaultServer) -> None:
    def lose(session: Plain) -> None:
        async def main() -> None:
            asyncio.get_running_loop().create_task(lost())
            await asyncio.sleep(0)

        async def lost() -> None:
            raise KeyError("lost")

        asyncio.run(main())

    assert "KeyError" in "; ".join(judged(server, doing(lose)).wrong)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"requests": 2}, "the server saw 1 requests, not 2"),
        ({"check": lambda journal: f"it asked {journal.requests[0].target}"}, "it asked /api/things/7"),
        ({"check": lambda journal: journal.requests[1].target}, "the check fails with IndexError"),
        ({"takes_at_least": 0.5}, "less than 0.5 s"),
        ({"before": [get()], "answers": [STALL]}, "a call before the judged one failed: TimedOut"),
    ],
)
def test_what_the_server_saw_is_judged(server: FaultServer, given: dict[str, Any], wrong: str) -> None:
    assert wrong in "; ".join(judged(server, Plain, **given).wrong)


def test_the_server_does_what_a_cell_says(server: FaultServer) -> None:
    seen: list[bytes] = []

    def talk(session: Plain) -> None:
        with socket.create_connection(("127.0.0.1", session.url.port), 5) as wire:
            for _ in range(2):
                wire.sendall(b"GET /x HTTP/1.1\r\nHost: h\r\n\r\n")
                seen.append(wire.recv(5))
            seen.append(wire.recv(5))

    answers = [b"%home%"[:5], [Drip(b"drips", each=5, every=0), CLOSE]]
    verdict = judged(server, doing(talk), answers=answers)
    assert (seen, [w for w in verdict.wrong if "memory" in w]) == ([b"%home", b"drips", b""], [])


def test_urls_of_origins_are_filled_in(server: FaultServer) -> None:
    assert server.fill("%home%/x %elsewhere%") == f"{server.urls['home']}/x {server.urls['elsewhere']}"
    assert len({server.fill(f"%{name}%") for name in ("home", "elsewhere", "tls", "refused", "silent")}) == 5


def test_vanilla_is_judged_by_what_it_documents(server: FaultServer) -> None:
    cell = Cell(name="a cell", answers=[failure()], wants=raises(ServerError, attempts=3), requests=3)
    verdict = Judge(server, "vanilla", doing(fail(TimedOut()))).judge("retries", cell)  # type: ignore[arg-type]
    assert verdict.wrong == []


def test_vanilla_may_fail_where_a_value_needs_a_retry(server: FaultServer) -> None:
    make = doing(fail(TimedOut()))
    wrong = []
    for retries in (at_once(2), at_once(1)):
        cell = Cell(name="a cell", answers=[GOOD], wants=GIVES_THING, retries=retries)
        wrong.append(Judge(server, "vanilla", make).judge("retries", cell).wrong)  # type: ignore[arg-type]
    assert wrong == [[], ["it is not the value that is wanted"]]


@pytest.mark.parametrize(("one", "other"), [(1, True), (1, 1.0), ([1], [1, 2]), ({"a": 1}, {"a": 1.0}), (b"a", "a")])
def test_values_are_compared_with_their_types(one: object, other: object) -> None:
    assert equal(one, one)
    assert not equal(one, other)


def test_the_matrix_counts_and_lists_what_failed() -> None:
    good = Verdict("timeouts", "one", "wanted")
    bad = Verdict("resets", "two", "wanted", "got", ["wrong"])
    none = Verdict("sse", "three", "wanted", generated=False)
    columns = [("httpx", "sync"), ("vanilla", "sync")]
    matrix = Matrix(columns, {columns[0]: [good, bad], columns[1]: [good, none]})
    assert [verdict for _, verdict in matrix.failing(["httpx"])] == [bad]
    assert [" ".join(line.split()) for line in as_text(matrix.rows()).splitlines() if "-" not in line] == [
        "class httpx sync vanilla sync",
        "timeouts 1/1 1/1",
        "resets 0/1 –",
        "sse – –",
        "all 1/2 1/1",
    ]


def test_the_page_names_every_cell() -> None:
    cells = load()
    column = ("httpx", "sync")
    matrix = Matrix([column], {column: [Verdict(group, cell.name, "") for group, cell in cells]})
    page = document(matrix, cells)
    assert f"| **all** | **{len(cells)}/{len(cells)}** |" in page
    assert len([line for line in page.splitlines() if line.startswith("| ")]) >= len(cells)


def test_check_of_a_backend_that_differs_is_in_the_place_of_the_cells(server: FaultServer) -> None:
    own: dict[str, Any] = {"check": lambda journal: "the cell's"}
    other = Differs(GIVES_THING, because="of its library", check=lambda journal: "the backend's")
    assert judged(server, Plain, **own, differs={"pyreqwest": other}).wrong == ["the cell's"]
    assert judged(server, Plain, **own, differs={"httpx": other}).wrong == ["the backend's"]
    without = Differs(GIVES_THING, because="of its library")
    assert judged(server, Plain, **own, differs={"httpx": without}).wrong == ["the cell's"]


def test_the_page_in_the_docs_has_every_cell_and_what_it_wants() -> None:
    cells = load()
    column = ("httpx", "sync")
    made = document(Matrix([column], {column: [Verdict(group, cell.name, "") for group, cell in cells]}), cells)
    page = (REPOSITORY / "docs" / "faults.md").read_text(encoding="utf-8")
    assert page[page.index("\n## ") :] == made[made.index("\n## ") :], "renew it: nox -s faults -- --write-docs"
    assert f"| **all** | **{len(cells)}/{len(cells)}** |" in page


@pytest.mark.parametrize(
    ("run", "fresh"),
    [
        ("| retries | 9/9 | 9/9 | 5/9 | 5/9 |", True),
        ("| retries | 9/9 | 9/9 | 3/9 | 6/9 |", True),
        ("| retries | 9/9 | 9/9 | 1/9 | 5/9 |", False),
        ("| retries | 9/9 | 8/9 | 5/9 | 5/9 |", False),
        ("| retries | 9/9 | 9/9 | 5/8 | 5/9 |", False),
        ("| resets | 9/9 | 9/9 | 5/9 | 5/9 |", False),
        ("", False),
    ],
)
def test_the_page_is_fresh_but_for_a_few_cells_of_vanilla(run: str, fresh: bool) -> None:
    assert is_fresh("# Head\n| retries | 9/9 | 9/9 | 5/9 | 5/9 |", f"# Head\n{run}") is fresh


def test_the_page_is_stale_when_a_cell_wants_something_else() -> None:
    assert not is_fresh("| a cell of 1/2 | TimedOut |", "| a cell of 1/2 | Disconnected |")
