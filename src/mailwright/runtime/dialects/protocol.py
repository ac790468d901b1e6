"""What a dialect has to answer, and what a bare HTTP status means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from mailwright.runtime.errors import (
    APIError,
    AuthenticationFailed,
    Conflict,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    RateLimited,
    ServerError,
)

_BY_STATUS: dict[int, type[APIError]] = {
    401: AuthenticationFailed,
    403: PermissionDenied,
    404: NotFound,
    409: Conflict,
    410: NotFound,
    429: RateLimited,
}


@dataclass(frozen=True, slots=True)
class Failure:
    """An error the server told: which one it is, and its own words for it.

    `content` is the body for people to read, where a secret has to be taken out of it; None for the body as it came.
    """

    kind: type[APIError]
    message: str
    code: str | int | None = None
    details: object = None
    content: bytes | None = None

    def error(self, content: bytes) -> APIError:
        """Returns the exception to raise, with the body it was read from."""
        shown = content if self.content is None else self.content
        return self.kind(self.message, code=self.code, details=self.details, content=shown)


class Dialect(Protocol):
    """Tells success from failure for one family of APIs."""

    @property
    def empty_answer(self) -> str:
        """What a success without a body mostly means where one is due; empty where nobody knows."""
        ...

    def failure(self, status: int, headers: Sequence[tuple[str, str]], content: bytes) -> Failure | None:
        """Returns what went wrong, or None for success.

        It is asked for answers that are JSON by their headers and not redirects. None at a status of 400 or more
        is taken for an error all the same. Raises `ResponseInvalid` when the
        body is neither an answer nor an error of this API.
        """
        ...

    def refusal(self, status: int, headers: Sequence[tuple[str, str]], content: bytes, flaw: str) -> Failure:
        """Returns what went wrong, for an answer with a status of 400 or more that cannot be read, as `flaw` says.

        It is no JSON, or not JSON of this API; where too much came, `content` is empty.
        """
        ...


@runtime_checkable
class KnowsOtherVersions(Protocol):
    """What a dialect has as well where servers of other versions can be told by their answers."""

    def foreign(self, media_type: str) -> str:
        """Returns what a success of that media type means, where JSON is due; empty where it means nothing known."""
        ...


def kind_of_status(status: int) -> type[APIError]:
    """Returns the error an HTTP status stands for when nothing better is known."""
    return _BY_STATUS.get(status, ServerError if status >= 500 else InvalidRequest)
