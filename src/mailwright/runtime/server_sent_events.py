"""Reads a stream of server-sent events from its bytes, by the rules of the WHATWG's HTML standard, section 9.2.6.

It does no input or output: bytes go in as they come, events come out. What is held is bounded by `limits.event_bytes`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from mailwright.runtime.limits import Limits

_BOM = b"\xef\xbb\xbf"
_CR, _LF = b"\r", b"\n"
_ENDS = (b"\r", b"\n")
# Lines are looked for in so much at once: a chunk made of line ends would otherwise fill the memory.
_SLICE = 64 * 1024


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One event as it came: its name, its data, and the last id the stream had told by then."""

    event: str
    data: str = field(repr=False)
    id: str


class EventParser:
    """Turns the bytes of one connection into events.

    `last_event_id` is where an earlier connection stopped; it stays until the server names another. `retry` is how
    many seconds the server asks to wait before the next connection, None when it does not say; any number may be in it.
    """

    def __init__(self, limits: Limits, *, last_event_id: str = "") -> None:
        self.last_event_id = last_event_id
        self.retry: float | None = None
        self._limits = limits
        self._line = bytearray()
        self._after_cr = False
        self._first = True
        self._id = last_event_id
        self._event = ""
        self._data: list[str] = []
        self._size = 0

    def feed(self, chunk: bytes) -> Iterator[ServerSentEvent]:
        """Yields the events that the chunk completes; it must be read to its end before the next chunk.

        An event that the stream ends in is never given. Raises `LimitExceeded` for an event, or a line, of more than
        `limits.event_bytes`; the parser cannot be used after that.
        """
        for start in range(0, len(chunk), _SLICE):
            for piece in chunk[start : start + _SLICE].splitlines(keepends=True):
                event = self._take(piece)
                if event is not None:
                    yield event

    def _take(self, piece: bytes) -> ServerSentEvent | None:
        # A CR ends a line at once; whether an LF belongs to it may be known only with the next chunk.
        if self._after_cr and piece == _LF:
            self._after_cr = False
            return None
        self._after_cr = piece.endswith(_CR)
        ended = piece.endswith(_ENDS)
        self._line += piece.rstrip(b"\r\n") if ended else piece
        self._limits.check("event_bytes", self._size + len(self._line))
        if not ended:
            return None
        line = bytes(self._line)
        self._line.clear()
        if self._first:
            self._first = False
            line = line.removeprefix(_BOM)
        if not line:
            return self._dispatch()
        # Between events a comment is but a sign of life, and there may be any number of them.
        if self._size or not line.startswith(b":"):
            self._size += len(line) + 1
        self._field(line.decode("utf-8", "replace"))
        return None

    def _field(self, line: str) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._event = value
        elif name == "id":
            if "\0" not in value:
                self._id = value
        elif name == "retry" and value.isascii() and value.isdigit():
            # As a float, for a number of thousands of digits is none that int() takes.
            self.retry = float(value) / 1000

    def _dispatch(self) -> ServerSentEvent | None:
        event, data = self._event or "message", self._data
        self.last_event_id = self._id
        self._event, self._data, self._size = "", [], 0
        return ServerSentEvent(event, "\n".join(data), self._id) if data else None
