"""Refusals that more than one part of the pack gives."""

from __future__ import annotations

from mailwright.mock.call import Refused


def user_missing() -> Refused:
    """There is no such user."""
    return Refused({"error": "This user does not exist", "code": "UserNotFound"}, status=404)


def mailbox_missing() -> Refused:
    """There is no such mailbox."""
    return Refused({"error": "This mailbox does not exist", "code": "NoSuchMailbox"}, status=404)


def message_missing() -> Refused:
    """There is no such message."""
    return Refused({"error": "This message does not exist", "code": "MessageNotFound"}, status=404)


def invalid_value(error: str, name: str = "") -> Refused:
    """A value is refused that the schema lets through; with `name` the details tell of it."""
    details = {"details": {name: error}} if name else {}
    return Refused({"error": error, "code": "InputValidationError", **details}, status=400)
