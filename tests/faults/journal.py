"""What the fault server saw of one cell."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from typing import Literal

_KEPT = 1024 * 1024

Phase = Literal["before", "judged", "after"]


@dataclass(frozen=True)
class Seen:
    """One request as it came; of a body over 1 MiB only the beginning is kept, and its length and digest."""

    origin: str
    connection: int
    phase: Phase
    head: bytes
    body: bytes = b""
    length: int = 0
    digest: str = ""

    @property
    def method(self) -> str:
        return self.head.split(b" ", 1)[0].decode("latin-1")

    @property
    def target(self) -> str:
        parts = self.head.split(b"\r\n", 1)[0].split(b" ")
        return parts[1].decode("latin-1") if len(parts) > 1 else ""

    @property
    def headers(self) -> list[tuple[str, str]]:
        lines = self.head.split(b"\r\n\r\n", 1)[0].split(b"\r\n")[1:]
        pairs = [line.partition(b":") for line in lines]
        return [(name.decode("latin-1").lower(), value.strip().decode("latin-1")) for name, _, value in pairs]

    def header(self, name: str) -> str | None:
        """The first header of that name, or None."""
        return next((value for key, value in self.headers if key == name.lower()), None)

    def __repr__(self) -> str:
        return f"<{self.method} {self.target} at {self.origin}>"


@dataclass
class Journal:
    """The requests of one cell, and the connections that were opened for it."""

    home: str = "home"
    authority: str = ""
    phase: Phase = "before"
    everything: list[Seen] = field(default_factory=list)
    connections: list[str] = field(default_factory=list)

    @property
    def requests(self) -> list[Seen]:
        """The requests of the judged call that went where the client was told to go."""
        return [seen for seen in self.everything if seen.phase == "judged" and self.at_home(seen)]

    @property
    def elsewhere(self) -> list[Seen]:
        """The requests that went to any other origin, by port or by the host they name."""
        return [seen for seen in self.everything if not self.at_home(seen)]

    def at_home(self, seen: Seen) -> bool:
        """Whether a request is one for the origin of the base URL."""
        return seen.origin == self.home and (not self.authority or seen.header("host") == self.authority)


async def read_head(reader: asyncio.StreamReader) -> bytes:
    """Returns a request's head, or what came before the client ended the connection."""
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        return error.partial
    except (OSError, asyncio.LimitOverrunError):
        return b""


async def read_body(reader: asyncio.StreamReader, head: Seen) -> tuple[bytes, int, str]:
    """Returns the beginning of a request's body, its length and its digest."""
    kept, length, digest = bytearray(), 0, hashlib.sha256()
    async for piece in _pieces(reader, head):
        kept += piece[: max(0, _KEPT - len(kept))]
        length += len(piece)
        digest.update(piece)
    return bytes(kept), length, digest.hexdigest()


async def _pieces(reader: asyncio.StreamReader, head: Seen):
    if "chunked" in (head.header("transfer-encoding") or "").lower():
        while size := int((await _line(reader)).split(b";")[0], 16):
            yield await reader.readexactly(size)
            await _line(reader)
        while await _line(reader):
            pass
        return
    left = int(head.header("content-length") or 0)
    while left:
        piece = await reader.read(min(left, 65536))
        if not piece:
            raise asyncio.IncompleteReadError(b"", left)
        left -= len(piece)
        yield piece


async def _line(reader: asyncio.StreamReader) -> bytes:
    return (await reader.readuntil(b"\r\n")).strip()
