"""How a command of Dovecot fails: with an exit code, with an error before it is run, or without any answer."""

from __future__ import annotations

USAGE = 64
NOT_POSSIBLE = 65
NO_USER = 67
NOT_FOUND = 68


class Failed(Exception):
    """The command was run and failed; `code` is its exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"exit code {code}")
        self.code = code


class NotRun(Exception):
    """The command is refused before it is run; `kind` is the type of the error."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Unreadable(Exception):
    """The whole request is refused with a status of 400 and these words."""


class Dropped(Exception):
    """The real server ends the connection here: an argument is absent or wrong in a way it does not survive."""
