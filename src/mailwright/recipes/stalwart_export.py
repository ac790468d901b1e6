"""The file that an export of Stalwart writes: JSON lines, each one object, between a first and a last line.

    {"format":"mailwright-stalwart","version":1,"target":"stalwart-0.15","exported":"…","passwordHashes":false,…}
    {"setting":{"key":"server.hostname","value":"mx.example.org"}}
    {"principal":{"type":"domain","name":"example.org","id":1,…}}
    {"queued":{"id":1152921504606846977,…}}
    {"end":{"settings":1,"principals":1,"queue":1}}

Principals and messages are written as the server has them, with what this version of the client does not know.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias, TypeVar, get_args

import msgspec
from mailwright_stalwart.v0_15 import models

from mailwright.runtime import UNSET, InvalidRequest, MailwrightError, ResponseInvalid, Unset, UsageError
from mailwright.runtime.decoding import decode
from mailwright.runtime.saving import Saving

Part: TypeAlias = Literal["settings", "principals", "queue"]
PARTS: tuple[Part, ...] = get_args(Part)
PAGE = 250
"""Objects asked for at once."""
TYPES: tuple[models.PrincipalTypeName, ...] = (
    "tenant",
    "domain",
    "role",
    "group",
    "list",
    "individual",
    "resource",
    "location",
    "apiKey",
    "oauthClient",
)
"""All types of principals; what others refer to comes before them, so that the file can be read in one go."""
_FORMAT, _VERSION, _TARGET = "mailwright-stalwart", 1, "stalwart-0.15"
_SWEEPS = 5

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


class ExportInvalid(MailwrightError):
    """A file that is no whole export; `line` is the number of the line at fault, counted from 1."""

    def __init__(self, message: str, line: int) -> None:
        self.line = line
        super().__init__(f"line {line}: {message}")


class ExportUnsteady(MailwrightError):
    """What was to be exported changed each time that it was read."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting; its value may be a private key or a password, and is in no repr."""

    key: str
    value: str = field(repr=False)


Exported: TypeAlias = Setting | models.Principal | models.QueuedMessage


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """How far an export is: what it is at, how many of that are written, and of how many where that is known."""

    part: Part
    done: int
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """How much was written, of each part that was asked for."""

    path: Path
    counts: dict[Part, int]


class _Header(msgspec.Struct, kw_only=True, rename="camel"):
    format: str
    version: int
    target: str
    exported: datetime
    password_hashes: bool
    parts: list[str]


class _Setting(msgspec.Struct):
    key: str
    value: str


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    setting: _Setting | Unset = UNSET
    principal: msgspec.Raw | Unset = UNSET
    queued: msgspec.Raw | Unset = UNSET
    end: dict[str, int] | Unset = UNSET


class _Items(msgspec.Struct):
    items: list[dict[str, Any]]


class _Page(msgspec.Struct):
    data: _Items


_PAGE_DECODER = msgspec.json.Decoder(_Page)
_HEADER = msgspec.json.Decoder(_Header)
_LINE = msgspec.json.Decoder(_Line)
_PRINCIPAL: msgspec.json.Decoder[models.Principal] = msgspec.json.Decoder(models.Principal)
_LAX_PRINCIPAL: msgspec.json.Decoder[models.Principal] = msgspec.json.Decoder(models.Principal, strict=False)
_QUEUED = msgspec.json.Decoder(models.QueuedMessage)
_LAX_QUEUED = msgspec.json.Decoder(models.QueuedMessage, strict=False)


