"""Writes and reads as hooks: who may, what is given, and the list of entries that comes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from mailwright.mock.call import Answer, Call
from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026 import callers
from mailwright.mock.packs.mailcow_2026.bodies import Body, Unreadable, is_for_a_page, listed, read
from mailwright.mock.packs.mailcow_2026.envelope import CRASHED, DENIED, DONE, NO_PAGE, NO_SUCH_KEY, error
from mailwright.mock.state import State

_SECRET = frozenset({"password", "password2", "app_passwd", "app_passwd2", "client_secret"})
# The log of these ends with nothing.
_LONG_LOGS = frozenset({"mailbox", "bcc", "recipient_map", "tls_policy_maps"})


class Crash(Exception):
    """The server stops half way, as its code does not catch what went wrong: an answer without a body."""


class Write:
    """A write under way: what is given, and the entries so far."""

    def __init__(self, call: Call, body: Body, log: list[Json]) -> None:
        self.call = call
        self.attributes = body.attributes
        self.items = listed(body.items)
        self.entries: list[JsonObject] = []
        self._log = log

    @property
    def state(self) -> State:
        """What the mock stores."""
        return self.call.state

    @property
    def time(self) -> str:
        """Now, as the server writes it."""
        return self.call.now.strftime("%Y-%m-%d %H:%M:%S")

    def success(self, *message: Json, log: list[Json] | None = None) -> None:
        """Adds an entry of something that is done."""
        self._add("success", message, log)

    def danger(self, *message: Json, log: list[Json] | None = None) -> None:
        """Adds an entry of something that is not done."""
        self._add("danger", message, log)

    def warning(self, *message: Json) -> None:
        """Adds an entry of something that is done in part."""
        self._add("warning", message, None)

    def _add(self, kind: str, message: tuple[Json, ...], log: list[Json] | None) -> None:
        first, *arguments = message
        text: Json = [first, *arguments] if arguments else first
        self.entries.append({"type": kind, "log": self._log if log is None else log, "msg": text})


Work: TypeAlias = Callable[[Write], None]
ItemWork: TypeAlias = Callable[[Write, Json], None]


def add(*names: str) -> Callable[[Work], Hook]:
    """Makes a hook of a function that creates something; `names` are what the log says was called."""

    def wrap(work: Work) -> Hook:
        def hook(call: Call) -> None:
            _write(call, work, [*names], items="", bare=False)

        return hook

    return wrap


def edit(*names: str, items: str) -> Callable[[ItemWork], Hook]:
    """Makes a hook of a function that changes one item; the log calls all of them `items`."""

    def wrap(work: ItemWork) -> Hook:
        def hook(call: Call) -> None:
            _write(call, _for_each(work), [*names], items=items, bare=False)

        return hook

    return wrap


def edit_all(*names: str, items: str) -> Callable[[Work], Hook]:
    """Makes a hook of a function that changes all items and then tells of it once."""

    def wrap(work: Work) -> Hook:
        def hook(call: Call) -> None:
            _write(call, work, [*names], items=items, bare=False)

        return hook

    return wrap


def delete(*names: str, items: str) -> Callable[[ItemWork], Hook]:
    """Makes a hook of a function that deletes one item."""

    def wrap(work: ItemWork) -> Hook:
        def hook(call: Call) -> None:
            _write(call, _for_each(work), [*names], items=items, bare=True)

        return hook

    return wrap


def delete_all(*names: str, items: str) -> Callable[[Work], Hook]:
    """Makes a hook of a function that deletes all items and then tells of it once."""

    def wrap(work: Work) -> Hook:
        def hook(call: Call) -> None:
            _write(call, work, [*names], items=items, bare=True)

        return hook

    return wrap


def get(work: Callable[[Call], Json]) -> Hook:
    """Makes a hook of a function that reads; None and an empty list are `{}`."""
    return _reads(work, nothing={})


def get_list(work: Callable[[Call], Json]) -> Hook:
    """Makes a hook of a function that reads; an empty list stays one."""
    return _reads(work, nothing=[])


def _reads(work: Callable[[Call], Json], *, nothing: Json) -> Hook:
    def hook(call: Call) -> None:
        if is_for_a_page(call):
            call.answer = NO_PAGE
        elif call.caller.role == callers.UNKNOWN:
            call.answer = NO_SUCH_KEY
        elif call.caller.role == callers.NOBODY:
            call.answer = CRASHED
        else:
            found = work(call)
            call.answer = Answer(nothing if found is None or found == [] else found)

    return hook


def _for_each(work: ItemWork) -> Work:
    def all_of_them(write: Write) -> None:
        for item in write.items:
            work(write, item)

    return all_of_them


def _write(call: Call, work: Work, names: list[Json], *, items: str, bare: bool) -> None:
    adds = "/add/" in call.operation.path
    role = call.caller.role
    if is_for_a_page(call):
        call.answer = NO_PAGE
        return
    if role == callers.UNKNOWN:
        call.answer = NO_SUCH_KEY
        return
    if role == callers.READ_ONLY or (role == callers.NOBODY and not adds):
        call.answer = DENIED
        return
    try:
        body = read(call, bare=bare)
    except Unreadable as unreadable:
        call.answer = unreadable.answer
        return
    given: JsonObject = {**({items: body.items} if items else {}), **body.attributes}
    given = {name: "*" if name in _SECRET else value for name, value in given.items()}
    write = Write(call, body, [*names, given, *([None] if names[0] in _LONG_LOGS else [])])
    if role == callers.NOBODY:
        write.danger("access_denied")
    else:
        try:
            work(write)
        except Crash:
            call.answer = CRASHED
            return
        except Refusal as refusal:
            call.answer = Answer(write.entries) if write.entries else error(str(refusal))
            return
    call.answer = Answer(write.entries) if write.entries else DONE


class Refusal(Exception):
    """A write ends here; one object says so where no entry does."""
