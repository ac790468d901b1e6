"""Judges one cell: the outcome, the time, the memory, what was shown, what the server saw, and what is left behind."""

from __future__ import annotations

import os
import signal
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from cell import Cell, Check, Raises, Value, shown
from certificates import Authority
from journal import Journal
from secret import shows
from server import FaultServer, Plan
from stacks import OURS, Session, session
from vanilla import NotGenerated
from watch import Watch, open_sockets, peak_memory, resident_memory, settle_memory, sockets_left

GRACE = 0.5
"""Seconds beyond the deadline."""
MEMORY = 32 * 1024 * 1024
"""Bytes beyond a cell's cap."""
_CUT = 0.7
_FLOODED = 256 * 1024 * 1024
_STOP = 5.0

MakeSession = Callable[[Cell, str, Authority, Path], Session]


@dataclass
class Verdict:
    """What became of one cell on one stack; it passed when nothing is wrong with it."""

    group: str
    name: str
    wanted: str
    got: str = ""
    wrong: list[str] = field(default_factory=list)
    generated: bool = True

    @property
    def passed(self) -> bool:
        return self.generated and not self.wrong

    def as_data(self) -> dict[str, Any]:
        """Fit for JSON."""
        return asdict(self)


class Hung(BaseException):
    """Raised in a call that does not even end when its connections are broken."""


@dataclass
class Outcome:
    """What a call gave, or the error it raised."""

    value: object = None
    error: BaseException | None = None
    seconds: float = 0.0
    peak: int = 0

    def __str__(self) -> str:
        if self.error is not None:
            return f"{type(self.error).__name__}: {self.error}"[:300]
        return shown(self.value)


class Judge:
    """Judges cells on one stack; `make` gives the session for a cell.

    A call that does not end although its connections are broken is stopped `stop_after` seconds beyond its deadline.
    """

    def __init__(self, server: FaultServer, stack: str, make: MakeSession, *, stop_after: float = 4.0) -> None:
        self._server = server
        self._stop_after = stop_after
        self._stack = stack
        self._ours = stack in OURS
        self._make = make

    def judge(self, group: str, cell: Cell) -> Verdict:
        """Runs a cell and judges it."""
        verdict = Verdict(group, cell.name, str(cell.wanted_of(self._stack)))
        base_url = self._server.fill(cell.base_url)
        plan = self._plan(cell, base_url)
        sockets = open_sockets()
        with tempfile.TemporaryDirectory() as folder, _environment(self._filled(cell.environment)), Watch() as watch:
            made_for = replace(cell, proxy=self._server.fill(cell.proxy))
            client = self._make(made_for, base_url, self._server.authority, Path(folder))
            try:
                outcome = self._run(client, cell, plan, verdict)
                if not verdict.generated:
                    return verdict
                self._judge_outcome(client, cell, outcome, verdict)
                self._judge_left_files(cell, outcome, Path(folder), verdict)
                shown = _texts(client, outcome)
            finally:
                _quietly(client.close, verdict)
                self._server.end()
            del client, outcome
        self._judge_journal(cell, plan.journal, verdict)
        verdict.wrong += [f"a secret is in {place}" for place, text in shown if shows(text)]
        if not ((differs := cell.differs.get(self._stack)) and differs.logs):
            verdict.wrong += [f"a secret is in a log or warning: {text[:40]}" for text in watch.texts() if shows(text)][
                :1
            ]
        verdict.wrong += watch.troubles
        if left := sockets_left(sockets):
            verdict.wrong.append(f"{left} sockets are left open")
        return verdict

    def _run(self, client: Session, cell: Cell, plan: Plan, verdict: Verdict) -> Outcome:
        opened = False
        self._server.begin(plan)
        try:
            client.open()
            opened = True
            for call in cell.before:
                client.call(call.name, self._filled(call.arguments))
                self._server.settle()
        except NotGenerated:
            verdict.generated = False
            return Outcome()
        except Exception as error:
            if opened:
                verdict.wrong.append(f"a call before the judged one failed: {type(error).__name__}: {error}")
            self._server.finish()
            return Outcome(error=error)
        outcome = self._call(client, cell, verdict)
        self._server.finish()
        if verdict.generated:
            self._judge_afterwards(client, cell, verdict)
        return outcome

    def _call(self, client: Session, cell: Cell, verdict: Verdict) -> Outcome:
        outcome = Outcome()
        base = settle_memory()
        self._server.judge(cell.deadline + _CUT, lambda: resident_memory() > base + cell.cap_bytes + _FLOODED)
        started = time.monotonic()
        try:
            with _stopped_after(cell.deadline + self._stop_after):
                outcome.value = client.call(cell.call.name, self._filled(cell.call.arguments))
        except NotGenerated:
            verdict.generated = False
        except (Exception, Hung) as error:
            outcome.error = error
        outcome.seconds = time.monotonic() - started
        outcome.peak = peak_memory() - base
        return outcome

    def _plan(self, cell: Cell, base_url: str) -> Plan:
        home = next((name for name in self._server.urls if f"%{name}%" in cell.base_url), "home")
        try:
            authority = urlsplit(base_url).netloc
        except ValueError:
            authority = ""
        journal = Journal(home=home.removesuffix("-localhost").removesuffix("-port"), authority=authority)
        return Plan(cell.answers, cell.greets, cell.elsewhere, cell.reads_body, journal)

    def _filled(self, arguments: Mapping[str, object]) -> dict[str, Any]:
        return {key: self._server.fill(each) if isinstance(each, str) else each for key, each in arguments.items()}

    def _judge_outcome(self, client: Session, cell: Cell, outcome: Outcome, verdict: Verdict) -> None:
        verdict.got = str(outcome)
        # Where a value needs retries, which vanilla lacks, its error is right as well.
        excused = not self._ours and cell.retries.attempts > 1
        verdict.wrong += self._differences(client, cell.wanted_of(self._stack), outcome, excused=excused)
        if outcome.seconds > cell.deadline + GRACE:
            verdict.wrong.append(f"it took {outcome.seconds:.2f} s, with {cell.deadline:g} s to do it in")
        if self._ours and outcome.seconds < cell.takes_at_least:
            verdict.wrong.append(f"it took {outcome.seconds:.2f} s, less than {cell.takes_at_least:g} s")
        if outcome.peak > cell.cap_bytes + MEMORY:
            verdict.wrong.append(f"it took {outcome.peak / 2**20:.0f} MiB of memory")

    def _differences(
        self, client: Session, wanted: Value | Raises, outcome: Outcome, *, excused: bool = False
    ) -> list[str]:
        error = outcome.error
        if isinstance(error, Hung):
            return ["it hangs"]
        if error is not None and not client.documented(error):
            return [f"{type(error).__name__} is none of its documented errors"]
        if isinstance(wanted, Value):
            same = excused if error is not None else equal(outcome.value, wanted.data)
            return [] if same else ["it is not the value that is wanted"]
        if error is None:
            return ["it gives a value where an error is wanted"]
        return _unlike(error, wanted) if self._ours else []

    def _judge_afterwards(self, client: Session, cell: Cell, verdict: Verdict) -> None:
        outcome = Outcome()
        try:
            with _stopped_after(10.0 + self._stop_after):
                outcome.value = client.call_patiently("get", {"thing": "again"})
        except (Exception, Hung) as error:
            outcome.error = error
        if self._differences(client, cell.afterwards, outcome):
            verdict.wrong.append(f"the client is not usable afterwards: {outcome}"[:300])

    def _judge_left_files(self, cell: Cell, outcome: Outcome, folder: Path, verdict: Verdict) -> None:
        left = sorted(path.name for path in folder.iterdir())
        if cell.call.name == "save" and outcome.error is not None and left:
            verdict.wrong.append(f"it leaves {', '.join(left)} behind")

    def _judge_journal(self, cell: Cell, journal: Journal, verdict: Verdict) -> None:
        for seen in journal.elsewhere:
            if shows((seen.head + seen.body).decode("latin-1")):
                verdict.wrong.append(f"a secret went to another origin: {seen}")
        requests = cell.requests_of(self._stack)
        check = cell.check_of(self._stack)
        if check and (requests or requests == cell.requests) and (wrong := _checked(check, journal)):
            verdict.wrong.append(wrong)
        if not self._ours:
            return
        if journal.elsewhere and not cell.may_go_elsewhere:
            verdict.wrong.append(f"it went to another origin: {journal.elsewhere[0]}")
        if requests is not None and len(journal.requests) != requests:
            verdict.wrong.append(f"the server saw {len(journal.requests)} requests, not {requests}")


