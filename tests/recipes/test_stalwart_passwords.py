"""Passwords go to Stalwart as hashes, unless they are something else or the caller says otherwise."""

from __future__ import annotations

import sys

import pytest
from passlib.hash import sha512_crypt

from mailwright.recipes.stalwart_changes import add, put, remove
from mailwright.recipes.stalwart_passwords import hashed, in_clear_text
from mailwright.runtime import UsageError

KEPT = [
    "$6$salt$hash",
    "$5$salt$hash",
    "$1$salt$hash",
    "$2b$12$hash",
    "$argon2id$v=19$hash",
    "$pbkdf2-sha256$hash",
    "$app$phone$$6$salt$hash",
    "{SHA}hash",
    "{SSHA256}hash",
    "{PLAIN-MD5}hash",
    "otpauth://totp/x?secret=ABC",
]


@pytest.mark.parametrize("secret", KEPT)
def test_what_is_no_password_in_clear_text_is_kept(secret: str) -> None:
    assert hashed(secret) == secret
    assert add("secrets", secret).value == secret


@pytest.mark.parametrize("password", ["hunter2", "pässwörd", "$ecret", "{}", "$6", "otpauth:", "a" * 500])
def test_a_password_is_hashed_by_sha_512_crypt(password: str) -> None:
    scheme = sha512_crypt
    sent = [hashed(password), add("secrets", password).value, *put("secrets", [password]).value]  # type: ignore[misc]
    assert all(str(each).startswith("$6$") for each in sent)
    assert len(set(sent)) == 3
    assert all(scheme.verify(password, each) for each in sent)
    assert not scheme.verify(f"{password}x", sent[0])


def test_a_password_may_go_as_it_is() -> None:
    assert in_clear_text("hunter2") == "{PLAIN}hunter2"
    assert add("secrets", "hunter2", as_is=True).value == "{PLAIN}hunter2"
    assert put("secrets", ["hunter2"], as_is=True).value == ["{PLAIN}hunter2"]
    assert remove("secrets", "hunter2").value == "hunter2"
    assert add("emails", "jane@example.org").value == "jane@example.org"


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "passlib.hash", None)
    with pytest.raises(UsageError, match=r"mailwright\[passwords\]") as caught:
        add("secrets", "hunter2")
    assert "hunter2" not in f"{caught.value}"


def test_a_password_that_cannot_be_hashed_is_not_shown() -> None:
    with pytest.raises(UsageError) as caught:
        hashed("hunter2\0")
    assert "hunter2" not in f"{caught.value!r}"
