"""Who calls: the mock's token may do all, `<token>-ro` may read, and who shows nothing gets an empty answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailwright.mock.access import Caller
from mailwright.mock.state import State

_STRANGE = re.compile("[^A-Za-z0-9-]")

READ_WRITE, READ_ONLY, NOBODY, UNKNOWN = "read-write", "read-only", "nobody", "unknown"


def admit(state: State, presented: Sequence[str], token: str | None) -> Caller:
    """Says by the role who calls; the server drops what is no letter, digit or hyphen from a key."""
    if token is None:
        return Caller(READ_WRITE)
    own = _STRANGE.sub("", token)
    for shown in presented:
        key = _STRANGE.sub("", shown)
        return Caller({own: READ_WRITE, f"{own}-ro": READ_ONLY}.get(key, UNKNOWN))
    return Caller(NOBODY)
