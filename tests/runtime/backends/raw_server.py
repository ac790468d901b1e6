"""A server on loopback that says exactly the bytes a test gives it, also over TLS, and keeps what it was told."""

from __future__ import annotations

import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum

PATIENCE = 10.0


class Act(Enum):
    """What a server does besides saying bytes."""

    HANG = "say nothing until the test is over"
    WAIT = "say nothing until the test calls `go_on`"
    TELL = "tell the test that it has come so far"
    CLOSE = "close the connection"
    RESET = "reset the connection"


Step = bytes | float | Act
"""Bytes are said, and a number is a pause in seconds."""
Answer = bytes | Sequence[Step]

HANG, WAIT, TELL, CLOSE, RESET = Act.HANG, Act.WAIT, Act.TELL, Act.CLOSE, Act.RESET


def http(
    body: bytes = b"{}", *, status: str = "200 OK", headers: Sequence[str | bytes] = (), length: bool = True
) -> bytes:
    lines = [f"HTTP/1.1 {status}".encode()]
    lines += [line if isinstance(line, bytes) else line.encode("latin-1") for line in headers]
    if length:
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@dataclass(frozen=True)
class Seen:
    """One request: the lines of its head, and its body, which `chunked` tells the form of on the wire."""

    lines: tuple[bytes, ...]
    body: bytes
    chunked: bool
    connection: int

    @property
    def target(self) -> str:
        return self.lines[0].split(b" ")[1].decode("latin-1")

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        return [(name, value.strip()) for name, _, value in (line.partition(b":") for line in self.lines[1:])]

    def all(self, name: str) -> list[bytes]:
        return [value for each, value in self.headers if each.lower() == name.lower().encode()]


