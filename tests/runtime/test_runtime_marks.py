"""What a Struct says of its own fields leaves what its bases say of theirs."""

from __future__ import annotations

from typing import ClassVar

from mailwright.runtime.models import RequestModel, fields_in, marks_of, secret_fields
from mailwright.runtime.passwords import with_hashes


class Account(RequestModel, kw_only=True):
    _secrets: ClassVar[frozenset[str]] = frozenset({"password"})
    _lists: ClassVar[frozenset[str]] = frozenset({"emails"})
    _passwords: ClassVar[dict[str, tuple[str, str] | None]] = {"password": None}
    password: str = ""
    emails: str = ""


class Robot(Account, kw_only=True):
    _secrets: ClassVar[frozenset[str]] = frozenset({"key"})
    _passwords: ClassVar[dict[str, tuple[str, str] | None]] = {"key": None}
    key: str = ""


def test_marks_of_the_bases_count() -> None:
    assert secret_fields(Robot) == {"password", "key"}
    assert fields_in(Robot, "_lists") == {"emails"}
    assert marks_of(Robot, "_passwords") == {"password": None, "key": None}
    assert marks_of(Account, "_passwords") == {"password": None}


def test_a_password_of_the_base_is_hashed_as_well() -> None:
    sent = with_hashes(Robot(password="pony", key="horse"))
    assert isinstance(sent, Robot)
    assert [each[:3] for each in (sent.password, sent.key)] == ["$6$", "$6$"]
