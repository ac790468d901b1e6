"""What a proxy does with a CONNECT: from then on it hands bytes to and fro, and understands none of them."""

from __future__ import annotations

import asyncio
import contextlib

from steps import Wire

ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


async def tunnel(wire: Wire) -> None:
    """Joins the client with the origin `%tls%`, whatever it asked for."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(wire.filled(b"%tls-port%")))
    try:
        await wire.send(ESTABLISHED)
        await asyncio.gather(_pump(wire.reader, writer), _pump(reader, wire.writer))
    finally:
        writer.close()
        wire.ended = True


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()
