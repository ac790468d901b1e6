"""The mock as an ASGI application, for clients in other processes and languages."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from mailwright.mock.live import Live, async_follow
from mailwright.mock.message import Request, Response
from mailwright.mock.server import Mock

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Application:
    """Serves a mock under any ASGI server; it needs none of its extensions."""

    def __init__(self, mock: Mock) -> None:
        self.mock = mock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one connection of the server."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            request = await _read(scope, receive)
            response = self.mock.handle(request)
            if response.delay:
                await asyncio.sleep(response.delay)
            if response.live is not None:
                await _send_on(response, response.live, receive, send)
            else:
                await _write(response, send)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _read(scope: Scope, receive: Receive) -> Request:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
    host = next((value for name, value in headers if name.lower() == "host"), "localhost")
    query: bytes = scope["query_string"]
    url = f"{scope.get('scheme', 'http')}://{host}{raw_path.split(b'?')[0].decode('latin-1')}"
    return Request(scope["method"], f"{url}?{query.decode('latin-1')}" if query else url, headers, bytes(body))


async def _write(response: Response, send: Send) -> None:
    if response.cut == "reset":
        _reset(send)
        return
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    # A body that is cut keeps its length header, so the server drops the connection once it is short of bytes.
    await send({"type": "http.response.body", "body": response.content, "more_body": response.cut == "truncate"})


async def _send_on(response: Response, live: Live, receive: Receive, send: Send) -> None:
    """Sends a stream until it ends, or its client is gone."""
    watch = asyncio.create_task(_close_when_gone(live, receive))
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
    try:
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": response.content, "more_body": True})
        async for chunk in async_follow(live):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        live.close()
        watch.cancel()


async def _close_when_gone(live: Live, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    live.close()


def _reset(send: Send) -> None:
    """Resets the connection under an answer that is never sent; raises where the server hides its connection."""
    transport: Any = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise ConnectionResetError("the mock resets this connection")
    connection = transport.get_extra_info("socket")
    with contextlib.suppress(OSError, AttributeError):
        # Without lingering, closing says RST instead of FIN.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
