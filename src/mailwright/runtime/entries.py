"""What a server reports of a write: a list of entries, each saying what was done.

Only mailcow answers so. An entry also has a log, which repeats the request with its secrets, and is not read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

# What a server says that has done nothing it could name.
_UNCONFIRMED = "Task completed"


class Entry(msgspec.Struct, frozen=True):
    """One thing that was done; `msg` is a key such as `mailbox_added`, alone or before its arguments, or a sentence."""

    type: str
    msg: str | list[Any]

    @property
    def key(self) -> str:
        """The key or the sentence, without its arguments; empty where the server gave none."""
        first = self.msg if isinstance(self.msg, str) else next(iter(self.msg), "")
        return first if isinstance(first, str) else ""

    @property
    def arguments(self) -> Sequence[Any]:
        """What stands after the key: names, ids as text, numbers."""
        return () if isinstance(self.msg, str) else self.msg[1:]


class Done(msgspec.Struct, frozen=True):
    """What a write came to, told by one entry or several; the one that was asked for is the last."""

    entries: list[Entry]

    @property
    def confirmed(self) -> bool:
        """Whether the server named anything that it did.

        A mere "Task completed" mostly stands for nothing done, such as an edit of no items; to know, read it again.
        """
        return any(entry.key != _UNCONFIRMED for entry in self.entries)

    @property
    def key(self) -> str:
        """The key of the last entry, such as `mailbox_added`; empty where there is no entry."""
        return self.entries[-1].key if self.entries else ""

    @property
    def arguments(self) -> Sequence[Any]:
        """The arguments of the last entry, such as the address of the new mailbox."""
        return self.entries[-1].arguments if self.entries else ()
