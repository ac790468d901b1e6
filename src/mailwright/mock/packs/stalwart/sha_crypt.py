"""SHA-512 crypt, the hash of passwords that begins with `$6$`, as its specification of 2007 has it."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha512

_STORED = re.compile(r"\$6\$(?:rounds=(\d+)\$)?([^$]{1,16})\$([./0-9A-Za-z]{86})")
_LETTERS = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ROUNDS = 5000


@lru_cache(maxsize=256)
def is_hash_of(stored: str, secret: str) -> bool:
    """Says whether a secret is the one of a hash; a text that is no such hash has none."""
    found = _STORED.fullmatch(stored)
    if found is None:
        return False
    rounds = min(max(int(found[1]), 1000), 999_999_999) if found[1] else _ROUNDS
    return _crypt(secret.encode(), found[2].encode(), rounds) == found[3]


def _crypt(secret: bytes, salt: bytes, rounds: int) -> str:
    other = sha512(secret + salt + secret).digest()
    first = sha512(secret + salt + _filled(other, len(secret)))
    length = len(secret)
    while length:
        first.update(other if length & 1 else secret)
        length >>= 1
    digest = first.digest()
    password = _filled(sha512(secret * len(secret)).digest(), len(secret))
    salted = _filled(sha512(salt * (16 + digest[0])).digest(), len(salt))
    for number in range(rounds):
        parts = (
            password if number & 1 else digest,
            salted if number % 3 else b"",
            password if number % 7 else b"",
            digest if number & 1 else password,
        )
        digest = sha512(b"".join(parts)).digest()
    return _letters(digest)


def _filled(piece: bytes, size: int) -> bytes:
    return (piece * (size // len(piece) + 1))[:size]


def _letters(digest: bytes) -> str:
    places = (0, 21, 42)
    told = ""
    for _ in range(21):
        told += _group(int.from_bytes(bytes(digest[each] for each in places)), 4)
        places = (places[1] + 1, places[2] + 1, places[0] + 1)
    return told + _group(digest[63], 2)


def _group(number: int, size: int) -> str:
    return "".join(_LETTERS[number >> 6 * place & 63] for place in range(size))
