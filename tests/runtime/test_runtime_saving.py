from __future__ import annotations

import asyncio
import errno
import io
import os
import stat
import threading
from pathlib import Path

import pytest
from download_readers import (
    MAIL,
    RFC822,
    SAVES,
    Save,
    async_duck,
    duck,
    mail_source,
    save_at_once,
    source,
)

from mailwright.runtime.errors import (
    Disconnected,
    UsageError,
)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@SAVES
def test_file_is_saved_for_its_owner_alone(save: Save, tmp_path: Path) -> None:
    path = tmp_path / "44.eml"
    backend = mail_source()
    assert save(backend, path) == len(MAIL)
    assert path.read_bytes() == MAIL
    assert list(tmp_path.iterdir()) == [path]
    assert mode_of(path) == 0o600
    assert backend.all_closed()


@SAVES
def test_path_may_be_text_and_is_taken_from_the_working_folder_of_the_call(
    save: Save, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(tmp_path)
    backend = source(MAIL[:5], lambda: os.chdir(elsewhere), MAIL[5:])
    assert save(backend, "44.eml") == len(MAIL)
    assert (tmp_path / "44.eml").read_bytes() == MAIL


@SAVES
def test_saving_takes_the_place_of_a_file_and_keeps_its_permissions(save: Save, tmp_path: Path) -> None:
    path = tmp_path / "44.eml"
    path.write_bytes(b"an older and longer file" * 10)
    path.chmod(0o640)
    save(mail_source(), path)
    assert path.read_bytes() == MAIL
    assert mode_of(path) == 0o640
    assert list(tmp_path.iterdir()) == [path]


@SAVES
def test_file_is_not_there_before_it_is_whole_and_the_older_one_is_until_then(save: Save, tmp_path: Path) -> None:
    path = tmp_path / "44.eml"
    path.write_bytes(b"older")
    seen: list[bytes] = []
    backend = source(MAIL[:5], lambda: seen.append(path.read_bytes()), MAIL[5:])
    save(backend, path)
    assert seen == [b"older"]
    assert path.read_bytes() == MAIL


@SAVES
@pytest.mark.parametrize("pieces", [[Disconnected("cut")], [MAIL[:5], Disconnected("cut")]])
def test_failed_download_leaves_the_older_file_and_nothing_else(
    save: Save, tmp_path: Path, pieces: list[bytes | Exception]
) -> None:
    path = tmp_path / "44.eml"
    path.write_bytes(b"older")
    with pytest.raises(Disconnected):
        save(source(*pieces), path)
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


@SAVES
def test_without_overwriting_a_file_that_exists_is_refused_before_it_is_read(save: Save, tmp_path: Path) -> None:
    path = tmp_path / "44.eml"
    path.write_bytes(b"older")
    backend = source(AssertionError("must not be read"))
    with pytest.raises(FileExistsError, match="overwrite is False"):
        save(backend, path, overwrite=False)
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]
    assert backend.all_closed()


def test_file_that_cannot_be_saved_is_not_asked_for(tmp_path: Path) -> None:
    (tmp_path / "44.eml").write_bytes(b"older")
    backend = mail_source()
    message = duck(backend).source("u", 44)
    with pytest.raises(FileExistsError):
        message.save(tmp_path / "44.eml", overwrite=False)
    with pytest.raises(FileNotFoundError):
        message.save(tmp_path / "no such folder" / "44.eml")
    with pytest.raises(UsageError, match="is a folder"):
        message.save(tmp_path)
    assert backend.requests == []
    assert message.save(tmp_path / "45.eml") == len(MAIL)


