"""A server on raw sockets that does to a client whatever a cell says; no HTTP library could be broken enough.

It listens on several origins of 127.0.0.1. In everything a cell gives, `%home%`, `%elsewhere%` and the others stand for
their URLs. One cell runs at a time; once it is over, every request gets a good answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import certificates
from answers import CREATED, DONE, THING, answer
from journal import Journal, Seen, read_body, read_head
from steps import STALL, Answer, Wire
from tunnel import tunnel

T = TypeVar("T")
# Small, so that what a cell leaves unread stays in the client.
_HEAD_LIMIT = 256 * 1024
_UNREAD = 128 * 1024
_LOOK = 0.05
PLAIN = ("home", "elsewhere")


@dataclass
class Plan:
    """What the server does for the cell that runs."""

    answers: Sequence[Answer] = ()
    greets: Sequence[Answer] = ()
    elsewhere: Sequence[Answer] = ()
    reads_body: bool = True
    journal: Journal = field(default_factory=Journal)
    over: bool = False
    asked: int = 0
    asked_elsewhere: int = 0
    greeted: int = 0


class Deaf:
    """Two ports that take no connections: one refuses them, one leaves them unanswered."""

    def __init__(self) -> None:
        self.server: asyncio.Server | None = None
        self._sockets: dict[str, socket.socket] = {}
        self._fillers: list[socket.socket] = []

    @property
    def listens(self) -> bool:
        """Whether one of them was opened meanwhile."""
        return self.server is not None

    def renew(self, urls: dict[str, str]) -> None:
        """Makes two new ports and writes down their URLs."""
        self.close()
        for name in ("refused", "silent"):
            self._sockets[name] = socket.socket()
            self._sockets[name].bind(("127.0.0.1", 0))
            urls[name] = _url("http", self._sockets[name])
        # Linux leaves a connection unanswered when the queue of those to be accepted is full.
        self._sockets["silent"].listen(0)
        for _ in range(2):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(self._sockets["silent"].getsockname())
            self._fillers.append(filler)

    def take(self, name: str) -> socket.socket:
        """Returns the socket to listen on."""
        return self._sockets.pop(name)

    def close(self) -> None:
        """Closes both."""
        if self.server is not None:
            self.server.close()
            self.server = None
        for sock in [*self._sockets.values(), *self._fillers]:
            sock.close()
        self._sockets, self._fillers = {}, []


class FaultServer:
    """Runs in a thread of its own between `start` and `stop`."""

    def __init__(self) -> None:
        self.urls: dict[str, str] = {}
        self.authority = certificates.authority()
        self.open = 0
        self._plan = Plan(over=True)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault server", daemon=True)
        self._servers: list[asyncio.Server] = []
        self._deaf = Deaf()
        self._talks: dict[asyncio.Task[None], Wire] = {}
        self._playing: set[asyncio.Task[None]] = set()
        self._guard: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Opens the listeners."""
        self._thread.start()
        self._run(self._listen())

    def stop(self) -> None:
        """Closes everything."""
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def fill(self, text: str) -> str:
        """Returns a text with the URLs of origins in their places."""
        for name, url in self.urls.items():
            text = text.replace(f"%{name}%", url)
        return text

    def begin(self, plan: Plan) -> None:
        """Starts a cell."""
        self._plan = plan

    def judge(self, cut_after: float, flooded: Callable[[], bool] = lambda: False) -> None:
        """Starts the judged call.

        All connections are broken after so many seconds, so that nobody hangs for ever, and as soon as `flooded` says
        that the machine is in danger.
        """
        self._run(self._judge(cut_after, flooded))

    def settle(self) -> None:
        """Waits until every answer under way is given: then what was closed is closed."""
        self._run(self._settle())

    def finish(self) -> None:
        """Ends the cell's script: what it still holds open is broken, and from now on answers are good."""
        self._run(self._finish())

    def end(self) -> None:
        """Ends the cell's connections."""
        self._run(self._end())

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        for name in PLAIN:
            await self._add(name, "http", None)
        contexts = certificates.contexts(self.authority)
        for name, context in contexts.items():
            await self._add(name, "https", context)
        self._context = contexts["tls"]
        await self._add("tls-silent", "https", None)
        self._deaf.renew(self.urls)

    async def _add(self, name: str, scheme: str, context: ssl.SSLContext | None) -> None:
        listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _UNREAD)
        self._servers.append(await self._serve(name, listener, context))
        self.urls[name] = _url(scheme, listener)
        port = listener.getsockname()[1]
        self.urls[f"{name}-localhost"] = f"{scheme}://localhost:{port}"
        self.urls[f"{name}-port"] = str(port)

    async def _serve(self, name: str, listener: socket.socket, context: ssl.SSLContext | None) -> asyncio.Server:
        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = self._loop.create_task(self._converse(name, reader, writer))
            task.add_done_callback(lambda done: self._talks.pop(done, None))

        return await asyncio.start_server(
            connected, sock=listener, ssl=context, limit=_HEAD_LIMIT, ssl_handshake_timeout=5 if context else None
        )

    async def _hear(self, name: str) -> None:
        """Lets a port that was deaf be heard, until the cell ends."""
        self._deaf.server = await self._serve(name, self._deaf.take(name), None)

    async def _judge(self, cut_after: float, flooded: Callable[[], bool]) -> None:
        self._plan.journal.phase = "judged"
        self._guard = self._loop.create_task(self._cut(self._loop.time() + cut_after, flooded))

    async def _cut(self, at: float, flooded: Callable[[], bool]) -> None:
        while self._loop.time() < at and not flooded():
            await asyncio.sleep(min(_LOOK, max(0.0, at - self._loop.time())))
        # New ones too: a client that tries again must not go on for ever.
        while True:
            self._abort_all()
            await asyncio.sleep(_LOOK)

    def _abort_all(self) -> None:
        for task, wire in list(self._talks.items()):
            wire.writer.transport.abort()
            task.cancel()

    async def _settle(self) -> None:
        while self._playing:
            await asyncio.wait(self._playing, timeout=2)

    async def _finish(self) -> None:
        if self._guard:
            self._guard.cancel()
        self._plan.over = True
        self._plan.journal.phase = "after"
        # An answer of which only the end is missing, such as a close, is given; a stall is not.
        if self._playing:
            await asyncio.wait(self._playing, timeout=0.02)
        playing = list(self._playing)
        for task in playing:
            task.cancel()
        if playing:
            await asyncio.wait(playing, timeout=2)
        if self._plan.journal.home in ("refused", "silent"):
            await self._hear(self._plan.journal.home)

    async def _end(self) -> None:
        await self._break_all()
        if self._deaf.listens:
            self._deaf.renew(self.urls)

    async def _break_all(self) -> None:
        tasks = list(self._talks)
        self._abort_all()
        if tasks:
            await asyncio.wait(tasks, timeout=2)

    async def _close(self) -> None:
        await self._break_all()
        for server in self._servers:
            server.close()
        self._deaf.close()
        await asyncio.sleep(0)

    async def _converse(self, origin: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        plan = self._plan
        wire = Wire(reader, writer, lambda data: self._fill_bytes(data))
        task = asyncio.current_task()
        assert task is not None
        self._talks[task] = wire
        self.open += 1
        number = len(plan.journal.connections)
        plan.journal.connections.append(origin)
        try:
            await self._talk(plan, wire, origin, number)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError, ValueError):
            pass
        finally:
            self.open -= 1
            with contextlib.suppress(Exception):
                await wire.reset()

    async def _talk(self, plan: Plan, wire: Wire, origin: str, number: int) -> None:
        home = origin == plan.journal.home
        if origin == "tls-silent":
            if not plan.over:
                await self._play(plan, wire, [*(plan.greets or ()), STALL])
            await wire.writer.start_tls(self._context)
        if plan.greets and home and not plan.over:
            greeting = plan.greets[min(plan.greeted, len(plan.greets) - 1)]
            plan.greeted += 1
            await self._play(plan, wire, greeting)
        while not wire.ended:
            head = await read_head(wire.reader)
            if not head:
                return
            seen = Seen(origin, number, plan.journal.phase, head)
            at = len(plan.journal.everything)
            plan.journal.everything.append(seen)
            if plan.reads_body or plan.over:
                body, length, digest = await read_body(wire.reader, seen)
                plan.journal.everything[at] = Seen(origin, number, seen.phase, head, body, length, digest)
            if plan.over:
                await (tunnel(wire) if seen.method == "CONNECT" else wire.send(good_answer(seen)))
            elif home:
                await self._play(plan, wire, plan.answers[min(plan.asked, len(plan.answers) - 1)], asked=True)
            else:
                answers = plan.elsewhere or (good_answer(seen),)
                answer = answers[min(plan.asked_elsewhere, len(answers) - 1)]
                plan.asked_elsewhere += 1
                await self._play(plan, wire, answer)

    async def _play(self, plan: Plan, wire: Wire, answer: Answer, *, asked: bool = False) -> None:
        if asked:
            plan.asked += 1
        task = self._loop.create_task(wire.play(answer))
        self._playing.add(task)
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            task.cancel()
            raise
        finally:
            self._playing.discard(task)

    def _fill_bytes(self, data: bytes) -> bytes:
        return self.fill(data.decode("latin-1")).encode("latin-1") if b"%" in data and len(data) < 65536 else data


def good_answer(seen: Seen) -> bytes:
    """What an unbroken server would say."""
    if seen.method == "POST":
        return answer(CREATED)
    return answer(THING if seen.method == "GET" else DONE)


def _url(scheme: str, sock: socket.socket) -> str:
    return f"{scheme}://127.0.0.1:{sock.getsockname()[1]}"
