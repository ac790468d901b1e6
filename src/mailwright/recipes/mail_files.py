"""Writes messages to a maildir or an mbox file, whole or not at all."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from mailwright.runtime import UsageError
from mailwright.runtime.saving import Saving

# The letters of https://cr.yp.to/proto/maildir.html, in its order.
_LETTERS = {"draft": "D", "flagged": "F", "answered": "R", "seen": "S", "deleted": "T"}
_ADDRESS = re.compile(r"[!-~]+")
_FROM = re.compile(rb"^(>*From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Details:
    """What is written of a message besides its source: its sender, when it came in, and its flags by name."""

    sender: str
    received: datetime
    flags: Collection[str]


class MailFiles(Protocol):
    """Where exported messages go."""

    def has(self, name: str) -> bool:
        """Says whether a message of this name is there already."""
        ...

    def add(self, name: str, chunks: Iterable[bytes], details: Details) -> int:
        """Adds a message and returns its size in bytes."""
        ...

    def finish(self) -> None:
        """Puts what is only there whole in its place."""
        ...

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None: ...


class Maildir:
    """A maildir: a file for each message, byte for byte as the server sent it, its flags in the name.

    A message that is there already, by its name, is left as it is, so that an export that was cut short goes on.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        if self._path.exists() and not self._path.is_dir():
            raise UsageError(f"{self._path} is a file; a maildir is a folder")
        for part in ("tmp", "new", "cur"):
            (self._path / part).mkdir(parents=True, exist_ok=True)
        self._known = {each.name.partition(":")[0] for part in ("new", "cur") for each in (self._path / part).iterdir()}

    def has(self, name: str) -> bool:
        """Says whether a message of this name is there already."""
        return name in self._known

    def add(self, name: str, chunks: Iterable[bytes], details: Details) -> int:
        """Adds a message and returns its size in bytes."""
        letters = "".join(letter for flag, letter in _LETTERS.items() if flag in details.flags)
        size, half = 0, self._path / "tmp" / name
        try:
            with half.open("wb") as file:
                for chunk in chunks:
                    size += file.write(chunk)
            half.rename(self._path / "cur" / f"{name}:2,{letters}")
        finally:
            half.unlink(missing_ok=True)
        self._known.add(name)
        return size

    def finish(self) -> None:
        """Does nothing: each message is in its place already."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        pass


class Mbox:
    """An mbox file, in the variant mboxrd, which can be read back without loss but for its line ends, which are LF.

    It is there whole after `finish`, and not at all before; a file of that name is replaced.
    """

    def __init__(self, path: str | Path) -> None:
        self._saving = Saving(path)

    def has(self, name: str) -> bool:
        """Says no: each export starts anew."""
        return False

    def add(self, name: str, chunks: Iterable[bytes], details: Details) -> int:
        """Adds a message, with its flags as `Status` and `X-Status`, and returns its size in bytes as it came."""
        content = b"".join(chunks)
        address = details.sender if _ADDRESS.fullmatch(details.sender) else "MAILER-DAEMON"
        first = f"From {address} {time.asctime(details.received.utctimetuple())}\n".encode()
        text = b"".join(_status(details.flags)) + content.replace(b"\r\n", b"\n")
        end = b"\n" if text.endswith(b"\n") else b"\n\n"
        self._saving.write(first + _FROM.sub(rb">\1", text) + end)
        return len(content)

    def finish(self) -> None:
        """Puts the file in its place."""
        self._saving.finish()

    def __enter__(self) -> Self:
        self._saving.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._saving.__exit__(kind, error, at)


def _status(flags: Collection[str]) -> Iterator[bytes]:
    yield b"Status: RO\n" if "seen" in flags else b"Status: O\n"
    letters = "".join(
        letter
        for flag, letter in (("answered", "A"), ("flagged", "F"), ("deleted", "D"), ("draft", "T"))
        if flag in flags
    )
    if letters:
        yield f"X-Status: {letters}\n".encode()
