"""TCP connections of an event loop, in the form that httpcore reads from and writes to."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import cast

from mailwright.runtime.backends.failures import CLOSED, URL_UNFIT, reason
from mailwright.runtime.backends.patience import LONGEST, Patience
from mailwright.runtime.backends.sockets import is_readable
from mailwright.runtime.errors import ConnectFailed, Disconnected, TransportError, UsageError

# The transport stops reading while this many bytes are not taken.
_AHEAD = 256 * 1024
_NEXT_ADDRESS_AFTER = 0.25


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
        self.connecting: asyncio.Task[object] | None = None

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
        self._wake()
        # The request may not be sent to its end yet; TLS has no half-closed connections.
        return not self._over_tls

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost, self._error = True, exc
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
        # Raised when their event loop is closed, and the connection with it.
        with suppress(RuntimeError):
            if self.connecting is not None:
                self.connecting.cancel()
            if self._transport is not None:
                self._transport.abort()
            self._wake()

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
        """Returns a connection; raises `ConnectFailed`, `TimedOut` or `UsageError`."""
        if self._closed:
            raise TransportError(CLOSED)
        stream = AsyncStream(self, patience)
        self._open.add(stream)
        stream.connecting = asyncio.ensure_future(_connected(stream, host, port))
        try:
            async with asyncio.timeout(patience.connect()):
                await stream.connecting
        except TimeoutError:
            failure: Exception = patience.ran_out("connect")
        except UnicodeError:
            failure = UsageError(URL_UNFIT)
        except OSError as error:
            failure = ConnectFailed(f"cannot connect: {_text(error)}")
        except BaseException:
            ended_by_us = stream.ended and not _is_cancelled()
            stream.close()
            if not ended_by_us:
                raise
            failure = TransportError(CLOSED)
        else:
            stream.connecting = None
            return stream
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


async def _connected(stream: AsyncStream, host: str, port: int) -> None:
    await asyncio.get_running_loop().create_connection(
        lambda: stream, host, port, happy_eyeballs_delay=_NEXT_ADDRESS_AFTER
    )


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _text(error: Exception) -> str:
    return reason(error) if isinstance(error, OSError) else str(error) or type(error).__name__
