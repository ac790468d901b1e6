"""Hashes the passwords of a body, for servers that keep them as they are sent and compare them in clear text.

A generated Struct names such fields in `_passwords`, each with the field and the value that make it a password, or with
None where it always is one.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from typing import Any, cast

import msgspec

from mailwright.runtime.errors import UsageError
from mailwright.runtime.models import marks_of

_ROUNDS = 100_000
# What such a server takes for something else than a password in clear text.
_NO_PASSWORD = re.compile(r"\$(argon2|pbkdf2|scrypt|sha1\$|2[abxy]?\$|[156]\$)|\{[A-Za-z0-9.-]+\}|otpauth://")
_APP_PASSWORD = re.compile(r"\$app\$[^$]*\$", re.DOTALL)
_NO_LIBRARY = (
    "passwords are hashed by libpass, which is not installed: pip install 'mailwright[passwords]', "
    "or make the client with hash_passwords=False for passwords that may be kept in clear text"
)


def hash_password(secret: str, /) -> str:
    """Returns a password as a hash of SHA-512 crypt; hashes, otpauth URLs and what begins with `{PLAIN}` as they are.

    Of an app password, `$app$name$password`, the password is hashed. Raises `UsageError` where the library is missing,
    and for a password that cannot be hashed.
    """
    app = _APP_PASSWORD.match(secret)
    if app:
        return app[0] + hash_password(secret[app.end() :])
    if not secret or _NO_PASSWORD.match(secret):
        return secret
    try:
        scheme: Any = importlib.import_module("passlib.hash").sha512_crypt
    except ImportError:
        raise UsageError(_NO_LIBRARY) from None
    try:
        return str(scheme.using(rounds=_ROUNDS).hash(secret))
    except (ValueError, TypeError):
        # Without a cause, whose text may have the password in it.
        raise UsageError("the password is too long to be hashed, or has a character that no hash takes") from None


def with_hashes(body: object) -> object:
    """Returns a body in which each password is a hash; the body itself stays as it is."""
    if isinstance(body, (list, tuple)):
        return [with_hashes(item) for item in cast("list[object]", body)]
    if not isinstance(body, msgspec.Struct):
        return body
    passwords: Mapping[str, tuple[str, str] | None] = marks_of(type(body), "_passwords")
    if not passwords:
        return body
    wire = dict(zip(body.__struct_encode_fields__, body.__struct_fields__, strict=True))
    changes = {
        name: _hashed(getattr(body, name))
        for name, where in passwords.items()
        if where is None or getattr(body, wire[where[0]]) == where[1]
    }
    return msgspec.structs.replace(body, **changes)


def _hashed(value: object) -> object:
    if isinstance(value, str):
        return hash_password(value)
    if isinstance(value, (list, tuple)):
        return [_hashed(item) for item in cast("list[object]", value)]
    return value
