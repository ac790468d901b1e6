"""Undoes the `Content-Encoding` of an answer, within limits."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

from mailwright.runtime.errors import Disconnected, ProtocolError
from mailwright.runtime.limits import Limits

# How much is packed and unpacked at once: so that a small packed piece cannot fill the memory before it is counted,
# and because zlib copies what it has not come to yet, again and again.
_TAKEN = 64 * 1024
_PIECE = 256 * 1024
_GZIP = 16 + zlib.MAX_WBITS
# Bytes by which zlib's header is known.
_HEADER = 2
# A gzip member of 20 bytes may hold nothing, and costs as much time as one that does.
_FREE_MEMBERS = 1000
_MEMBER = 1024


class Unpacker:
    """Unpacks a body piece by piece.

    `headers` are those of the answer; gzip and deflate are known, in a chain of at most `limits.encodings`. What comes
    out of each of the chain is held to the limit called `most`. Raises `LimitExceeded` for a longer chain and
    `ProtocolError` for another encoding.
    """

    def __init__(self, headers: Sequence[tuple[str, str]], limits: Limits, *, most: str = "decoded_bytes") -> None:
        names = [name for name in _encodings(headers) if name != "identity"]
        limits.check("encodings", len(names))
        # The last encoding in the header was put on last, so it comes off first.
        self._layers = [_layer(name, limits, most) for name in reversed(names)]

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yields what the chunk unpacks to, at most 256 KiB at once; raises `ProtocolError` when it does not."""
        return _through(self._layers, chunk)

    def finish(self) -> None:
        """Raises `Disconnected` when the packed data is cut off."""
        if any(not layer.whole for layer in self._layers):
            raise Disconnected("the connection ended in the middle of the packed body")


class _Layer:
    def __init__(self, name: str, limits: Limits, most: str) -> None:
        self._name = name
        self._limits = limits
        self._most = most
        self._object = zlib.decompressobj(_GZIP if name == "gzip" else zlib.MAX_WBITS)
        self._start = b""
        self._begun = False
        self._members = 1
        self._held = 0

    @property
    def whole(self) -> bool:
        return self._object.eof or not (self._begun or self._start)

    def unpack(self, data: bytes) -> Iterator[bytes]:
        if not self._begun:
            data = self._start + data
            if len(data) < _HEADER:
                self._start = data
                return
            self._begun = True
            # Some servers mean raw deflate, without zlib's header.
            if self._name == "deflate" and not _has_zlib_header(data):
                self._object = zlib.decompressobj(-zlib.MAX_WBITS)
        for start in range(0, len(data), _TAKEN):
            yield from self._taken(data[start : start + _TAKEN])

    def _taken(self, data: bytes) -> Iterator[bytes]:
        more = False
        while data or (more and not self._object.eof):
            if self._object.eof:
                self._begin_member(data)
            try:
                piece = self._object.decompress(data, _PIECE)
            except zlib.error as error:
                raise ProtocolError(f"the body is not {self._name} data, as its headers say: {error}") from None
            data = self._object.unconsumed_tail or self._object.unused_data
            # zlib may have taken all of the data, and still hold some of what it unpacks to.
            more = len(piece) == _PIECE
            if piece:
                self._held += len(piece)
                self._limits.check(self._most, self._held)
                yield piece

    def _begin_member(self, data: bytes) -> None:
        # More members may follow in gzip; for all else what follows is not part of the body.
        if self._name != "gzip" or data[:1] != b"\x1f":
            raise ProtocolError(f"there is something after the end of the {self._name} data in the body")
        self._members += 1
        if self._members > _FREE_MEMBERS + self._held // _MEMBER:
            raise ProtocolError("the body is made of very many gzip members with hardly anything in them")
        self._object = zlib.decompressobj(_GZIP)


def _has_zlib_header(data: bytes) -> bool:
    return data[0] & 15 == zlib.DEFLATED and data[0] >> 4 <= 7 and (data[0] * 256 + data[1]) % 31 == 0


def _through(layers: Sequence[_Layer], data: bytes) -> Iterator[bytes]:
    if not layers:
        if data:
            yield data
        return
    for piece in layers[0].unpack(data):
        yield from _through(layers[1:], piece)


def _layer(name: str, limits: Limits, most: str) -> _Layer:
    name = name.removeprefix("x-")
    if name not in ("gzip", "deflate"):
        raise ProtocolError(f"the body is packed as {name!r}, which was not asked for and is not known")
    return _Layer(name, limits, most)


def _encodings(headers: Sequence[tuple[str, str]]) -> Iterator[str]:
    for key, value in headers:
        if key.lower() == "content-encoding":
            yield from (name for name in (part.strip().lower() for part in value.split(",")) if name)
