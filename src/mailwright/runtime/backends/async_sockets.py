"""TCP connections of an event loop, in the form that httpcore reads from and writes to."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from typing import Any, cast

from mailwright.runtime.backends.failures import CLOSED, URL_UNFIT, reason
from mailwright.runtime.backends.patience import LONGEST, Patience
from mailwright.runtime.backends.sockets import is_readable
from mailwright.runtime.errors import ConnectFailed, Disconnected, TransportError, UsageError

# The transport stops reading while this many bytes are not taken.
_AHEAD = 256 * 1024

_Address = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[Any, ...]]


class AsyncStream(asyncio.Protocol):
    """One connection; `patience` is that of the exchange which has it now, and `close` needs no waiting.

    What it has closed is closed even when the task is cancelled at that moment.
    """

    def __init__(self, sockets: AsyncSockets, patience: Patience) -> None:
        self.patience = patience
        self._sockets = sockets
        self._transport: asyncio.Transport | None = None
        self._over_tls = False
        self._buffer = bytearray()
        self._paused = self._full = False
        self._eof = self._lost = False
        self.ended = False
        self._error: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None
        self.connecting: asyncio.Task[None] | None = None
        self.socket: socket.socket | None = None

    async def connect(self, address: _Address) -> None:
        """Connects to one address."""
        self.connecting = asyncio.ensure_future(self._reach(address))
        try:
            await self.connecting
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not self.ended or (task is not None and task.cancelling()):
                raise
        finally:
            self.connecting = None
        if self.ended:
            raise TransportError(CLOSED)

    async def _reach(self, address: _Address) -> None:
        family, kind, protocol, _, there = address
        loop = asyncio.get_running_loop()
        # By hand, since a socket that asyncio has just connected gets lost when the task is cancelled at that moment.
        self.socket = socket.socket(family, kind, protocol)
        try:
            self.socket.setblocking(False)
            if family in (socket.AF_INET, socket.AF_INET6):
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await loop.sock_connect(self.socket, there)
        except BaseException:
            self.socket.close()
            raise
        await loop.create_connection(lambda: self, sock=self.socket)

    # What the event loop tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        if self.ended:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if len(self._buffer) > _AHEAD and self._transport and not self._paused:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        self._eof = True
        if self._over_tls and self._transport is not None and _is_cut_off(self._transport):
            self._error = Disconnected("the server did not say that it was the end")
        self._wake()
        # The request may not be sent to its end yet; TLS has no half-closed connections.
        return not self._over_tls

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost, self._error = True, self._error or exc
        self._sockets.forget(self)
        self._wake()

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False
        self._wake()

    # What httpcore calls.

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Returns what came, or nothing at the end; raises `TimedOut` or `Disconnected`."""
        await self._until(lambda: bool(self._buffer) or self._eof)
        if self._buffer:
            data = bytes(self._buffer[:max_bytes])
            del self._buffer[:max_bytes]
            if self._paused and self._transport:
                self._paused = False
                self._transport.resume_reading()
            return data
        if self._error is not None:
            raise Disconnected(f"the connection broke: {_text(self._error)}")
        return b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Sends all; raises `TimedOut`, or httpcore's own `WriteError`, after which an answer may still be there."""
        if self._transport and not self._lost and not self.ended:
            self._transport.write(buffer)
        await self._until(lambda: not self._full)
        if self._lost:
            raise self._sockets.write_error("the connection ended")

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> AsyncStream:
        """Makes it a TLS connection; raises `ConnectFailed` or `TimedOut`."""
        plain = self._transport
        assert plain is not None
        if self._buffer or self._eof:
            # It would never get to the handshake, but be taken for the answer after it.
            self.close()
            raise ConnectFailed("cannot connect: the server does not speak TLS")
        try:
            async with asyncio.timeout(self.patience.connect()):
                self._over_tls = True
                self._transport = await asyncio.get_running_loop().start_tls(
                    plain, self, ssl_context, server_hostname=server_hostname, ssl_handshake_timeout=LONGEST
                )
        except TimeoutError:
            failure: TransportError = self.patience.ran_out("connect")
        except (OSError, ValueError) as error:
            failure = ConnectFailed(f"cannot connect: {_text(error)}")
        except BaseException:
            plain.abort()
            raise
        else:
            # Lost in the middle of the handshake, it is None.
            if self._transport is not None and not self.ended:
                return self
            failure = ConnectFailed("cannot connect: the connection ended")
        closed = self.ended
        plain.abort()
        self.close()
        raise TransportError(CLOSED) if closed else failure

    def get_extra_info(self, info: str) -> object:
        """Returns what httpcore asks about a connection."""
        if info != "is_readable":
            return self._transport.get_extra_info(info) if self._transport else None
        if self._buffer or self._eof or self._lost or self.ended or self._transport is None:
            return True
        sock = self._transport.get_extra_info("socket")
        return sock is None or is_readable(sock.fileno())

    async def aclose(self) -> None:
        """Ends the connection."""
        self.close()

    def close(self) -> None:
        """Ends the connection; may be called again."""
        if self.ended:
            return
        self.ended = True
        self._sockets.forget(self)
        try:
            if self.connecting is not None:
                self.connecting.cancel()
            if self._transport is not None:
                self._transport.abort()
            self._wake()
        except RuntimeError:
            # The event loop is closed, and closes nothing more.
            if self.socket is not None:
                self.socket.close()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def _until(self, there: Callable[[], bool]) -> None:
        while not (self.ended or self._lost or there()):
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(self.patience.read()):
                    await self._waiter
            except TimeoutError:
                failure = self.patience.ran_out("read")
            else:
                continue
            finally:
                self._waiter = None
            raise failure
        if self.ended:
            raise TransportError(CLOSED)


