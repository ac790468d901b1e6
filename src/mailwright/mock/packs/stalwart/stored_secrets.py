"""Whether a secret is the one that is stored: as it is, as SHA-512 crypt, or as a digest with a word in braces."""

from __future__ import annotations

import base64
import hashlib
import hmac

from mailwright.mock.packs.stalwart.sha_crypt import is_hash_of

# By word: the digest, and whether salt stands behind it.
_DIGESTS = {
    "SHA": ("sha1", False),
    "SSHA": ("sha1", True),
    "SHA256": ("sha256", False),
    "SSHA256": ("sha256", True),
    "SHA512": ("sha512", False),
    "SSHA512": ("sha512", True),
}
_CLEAR = ("PLAIN", "CLEAR")


def fits(stored: str, secret: str) -> bool:
    """Says whether a secret is the one that is stored."""
    if stored.startswith("$"):
        return is_hash_of(stored, secret)
    word, brace, packed = stored.removeprefix("{").partition("}")
    if not stored.startswith("{") or not brace:
        return hmac.compare_digest(stored.encode(), secret.encode())
    if word.upper() in _CLEAR:
        return hmac.compare_digest(packed.encode(), secret.encode())
    if word not in _DIGESTS:
        return False
    name, salted = _DIGESTS[word]
    try:
        held = base64.b64decode(packed, validate=True)
    except ValueError:
        return False
    size = hashlib.new(name).digest_size
    salt = held[size:] if salted else b""
    return hmac.compare_digest(hashlib.new(name, secret.encode() + salt).digest() + salt, held)
