"""Behaviour packs: the dialect of each API, and what `x-mock` cannot say as data."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from mailwright.mock.access import Caller
from mailwright.mock.arguments import BadBody
from mailwright.mock.call import Answer, Call
from mailwright.mock.document import Operation
from mailwright.mock.findings import Finding, Format
from mailwright.mock.json_value import Json, JsonObject
from mailwright.mock.state import State
from mailwright.problem import Problem

Hook: TypeAlias = Callable[[Call], None]


@dataclass(frozen=True, slots=True)
class Commands:
    """A request that holds commands: its body, the commands there are by name, and what runs one of them.

    `run` takes the operation and its parameters and gives what the hooks of its plan made. With `quirks` the answer
    has the faults of the real server as well.
    """

    content: bytes
    operations: Mapping[str, Operation]
    run: Callable[[Operation, JsonObject], JsonObject]
    quirks: bool


class BadCursor(ValueError):
    """A text is no cursor of this API."""


@dataclass(frozen=True, slots=True)
class Pack:
    """The dialect and the behaviour of one API.

    `unknown_path`, `wrong_method`, `bad_body`, `bad_token` and `invalid` put what is wrong into the API's own words;
    `failure` is any failure with a given status. Cursors stand for the sort keys of a record, its id last, and for the
    number of a page; `cursor_page` reads that number where answers tell it. `admit` says who calls, by the tokens that
    are shown and the one that the mock has, or None for nobody it knows; `permit` refuses what a caller may not do.
    `commands` answers a request for an API whose operations are commands over one URL, `start` says what a new mock
    knows, and `populate` adds so many demo records.
    With `reads_bodies` hooks read query and body from the request and judge them, and a slash at the end of a path is
    none. `own_document` gives what the server itself says of its API, at the path where it does.
    """

    headers: tuple[tuple[str, str], ...]
    json_type: str
    unknown_path: Callable[[str], Answer]
    wrong_method: Callable[[str, Sequence[str]], Answer]
    bad_body: Callable[[BadBody], Answer]
    bad_token: Callable[[], Answer]
    invalid: Callable[[Sequence[Finding]], Answer]
    failure: Callable[[int], Answer]
    write_cursor: Callable[[Sequence[Json], int], str]
    read_cursor: Callable[[str], list[Json]]
    formats: Mapping[str, Format]
    hooks: Mapping[str, Hook]
    totp_secret: Callable[[State, str], str | None] | None = None
    deliver: Callable[[State, str, bytes, datetime], int] | None = None
    commands: Callable[[Commands], Answer] | None = None
    populate: Callable[[State, int, datetime], None] | None = None
    cursor_page: Callable[[str], int] | None = None
    admit: Callable[[State, Sequence[str], str | None], Caller | None] | None = None
    permit: Callable[[Call], None] | None = None
    reads_bodies: bool = False
    own_document: Callable[[str, JsonObject], Answer | None] | None = None


def load_pack(name: str) -> Pack:
    """Loads the pack of this name.

    Raises:
        Problem: there is none.
    """
    try:
        module = importlib.import_module(f"mailwright.mock.packs.{name}")
    except ModuleNotFoundError as error:
        raise Problem(f"there is no behaviour pack {name!r}", remedy="add it under mailwright/mock/packs/") from error
    pack = getattr(module, "PACK", None)
    if not isinstance(pack, Pack):
        raise Problem(f"the behaviour pack {name!r} has no PACK", remedy="define it in its module")
    return pack