class AsyncSockets:
    """Makes connections, and knows all that are open."""

    def __init__(self, write_error: type[Exception]) -> None:
        self.write_error = write_error
        self._open: set[AsyncStream] = set()
        self._closed = False

    async def connect(self, host: str, port: int, patience: Patience) -> AsyncStream:
        """Returns a connection; raises `ConnectFailed`, `TimedOut` or `UsageError`.

        Each address of the host gets its share of the time that is left.
        """
        try:
            async with asyncio.timeout(patience.connect()):
                addresses = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except TimeoutError:
            failure: Exception = patience.ran_out("connect")
        except UnicodeError:
            failure = UsageError(URL_UNFIT)
        except OSError as error:
            failure = ConnectFailed(f"cannot connect: {reason(error)}")
        else:
            failure = ConnectFailed("cannot connect: the host has no address")
            for number, address in enumerate(addresses):
                if self._closed:
                    raise TransportError(CLOSED)
                stream = AsyncStream(self, patience)
                self._open.add(stream)
                try:
                    async with asyncio.timeout(patience.connect() / (len(addresses) - number)):
                        await stream.connect(address)
                    return stream
                except TimeoutError:
                    failure = patience.ran_out("connect")
                except OSError as error:
                    failure = ConnectFailed(f"cannot connect: {reason(error)}")
                except BaseException:
                    stream.close()
                    raise
                stream.close()
        raise failure

    def forget(self, stream: AsyncStream) -> None:
        """Is told of each connection that is closed."""
        self._open.discard(stream)

    def close(self) -> None:
        """Ends all connections, also those in use; there can be no more."""
        self._closed = True
        for stream in list(self._open):
            stream.close()


def _text(error: Exception) -> str:
    return reason(error) if isinstance(error, OSError) else str(error) or type(error).__name__


def _is_cut_off(transport: asyncio.BaseTransport) -> bool:
    """Returns whether a TLS connection ended without the server's word for it: anyone on the way could have made it."""
    tls = cast("ssl.SSLObject | None", transport.get_extra_info("ssl_object"))
    if tls is None:
        return False
    try:
        return tls.read(1) != b""
    except ssl.SSLZeroReturnError:
        return False
    except ssl.SSLError:
        return True