def checked_parts(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Returns the parts to export, in their order; raises `UsageError` for one that there is not, and for none."""
    wanted = [parts] if isinstance(parts, str) else list(parts)
    unknown = [each for each in wanted if each not in PARTS]
    if unknown or not wanted:
        named = f"there is no part {unknown[0]!r:.40}" if unknown else "nothing is asked for"
        raise UsageError(f"{named}; the parts are {', '.join(PARTS)}")
    return tuple(each for each in PARTS if each in wanted)


def items_of(content: bytes) -> list[dict[str, Any]]:
    """Returns the objects of a page as the server sent them."""
    return decode(content, _PAGE_DECODER).data.items


def by_name(content: bytes) -> dict[str, dict[str, Any]]:
    """Returns the principals of a page as the server sent them, by their names."""
    return {str(each.get("name", "")): each for each in items_of(content)}


def next_start(found: Sequence[dict[str, Any]]) -> int | None:
    """Returns the id from which the queue is read on, None behind its end; ids grow, whatever comes and goes."""
    if len(found) < PAGE:
        return None
    return max(int(each["id"]) for each in found) + 1


def has_no_tenants(error: InvalidRequest, kind: models.PrincipalTypeName) -> bool:
    """Says whether the server is of the open edition, which refuses to list tenants."""
    return kind == "tenant" and error.code == "unsupported"


class Sweep:
    """Goes through counted pages, and once more where their number changed meanwhile: then some moved between pages.

    An object is given once, however often it is met. `page` is the number to ask for, None when all is read.
    """

    def __init__(self, what: str) -> None:
        self.page: int | None = 1
        self._what = what
        self._seen: set[Hashable] = set()
        self._totals: set[int] = set()
        self._met = 0
        self._sweeps = 1

    def take(self, items: Mapping[K, T], total: int) -> list[tuple[K, T]]:
        """Returns what was not met before on a page; raises `ExportUnsteady` when it changed too often."""
        self._totals.add(total)
        self._met += len(items)
        fresh = [(key, value) for key, value in items.items() if key not in self._seen]
        self._seen.update(key for key, _ in fresh)
        self._turn(len(items), total)
        return fresh

    def _turn(self, met: int, total: int) -> None:
        if self.page is not None and met and self._met < total:
            self.page += 1
            return
        if len(self._totals) < 2 and self._met == total:
            self.page = None
            return
        self._sweeps += 1
        if self._sweeps > _SWEEPS:
            raise ExportUnsteady(f"{self._what} changed each of {_SWEEPS} times they were read; export when they rest")
        self.page, self._met, self._totals = 1, 0, set()


class ExportFile:
    """An export on its way to its file, which only its owner may read, and which is there whole or not at all."""

    def __init__(self, path: str | Path, parts: tuple[Part, ...], *, password_hashes: bool) -> None:
        self._saving = Saving(path, private=True)
        self._path = Path(path)
        self._counts: dict[Part, int] = dict.fromkeys(parts, 0)
        self._parts, self._password_hashes = parts, password_hashes

    def settings(self, found: Iterable[tuple[str, str]], total: int) -> ExportProgress:
        """Adds settings."""
        return self._add("settings", ({"setting": {"key": key, "value": value}} for key, value in found), total)

    def principals(self, found: Iterable[dict[str, Any]]) -> ExportProgress:
        """Adds principals."""
        return self._add("principals", ({"principal": each} for each in found), None)

    def queue(self, found: Iterable[dict[str, Any]], left: int) -> ExportProgress:
        """Adds messages of the queue, of which so many were left with these."""
        return self._add("queue", ({"queued": each} for each in found), self._counts["queue"] + left)

    def finish(self) -> Export:
        """Puts the file in its place."""
        self._line({"end": self._counts})
        self._saving.finish()
        return Export(self._path, {**self._counts})

    def __enter__(self) -> Self:
        self._saving.__enter__()
        header = _Header(
            format=_FORMAT,
            version=_VERSION,
            target=_TARGET,
            exported=datetime.now(UTC).replace(microsecond=0),
            password_hashes=self._password_hashes,
            parts=[*self._parts],
        )
        self._line(header)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._saving.__exit__(kind, error, at)

    def _add(self, part: Part, lines: Iterable[object], total: int | None) -> ExportProgress:
        for each in lines:
            self._line(each)
            self._counts[part] += 1
        return ExportProgress(part, self._counts[part], total)

    def _line(self, value: object) -> None:
        self._saving.write(msgspec.json.encode(value) + b"\n")


def read_export(path: str | Path) -> Iterator[Exported]:
    """Yields what is in an export, one object after the other: settings, then principals, then messages of the queue.

    Raises:
        ExportInvalid: It is no export, one of another version, or not whole; the last is known at its end only.
    """
    counts: dict[str, int] = {}
    number, ended = 0, False
    with Path(path).open("rb") as file:
        for number, line in enumerate(file, 1):
            if number == 1:
                _check_header(line)
                continue
            if ended:
                raise ExportInvalid("there is something behind the end", number)
            found = _read(line, number)
            if isinstance(found, dict):
                ended = True
                if {name: count for name, count in found.items() if count} != counts:
                    raise ExportInvalid("there is not as much in it as its end says", number)
                continue
            part = _part_of(found)
            counts[part] = counts.get(part, 0) + 1
            yield found
    if not ended:
        raise ExportInvalid("its end is missing", number + 1)


def _part_of(found: Exported) -> Part:
    if isinstance(found, Setting):
        return "settings"
    return "queue" if isinstance(found, models.QueuedMessage) else "principals"


def _check_header(line: bytes) -> None:
    header = _decoded(line, 1, _HEADER)
    if header.format != _FORMAT:
        raise ExportInvalid("it is no export of Stalwart", 1)
    if header.version != _VERSION:
        raise ExportInvalid(f"it is of version {header.version}, and this reads {_VERSION}", 1)


def _read(line: bytes, number: int) -> Exported | dict[str, int]:
    found = _decoded(line, number, _LINE)
    if found.setting is not UNSET:
        return Setting(found.setting.key, found.setting.value)
    if found.principal is not UNSET:
        return _decoded(bytes(found.principal), number, _PRINCIPAL, _LAX_PRINCIPAL)
    if found.queued is not UNSET:
        return _decoded(bytes(found.queued), number, _QUEUED, _LAX_QUEUED)
    if found.end is UNSET:
        raise ExportInvalid("there is nothing on it", number)
    return found.end


def _decoded(
    content: bytes, number: int, decoder: msgspec.json.Decoder[T], lax: msgspec.json.Decoder[T] | None = None
) -> T:
    try:
        return decode(content, decoder, lax)
    except ResponseInvalid as error:
        # Without the content, in which there may be password hashes.
        raise ExportInvalid(error.message, number) from None
