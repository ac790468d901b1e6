"""Undoes the `Content-Encoding` of an answer, within limits."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

from mailwright.runtime.errors import Disconnected, ProtocolError
from mailwright.runtime.limits import Limits

# How much is unpacked at once, so that a small packed piece cannot fill the memory before it is counted.
_PIECE = 256 * 1024
_GZIP = 16 + zlib.MAX_WBITS


class Unpacker:
    """Unpacks a body piece by piece.

    `headers` are those of the answer; gzip and deflate are known, in a chain of at most `limits.encodings`. Raises
    `LimitExceeded` for a longer chain and `ProtocolError` for another encoding.
    """

    def __init__(self, headers: Sequence[tuple[str, str]], limits: Limits) -> None:
        names = [name for name in _encodings(headers) if name != "identity"]
        limits.check("encodings", len(names))
        # The last encoding in the header was put on last, so it comes off first.
        self._layers = [_layer(name) for name in reversed(names)]

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yields what the chunk unpacks to, at most 256 KiB at once; raises `ProtocolError` when it does not."""
        return _through(self._layers, chunk)

    def finish(self) -> None:
        """Raises `Disconnected` when the packed data is cut off."""
        if any(not layer.whole for layer in self._layers):
            raise Disconnected("the connection ended in the middle of the packed body")


class _Layer:
    def __init__(self, name: str) -> None:
        self._name = name
        self._object = zlib.decompressobj(_GZIP if name == "gzip" else zlib.MAX_WBITS)
        self._begun = False

    @property
    def whole(self) -> bool:
        return self._object.eof or not self._begun

    def unpack(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._object.eof:
                # More members may follow in gzip; for all else what follows is not part of the body.
                if self._name != "gzip" or not data.startswith(b"\x1f\x8b"):
                    raise ProtocolError(f"there is something after the end of the {self._name} data in the body")
                self._object = zlib.decompressobj(_GZIP)
            piece = self._unpack(data)
            data = self._object.unconsumed_tail or self._object.unused_data
            if piece:
                yield piece

    def _unpack(self, data: bytes) -> bytes:
        first, self._begun = not self._begun, True
        try:
            return self._object.decompress(data, _PIECE)
        except zlib.error as error:
            # Some servers mean raw deflate, without zlib's header.
            if self._name == "deflate" and first:
                self._object = zlib.decompressobj(-zlib.MAX_WBITS)
                try:
                    return self._object.decompress(data, _PIECE)
                except zlib.error:
                    pass
            raise ProtocolError(f"the body is not {self._name} data, as its headers say: {error}") from None


def _through(layers: Sequence[_Layer], data: bytes) -> Iterator[bytes]:
    if not layers:
        if data:
            yield data
        return
    for piece in layers[0].unpack(data):
        yield from _through(layers[1:], piece)


def _layer(name: str) -> _Layer:
    name = name.removeprefix("x-")
    if name not in ("gzip", "deflate"):
        raise ProtocolError(f"the body is packed as {name!r}, which was not asked for and is not known")
    return _Layer(name)


def _encodings(headers: Sequence[tuple[str, str]]) -> Iterator[str]:
    for key, value in headers:
        if key.lower() == "content-encoding":
            yield from (name for name in (part.strip().lower() for part in value.split(",")) if name)
