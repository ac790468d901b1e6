"""Masks: names with `*` and `?` for users, with `*` and `%` for mailboxes."""

from __future__ import annotations

import re

_SEPARATOR = "/"


def is_user_mask(text: str) -> bool:
    """Says whether a text stands for any number of users."""
    return "*" in text or "?" in text


def user_matches(mask: str, name: str) -> bool:
    """Says whether a user's name fits a mask."""
    return _fits(mask, name, {"*": ".*", "?": "."})


def is_mailbox_mask(text: str) -> bool:
    """Says whether a text stands for any number of mailboxes."""
    return "*" in text or "%" in text


def mailbox_matches(mask: str, name: str) -> bool:
    """Says whether a mailbox's name fits a mask; `%` does not go beyond one level, and INBOX has no case."""
    if mask.upper() == "INBOX":
        return name == "INBOX"
    return _fits(mask, name, {"*": ".*", "%": f"[^{_SEPARATOR}]*"})


def _fits(mask: str, name: str, marks: dict[str, str]) -> bool:
    pattern = "".join(marks.get(mark, re.escape(mark)) for mark in mask)
    return re.fullmatch(pattern, name, re.DOTALL) is not None