@SAVES
@pytest.mark.parametrize("links", [True, False])
def test_without_overwriting_a_file_that_comes_meanwhile_stays(
    save: Save, tmp_path: Path, links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", no_hard_links)
    path = tmp_path / "44.eml"
    backend = source(MAIL, lambda: path.write_bytes(b"somebody else's"))
    with pytest.raises(FileExistsError, match="overwrite is False"):
        save(backend, path, overwrite=False)
    assert path.read_bytes() == b"somebody else's"
    assert list(tmp_path.iterdir()) == [path]


def no_hard_links(self: Path, target: Path) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


@SAVES
@pytest.mark.parametrize("links", [True, False])
def test_without_overwriting_a_new_file_is_saved(
    save: Save, tmp_path: Path, links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", no_hard_links)
    assert save(mail_source(), tmp_path / "44.eml", overwrite=False) == len(MAIL)
    assert (tmp_path / "44.eml").read_bytes() == MAIL
    assert len(list(tmp_path.iterdir())) == 1


@SAVES
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "has no name"),
        (".", "is a folder"),
        ("/dev/null", "no regular file"),
        ("a\0b", "null"),
        (b"44.eml", "not bytes"),
        (44, "must be a path, not int"),
        (None, "must be a path, not NoneType"),
        (io.BytesIO(), "must be a path, not BytesIO"),
    ],
)
def test_path_that_is_no_files_is_refused(save: Save, path: object, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        save(mail_source(), path)


class BytesPath:
    def __fspath__(self) -> bytes:
        return b"44.eml"


def test_path_of_bytes_is_refused() -> None:
    with pytest.raises(UsageError, match="not of bytes"):
        save_at_once(mail_source(), BytesPath())


FULL = OSError(errno.ENOSPC, "No space left on device")


class OnFullDisk(io.FileIO):
    def write(self, data: object, /) -> int:
        raise FULL


@SAVES
@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_error_of_the_disk_passes_as_it_is_and_leaves_nothing(
    save: Save, tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise FULL

    if step == "write":
        # Like a real file it fails once more when it is closed with data in its buffer.
        monkeypatch.setattr(os, "fdopen", lambda handle, mode: io.BufferedWriter(OnFullDisk(handle, mode)))
    elif step == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    path = tmp_path / "44.eml"
    path.write_bytes(b"older")
    backend = mail_source()
    with pytest.raises(OSError, match="No space left") as caught:
        save(backend, path)
    assert caught.value is FULL
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]
    assert backend.all_closed()


@SAVES
def test_file_is_on_the_disk_before_it_has_its_name(
    save: Save, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "44.eml"
    synced: list[tuple[int, bool]] = []
    real = os.fsync

    def sync(handle: int) -> None:
        synced.append((os.fstat(handle).st_size, path.exists()))
        real(handle)

    monkeypatch.setattr(os, "fsync", sync)
    save(mail_source(), path)
    assert synced == [(len(MAIL), False)]


@SAVES
@pytest.mark.parametrize("announced", [True, False])
def test_progress_is_told_piece_by_piece(save: Save, tmp_path: Path, announced: bool) -> None:
    told: list[tuple[int, int | None]] = []
    headers = (RFC822, *((("Content-Length", "6"),) if announced else ()))
    save(source(b"ab", b"cde", b"f", headers=headers), tmp_path / "a", progress=lambda *now: told.append(now))
    size = 6 if announced else None
    assert told == [(2, size), (5, size), (6, size)]


@SAVES
def test_error_of_progress_ends_the_download_and_leaves_nothing(save: Save, tmp_path: Path) -> None:
    def fail(done: int, size: int | None) -> None:
        raise ZeroDivisionError

    backend = mail_source()
    with pytest.raises(ZeroDivisionError):
        save(backend, tmp_path / "44.eml", progress=fail)
    assert list(tmp_path.iterdir()) == []
    assert backend.all_closed()


@SAVES
def test_large_file_is_saved_piece_by_piece(save: Save, tmp_path: Path) -> None:
    pieces = [bytes([number]) * 700_001 for number in range(5)]
    assert save(source(*pieces), tmp_path / "large") == 5 * 700_001
    assert (tmp_path / "large").read_bytes() == b"".join(pieces)


def test_cancelled_saving_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "44.eml"
    path.write_bytes(b"older")

    async def main() -> None:
        reading = asyncio.Event()
        backend = source(b"x" * 2_000_000, reading.set, asyncio.Event().wait)
        task = asyncio.create_task(async_duck(backend).source("u", 44).save(path))
        await reading.wait()
        assert len(list(tmp_path.iterdir())) == 2
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert backend.all_closed()

    asyncio.run(asyncio.wait_for(main(), 10))
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


def test_saving_that_is_cancelled_while_the_disk_is_slow_waits_for_it_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing, may_end = threading.Event(), threading.Event()
    ended: list[bool] = []

    def slow(handle: int) -> None:
        writing.set()
        may_end.wait(10)
        ended.append(True)
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", slow)

    async def main() -> None:
        task = asyncio.create_task(async_duck(mail_source()).source("u", 44).save(tmp_path / "44.eml"))
        await asyncio.to_thread(writing.wait, 10)
        task.cancel()
        await asyncio.sleep(0)
        assert not task.done()
        may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ended == [True]

    asyncio.run(asyncio.wait_for(main(), 20))
    assert list(tmp_path.iterdir()) == []


def test_event_loop_goes_on_while_the_disk_is_slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    may_end = threading.Event()
    real = os.fsync

    def slow(handle: int) -> None:
        assert may_end.wait(10)
        real(handle)

    monkeypatch.setattr(os, "fsync", slow)

    async def main() -> None:
        task = asyncio.create_task(async_duck(mail_source()).source("u", 44).save(tmp_path / "44.eml"))
        for _ in range(50):
            await asyncio.sleep(0)
        may_end.set()
        assert await task == len(MAIL)

    asyncio.run(asyncio.wait_for(main(), 20))
