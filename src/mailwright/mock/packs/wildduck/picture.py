"""A small PNG that stands for a QR code: a pattern of its text, which it also carries as a comment to be read back."""

from __future__ import annotations

import hashlib
import struct
import zlib

SIZE = 16


def picture(text: str) -> bytes:
    """A grey PNG with the text in its `tEXt` chunk under the keyword `Comment`."""
    bits = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    rows = [bits >> (row * SIZE) & 0xFFFF for row in range(SIZE)]
    pixels = b"".join(b"\0" + struct.pack(">H", row) for row in rows)
    header = struct.pack(">IIBBBBB", SIZE, SIZE, 1, 0, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"tEXt", b"Comment\0" + text.encode("latin-1", "replace")),
            _chunk(b"IDAT", zlib.compress(pixels)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
