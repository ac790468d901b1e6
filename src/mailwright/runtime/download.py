"""Answers that are files: read piece by piece, whole, or saved to disk."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from types import TracebackType
from typing import Any, Generic, ParamSpec, Self, TypeVar

from mailwright.runtime.caller import AsyncCaller, Caller
from mailwright.runtime.errors import Disconnected, ProtocolError, UsageError
from mailwright.runtime.models import UNSET
from mailwright.runtime.opened import AsyncOpened, Opened
from mailwright.runtime.operation import Operation
from mailwright.runtime.response import header_of, media_type_of
from mailwright.runtime.saving import Saving

AnyOpened = TypeVar("AnyOpened", Opened, AsyncOpened)
P = ParamSpec("P")
R = TypeVar("R")
Progress = Callable[[int, int | None], None]

_DIGITS = re.compile(r"[0-9]{1,18}")
# So much is handed to the thread that writes at once: each hand-over has its price.
_BLOCK = 1024 * 1024


class _Transfer(Generic[AnyOpened]):
    """What both kinds know of the answer, and that it is read but once."""

    def __init__(
        self,
        operation: Operation[Any],
        path: tuple[str | int, ...],
        query: Mapping[str, object] | None,
        headers: Mapping[str, object] | None,
        body: object,
    ) -> None:
        self._operation = operation
        self._path = path
        self._query = query
        self._asked_headers = headers
        self._body = body
        self._opened: AnyOpened | None = None
        self._entered = False
        self._used = False

    @property
    def status(self) -> int:
        """The answer's HTTP status."""
        return self._answer().status

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The answer's headers."""
        return self._answer().headers

    @property
    def url(self) -> str:
        """Where the request went, with `***` in the place of secrets."""
        return self._answer().url

    @property
    def media_type(self) -> str:
        """What the file is, such as `message/rfc822`, in lower case and without parameters; empty when not told."""
        return media_type_of(self._answer().headers)

    @property
    def size(self) -> int | None:
        """How many bytes there will be; None when the server does not say, or packs them."""
        return _size(self._answer().headers)

    def header(self, name: str) -> str | None:
        """Returns the first header of that name, in any case of letters, or None."""
        return self._answer().header(name)

    def __repr__(self) -> str:
        known = "" if self._opened is None else f": {self._opened.status}"
        return f"<{type(self).__name__} of {self._operation.id}{known}>"

    def _answer(self) -> AnyOpened:
        if self._opened is None:
            raise self._refused("the download is not open; open it in a with statement")
        return self._opened

    def _enter(self) -> None:
        if self._entered or self._used:
            raise self._refused("the download was opened already; ask for it once more")
        self._entered = True

    def _use(self) -> None:
        if self._used:
            raise self._refused("the download was read already, or is closed; ask for it once more")
        self._used = True

    def _refused(self, cause: str) -> UsageError:
        return UsageError(cause, operation=self._operation.id, method=self._operation.method)


class Download(_Transfer[Opened]):
    """A file the server sends: iterate over its pieces of bytes, `read` it, or `save` it; once.

    `with` opens it, to look at its headers first; otherwise it is opened when it is read. It raises what any call
    raises, then and while it is read; a file cut off is `Disconnected`, and nothing resumes it.
    """

    def __init__(
        self,
        client: Caller,
        operation: Operation[Any],
        /,
        *path: str | int,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        body: object = UNSET,
    ) -> None:
        super().__init__(operation, path, query, headers, body)
        self._client = client

    def read(self) -> bytes:
        """Returns all of it; raises `LimitExceeded` when that is more than `limits.response_bytes`."""
        with self._using() as opened:
            return b"".join(_pieces(opened, whole=True))

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = True, progress: Progress | None = None) -> int:
        """Writes it to a file, which is there whole or not at all, and returns its size in bytes.

        `progress` is called with the bytes that came so far and `size`. Without `overwrite` a file that exists is
        a `FileExistsError`; like every `OSError` of the disk it passes as it is. Raises `UsageError` for a folder.
        A file is readable by its owner alone, unless it takes the place of another one and so its permissions.
        """
        with Saving(path, overwrite=overwrite) as file:
            done = 0
            with self._using() as opened:
                for chunk in _pieces(opened):
                    file.write(chunk)
                    done += len(chunk)
                    if progress is not None:
                        progress(done, _size(opened.headers))
            file.finish()
        return done

    def close(self) -> None:
        """Ends the download, whether it was read or not."""
        self._used = True
        if self._opened is not None:
            self._opened.close()

    def __enter__(self) -> Self:
        self._enter()
        self._open()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __iter__(self) -> Iterator[bytes]:
        with self._using() as opened:
            yield from _pieces(opened)

    @contextmanager
    def _using(self) -> Generator[Opened]:
        self._use()
        if self._entered:
            yield self._answer()
            return
        opened = self._open()
        try:
            yield opened
        finally:
            opened.close()

    def _open(self) -> Opened:
        self._opened = self._client.open(
            self._operation, *self._path, query=self._query, headers=self._asked_headers, body=self._body
        )
        return self._opened


