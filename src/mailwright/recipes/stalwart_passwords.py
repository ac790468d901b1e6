"""Hashes passwords for Stalwart, which keeps them as they are sent and compares them in clear text.

The client does so by itself, where a principal is created or changed and where an account changes its own password:

    mail.principals.create(models.NewIndividual(name="jane", secrets=["a password"]))

It takes the extra `passwords`. With `hash_passwords=False` a client sends passwords as they are, and a single one goes
as it is by `in_clear_text`.
"""

from __future__ import annotations

from mailwright.runtime import hash_password


def hashed(secret: str, /) -> str:
    """Returns a password as a hash of SHA-512 crypt; otpauth URLs and hashes as they are, app passwords with a hash.

    Raises `UsageError` where the library is missing, and for a password that cannot be hashed.
    """
    return hash_password(secret)


def in_clear_text(password: str, /) -> str:
    """Returns a password that the server keeps and compares in clear text: it is marked so, and no client hashes it."""
    return f"{{PLAIN}}{password}"
