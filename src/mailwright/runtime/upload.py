"""A request body that is not JSON: bytes, a file by its path, or an open binary file."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from mailwright.runtime.errors import UsageError

_CHUNK = 256 * 1024


class Upload:
    """What is sent, piece by piece, and once more from where it began when a request is tried again.

    `source` is bytes, a path, or a file opened for reading in binary mode, which is read from where it stands and left
    open. Exactly `length` bytes are sent: what is added to a file meanwhile is left out. Raises `UsageError` for
    anything else, and for a file that cannot be read.
    """

    def __init__(self, source: object) -> None:
        self._source = _checked(source)
        self._start = _position(self._source)
        self._begun = False
        self.length = self._length()
        """Its size in bytes, or None when only reading it will tell."""

    @property
    def replayable(self) -> bool:
        """Whether it can be sent (once more)."""
        return not self._begun or self._start is not None

    def chunks(self) -> Iterator[bytes]:
        """Yields the body from its beginning, in pieces of at most 256 KiB.

        Raises `UsageError` when it cannot be read, to its end or once more; a server then has no whole request.
        """
        if not self.replayable:
            raise UsageError("the file to upload cannot be read once more: it is not seekable")
        self._begun = True
        try:
            if isinstance(self._source, bytes):
                view = memoryview(self._source)
                yield from (bytes(view[at : at + _CHUNK]) for at in range(0, len(view), _CHUNK))
            elif isinstance(self._source, Path):
                with self._source.open("rb") as file:
                    yield from _pieces(file, self.length)
            else:
                if self._start is not None:
                    self._source.seek(self._start)
                yield from _pieces(self._source, self.length)
        except (OSError, ValueError) as error:
            raise _unreadable(error) from None

    def __repr__(self) -> str:
        return f"<Upload of {'an unknown number of' if self.length is None else self.length} bytes>"

    def _length(self) -> int | None:
        if isinstance(self._source, bytes):
            return len(self._source)
        try:
            if isinstance(self._source, Path):
                # Looked at first: to open a pipe would wait for its writer.
                if not stat.S_ISREG(self._source.stat().st_mode):
                    raise UsageError(f"the file to upload is no regular file: {self._source}")
                # Opened, so that a file one may not read is refused before anything is sent.
                with self._source.open("rb") as file:
                    return os.fstat(file.fileno()).st_size
            if self._start is None:
                return None
            end = self._source.seek(0, os.SEEK_END)
            self._source.seek(self._start)
        except (OSError, ValueError) as error:
            raise _unreadable(error) from None
        return max(0, end - self._start)


def _unreadable(error: Exception) -> UsageError:
    return UsageError(f"the file to upload cannot be read: {error}")


def _checked(source: object) -> bytes | Path | BinaryIO:
    if isinstance(source, (bytes, bytearray, memoryview)):
        return bytes(cast("bytes", source))
    if isinstance(source, str):
        raise UsageError("an upload is bytes, a pathlib.Path or a binary file, not str; encode text, wrap a path")
    if isinstance(source, os.PathLike):
        return Path(os.fsdecode(cast("os.PathLike[str]", source)))
    if isinstance(source, io.TextIOBase):
        raise UsageError("the file to upload is open in text mode; open it with 'rb'")
    if not callable(getattr(source, "read", None)):
        raise UsageError(f"an upload is bytes, a pathlib.Path or a binary file, not {type(source).__name__}")
    readable: Callable[[], bool] | None = getattr(source, "readable", None)
    try:
        if readable is not None and not readable():
            raise UsageError("the file to upload is not open for reading; open it with 'rb'")
    except ValueError as error:  # it is closed
        raise _unreadable(error) from None
    return cast("BinaryIO", source)


def _position(source: bytes | Path | BinaryIO) -> int | None:
    if isinstance(source, (bytes, Path)):
        return 0
    try:
        return source.tell() if source.seekable() else None
    except (AttributeError, OSError, ValueError):
        return None


def _pieces(file: BinaryIO, length: int | None) -> Iterator[bytes]:
    left = length
    while left is None or left > 0:
        piece = cast("object", file.read(_CHUNK if left is None else min(_CHUNK, left)))
        if piece is None:
            raise UsageError("the file to upload does not wait for its data; open it in blocking mode")
        if not isinstance(piece, (bytes, bytearray)):
            raise UsageError(f"the file to upload gives {type(piece).__name__}, not bytes; open it with 'rb'")
        if not piece:
            if left is None:
                return
            raise UsageError(f"the file to upload became shorter: {left} of its {length} bytes are gone")
        if left is not None:
            left -= len(piece)
        yield bytes(piece)