class AsyncDownload(_Transfer[AsyncOpened]):
    """A file the server sends, for `async with`, `async for` and `await`; the rules of `Download` hold."""

    def __init__(
        self,
        client: AsyncCaller,
        operation: Operation[Any],
        /,
        *path: str | int,
        query: Mapping[str, object] | None = None,
        headers: Mapping[str, object] | None = None,
        body: object = UNSET,
    ) -> None:
        super().__init__(operation, path, query, headers, body)
        self._client = client

    async def read(self) -> bytes:
        """Returns all of it; raises `LimitExceeded` when that is more than `limits.response_bytes`."""
        async with self._using() as opened:
            return b"".join([piece async for piece in _async_pieces(opened, whole=True)])

    async def save(
        self, path: str | os.PathLike[str], *, overwrite: bool = True, progress: Progress | None = None
    ) -> int:
        """Writes it to a file in a thread, and returns its size in bytes; the rules of `Download.save` hold."""
        with Saving(path, overwrite=overwrite) as file:
            done = 0
            block = bytearray()
            async with self._using() as opened:
                async for chunk in _async_pieces(opened):
                    block += chunk
                    done += len(chunk)
                    if len(block) >= _BLOCK:
                        await _in_thread(file.write, bytes(block))
                        block.clear()
                    if progress is not None:
                        progress(done, _size(opened.headers))
            await _in_thread(file.write, bytes(block))
            await _in_thread(file.finish)
        return done

    async def aclose(self) -> None:
        """Ends the download, whether it was read or not."""
        self._used = True
        if self._opened is not None:
            await self._opened.aclose()

    async def __aenter__(self) -> Self:
        self._enter()
        await self._open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.aclose()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async with self._using() as opened:
            async for piece in _async_pieces(opened):
                yield piece

    @asynccontextmanager
    async def _using(self) -> AsyncGenerator[AsyncOpened]:
        self._use()
        if self._entered:
            yield self._answer()
            return
        opened = await self._open()
        try:
            yield opened
        finally:
            await opened.aclose()

    async def _open(self) -> AsyncOpened:
        self._opened = await self._client.open(
            self._operation, *self._path, query=self._query, headers=self._asked_headers, body=self._body
        )
        return self._opened


class _Tally:
    """Counts what came: it must be what the server announced, and `whole` be held in memory."""

    def __init__(self, opened: Opened | AsyncOpened, *, whole: bool) -> None:
        self._exchange = opened.exchange
        self._size = _size(opened.headers)
        self._whole = whole
        self._came = 0

    def add(self, chunk: bytes) -> None:
        self._came += len(chunk)
        with self._exchange as exchange:
            if self._whole:
                exchange.settings.limits.check("response_bytes", self._came)
            if self._size is not None and self._came > self._size:
                raise ProtocolError(f"the server sent more than the {self._size} bytes it announced")

    def finish(self) -> None:
        with self._exchange:
            if self._size is not None and self._came < self._size:
                raise Disconnected(f"the connection ended after {self._came} of {self._size} bytes")


def _pieces(opened: Opened, *, whole: bool = False) -> Iterator[bytes]:
    tally = _Tally(opened, whole=whole)
    for chunk in opened.chunks():
        tally.add(chunk)
        yield chunk
    tally.finish()


async def _async_pieces(opened: AsyncOpened, *, whole: bool = False) -> AsyncIterator[bytes]:
    tally = _Tally(opened, whole=whole)
    async for chunk in opened.chunks():
        tally.add(chunk)
        yield chunk
    tally.finish()


def _size(headers: Sequence[tuple[str, str]]) -> int | None:
    packed = header_of(headers, "content-encoding")
    # With a Transfer-Encoding there is no length, whatever another header says.
    if (packed or "identity").strip().lower() != "identity" or header_of(headers, "transfer-encoding") is not None:
        return None
    length = (header_of(headers, "content-length") or "").strip()
    return int(length) if _DIGITS.fullmatch(length) else None


async def _in_thread(step: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    import asyncio

    # To be waited for when the task is cancelled too: a file must not be taken away under the thread that writes it.
    running = asyncio.ensure_future(asyncio.to_thread(step, *args, **kwargs))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        with suppress(Exception):
            await running
        raise
