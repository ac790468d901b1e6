"""Keys and certificates as far as a mail server tells of them: DER, read and written."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime

_RSA = bytes.fromhex("300d06092a864886f70d0101010500")
_ALT_NAMES = bytes.fromhex("551d11")


class BadKey(ValueError):
    """The text is no key, or no certificate."""


def from_pem(text: str) -> bytes:
    """The DER inside a PEM text, or in bare base64.

    Raises:
        BadKey: it is neither.
    """
    found = re.search(r"-----BEGIN [A-Z ]+-----(.*?)-----END [A-Z ]+-----", text, re.DOTALL)
    try:
        return base64.b64decode(re.sub(r"\s+", "", found[1] if found else text), validate=True)
    except binascii.Error as error:
        raise BadKey(str(error)) from error


def public_key(private: bytes) -> bytes:
    """The public key that belongs to a private RSA key.

    Raises:
        BadKey: it is no such key.
    """
    numbers = [value for tag, value in _items(private) if tag == 2]
    inner = [value for tag, value in _items(private) if tag == 4]
    if inner:
        numbers = [value for tag, value in _items(inner[0]) if tag == 2]
    if len(numbers) < 3:
        raise BadKey("no RSA key")
    return rsa_key(int.from_bytes(numbers[1], "big"), int.from_bytes(numbers[2], "big"))


def rsa_key(modulus: int, exponent: int = 65537) -> bytes:
    """A public RSA key."""
    numbers = b"".join(_item(2, number.to_bytes(number.bit_length() // 8 + 1, "big")) for number in (modulus, exponent))
    return _item(0x30, _RSA + _item(3, b"\0" + _item(0x30, numbers)))


def to_pem(der: bytes) -> str:
    """A public key as PEM."""
    text = base64.b64encode(der).decode()
    lines = "\n".join(text[start : start + 64] for start in range(0, len(text), 64))
    return f"-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----\n"


def fingerprint(der: bytes) -> str:
    """The SHA-256 of a key, as pairs of digits."""
    return hashlib.sha256(der).digest().hex(":")


def read_certificate(der: bytes) -> tuple[datetime, list[str]]:
    """The time at which a certificate ends, and the names it is for.

    Raises:
        BadKey: it is no certificate.
    """
    times: list[datetime] = []
    names: list[str] = []
    for tag, value in _all(der):
        if tag in (0x17, 0x18):
            text = value.decode("ascii", "replace")
            try:
                times.append(
                    datetime.strptime(text, "%y%m%d%H%M%SZ" if tag == 0x17 else "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
                )
            except ValueError as error:
                raise BadKey(str(error)) from error
        elif tag == 0x30 and value[2:5] == _ALT_NAMES:
            wrapped = [inner for kind, inner in _items(_item(0x30, value)) if kind == 4]
            names = (
                [name.decode("ascii", "replace") for kind, name in _items(wrapped[0]) if kind == 0x82]
                if wrapped
                else []
            )
    if len(times) < 2:
        raise BadKey("no certificate")
    return times[1], names


def _item(tag: int, value: bytes) -> bytes:
    size = len(value)
    if size < 128:
        return bytes([tag, size]) + value
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 128 + len(length)]) + length + value


def _split(content: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + 2 <= len(content):
        tag, size = content[place], content[place + 1]
        place += 2
        if size & 128:
            width = size & 127
            size = int.from_bytes(content[place : place + width], "big")
            place += width
        if place + size > len(content):
            raise BadKey("cut off")
        yield tag, content[place : place + size]
        place += size


def _items(der: bytes) -> list[tuple[int, bytes]]:
    """What the sequence that this is holds."""
    outer = list(_split(der))
    if not outer or outer[0][0] != 0x30:
        raise BadKey("no sequence")
    return list(_split(outer[0][1]))


def _all(der: bytes, depth: int = 0) -> Iterator[tuple[int, bytes]]:
    for tag, value in _split(der):
        yield tag, value
        if tag & 0x20 and depth < 12:
            yield from _all(value, depth + 1)
