"""Files that are their owner's alone, whatever was in their place before."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from mailwright.runtime.saving import Saving


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("before", [None, 0o644, 0o666, 0o400])
@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_private_file_is_its_owners_alone(tmp_path: Path, before: int | None, mask: int) -> None:
    path = tmp_path / "secrets"
    if before is not None:
        path.write_bytes(b"older")
        path.chmod(before)
    old = os.umask(mask)
    try:
        with Saving(path, private=True) as saving:
            saving.write(b"new")
            saving.finish()
    finally:
        os.umask(old)
    assert path.read_bytes() == b"new"
    assert mode_of(path) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_only_a_private_one_does_not_take_over_what_was_allowed_before(tmp_path: Path) -> None:
    path = tmp_path / "secrets"
    for private, mode in ((False, 0o644), (True, 0o600)):
        path.write_bytes(b"older")
        path.chmod(0o644)
        with Saving(path, private=private) as saving:
            saving.write(b"new")
            saving.finish()
        assert mode_of(path) == mode


def test_private_file_is_its_owners_alone_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "secrets"
    path.write_bytes(b"older")
    path.chmod(0o666)
    with Saving(path, private=True) as saving:
        saving.write(b"new")
        (part,) = [each for each in tmp_path.iterdir() if each != path]
        assert mode_of(part) == 0o600
        assert (path.read_bytes(), mode_of(path)) == (b"older", 0o666)
        saving.finish()


def test_private_file_that_is_not_finished_leaves_the_older_one_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "secrets"
    path.write_bytes(b"older")
    path.chmod(0o640)
    with Saving(path, private=True) as saving:
        saving.write(b"new")
    assert (path.read_bytes(), mode_of(path)) == (b"older", 0o640)
    assert list(tmp_path.iterdir()) == [path]


def test_private_file_takes_the_place_of_none_where_it_must_not(tmp_path: Path) -> None:
    path = tmp_path / "secrets"
    with Saving(path, overwrite=False, private=True) as saving:
        saving.write(b"new")
        saving.finish()
    assert (path.read_bytes(), mode_of(path)) == (b"new", 0o600)
    with pytest.raises(FileExistsError):
        Saving(path, overwrite=False, private=True)
    assert list(tmp_path.iterdir()) == [path]


def test_name_that_leads_to_a_file_gives_way_and_the_file_stays_as_it_was(tmp_path: Path) -> None:
    shared, path = tmp_path / "shared", tmp_path / "secrets"
    shared.write_bytes(b"older")
    shared.chmod(0o644)
    path.symlink_to(shared)
    with Saving(path, private=True) as saving:
        saving.write(b"new")
        saving.finish()
    assert not path.is_symlink()
    assert (path.read_bytes(), mode_of(path)) == (b"new", 0o600)
    assert (shared.read_bytes(), mode_of(shared)) == (b"older", 0o644)
