"""Bodies that are sent: from bytes, paths and files, whole and once more, to servers that do not want them."""

from __future__ import annotations

import errno
import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from answers import DONE, answer, failure, redirect
from cell import Cell, Check, Differs, at_once, create, raises, replace, upload, value
from checks import same_bodies, sent_on
from journal import Journal
from steps import CLOSE, HALF_CLOSE, RESET, STALL, Pause, Read
from wire_checks import all_of, methods, never, sent

from mailwright.runtime import (
    ConnectFailed,
    Disconnected,
    InvalidRequest,
    ServerError,
    TimedOut,
    UsageError,
)

OK = answer(DONE)
SMALL = bytes(range(256)) * 4
LARGE = bytes(range(256)) * 32_768
MiB = 1024 * 1024
BUSY = failure("503 Busy")
TOO_LARGE = failure("413 Too Large", code="TooLarge")

Make = Callable[[Path], object]


def file(content: bytes, *, at: int = 0) -> Make:
    """Makes an open file, read up to a place."""

    def make(folder: Path) -> object:
        path = folder / "upload"
        path.write_bytes(content)
        opened = _Closing(path)
        opened.seek(at)
        return opened

    return make


class _Closing(io.FileIO):
    """An open file that nobody has to close."""

    def __del__(self) -> None:
        self.close()


def path(content: bytes) -> Make:
    """Makes a file, and gives its path."""

    def make(folder: Path) -> object:
        made = folder / "upload"
        made.write_bytes(content)
        return made

    return make


def sparse(size: int) -> Make:
    """Makes a file of that many zeros, which takes no room."""

    def make(folder: Path) -> object:
        made = folder / "upload"
        with made.open("wb") as opened:
            opened.truncate(size)
        return made

    return make


class Reader:
    """All that an upload needs of a file: it cannot be read twice, and does not know its length."""

    def __init__(self, *pieces: Any) -> None:
        self._pieces = list(pieces)

    def read(self, size: int = -1) -> Any:
        piece = self._pieces.pop(0) if self._pieces else b""
        if isinstance(piece, Exception):
            raise piece
        return piece


def reader(*pieces: Any) -> Make:
    """Makes one that gives these pieces."""
    return lambda folder: Reader(*pieces)


class Shrinking(io.BytesIO):
    """A file that somebody cuts off once its length is known."""

    def read(self, size: int | None = -1) -> bytes:
        self.truncate(1000)
        return super().read(size)


class Growing(io.BytesIO):
    """A file that somebody adds to with each read."""

    def read(self, size: int | None = -1) -> bytes:
        place = self.tell()
        self.seek(0, io.SEEK_END)
        self.write(b"more")
        self.seek(place)
        return super().read(size)


class Vanishing:
    """Makes a file, and takes it away before the second attempt."""

    def __call__(self, folder: Path) -> object:
        self._path = folder / "upload"
        self._path.write_bytes(SMALL)
        return self._path

    def vanish(self, attempt: Any) -> None:
        if attempt.number == 2:
            self._path.unlink()


VANISHING = Vanishing()


def body(content: bytes, *, length: bool = True) -> Check:
    """Each request had these bytes, and told how many there are, or sent them in chunks."""
    digest = hashlib.sha256(content).hexdigest()

    def check(journal: Journal) -> str:
        for seen in journal.requests:
            if (seen.length, seen.digest) != (len(content), digest):
                return f"the server got {seen.length} bytes, which are not the {len(content)} that were to be sent"
        return ""

    framing = sent("Content-Length", str(len(content))) if length else sent("Transfer-Encoding", "chunked")
    other = never("transfer-encoding") if length else none_of("content-length")
    return all_of(check, framing, other, sent("Content-Type", "application/octet-stream"))


def whole(count: int) -> Check:
    """The server got so many requests to their end."""

    def check(journal: Journal) -> str:
        ended = sum(bool(seen.digest) for seen in journal.requests)
        return "" if ended == count else f"the server has {ended} whole requests, not {count}"

    return check


def none_of(name: str) -> Check:
    """No judged request had the header."""
    return sent(name, None)


def arrives(name: str, source: object, content: bytes, *, length: bool = True, timeout: float = 1.0) -> Cell:
    """An upload that the server gets, byte for byte."""
    return Cell(
        name=name,
        answers=[OK],
        call=upload(source),
        timeout=timeout,
        wants=value(DONE),
        requests=1,
        check=body(content, length=length),
    )


