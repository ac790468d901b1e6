"""A server on loopback that says exactly the bytes a test gives it, and keeps what it was told."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

HANG = None
"""Written instead of bytes: say nothing until the test is over."""


def http(body: bytes = b'{"success":true,"id":"1"}', *, status: str = "200 OK", headers: Sequence[str] = ()) -> bytes:
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class Loopback:
    """`answers` are given one a request; the last one for ever. A list of bytes is said with pauses between."""

    answers: list[bytes | list[bytes] | None]
    pause: float = 0.05
    requests: list[bytes] = field(default_factory=list[bytes])
    over: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self.converse, args=(connection,), daemon=True).start()

    def converse(self, connection: socket.socket) -> None:
        with connection:
            while request := _read(connection):
                self.requests.append(request)
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                if answer is HANG:
                    self.over.wait(10)
                    return
                for number, piece in enumerate([answer] if isinstance(answer, bytes) else answer):
                    if number:
                        time.sleep(self.pause)
                    try:
                        connection.sendall(piece)
                    except OSError:
                        return
                if not (isinstance(answer, bytes) and b"Content-Length" in answer):
                    return


@contextmanager
def loopback(*answers: bytes | list[bytes] | None, pause: float = 0.05) -> Iterator[Loopback]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Loopback(list(answers) or [http()], pause, port=listener.getsockname()[1])
        threading.Thread(target=server.serve, args=(listener,), daemon=True).start()
        try:
            yield server
        finally:
            server.over.set()
            # Wakes accept(), which closing alone would not do on Linux.
            listener.shutdown(socket.SHUT_RDWR)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _read(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        try:
            more = connection.recv(65536)
        except OSError:
            return b""
        if not more:
            return b""
        data += more
        if data[:1] == b"\x16":  # a TLS handshake, to which a server without TLS gives a plain answer
            return data
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
