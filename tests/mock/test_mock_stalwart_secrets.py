"""Which secret is the one that a mock of Stalwart has stored."""

from __future__ import annotations

import base64
import hashlib

import pytest
from passlib.hash import sha512_crypt

from mailwright.mock.packs.stalwart.stored_secrets import fits

SECRET = "pässwörd"
SALT = b"salt of any length"
DIGESTS = {"SHA": "sha1", "SHA256": "sha256", "SHA512": "sha512"}


def stored(word: str, name: str, secret: str, salt: bytes = b"") -> str:
    digest = hashlib.new(name, secret.encode() + salt).digest()
    return f"{{{word}}}{base64.b64encode(digest + salt).decode()}"


@pytest.mark.parametrize(
    "held",
    [
        SECRET,
        *(stored(word, name, SECRET) for word, name in DIGESTS.items()),
        *(stored(f"S{word}", name, SECRET, SALT) for word, name in DIGESTS.items()),
        stored("SSHA", "sha1", SECRET),
    ],
)
def test_the_secret_fits_and_no_other_does(held: str) -> None:
    assert fits(held, SECRET)
    for other in ("", "other", SECRET.upper(), f"{SECRET}x", SECRET[:-1]):
        assert not fits(held, other)


def test_digests_that_others_made_fit() -> None:
    assert fits("{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", "password")
    assert fits("{SHA256}XohImNooBHFR0OVvjcYpJ3NgPQ1qq73WKhHvch0VQtg=", "password")
    assert not fits("{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", "Password")


@pytest.mark.parametrize("word", [*DIGESTS, *(f"S{each}" for each in DIGESTS)])
def test_what_is_stored_is_no_secret_by_itself(word: str) -> None:
    held = stored(word, DIGESTS[word.removeprefix("S") if word.startswith("SS") else word], SECRET)
    assert fits(held, SECRET)
    assert not fits(held, held)


def test_salt_counts_where_the_word_says_that_there_is_some() -> None:
    salted = stored("SSHA256", "sha256", SECRET, SALT)
    assert fits(salted, SECRET)
    assert not fits(salted.replace("{SSHA256}", "{SHA256}"), SECRET)
    assert not fits(stored("SHA256", "sha256", SECRET, SALT), SECRET)
    other = base64.b64encode(hashlib.sha256(SECRET.encode() + SALT).digest() + b"other salt").decode()
    assert not fits(f"{{SSHA256}}{other}", SECRET)


@pytest.mark.parametrize(
    "held",
    [
        "{NONE}pässwörd",
        "{sha}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
        "{SHA}",
        "{SHA}pässwörd",
        "{SHA}W6ph5Mm5Pz8G!giULbPgzG37mj9g=",
        "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g",
        "{SHA256}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
        "{SSHA}AAAA",
        "{}pässwörd",
        "",
    ],
)
def test_what_cannot_be_read_fits_nothing(held: str) -> None:
    for secret in (SECRET, "password", "pässwörd", "x"):
        assert not fits(held, secret)


@pytest.mark.parametrize("held", ["{without an end", "SHA}x", "}", "a{SHA}b"])
def test_braces_that_are_no_word_are_part_of_the_secret(held: str) -> None:
    assert fits(held, held)
    assert not fits(held, SECRET)


# From the specification of SHA-crypt.
PUBLISHED = [
    (
        "Hello world!",
        "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
    ),
    (
        "Hello world!",
        (
            "$6$rounds=10000$saltstringsaltst$"
            "OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v."
        ),
    ),
]


@pytest.mark.parametrize(("secret", "held"), PUBLISHED)
def test_published_hashes_fit(secret: str, held: str) -> None:
    assert fits(held, secret)
    assert not fits(held, secret.lower())
    assert not fits(held, held)


@pytest.mark.parametrize("secret", ["", "x", SECRET, "a" * 64, "b" * 200])
def test_hashes_of_another_library_fit(secret: str) -> None:
    held = sha512_crypt.using(rounds=1000).hash(secret)
    assert fits(held, secret)
    assert not fits(held, f"{secret}x")


@pytest.mark.parametrize("held", ["$6$salt$hash", "$6$", "$5$salt$hash", "$app$x$pässwörd"])
def test_what_is_no_whole_hash_fits_nothing(held: str) -> None:
    assert not fits(held, SECRET)
    assert not fits(held, held)


@pytest.mark.parametrize("word", ["PLAIN", "plain", "CLEAR"])
def test_a_secret_may_be_said_to_be_in_clear_text(word: str) -> None:
    assert fits(f"{{{word}}}{SECRET}", SECRET)
    assert not fits(f"{{{word}}}{SECRET}", f"{{{word}}}{SECRET}")
