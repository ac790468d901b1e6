"""What a cell's server does on a connection, as plain data; `Wire` is what a script of its own gets."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias


class Mark(Enum):
    """A step that takes no data."""

    STALL = auto()
    CLOSE = auto()
    RESET = auto()
    HALF_CLOSE = auto()


STALL = Mark.STALL
"""Says nothing more until the cell is over; the connection stays open."""
CLOSE = Mark.CLOSE
"""Ends the connection in good order (FIN)."""
RESET = Mark.RESET
"""Breaks the connection (RST)."""
HALF_CLOSE = Mark.HALF_CLOSE
"""Ends the sending half only, and goes on reading."""


@dataclass(frozen=True, slots=True)
class Drip:
    """Bytes in small pieces, `every` so many seconds."""

    data: bytes
    each: int = 1
    every: float = 0.05


@dataclass(frozen=True, slots=True)
class Flood:
    """The same piece over and over, until `total` bytes are sent or, with None, the cell is over."""

    piece: bytes
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Says nothing for some seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Read:
    """Takes so many more bytes of the request, for cells with `reads_body=False`."""

    size: int


Script: TypeAlias = "Callable[[Wire], Awaitable[None]]"
Step: TypeAlias = "bytes | Mark | Drip | Flood | Pause | Read | Script"
Answer: TypeAlias = "Step | Sequence[Step]"


class Wire:
    """One connection, seen from the server."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fill: Callable[[bytes], bytes]
    ) -> None:
        self.reader = reader
        self.writer = writer
        self.ended = False
        self._fill = fill

    async def play(self, answer: Answer) -> None:
        """Does the steps of one answer."""
        steps: Sequence[Step] = answer if isinstance(answer, (list, tuple)) else [answer]
        for step in steps:
            await self._do(step)

    def filled(self, data: bytes) -> bytes:
        """The URLs of origins filled in."""
        return self._fill(data)

    async def send(self, data: bytes) -> None:
        """Sends bytes, the URLs of origins filled in."""
        self.writer.write(self._fill(data))
        await self.writer.drain()

    async def drip(self, data: bytes, *, each: int = 1, every: float = 0.05) -> None:
        """Sends bytes in small pieces."""
        data = self._fill(data)
        for at in range(0, len(data), each):
            await self.send(data[at : at + each])
            await asyncio.sleep(every)

    async def stall(self) -> None:
        """Waits until the cell is over."""
        await asyncio.Event().wait()

    async def close(self) -> None:
        """Ends the connection in good order."""
        self.ended = True
        self.writer.close()
        await self._closed()

    async def reset(self) -> None:
        """Breaks the connection."""
        self.ended = True
        sock = self.writer.get_extra_info("socket")
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()
        await self._closed()

    async def _closed(self) -> None:
        with contextlib.suppress(OSError, asyncio.TimeoutError):
            await asyncio.wait_for(self.writer.wait_closed(), 1.0)

    async def _do(self, step: Step) -> None:
        if isinstance(step, bytes):
            await self.send(step)
        elif isinstance(step, Drip):
            await self.drip(step.data, each=step.each, every=step.every)
        elif isinstance(step, Flood):
            piece, sent = self._fill(step.piece), 0
            while step.total is None or sent < step.total:
                await self.send(piece)
                sent += len(piece)
                # A client that keeps up would never let anything else run.
                await asyncio.sleep(0)
        elif isinstance(step, Pause):
            await asyncio.sleep(step.seconds)
        elif isinstance(step, Read):
            await self.reader.readexactly(step.size)
        elif step is Mark.STALL:
            await self.stall()
        elif step is Mark.CLOSE:
            await self.close()
        elif step is Mark.RESET:
            await self.reset()
        elif step is Mark.HALF_CLOSE:
            self.writer.write_eof()
        else:
            await step(self)