SOURCES = [
    arrives("bytes", SMALL, SMALL),
    arrives("no bytes", b"", b""),
    arrives("a path", path(SMALL), SMALL),
    arrives("the path of an empty file", path(b""), b""),
    arrives("an open file", file(SMALL), SMALL),
    arrives("an open file, from where it stands", file(SMALL, at=1000), SMALL[1000:]),
    arrives("an open file that stands at its end", file(SMALL, at=len(SMALL)), b""),
    arrives("a file in memory, from where it stands", lambda folder: standing(io.BytesIO(SMALL), 24), SMALL[24:]),
    arrives("a reader that does not know its length", reader(b"one", b"two"), b"onetwo", length=False),
    arrives("a reader of nothing", reader(), b"", length=False),
    arrives("8 MiB of bytes", LARGE, LARGE, timeout=5.0),
    arrives("a file that grows meanwhile", lambda folder: Growing(SMALL), SMALL),
    Cell(
        name="64 MiB of a file, which are never in memory",
        answers=[OK],
        call=upload(sparse(64 * MiB)),
        timeout=10.0,
        wants=value(DONE),
        check=lambda journal: "" if journal.requests[0].length == 64 * MiB else "the body is not whole",
    ),
]


def standing(opened: io.BytesIO, at: int) -> io.BytesIO:
    """The file, read up to a place."""
    opened.seek(at)
    return opened


def unsent(name: str, source: object) -> Cell:
    """What is refused before anything is sent."""
    return Cell(name=name, answers=[OK], call=upload(source), wants=raises(UsageError), requests=0)


def fails_on_the_way(name: str, source: object) -> Cell:
    """What cannot be read to its end; the server has no whole request then."""
    return Cell(
        name=name,
        answers=[OK],
        call=upload(source),
        retries=at_once(3),
        wants=raises(UsageError, attempts=1),
        check=whole(0),
    )


UNREADABLE = [
    unsent("the path of no file", lambda folder: folder / "nothing"),
    unsent("the path of a folder", lambda folder: folder),
    unsent("text", "text"),
    unsent("a file in text mode", lambda folder: io.StringIO("text")),
    unsent("a file that is closed", lambda folder: closed(io.BytesIO(SMALL))),
    unsent("None", None),
    unsent("a list of bytes", [b"one", b"two"]),
    fails_on_the_way("a file that becomes shorter", lambda folder: Shrinking(LARGE)),
    fails_on_the_way("a disk that fails", reader(b"one", OSError(errno.EIO, "Input/output error"))),
    fails_on_the_way("a reader that gives text", reader(b"one", "two")),
    fails_on_the_way("a reader that does not wait for its data", reader(b"one", None)),
]


def closed(opened: io.BytesIO) -> io.BytesIO:
    """The file, closed."""
    opened.close()
    return opened


def again(name: str, source: object, content: bytes, *answers: Any, length: bool = True) -> Cell:
    """An upload that is sent twice, and the same both times."""
    return Cell(
        name=name,
        answers=[*answers, OK],
        call=upload(source),
        retries=at_once(2),
        wants=value(DONE),
        requests=2,
        check=all_of(body(content, length=length), same_bodies),
    )


def once(name: str, source: object, wants: Any, *answers: Any) -> Cell:
    """An upload that cannot be sent twice."""
    return Cell(name=name, answers=[*answers, OK], call=upload(source), retries=at_once(3), wants=wants, requests=1)


AGAIN = [
    again("bytes once more, for a server that was busy", SMALL, SMALL, BUSY),
    again("a path once more, for a server that was busy", path(SMALL), SMALL, BUSY),
    again("an open file once more, from where it stood", file(SMALL, at=100), SMALL[100:], BUSY),
    again("bytes once more, after a reset behind the whole body", SMALL, SMALL, RESET),
    again("an open file once more, after the end behind the whole body", file(SMALL), SMALL, CLOSE),
    Cell(
        name="an open file once more, after a reset in the middle of it",
        answers=[OK],
        greets=[[Read(100_000), RESET], b""],
        call=upload(file(LARGE)),
        retries=at_once(2),
        timeout=5.0,
        wants=value(DONE),
        check=body(LARGE),
        requests=1,
    ),
    once(
        "a reader for a server that is busy, which cannot be read twice",
        reader(b"one"),
        raises(ServerError, status=503, attempts=1),
        BUSY,
    ),
    once("a reader, and a reset, which cannot be read twice", reader(b"one"), raises(Disconnected, attempts=1), RESET),
    Cell(
        name="a reader for a server that refuses the connection, which was not read yet",
        answers=[OK],
        base_url="%refused%/api",
        call=upload(reader(b"one")),
        retries=at_once(3),
        wants=raises(ConnectFailed, attempts=3),
    ),
    Cell(
        name="a path whose file is gone when it is to be sent once more",
        answers=[BUSY, OK],
        call=upload(VANISHING),
        options={"before_send": VANISHING.vanish},
        retries=at_once(2),
        wants=raises(UsageError, attempts=2),
        check=whole(1),
    ),
    Cell(
        name="bytes once more, where a redirect says so (307)",
        answers=[redirect(b"/api/other", "307 Moved"), OK],
        follow_redirects=True,
        call=upload(SMALL),
        wants=value(DONE),
        requests=2,
        check=all_of(body(SMALL), methods("PUT", "PUT")),
    ),
    Cell(
        name="an open file once more, where a redirect says so (308)",
        answers=[redirect(b"/api/other", "308 Moved"), OK],
        follow_redirects=True,
        call=upload(file(SMALL, at=24)),
        wants=value(DONE),
        requests=2,
        check=all_of(body(SMALL[24:]), methods("PUT", "PUT")),
    ),
    Cell(
        name="a reader that a redirect wants once more",
        answers=[redirect(b"/api/other", "307 Moved"), OK],
        follow_redirects=True,
        call=upload(reader(b"one")),
        wants=raises(UsageError),
    ),
]


