"""Python names for things that are named in a document."""

from __future__ import annotations

import re


def snake_case(text: str) -> str:
    """Writes `listUsers` or `Application Passwords` as `list_users` and `application_passwords`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", text)
    name = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")
    return f"field_{name}" if name[:1].isdigit() else name


def constant_case(text: str) -> str:
    """Writes `listUsers` as `LIST_USERS`."""
    return snake_case(text).upper()


def type_name(text: str) -> str:
    """Writes `wildduck` or `spam-filter` as `Wildduck` and `SpamFilter`."""
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]+", text))
