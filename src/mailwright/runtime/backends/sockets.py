"""TCP connections whose every step ends in time, in the form that httpcore reads from and writes to."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TypeVar

from mailwright.runtime.backends.failures import CLOSED, URL_UNFIT, reason
from mailwright.runtime.backends.patience import Patience
from mailwright.runtime.errors import ConnectFailed, Disconnected, TransportError, UsageError

T = TypeVar("T")


class Stream:
    """One connection; `patience` is that of the exchange which has it now.

    The timeouts that httpcore passes to its methods are not used: they are for one read each, and a server that drips
    would never meet them. Any thread may close it; a call that is waiting on it then ends with `TransportError`.
    """

    def __init__(self, sockets: Sockets, sock: socket.socket, patience: Patience) -> None:
        self.patience = patience
        self._sockets = sockets
        self._socket = sock
        self._in_use = threading.Lock()
        self._ended = False

    def connect(self, address: tuple[object, ...], seconds: float) -> None:
        """Connects to one address."""
        self._do(seconds, lambda: self._socket.connect(address))

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Returns what came, or nothing at the end; raises `TimedOut` or `Disconnected`."""
        try:
            data = self._do(self.patience.read(), lambda: self._socket.recv(max_bytes))
        except TimeoutError:
            failure: TransportError = self.patience.ran_out("read")
        except OSError as error:
            failure = Disconnected(f"the connection broke: {reason(error)}")
        else:
            return data
        raise failure

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Sends all; raises `TimedOut`, or httpcore's own `WriteError`, after which an answer may still be there."""
        view = memoryview(buffer)
        failure: Exception
        try:
            while view:
                view = view[self._do(self.patience.read(), partial(self._socket.send, view)) :]
        except TimeoutError:
            failure = self.patience.ran_out("read")
        except OSError as error:
            failure = self._sockets.write_error(reason(error))
        else:
            return
        raise failure

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Stream:
        """Makes it a TLS connection; raises `ConnectFailed` or `TimedOut`."""

        def shake_hands() -> None:
            # Not at once, so that another thread can close it meanwhile. And an end that the server did not announce
            # is an error: anyone on the way could have made it.
            secure = ssl_context.wrap_socket(
                self._socket,
                server_hostname=server_hostname,
                do_handshake_on_connect=False,
                suppress_ragged_eofs=False,
            )
            self._socket = secure
            secure.do_handshake()

        try:
            self._do(self.patience.connect(), shake_hands)
        except TimeoutError:
            failure: TransportError = self.patience.ran_out("connect")
        except (OSError, ValueError) as error:
            failure = ConnectFailed(f"cannot connect: {reason(error) if isinstance(error, OSError) else error}")
        else:
            return self
        self.close()
        raise failure

    def get_extra_info(self, info: str) -> object:
        """Returns what httpcore asks about a connection."""
        if info == "is_readable":
            return is_readable(self._socket.fileno())
        return self._socket if info == "socket" else None

    def close(self) -> None:
        """Ends the connection; may be called again."""
        self._ended = True
        # Wakes a thread that waits on it, which closing alone would not; and closing is left to that thread, lest it
        # goes on with a number that by then is another socket. Past SSLSocket's own, which is not for two threads.
        with suppress(OSError):
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
        if self._in_use.acquire(blocking=False):
            try:
                self._socket.close()
                self._sockets.forget(self)
            finally:
                self._in_use.release()

    def _do(self, seconds: float, action: Callable[[], T]) -> T:
        done: list[T] = []
        try:
            with self._in_use:
                if not self._ended:
                    self._socket.settimeout(seconds)
                    done.append(action())
        except OSError:
            if not self._ended:
                raise
        finally:
            if self._ended:
                self.close()
        if self._ended or not done:
            raise TransportError(CLOSED)
        return done[0]


class Sockets:
    """Makes connections, and knows all that are open."""

    def __init__(self, write_error: type[Exception]) -> None:
        self.write_error = write_error
        self._lock = threading.Lock()
        self._open: set[Stream] = set()
        self._closed = False

    def connect(self, host: str, port: int, patience: Patience) -> Stream:
        """Returns a connection; raises `ConnectFailed`, `TimedOut` or `UsageError`.

        Each address of the host gets its share of the time that is left. The look-up of the name is the one step
        that cannot be ended: the system's resolver has a timeout of its own.
        """
        try:
            patience.connect()
            addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except UnicodeError:
            failure: Exception = UsageError(URL_UNFIT)
        except OSError as error:
            failure = ConnectFailed(f"cannot connect: {reason(error)}")
        else:
            failure = ConnectFailed("cannot connect: the host has no address")
            for number, (family, kind, protocol, _, address) in enumerate(addresses):
                stream = self._new(family, kind, protocol, patience)
                try:
                    stream.connect(address, patience.connect() / (len(addresses) - number))
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

    def forget(self, stream: Stream) -> None:
        """Is told of each connection that is closed."""
        with self._lock:
            self._open.discard(stream)

    def close(self) -> None:
        """Ends all connections, also those in use; there can be no more."""
        with self._lock:
            self._closed = True
            streams = list(self._open)
        for stream in streams:
            stream.close()

    def _new(self, family: int, kind: int, protocol: int, patience: Patience) -> Stream:
        sock = socket.socket(family, kind, protocol)
        if family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = Stream(self, sock, patience)
        with self._lock:
            closed = self._closed
            if not closed:
                self._open.add(stream)
        if closed:
            stream.close()
            raise TransportError(CLOSED)
        return stream


def is_readable(number: int) -> bool:
    """Returns whether a socket has bytes, or its end, to read; on one that waits for no answer both mean its end."""
    if number < 0:
        return True
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(number, select.POLLIN)
        return bool(poll.poll(0))
    return bool(select.select([number], [], [], 0)[0])