def early(
    name: str,
    *steps: Any,
    wants: Any,
    source: object = LARGE,
    timeout: float = 1.0,
    differs: dict[str, Differs] | None = None,
) -> Cell:
    """A server that answers, or goes, before it has read the body."""
    return Cell(
        name=name,
        answers=[list(steps)],
        reads_body=False,
        call=upload(source),
        timeout=timeout,
        wants=wants,
        requests=1,
        differs=differs or {},
    )


REFUSED_EARLY = raises(InvalidRequest, status=413, code="TooLarge", attempts=1)
LOST = {
    "borrowed": Differs(
        raises(InvalidRequest, Disconnected, attempts=1),
        because="asyncio's streams read no more from a connection that they cannot send on",
    )
}

UNHEARD = {
    stack: Differs(raises(TimedOut, attempts=1), because="httpcore sends all of a request before it reads")
    for stack in ("httpx", "httpx2", "borrowed")
}

EARLY = [
    early(
        "refused while it is sent, by a server that reads on",
        TOO_LARGE,
        Read(len(LARGE)),
        wants=REFUSED_EARLY,
        timeout=3.0,
    ),
    early(
        "refused while it is sent, and the connection ends",
        TOO_LARGE,
        Pause(0.05),
        CLOSE,
        wants=REFUSED_EARLY,
        differs=LOST,
    ),
    early(
        "refused while it is sent, and a reset is close behind, which may overtake the answer",
        TOO_LARGE,
        RESET,
        wants=raises(InvalidRequest, Disconnected, attempts=1),
    ),
    early(
        "refused after a part of it, and the connection ends",
        Read(100_000),
        TOO_LARGE,
        Pause(0.05),
        CLOSE,
        wants=REFUSED_EARLY,
        differs=LOST,
    ),
    early(
        "refused while it is sent, and the server stops sending only",
        TOO_LARGE,
        HALF_CLOSE,
        Read(len(LARGE)),
        wants=REFUSED_EARLY,
        timeout=3.0,
    ),
    early(
        "refused while a reader without a length is sent",
        TOO_LARGE,
        Pause(0.05),
        CLOSE,
        wants=REFUSED_EARLY,
        differs=LOST,
        source=reader(*[bytes(65_536)] * 100),
    ),
    early("taken before it is sent, by a server that reads on", OK, Read(len(LARGE)), wants=value(DONE), timeout=3.0),
    early("the connection ends while it is sent", Read(100_000), CLOSE, wants=raises(Disconnected, attempts=1)),
    early(
        "refused, and then nobody reads what is still sent",
        TOO_LARGE,
        STALL,
        wants=REFUSED_EARLY,
        timeout=0.5,
        differs=UNHEARD,
    ),
    early(
        "nobody reads a reader without a length",
        STALL,
        wants=raises(TimedOut),
        source=reader(*[bytes(65_536)] * 200),
        timeout=0.3,
    ),
    Cell(
        name="a 100 that nobody asked for while it is sent",
        answers=[[b"HTTP/1.1 100 Continue\r\n\r\n", Read(len(SMALL)), OK]],
        reads_body=False,
        call=upload(SMALL),
        wants=value(DONE),
        check=never("expect"),
    ),
    Cell(
        name="two uploads on one connection, and nothing between them",
        answers=[OK],
        before=[upload(SMALL)],
        call=upload(SMALL),
        wants=value(DONE),
        check=all_of(body(SMALL), sent_on(0)),
    ),
    Cell(
        name="JSON that is refused while it is sent",
        answers=[[failure("400 No"), Pause(0.05), CLOSE]],
        reads_body=False,
        call=create(tags=["x" * 1000] * 5000),
        wants=raises(InvalidRequest, status=400, attempts=1),
        requests=1,
        differs=LOST,
    ),
    Cell(
        name="JSON with a lone surrogate, which is not sent",
        answers=[OK],
        call=replace(tags=["\ud800"]),
        wants=raises(UsageError),
        requests=0,
    ),
]

CELLS = [*SOURCES, *UNREADABLE, *AGAIN, *EARLY]
