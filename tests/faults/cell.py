"""One cell of the matrix: what the server does, what the client is asked, and what must come of it."""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from answers import THING
from journal import Journal
from secret import PASSWORD
from steps import Answer

from mailwright.runtime import MailwrightError
from mailwright.runtime.limits import Limits
from mailwright.runtime.retries import Retries
from mailwright.runtime.timeouts import Timeout

Check = Callable[[Journal], str]
"""Returns what is wrong with what the server saw, or an empty text."""

NO_RETRIES = Retries(attempts=1)


def at_once(attempts: int = 3) -> Retries:
    """Retries without pauses, for cells that do not time them; a pause the server asks for is kept."""
    return Retries(attempts=attempts, wait=lambda failed: failed.retry_after or 0.0)


@dataclass(frozen=True)
class Call:
    """A call by the name it has in `performing.py`, and its arguments; `%home%` and the like are filled in."""

    name: str
    arguments: Mapping[str, object] = field(default_factory=dict)


def get(thing: str = "7", **query: object) -> Call:
    """GET of one thing; `note`, `tags`, `count` and `x_trace` are its other arguments."""
    return Call("get", {"thing": thing, **query})


def take(thing: str = "7") -> Call:
    """A GET that changes something."""
    return Call("take", {"thing": thing})


def listing(**query: object) -> Call:
    """All items of all pages."""
    return Call("list", query)


def create(name: str = "kettle", **body: object) -> Call:
    """POST with a password in its JSON body."""
    return Call("create", {"name": name, "password": PASSWORD, **body})


def replace(thing: str = "7", **body: object) -> Call:
    """PUT with a password in its JSON body."""
    return Call("replace", {"thing": thing, "name": "kettle", "password": PASSWORD, **body})


def delete(thing: str = "7") -> Call:
    """DELETE of one thing."""
    return Call("delete", {"thing": thing})


def download(thing: str = "7") -> Call:
    """The bytes of a thing, put together from the chunks that came."""
    return Call("download", {"thing": thing})


def save(thing: str = "7") -> Call:
    """The same, saved to a file and read from it; a file left behind by a failure is a failure of the cell."""
    return Call("save", {"thing": thing})


def events(thing: str = "7", **arguments: object) -> Call:
    """Server-sent events until the stream ends, or the `first` so many; each as a dict of `event`, `data` and `id`.

    `reconnect`, False if left out, and `last_event_id` are given to the client.
    """
    return Call("events", {"thing": thing, **arguments})


def upload(source: object = b"bytes", thing: str = "7") -> Call:
    """PUT of bytes; a callable as `source` is given a folder to make a file or path in."""
    return Call("upload", {"thing": thing, "source": source})


class _Short(reprlib.Repr):
    def repr_bytes(self, data: bytes, level: int) -> str:
        return repr(data) if len(data) <= self.maxstring else f"{data[:20]!r}... ({len(data)} bytes)"

    def repr_dict(self, data: dict[object, object], level: int) -> str:
        # In the order it has, which the library would sort.
        items = [f"{self.repr1(name, level - 1)}: {self.repr1(value, level - 1)}" for name, value in data.items()]
        return f"{{{', '.join(items[: self.maxdict] + ['...'] * (len(items) > self.maxdict))}}}"


_SHORT = _Short()
_SHORT.maxdict = _SHORT.maxlist = 8
_SHORT.maxstring = 60


def shown(value: object) -> str:
    """The repr of a value, without its middle where it is long."""
    return _SHORT.repr(value)


@dataclass(frozen=True)
class Value:
    """The call gives this: JSON data, or bytes. Types count: 1 is neither 1.0 nor True."""

    data: object

    def __str__(self) -> str:
        return shown(self.data)


@dataclass(frozen=True)
class Raises:
    """The call raises exactly this class (no subclass of it), or exactly one of these.

    `has` are attributes it must have, `says` a part of its text.
    """

    kind: type[MailwrightError] | tuple[type[MailwrightError], ...]
    says: str = ""
    has: Mapping[str, object] = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[type[MailwrightError], ...]:
        return self.kind if isinstance(self.kind, tuple) else (self.kind,)

    def __str__(self) -> str:
        names = " or ".join(kind.__name__ for kind in self.kinds)
        return ", ".join([names, *(f"{name}={shown(value)}" for name, value in self.has.items())])


def raises(*kinds: type[MailwrightError], says: str = "", **has: object) -> Raises:
    """The call raises exactly one of these classes, with these attributes."""
    return Raises(kinds if len(kinds) > 1 else kinds[0], says, has)


def value(data: object) -> Value:
    """The call gives this."""
    return Value(data)


@dataclass(frozen=True)
class Differs:
    """What one backend does otherwise, and why nothing can be done about it here.

    `requests` is how many the server must have seen, None for the cell's own number; with 0 there is nothing to check.
    `check` is in the place of the cell's own.
    `logs` says that its library writes to its log what it should not.
    """

    wants: Value | Raises
    because: str
    check: Check | None = None
    requests: int | None = None
    logs: bool = False


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell; see README.md for how to write one.

    `timeout` is in seconds, `proxy` the URL of one that the backend goes through. `requests` is how many the server
    must have seen of the judged call, None for any number.
    `afterwards` is what a plain call must give that follows it. `takes_at_least` and `takes_at_most` are seconds, the
    latter None for the deadline.
    """

    name: str
    answers: Sequence[Answer] = ()
    wants: Value | Raises
    call: Call = field(default_factory=get)
    before: Sequence[Call] = ()
    greets: Sequence[Answer] = ()
    elsewhere: Sequence[Answer] = ()
    reads_body: bool = True
    base_url: str = "%home%/api"
    proxy: str = ""
    token: str = "header"
    timeout: float | Timeout = 1.0
    retries: Retries = NO_RETRIES
    limits: Limits | None = None
    follow_redirects: bool = False
    options: Mapping[str, object] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    requests: int | None = None
    may_go_elsewhere: bool = False
    check: Check | None = None
    takes_at_least: float = 0.0
    takes_at_most: float | None = None
    cap_bytes: int = 0
    afterwards: Value | Raises = Value(THING)
    differs: Mapping[str, Differs] = field(default_factory=dict)

    @property
    def deadline(self) -> float:
        """The seconds that the call may take."""
        if self.takes_at_most is not None:
            return self.takes_at_most
        return self.timeout.total if isinstance(self.timeout, Timeout) else self.timeout

    def wanted_of(self, stack: str) -> Value | Raises:
        """What a backend must give."""
        return self.differs[stack].wants if stack in self.differs else self.wants

    def requests_of(self, stack: str) -> int | None:
        """How many requests of a backend the server must have seen."""
        differs = self.differs.get(stack)
        return self.requests if differs is None or differs.requests is None else differs.requests

    def check_of(self, stack: str) -> Check | None:
        """What is checked with a backend."""
        differs = self.differs.get(stack)
        return self.check if differs is None or differs.check is None else differs.check
