"""Mocks on sockets: one uvicorn server for each, until a signal ends them together."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import socket
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import uvicorn

from mailwright.mock.asgi import Application
from mailwright.mock.server import Mock
from mailwright.problem import Problem


@dataclass(frozen=True, slots=True)
class Listener:
    """A mock and the socket it is to be served on."""

    name: str
    mock: Mock
    socket: socket.socket

    @property
    def url(self) -> str:
        """The base URL for a client on this machine."""
        host, port = self.socket.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def listen(name: str, mock: Mock, host: str, port: int) -> Listener:
    """Takes a port for a mock; port 0 takes any that is free.

    Raises:
        Problem: the port is in use, not allowed, or the host is not an address of this machine.
    """
    if not 0 <= port <= 65535:
        # Name resolution would take it modulo 65536.
        raise Problem(f"{port} is no port", remedy="use 0 to 65535", exit_code=2)
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        taken = socket.socket(family, kind, protocol)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(address)
        taken.listen(128)
    except OSError as error:
        in_use = error.errno == errno.EADDRINUSE
        raise Problem(
            f"port {port} of {host} is in use" if in_use else f"{host}:{port} cannot be listened on: {error.strerror}",
            remedy="take another with --port, or a free one with --port 0" if in_use else "choose --host and --port",
            exit_code=2,
        ) from error
    return Listener(name, mock, taken)


def serve(listeners: Sequence[Listener], ready: Callable[[], None]) -> None:
    """Serves until SIGINT or SIGTERM; `ready` is called once all of them take requests."""
    asyncio.run(_serve(listeners, ready))


async def _serve(listeners: Sequence[Listener], ready: Callable[[], None]) -> None:
    servers = [_Server(_config(each.mock)) for each in listeners]

    def stop() -> None:
        for server in servers:
            server.should_exit = True
        for each in listeners:
            each.mock.end_streams()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    tasks = [
        asyncio.create_task(server.serve(sockets=[each.socket]))
        for server, each in zip(servers, listeners, strict=True)
    ]
    while not all(server.started for server in servers) and not any(task.done() for task in tasks):
        await asyncio.sleep(0.01)
    ready()
    await asyncio.gather(*tasks)


def _config(mock: Mock) -> uvicorn.Config:
    # h11 and not httptools, wherever both are there: one parser, one behaviour. The pack names the server itself.
    return uvicorn.Config(
        Application(mock),
        http="h11",
        loop="asyncio",
        lifespan="off",
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leaves signals alone: they end all servers at once, not the one that took them last."""
        yield
