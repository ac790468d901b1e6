"""How a doveadm command ended, as the number that its process gives."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """An exit code: `meaning` tells it in words, `retry` whether the same command may well succeed another time.

    Codes that are not in Dovecot's table stay plain numbers.
    """

    OK = 0
    CHANGED = 2
    USAGE = 64
    NOT_POSSIBLE = 65
    NO_INPUT = 66
    NO_USER = 67
    NOT_FOUND = 68
    UNAVAILABLE = 69
    SOFTWARE = 70
    OS_ERROR = 71
    OS_FILE = 72
    CANNOT_CREATE = 73
    IO_ERROR = 74
    TEMPORARY = 75
    PROTOCOL = 76
    NO_PERMISSION = 77
    CONFIGURATION = 78
    EXPIRED = 1003

    @property
    def meaning(self) -> str:
        """What it says, in a sentence."""
        return _MEANINGS[self]

    @property
    def retry(self) -> bool:
        """Whether the same command may well succeed another time."""
        return self in _WORTH_A_RETRY


_MEANINGS = {
    ExitCode.OK: "It went well.",
    ExitCode.CHANGED: "A synchronisation went well, but mail changed meanwhile; run it again until it gives 0.",
    ExitCode.USAGE: "The parameters are wrong, or a name is.",
    ExitCode.NOT_POSSIBLE: (
        "The data does not allow it: it exists already, is not empty, or cannot be done to this mailbox."
    ),
    ExitCode.NO_INPUT: "An input cannot be opened.",
    ExitCode.NO_USER: "There is no such user in the user database.",
    ExitCode.NOT_FOUND: "There is no such mailbox, host, key or file.",
    ExitCode.UNAVAILABLE: "A service that it needs is not available.",
    ExitCode.SOFTWARE: "The server failed in itself.",
    ExitCode.OS_ERROR: "The operating system refused, for example a new process.",
    ExitCode.OS_FILE: "A file of the system is missing.",
    ExitCode.CANNOT_CREATE: "It cannot be created, as the user is out of quota.",
    ExitCode.IO_ERROR: "Reading or writing failed.",
    ExitCode.TEMPORARY: "It failed for now; run it again later, and not for ever.",
    ExitCode.PROTOCOL: "The other end does not keep to the protocol.",
    ExitCode.NO_PERMISSION: "Authentication failed, or a right is missing.",
    ExitCode.CONFIGURATION: "The configuration is wrong.",
    ExitCode.EXPIRED: "What was asked for is no longer valid or up to date; read it anew first.",
}
_WORTH_A_RETRY = {ExitCode.CHANGED, ExitCode.UNAVAILABLE, ExitCode.OS_ERROR, ExitCode.TEMPORARY}
