"""Brings an answer into the one form its type has, where a server writes the same thing in two."""

from __future__ import annotations

from typing import Literal

import msgspec

from mailwright.runtime.decoding import decode
from mailwright.runtime.errors import NotFound

Form = Literal["", "entries", "list", "object"]

_RAW = msgspec.json.Decoder(msgspec.Raw)


def shaped(form: Form, content: bytes) -> bytes:
    """Returns the body for the decoder of its operation.

    `entries` makes `Done` of a list of entries, or of one alone; with `list` an empty object is an empty list, and with
    `object` it says that there is no such thing, as an empty list and false do.

    Raises `NotFound` for that, and `ResponseInvalid` when the body is not JSON.
    """
    if form == "entries":
        # Read to its end before anything is put around it, so that only one JSON value is.
        whole = bytes(decode(content, _RAW)).strip()
        return b'{"entries":' + (whole if whole.startswith(b"[") else b"[" + whole + b"]") + b"}"
    # Whole lists are not searched: these words are short, whatever blanks are in them.
    word = b"".join(content.split()) if form and len(content) < 64 else b""
    if form == "list" and word == b"{}":
        return b"[]"
    if form == "object" and word in (b"{}", b"[]", b"false"):
        raise NotFound(f"the server answered {word.decode()}, which says that there is no such thing", content=content)
    return content
