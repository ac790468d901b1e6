from __future__ import annotations

import io
import mmap
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from mailwright.runtime.errors import UsageError
from mailwright.runtime.upload import Upload

DATA = bytes(range(256)) * 2500  # 640,000 bytes: two full pieces and a rest


class ReadOnly:
    """The least that is a file: no `seekable`, no `tell`."""

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)

    def read(self, size: int = -1) -> object:
        return self.answers.pop(0)


class Broken(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        raise OSError(5, "Input/output error")


def on_disk(folder: Path) -> Path:
    path = folder / "message.eml"
    path.write_bytes(DATA)
    return path


def spooled() -> object:
    file = tempfile.SpooledTemporaryFile()  # noqa: SIM115
    file.write(DATA)
    file.seek(0)
    return file


SOURCES: dict[str, Callable[[Path], object]] = {
    "bytes": lambda _: DATA,
    "bytearray": lambda _: bytearray(DATA),
    "memoryview": lambda _: memoryview(DATA),
    "path": on_disk,
    "open file": lambda folder: on_disk(folder).open("rb"),
    "raw file": lambda folder: on_disk(folder).open("rb", buffering=0),
    "BytesIO": lambda _: io.BytesIO(DATA),
    "spooled file": lambda _: spooled(),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_each_kind_of_source_is_sent_whole_in_pieces_and_once_more(kind: str, tmp_path: Path) -> None:
    source = SOURCES[kind](tmp_path)
    try:
        upload = Upload(source)
        assert upload.length == len(DATA)
        for _ in range(3):
            pieces = list(upload.chunks())
            assert b"".join(pieces) == DATA
            assert [len(piece) for piece in pieces] == [262_144, 262_144, 115_712]
            assert all(type(piece) is bytes for piece in pieces)
            assert upload.replayable
        assert repr(upload) == "<Upload of 640000 bytes>"
    finally:
        if isinstance(source, io.IOBase):
            source.close()


@pytest.mark.parametrize("empty", [b"", io.BytesIO()])
def test_empty_source_is_sent_as_an_empty_body(empty: object) -> None:
    upload = Upload(empty)
    assert upload.length == 0
    assert list(upload.chunks()) == []


def test_file_is_read_from_where_it_stands_and_left_open() -> None:
    file = io.BytesIO(b"skipped" + DATA)
    file.seek(7)
    upload = Upload(file)
    assert file.tell() == 7
    assert upload.length == len(DATA)
    next(upload.chunks())
    assert b"".join(upload.chunks()) == DATA
    assert not file.closed


def test_file_that_stands_behind_its_end_is_empty() -> None:
    file = io.BytesIO(b"abc")
    file.seek(9)
    assert Upload(file).length == 0


def open_files() -> set[str]:
    return {link.readlink().name for link in Path("/proc/self/fd").iterdir() if link.is_symlink()}


def test_file_by_its_path_is_closed_after_each_reading(tmp_path: Path) -> None:
    upload = Upload(on_disk(tmp_path))
    chunks = upload.chunks()
    next(chunks)
    assert "message.eml" in open_files()
    chunks.close()  # type: ignore[attr-defined]
    assert "message.eml" not in open_files()


def test_pipe_is_sent_with_unknown_length_and_only_once() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"from a pipe")
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        upload = Upload(file)
        assert upload.length is None
        assert repr(upload) == "<Upload of an unknown number of bytes>"
        assert upload.replayable
        assert b"".join(upload.chunks()) == b"from a pipe"
        assert not upload.replayable
        with pytest.raises(UsageError, match="not seekable"):
            next(upload.chunks())


def test_pipe_that_was_not_read_yet_may_still_be_sent() -> None:
    upload = Upload(ReadOnly(b"ab", bytearray(b"c"), b""))
    unused = upload.chunks()
    assert upload.replayable
    assert list(upload.chunks()) == [b"ab", b"c"]
    with pytest.raises(UsageError, match="not seekable"):
        next(unused)


def test_mapped_file_is_sent(tmp_path: Path) -> None:
    with on_disk(tmp_path).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert b"".join(Upload(mapped).chunks()) == DATA


def test_what_is_added_to_a_file_meanwhile_is_left_out(tmp_path: Path) -> None:
    path = on_disk(tmp_path)
    upload = Upload(path)
    with path.open("ab") as file:
        file.write(b"more")
    assert b"".join(upload.chunks()) == DATA


def test_file_that_becomes_shorter_is_refused(tmp_path: Path) -> None:
    path = on_disk(tmp_path)
    upload = Upload(path)
    path.write_bytes(b"short")
    with pytest.raises(UsageError, match="became shorter: 639995 of its 640000 bytes are gone"):
        list(upload.chunks())


def test_file_that_is_gone_is_refused_when_it_is_sent(tmp_path: Path) -> None:
    path = on_disk(tmp_path)
    upload = Upload(path)
    path.unlink()
    with pytest.raises(UsageError, match="cannot be read"):
        list(upload.chunks())


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (ReadOnly(b"a", None), "does not wait for its data"),
        (ReadOnly(b"a", "b"), "gives str, not bytes"),
        (ReadOnly(""), "gives str, not bytes"),
        (Broken(DATA), "Input/output error"),
    ],
)
def test_file_that_cannot_be_read_on_is_refused_and_never_taken_for_ended(source: object, words: str) -> None:
    upload = Upload(source)
    with pytest.raises(UsageError, match=words):
        list(upload.chunks())


def test_file_closed_after_the_upload_was_made_is_refused_when_it_is_sent() -> None:
    file = io.BytesIO(DATA)
    upload = Upload(file)
    file.close()
    with pytest.raises(UsageError, match="closed file"):
        list(upload.chunks())


def closed_file(folder: Path) -> object:
    with on_disk(folder).open("rb") as file:
        return file


def pipe_by_path(folder: Path) -> object:
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def write_only(folder: Path) -> object:
    return (folder / "new").open("wb")


def text_file(folder: Path) -> object:
    return on_disk(folder).open(encoding="latin-1")


class BytesPath(os.PathLike[bytes]):
    def __fspath__(self) -> bytes:
        return b"/no/such"


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "str": (lambda _: "message.eml", "not str; encode text, wrap a path"),
    "None": (lambda _: None, "not NoneType"),
    "list": (lambda _: [b"a"], "not list"),
    "number": (lambda _: 5, "not int"),
    "text": (lambda _: io.StringIO("a"), "text mode; open it with 'rb'"),
    "text file": (text_file, "text mode; open it with 'rb'"),
    "closed file": (closed_file, "closed file"),
    "write-only file": (write_only, "not open for reading"),
    "no such file": (lambda folder: folder / "none", "No such file"),
    "no such file, in bytes": (lambda _: BytesPath(), "No such file"),
    "folder": (lambda folder: folder, "no regular file"),
    "pipe": (pipe_by_path, "no regular file"),
    "NUL in the path": (lambda _: Path("a\0b"), "null byte"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_sent_is_refused_at_once(kind: str, tmp_path: Path) -> None:
    make, words = REFUSED[kind]
    source = make(tmp_path)
    try:
        with pytest.raises(UsageError, match=words):
            Upload(source)
    finally:
        if isinstance(source, io.IOBase):
            source.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_file_one_may_not_read_is_refused_at_once(tmp_path: Path) -> None:
    path = on_disk(tmp_path)
    path.chmod(0)
    with pytest.raises(UsageError, match="Permission denied"):
        Upload(path)
