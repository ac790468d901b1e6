"""Backends that send nothing: they keep each request and give prepared answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mailwright.contract.rpc import with_tags
from mailwright.runtime import Request

JSON_HEADERS = (("Content-Type", "application/json; charset=utf-8"),)


@dataclass(frozen=True, slots=True)
class Answer:
    """A prepared answer, or an exception in its place.

    With `pieces` it comes as a stream, in pieces of as many bytes, and ends with `cut` where there is one. `tags` are
    those in the content that stand for the tags of the request's commands.
    """

    content: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = JSON_HEADERS
    error: Exception | None = None
    pieces: int = 0
    cut: Exception | None = None
    tags: tuple[str, ...] = ()

    def to(self, request: Request) -> Answer:
        """The answer to this request: with its tags."""
        return replace(self, content=with_tags(self.content, self.tags, request.body() or b"")) if self.tags else self


class Streamed:
    """An answer that comes as a stream, read with or without waiting; `closed` tells that it was given back."""

    def __init__(self, answer: Answer) -> None:
        self.status = answer.status
        self.headers = answer.headers
        self.closed = False
        self._answer = answer

    def chunks(self) -> _Chunks:
        """The pieces."""
        return _Chunks(self._answer)

    def close(self) -> None:
        """Takes note of it."""
        self.closed = True

    async def aclose(self) -> None:
        """Takes note of it."""
        self.closed = True


class _Chunks:
    """An iterator of both kinds, so that sync and async clients are given the same."""

    def __init__(self, answer: Answer) -> None:
        content, size = answer.content, answer.pieces
        self._pieces = iter([content[at : at + size] for at in range(0, len(content), size)])
        self._cut = answer.cut

    def __iter__(self) -> _Chunks:
        return self

    def __next__(self) -> bytes:
        piece = next(self._pieces, None)
        if piece is not None:
            return piece
        raise self._cut or StopIteration

    def __aiter__(self) -> _Chunks:
        return self

    async def __anext__(self) -> bytes:
        piece = next(self._pieces, None)
        if piece is not None:
            return piece
        raise self._cut or StopAsyncIteration


class Recorder:
    """A backend for one client: `requests` holds what the client sent.

    It gives the answers in turn, the last one for ever. With `show` it prints each request, which is what a repeated
    case is for.
    """

    def __init__(
        self,
        content: bytes = b"",
        *more: bytes,
        status: int = 200,
        headers: tuple[tuple[str, str], ...] = JSON_HEADERS,
        error: Exception | None = None,
        pieces: int = 0,
        cut: Exception | None = None,
        tags: tuple[str, ...] = (),
        show: bool = True,
    ) -> None:
        self.requests: list[Request] = []
        self.streamed: list[Streamed] = []
        self.answers: Sequence[Answer] = [
            Answer(each, status, headers, error, pieces, cut, tags) for each in (content, *more)
        ]
        self.show = show

    def send(self, request: Request, /) -> Answer | Streamed:
        """Keeps the request and gives the next answer; raises the exception that was prepared."""
        answer = self.answers[min(len(self.requests), len(self.answers) - 1)]
        self.requests.append(request)
        if self.show:
            print(f"{request.method} {request.url!s:.500} {request.body()!r:.500}")
        if answer.error is not None:
            raise answer.error
        if not answer.pieces:
            return answer.to(request)
        self.streamed.append(Streamed(answer))
        return self.streamed[-1]

    def close(self) -> None:
        """Does nothing."""


class AsyncRecorder:
    """The same for an async client; several may share what one `Recorder` keeps."""

    def __init__(
        self,
        content: bytes = b"",
        *more: bytes,
        status: int = 200,
        headers: tuple[tuple[str, str], ...] = JSON_HEADERS,
        error: Exception | None = None,
        pieces: int = 0,
        cut: Exception | None = None,
        tags: tuple[str, ...] = (),
        show: bool = True,
    ) -> None:
        self.recorder = Recorder(
            content, *more, status=status, headers=headers, error=error, pieces=pieces, cut=cut, tags=tags, show=show
        )

    @property
    def requests(self) -> list[Request]:
        """What the client sent."""
        return self.recorder.requests

    async def send(self, request: Request, /) -> Answer | Streamed:
        """Keeps the request and gives the next answer."""
        return self.recorder.send(request)

    async def aclose(self) -> None:
        """Does nothing."""
