"""Where a mock takes new ids, passwords and seeds from: all of it follows from one number."""

from __future__ import annotations

import hashlib
import random
import string
import uuid

LETTERS = string.ascii_lowercase
WORD = string.ascii_letters + string.digits


class Chance:
    """Gives the same ids and texts in the same order for the same seed."""

    def __init__(self, seed: int, kind: str) -> None:
        self._random = random.Random(seed)  # noqa: S311  (made up data of a mock protects nothing)
        self._kind = kind
        self._stem = hashlib.sha256(f"mailwright {seed}".encode()).hexdigest()[:16]
        self._count = 0

    def id(self) -> str:
        """A new id; ids of kind `objectid` and `counter` rise, as the order of lists relies on."""
        self._count += 1
        if self._kind == "counter":
            return str(self._count)
        if self._kind == "uuid":
            return str(uuid.UUID(int=self._random.getrandbits(128), version=4))
        return f"{self._stem}{self._count:08x}"

    def hex(self, record_id: str) -> str:
        """The 32 hex digits that belong to an id."""
        return hashlib.sha256(f"{self._stem} {record_id}".encode()).hexdigest()[:32]

    def text(self, length: int, alphabet: str = WORD) -> str:
        """A text of so many letters from an alphabet."""
        return "".join(self._random.choice(alphabet) for _ in range(length))

    def bytes(self, length: int) -> bytes:
        """So many bytes."""
        return self._random.randbytes(length)
