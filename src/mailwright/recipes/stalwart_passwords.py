"""Hashes passwords for Stalwart, which keeps them as they are sent and compares them in clear text.

    mail.principals.create(models.NewIndividual(name="jane", secrets=[hashed("a password")]))

It takes the extra `passwords`.
"""

from __future__ import annotations

import importlib
import re
from typing import Any

from mailwright.runtime import UsageError

_ROUNDS = 100_000
# What the server takes for something else than a password in clear text.
_NO_PASSWORD = re.compile(r"\$(argon2|pbkdf2|scrypt|sha1\$|2[abxy]?\$|[156]\$|app\$)|\{[A-Za-z0-9.-]+\}|otpauth://")


def hashed(secret: str, /) -> str:
    """Returns a password as a hash of SHA-512 crypt; app passwords, otpauth URLs and hashes as they are.

    Raises `UsageError` where the library is missing, and for a password that cannot be hashed.
    """
    if _NO_PASSWORD.match(secret):
        return secret
    try:
        scheme: Any = importlib.import_module("passlib.hash").sha512_crypt
    except ImportError:
        raise UsageError(
            "passwords are hashed by libpass, which is not installed: pip install 'mailwright[passwords]', "
            "or say as_is=True for a password that may be kept in clear text"
        ) from None
    try:
        return str(scheme.using(rounds=_ROUNDS).hash(secret))
    except (ValueError, TypeError):
        # Without a cause, whose text may have the password in it.
        raise UsageError("the password is too long to be hashed, or has a character that no hash takes") from None
