"""Keys for DKIM that are given as a private key, of which the public one is made."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from mailwright.mock.packs import Hook
from mailwright.mock.packs.mailcow_2026.bodies import flag
from mailwright.mock.packs.mailcow_2026.entries import Write, add
from mailwright.mock.packs.mailcow_2026.records import text
from mailwright.mock.packs.mailcow_2026.store import ascii_domain

_PEM = re.compile(r"-----BEGIN (RSA )?PRIVATE KEY-----\s+([A-Za-z0-9+/=\s]+)-----END (RSA )?PRIVATE KEY-----")
# What comes before the two numbers of every public RSA key: which kind of key it is.
_RSA = bytes.fromhex("300d06092a864886f70d0101010500")
_INTEGER, _BITS, _OCTETS, _SEQUENCE = 0x02, 0x03, 0x04, 0x30


def public_key(pem: str) -> tuple[str, int] | None:
    """The public key of a private RSA key, in base64, and its bits; None where it is no such key."""
    found = _PEM.search(pem)
    if found is None:
        return None
    try:
        content = base64.b64decode("".join(found[2].split()), validate=True)
        parts = list(_parts(next(_parts(content))[1]))
        if not found[1]:
            parts = list(_parts(next(_parts(parts[2][1]))[1]))
        modulus, exponent = (each for kind, each in parts[1:3] if kind == _INTEGER)
    except (binascii.Error, IndexError, StopIteration, ValueError):
        return None
    numbers = _wrapped(_SEQUENCE, _wrapped(_INTEGER, modulus) + _wrapped(_INTEGER, exponent))
    whole = _wrapped(_SEQUENCE, _RSA + _wrapped(_BITS, b"\0" + numbers))
    return base64.b64encode(whole).decode(), int.from_bytes(modulus, "big").bit_length()


def _parts(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The values of DER that stand one after the other, each with its kind."""
    place = 0
    while place < len(content):
        kind, size = content[place], content[place + 1]
        place += 2
        if size > 0x7F:
            width = size & 0x7F
            size, place = int.from_bytes(content[place : place + width], "big"), place + width
        if place + size > len(content):
            raise ValueError("it ends too early")
        yield kind, content[place : place + size]
        place += size


def _wrapped(kind: int, content: bytes) -> bytes:
    size = len(content)
    width = (size.bit_length() + 7) // 8
    head = bytes([size]) if size < 0x80 else bytes([0x80 | width]) + size.to_bytes(width, "big")
    return bytes([kind]) + head + content


@add("dkim", "import")
def import_key(write: Write) -> None:
    """Gives a domain the key that is given; it need not be a domain of this server."""
    given = write.attributes
    key = public_key(text(given.get("private_key_file")))
    domain = ascii_domain(given.get("domain"))
    selector = text(given.get("dkim_selector")) or "dkim"
    if key is None:
        write.danger("private_key_error", "error:1E08010C:DECODER routines::unsupported")
    elif not domain:
        write.danger("dkim_domain_or_sel_invalid", given.get("domain"))
    elif write.state.get("dkim", domain) is not None and not flag(given.get("overwrite_existing")):
        write.danger("dkim_domain_or_sel_exists", domain)
    elif not re.sub("[-_.]", "", selector).isalnum():
        write.danger("dkim_domain_or_sel_invalid", domain)
    else:
        record = {"id": domain, "pubkey": key[0], "length": str(key[1]), "dkim_selector": selector}
        write.state.put("dkim", record)
        write.success("dkim_added", domain)


HOOKS: dict[str, Hook] = {"import_dkim": import_key}
