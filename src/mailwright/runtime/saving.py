"""Writes a file that is there whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from mailwright.runtime.errors import UsageError


class Saving:
    """A file on its way to `path`: `finish` puts it there, leaving the `with` block before that leaves no trace.

    Until then it has another name in the same folder. Only its owner may read it, unless it replaces a file, whose
    permissions it takes over; a `private` one is its owner's alone in any case. Raises `UsageError` for a path that is
    no file's, and the `OSError` of the disk, `FileExistsError` among them when there is a file that must not be
    replaced.
    """

    def __init__(self, path: str | os.PathLike[str], *, overwrite: bool = True, private: bool = False) -> None:
        self._path = _checked(path)
        self._overwrite = overwrite
        mode = _mode(self._path)
        if mode is not None and not stat.S_ISREG(mode):
            raise UsageError(f"{self._path} is a folder" if stat.S_ISDIR(mode) else f"{self._path} is no regular file")
        if mode is not None and not overwrite:
            raise _exists(self._path)
        # Slow to import, and not needed by those who save nothing.
        from tempfile import mkstemp

        handle, name = mkstemp(dir=self._path.parent, prefix=".", suffix=".part")
        self._temporary = Path(name)
        self._file = os.fdopen(handle, "wb")
        if mode is not None and not private:
            # Not every file system has permissions.
            with suppress(OSError):
                self._temporary.chmod(stat.S_IMODE(mode))

    def write(self, data: bytes) -> None:
        """Adds to the file."""
        self._file.write(data)

    def finish(self) -> None:
        """Puts the file in its place, safely on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        if self._overwrite:
            self._temporary.replace(self._path)
            return
        try:
            self._path.hardlink_to(self._temporary)
        except FileExistsError:
            raise _exists(self._path) from None
        except OSError:
            # A file system without hard links; between the look and the move somebody may still come.
            if _mode(self._path) is not None:
                raise _exists(self._path) from None
            self._temporary.replace(self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        # What cannot be written may not be closed either, and why is told already.
        with suppress(OSError):
            self._file.close()
        self._temporary.unlink(missing_ok=True)


def _checked(path: object) -> Path:
    if not isinstance(path, (str, os.PathLike)):
        raise UsageError(f"the file to save to must be a path, not {type(path).__name__}")
    text = cast("object", os.fspath(cast("os.PathLike[str]", path)))
    if not isinstance(text, str):
        raise UsageError("the file to save to must be a path of text, not of bytes")
    if not text:
        raise UsageError("the file to save to has no name")
    # As it is now, for the working folder may be another one at the end.
    return Path(text).absolute()


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise UsageError(f"the file to save to has no possible name: {error}") from None


def _exists(path: Path) -> FileExistsError:
    return FileExistsError(errno.EEXIST, "the file exists already, and overwrite is False", str(path))
