"""Backends that send nothing: they keep each request and give prepared answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mailwright.runtime import Request

JSON_HEADERS = (("Content-Type", "application/json; charset=utf-8"),)


@dataclass(frozen=True, slots=True)
class Answer:
    """A prepared answer, or an exception in its place."""

    content: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = JSON_HEADERS
    error: Exception | None = None


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
        show: bool = True,
    ) -> None:
        self.requests: list[Request] = []
        self.answers: Sequence[Answer] = [Answer(each, status, headers, error) for each in (content, *more)]
        self.show = show

    def send(self, request: Request, /) -> Answer:
        """Keeps the request and gives the next answer; raises the exception that was prepared."""
        answer = self.answers[min(len(self.requests), len(self.answers) - 1)]
        self.requests.append(request)
        if self.show:
            print(f"{request.method} {request.url!s:.500} {request.content!r:.500}")
        if answer.error is not None:
            raise answer.error
        return answer

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
        show: bool = True,
    ) -> None:
        self.recorder = Recorder(content, *more, status=status, headers=headers, error=error, show=show)

    @property
    def requests(self) -> list[Request]:
        """What the client sent."""
        return self.recorder.requests

    async def send(self, request: Request, /) -> Answer:
        """Keeps the request and gives the next answer."""
        return self.recorder.send(request)

    async def aclose(self) -> None:
        """Does nothing."""