def equal(found: object, wanted: object) -> bool:
    """Whether two values are the same, their types included."""
    if type(found) is not type(wanted):
        return False
    if isinstance(found, dict) and isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(equal(found[key], wanted[key]) for key in found)
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(equal, found, wanted))
    return found == wanted


def _checked(check: Check, journal: Journal) -> str:
    try:
        return check(journal)
    except Exception as error:
        # Such as the second request of one.
        return f"the check fails with {type(error).__name__}: {error}, of {journal.requests}"


def _unlike(error: BaseException, wanted: Raises) -> list[str]:
    if type(error) not in wanted.kinds:
        return [f"{type(error).__name__} is not {wanted}"]
    wrong = [
        f"its {name} is {getattr(error, name, None)!r}, not {value!r}"
        for name, value in wanted.has.items()
        if not equal(getattr(error, name, None), value)
    ]
    if wanted.says not in str(error):
        wrong.append(f"its text lacks {wanted.says!r}")
    return wrong


def _texts(client: Session, outcome: Outcome) -> list[tuple[str, str]]:
    texts = [("the repr of the value", repr(outcome.value)), *(("the repr of the client", t) for t in client.shown())]
    error = outcome.error
    if error is not None:
        attributes = {name: value for name, value in vars(error).items() if name != "content"}
        texts += [
            ("str of the error", str(error)),
            ("the repr of the error", repr(error)),
            ("the attributes of the error", repr(attributes)),
            ("the traceback", "".join(traceback.format_exception(error))),
        ]
    return texts


def _quietly(close: Callable[[], None], verdict: Verdict) -> None:
    try:
        with _stopped_after(_STOP):
            close()
    except (Exception, Hung) as error:
        verdict.wrong.append(f"closing the client fails: {type(error).__name__}: {error}"[:300])


@contextmanager
def _stopped_after(seconds: float) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise Hung

    earlier = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, earlier)


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    earlier = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in earlier.items():
            with suppress(KeyError):
                del os.environ[name]
            if value is not None:
                os.environ[name] = value


def make_session(stack: str, *, is_async: bool) -> MakeSession:
    """How a stack of the matrix makes its sessions."""
    return lambda cell, base_url, authority, folder: session(stack, is_async, cell, base_url, authority, folder)