@dataclass
class RawServer:
    """`answers` are given one a request, over all connections; the last one for ever.

    Without `reads_body` the answer is given as soon as the head of a request is there. With `before` a connection is
    dealt with before anything is read from it. With `tunnel` it takes the part of a proxy, and then of whoever is
    behind it, with that certificate.
    """

    answers: list[Answer]
    tls: ssl.SSLContext | None = None
    reads_body: bool = True
    before: Sequence[Step] = ()
    tunnel: ssl.SSLContext | None = None
    port: int = 0
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0
    ended: int = 0
    told: int = 0
    busiest: int = 0
    """How many requests it had at a time, at most."""
    _busy: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _may_go_on: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _over: threading.Event = field(default_factory=threading.Event)
    _open: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def wait_for(self, *, seen: int = 0, connections: int = 0, ended: int = 0, told: int = 0) -> None:
        """Waits until there were so many requests, connections, connections that came to their end, and tidings."""
        with self._changed:
            wanted = {"seen": seen, "connections": connections, "ended": ended, "told": told}
            assert self._changed.wait_for(
                lambda: all(self._counts()[each] >= wanted[each] for each in wanted), PATIENCE
            ), self._counts()

    def _counts(self) -> dict[str, int]:
        return {"seen": len(self.seen), "connections": self.connections, "ended": self.ended, "told": self.told}

    def go_on(self) -> None:
        self._may_go_on.release()

    def serve(self, listener: socket.socket) -> None:
        while not self._over.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._changed:
                self.connections += 1
                self._open.append(connection)
                self._changed.notify_all()
            threading.Thread(target=self._converse, args=(connection, self.connections), daemon=True).start()

    def stop(self) -> None:
        self._over.set()
        for _ in range(1000):
            self._may_go_on.release()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _converse(self, connection: socket.socket, number: int) -> None:
        try:
            with connection, suppress(OSError):
                if not self._play(connection, self.before):
                    return
                if self.tls is None:
                    self._answer(connection, number)
                else:
                    with self.tls.wrap_socket(connection, server_side=True) as secure:
                        self._answer(secure, number)
        finally:
            with self._changed:
                self.ended += 1
                self._changed.notify_all()

    def _answer(self, connection: socket.socket, number: int) -> None:
        while (request := self._read(connection, number)) is not None:
            with self._changed:
                self.seen.append(request)
                self._busy += 1
                self.busiest = max(self.busiest, self._busy)
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                self._changed.notify_all()
            steps: Sequence[Step] = [answer] if isinstance(answer, bytes) else answer
            for step in steps:
                # The client may ask for more as soon as it has the last bytes.
                if step is steps[-1]:
                    self._busy_no_more()
                if not self._play(connection, [step]):
                    return
            if self.tunnel is not None and request.lines[0].startswith(b"CONNECT "):
                with self.tunnel.wrap_socket(connection, server_side=True) as secure:
                    self._answer(secure, number)
                return

    def _busy_no_more(self) -> None:
        with self._changed:
            self._busy -= 1

    def _play(self, connection: socket.socket, steps: Sequence[Step]) -> bool:
        """Returns whether the connection goes on."""
        for step in steps:
            if isinstance(step, bytes):
                connection.sendall(step)
            elif step is HANG:
                # Without a look at what is still to be read, until the client or the test ends it.
                poll = select.poll()
                poll.register(connection.fileno(), select.POLLRDHUP)
                poll.poll(PATIENCE * 1000)
                return False
            elif step is WAIT:
                self._may_go_on.acquire(timeout=PATIENCE)
            elif step is TELL:
                with self._changed:
                    self.told += 1
                    self._changed.notify_all()
            elif step is RESET:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return False
            elif step is CLOSE:
                return False
            else:
                assert isinstance(step, float)
                self._over.wait(step)
        return True

    def _read(self, connection: socket.socket, number: int) -> Seen | None:
        data = b""
        while b"\r\n\r\n" not in data:
            if not (more := connection.recv(65536)):
                return None
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        lines = tuple(head.split(b"\r\n"))
        found = Seen(lines, b"", False, number)
        if not self.reads_body:
            return found
        chunked = found.all("transfer-encoding") == [b"chunked"]
        length = int((found.all("content-length") or [b"0"])[0])
        while len(body) < length or (chunked and not body.endswith(b"0\r\n\r\n")):
            if not (more := connection.recv(65536)):
                return None
            body += more
        return Seen(lines, _unchunked(body) if chunked else body, chunked, number)


@contextmanager
def serving(
    *answers: Answer,
    tls: ssl.SSLContext | None = None,
    reads_body: bool = True,
    before: Sequence[Step] = (),
    tunnel: ssl.SSLContext | None = None,
) -> Iterator[RawServer]:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        server = RawServer(list(answers) or [http()], tls, reads_body, before, tunnel, port=listener.getsockname()[1])
        threading.Thread(target=server.serve, args=(listener,), daemon=True).start()
        try:
            yield server
        finally:
            server.stop()
            # Wakes accept(), which closing alone would not do on Linux.
            listener.shutdown(socket.SHUT_RDWR)


@contextmanager
def deaf() -> Iterator[int]:
    """Gives the port of a listener that takes no more connections: its queue is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address: tuple[str, int] = listener.getsockname()
        waiting: list[socket.socket] = []
        try:
            # Until one is not taken at once, it has still room.
            for _ in range(20):
                client = socket.socket()
                waiting.append(client)
                client.settimeout(0.2)
                try:
                    client.connect(address)
                except TimeoutError:
                    break
            else:
                raise AssertionError("the queue does not get full")
            yield address[1]
        finally:
            for client in waiting:
                client.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def eventually(found: object, wanted: object, seconds: float = 3.0) -> None:
    """Asserts that a callable gives a value before long."""
    assert callable(found)
    end = time.monotonic() + seconds
    while found() != wanted and time.monotonic() < end:
        time.sleep(0.01)
    assert found() == wanted


def _unchunked(body: bytes) -> bytes:
    whole = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size, 16)
        whole += rest[:length]
        body = rest[length + 2 :]
    return whole
