"""Writes DNS records as a zone file, in the master file format of RFC 1035."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

from mailwright.runtime import ResponseInvalid, UsageError

_LONGEST_STRING = 255  # bytes
_LARGEST_TTL = 2**31 - 1  # seconds, RFC 2181
_TYPE = re.compile(r"[A-Z][A-Z0-9]*")
_PLAIN_IN_NAMES = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_*/.")
# How many numbers stand before the host name.
_NUMBERS_BEFORE_HOST = {"MX": 1, "SRV": 3, "CNAME": 0, "NS": 0, "PTR": 0}
# Outside quotes these would begin a comment, go on with the next line, or escape something.
_SPECIAL = re.compile(r"[;()\"\\]")


class Record(Protocol):
    """A DNS record: its type, its name, and its content as people write it."""

    @property
    def type(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def content(self) -> str: ...


def as_zone_file(records: Iterable[Record], *, ttl: int | None = None) -> str:
    """Writes records as lines of a zone file; each name is absolute, so that they fit below any $ORIGIN.

    A text goes in strings of at most 255 bytes, which resolvers put together again. A record that is there twice is
    written once.

    Args:
        records: The records.
        ttl: How long they may be kept, in seconds; that of the zone holds where it is left out.

    Raises:
        UsageError: `ttl` is out of range.
        ResponseInvalid: A record cannot be written, such as a host name with a line break in it.
    """
    if ttl is not None and not _is_ttl(ttl):
        raise UsageError(f"a ttl is a number of seconds up to {_LARGEST_TTL}, not {ttl!r:.40}")
    kept = "" if ttl is None else f"{ttl} "
    lines = dict.fromkeys(f"{_name(each, each.name)} {kept}IN {_type(each)} {_content(each)}" for each in records)
    return "".join(f"{line}\n" for line in lines)


def _is_ttl(value: object) -> bool:
    return isinstance(value, int) and 0 <= value <= _LARGEST_TTL


def _type(record: Record) -> str:
    if not _TYPE.fullmatch(record.type):
        raise _refused(record, "there is no such type")
    return record.type


def _content(record: Record) -> str:
    if record.type == "TXT":
        data = record.content.encode("utf-8", "surrogatepass")
        parts = [data[at : at + _LONGEST_STRING] for at in range(0, len(data), _LONGEST_STRING)]
        return " ".join(f'"{_string(part)}"' for part in parts or [b""])
    if not record.content.isascii() or not record.content.isprintable() or _SPECIAL.search(record.content):
        raise _refused(record, "its content has characters that have no place there")
    words = record.content.split()
    numbers = _NUMBERS_BEFORE_HOST.get(record.type)
    if numbers is not None:
        if len(words) != numbers + 1 or not all(word.isdigit() for word in words[:numbers]):
            raise _refused(record, "its content is not numbers and a host name")
        words[-1] = _name(record, words[-1])
    if not words:
        raise _refused(record, "it has no content")
    return " ".join(words)


def _name(record: Record, name: str) -> str:
    if not name or ".." in name or (name.startswith(".") and name != "."):
        raise _refused(record, "a part of its name is empty")
    data = name.encode("utf-8", "surrogatepass")
    shown = "".join(chr(byte) if byte in _PLAIN_IN_NAMES else f"\\{byte:03}" for byte in data)
    return shown if shown.endswith(".") else f"{shown}."


def _string(data: bytes) -> str:
    shown: list[str] = []
    for byte in data:
        if byte in b'"\\':
            shown.append(f"\\{chr(byte)}")
        else:
            shown.append(chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03}")
    return "".join(shown)


def _refused(record: Record, why: str) -> ResponseInvalid:
    return ResponseInvalid(f"the record {record.type!r:.20} of {record.name!r:.80} fits no zone file: {why}")
