"""Maildirs and mbox files: what is written, and what is left when something fails."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from mailwright_wildduck.v1_51 import models

from mailwright.recipes.mail_files import Details, Maildir, Mbox
from mailwright.recipes.wildduck_steps import details as details_of
from mailwright.recipes.wildduck_steps import file_name
from mailwright.runtime import UsageError

RECEIVED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LETTER = b"Subject: Hello\r\n\r\nFrom me\r\n>>From you\r\nxFrom nobody\r\n"


def details(*flags: str, sender: str = "ada@example.test") -> Details:
    return Details(sender, RECEIVED, frozenset(flags))


def broken() -> Iterator[bytes]:
    yield b"Subject: half"
    raise ConnectionError("gone")


def test_a_maildir_has_each_message_byte_for_byte_and_its_flags_in_the_name(tmp_path: Path) -> None:
    with Maildir(tmp_path / "box") as box:
        assert box.add("1.a", [LETTER[:7], LETTER[7:]], details("seen", "flagged", "draft")) == len(LETTER)
        assert box.add("2.b", [LETTER], details()) == len(LETTER)
        box.finish()
    assert (tmp_path / "box" / "cur" / "1.a:2,DFS").read_bytes() == LETTER
    assert (tmp_path / "box" / "cur" / "2.b:2,").read_bytes() == LETTER


def test_a_message_that_breaks_off_leaves_nothing_in_a_maildir(tmp_path: Path) -> None:
    box = Maildir(tmp_path)
    with pytest.raises(ConnectionError):
        box.add("1.a", broken(), details())
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []
    assert not box.has("1.a")


def test_a_maildir_knows_what_is_there_whatever_flags_it_has_by_now(tmp_path: Path) -> None:
    Maildir(tmp_path).add("1.a", [LETTER], details())
    (tmp_path / "cur" / "1.a:2,").rename(tmp_path / "cur" / "1.a:2,ST")
    box = Maildir(tmp_path)
    assert box.has("1.a")
    assert not box.has("1.b")


def test_a_maildir_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="a maildir is a folder"):
        Maildir(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"


def test_an_mbox_quotes_lines_so_that_they_can_be_read_back(tmp_path: Path) -> None:
    path = tmp_path / "box.mbox"
    with Mbox(path) as box:
        assert box.add("1", [LETTER], details("seen", "flagged")) == len(LETTER)
        box.add("2", [b"Subject: No end"], details("answered", "deleted", "draft"))
        assert not path.exists()
        box.finish()
    assert path.read_bytes() == (
        b"From ada@example.test Fri Jan  2 03:04:05 2026\nStatus: RO\nX-Status: F\nSubject: Hello\n\n"
        b">From me\n>>>From you\nxFrom nobody\n\n"
        b"From ada@example.test Fri Jan  2 03:04:05 2026\nStatus: O\nX-Status: ADT\nSubject: No end\n\n"
    )
    assert [each["subject"] for each in mailbox.mbox(path)] == ["Hello", "No end"]


@pytest.mark.parametrize("sender", ["", "two words", "line\nbreak", "jäne@example.test", "\ud800"])
def test_a_sender_that_cannot_stand_in_the_first_line_is_left_out(tmp_path: Path, sender: str) -> None:
    with Mbox(tmp_path / "box") as box:
        box.add("1", [LETTER], details(sender=sender))
        box.finish()
    assert (tmp_path / "box").read_bytes().startswith(b"From MAILER-DAEMON Fri Jan  2 03:04:05 2026\n")


def test_an_mbox_that_is_not_finished_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "box"
    path.write_bytes(b"old")
    with Mbox(path) as box:
        box.add("1", [LETTER], details())
        with pytest.raises(ConnectionError):
            box.add("2", broken(), details())
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["box"]


def message(**more: Any) -> models.MessageSummary:
    plain = dict.fromkeys(("attachments", "seen", "deleted", "flagged", "draft", "answered", "forwarded"), False)
    lists: dict[str, Any] = {"to": [], "cc": [], "bcc": [], "references": []}
    given = {"id": 7, "mailbox": "b", "thread": "c", "size": 1, "date": None, **plain, **lists, **more}
    return msgspec.convert(given, models.MessageSummary)


def test_a_name_stays_in_its_folder() -> None:
    assert file_name("../../etc/cron.d/x", message()) == "0.______etc_cron_d_x-7.wildduck"
    assert "/" not in file_name("a\0/b", message())


@pytest.mark.parametrize(
    ("date", "year"),
    [
        ("9999-12-31T23:59:59-12:00", 1970),
        ("0001-01-01T00:00:00+12:00", 1970),
        ("2026-01-02T03:04:05Z", 2026),
        (None, 1970),
    ],
)
def test_a_time_that_cannot_be_is_told_as_the_first(tmp_path: Path, date: str | None, year: int) -> None:
    told = details_of(message(date=date, flagged=True))
    assert (told.received.year, told.flags) == (year, frozenset({"flagged"}))
    with Mbox(tmp_path / "box") as box:
        box.add(file_name("b", message(date=date)), [LETTER], told)
        box.finish()
    assert str(year).encode() in (tmp_path / "box").read_bytes().splitlines()[0]
