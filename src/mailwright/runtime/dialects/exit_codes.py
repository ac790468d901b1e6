"""How a doveadm command ended, as the number that its process gives."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """An exit code: `meaning` tells it in words, `retry` whether the same command may well succeed another time.

    Codes that are not in Dovecot's table stay plain numbers.
    """

    meaning: str
    retry: bool

    def __new__(cls, code: int, retry: bool = False, meaning: str = "") -> ExitCode:
        """Makes a member of one line of the table."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        member.retry = retry
        return member

    OK = 0, False, "It went well."
    CHANGED = 2, True, "A synchronisation went well, but mail changed meanwhile; run it again until it gives 0."
    USAGE = 64, False, "The parameters are wrong, or a name is."
    NOT_POSSIBLE = (
        65,
        False,
        "The data does not allow it: it exists already, is not empty, or cannot be done to this mailbox.",
    )
    NO_INPUT = 66, False, "An input cannot be opened."
    NO_USER = 67, False, "There is no such user in the user database."
    NOT_FOUND = 68, False, "There is no such mailbox, host, key or file."
    UNAVAILABLE = 69, True, "A service that it needs is not available."
    SOFTWARE = 70, False, "The server failed in itself."
    OS_ERROR = 71, True, "The operating system refused, for example a new process."
    OS_FILE = 72, False, "A file of the system is missing."
    CANNOT_CREATE = 73, False, "It cannot be created, as the user is out of quota."
    IO_ERROR = 74, False, "Reading or writing failed."
    TEMPORARY = 75, True, "It failed for now; run it again later, and not for ever."
    PROTOCOL = 76, False, "The other end does not keep to the protocol."
    NO_PERMISSION = 77, False, "Authentication failed, or a right is missing."
    CONFIGURATION = 78, False, "The configuration is wrong."
    EXPIRED = 1003, False, "What was asked for is no longer valid or up to date; read it anew first."
