"""Every exception a client raises on purpose.

    MailwrightError
    ├── UsageError                refused before anything was sent
    ├── NotSent                   one of several items, after the run for them had ended
    ├── TransportError            no whole answer came
    │   ├── ConnectFailed         nothing was sent: no such host, refused, TLS
    │   ├── TimedOut              no answer in time: see `Timeout`
    │   ├── Disconnected          the connection ended after sending began
    │   │   └── CommandDropped    doveadm ended it instead of answering: wrong arguments, or a crash
    │   └── ProtocolError         what came is not HTTP
    ├── APIError                  the server answered with an error of its own
    │   ├── AuthenticationFailed  who you are: a wrong token or password
    │   │   └── OneTimePasswordNeeded  the password is not enough
    │   ├── PermissionDenied      what you may do
    │   ├── NotFound              no such thing, or no such route
    │   ├── Conflict              it exists already
    │   ├── InvalidRequest        the server refuses the request as it stands
    │   ├── RateLimited           too many requests
    │   ├── ServerError           the server failed
    │   └── PartialFailure        some parts were done, others not
    └── ResponseInvalid           the server sent what its API does not allow
        └── LimitExceeded         the server sent more than the client's `limits` allow

A redirect is a `ResponseInvalid`: no API here has one, and a client does not follow it unless it is told to, and then
only within one origin, so that credentials stay with the server they were given for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast


class MailwrightError(Exception):
    """A call that did not give a value; it carries what is known of the call.

    `operation` is the operation's name, `url` has `***` in the place of secrets, `elapsed` is in seconds, `attempts`
    counts the requests handed to the backend. `status` is None when no answer came, `code` when the server gave none.
    The text never holds a credential, nor a secret of the request.
    """

    def __init__(
        self,
        message: str = "",
        *,
        operation: str = "",
        method: str = "",
        url: str = "",
        status: int | None = None,
        code: str | int | None = None,
        attempts: int = 0,
        elapsed: float = 0.0,
    ) -> None:
        super().__init__(message)
        self.operation = operation
        self.method = method
        self.url = url
        self.status = status
        self.code = code
        self.attempts = attempts
        self.elapsed = elapsed

    @property
    def message(self) -> str:
        """The cause alone, without the call it happened in."""
        return str(self.args[0]) if self.args else ""

    def __str__(self) -> str:
        known = [f"{self.method} {self.url}".strip()]
        if self.status is not None:
            known.append(f"status {self.status}")
        if self.code is not None:
            known.append(f"code {self.code}")
        told = ", ".join(part for part in known if part)
        context = ": ".join(part for part in (self.operation, told) if part)
        return f"{self.message} ({context})" if context else self.message


class UsageError(MailwrightError):
    """An argument or a call that is refused before anything is sent."""


class NotSent(MailwrightError):
    """An item for which nothing was sent, as an error that concerns no item had ended the run; it is the cause."""


class TransportError(MailwrightError):
    """No whole answer came from the server; `sent` is False when it is known that nothing of the request was sent."""

    sent = True


class ConnectFailed(TransportError):
    """No connection could be made, so nothing was sent."""

    sent = False


class TimedOut(TransportError):
    """The answer did not come in time; the server may still act on the request."""


class Disconnected(TransportError):
    """The connection ended before the answer was whole; the server may have acted on the request."""


class CommandDropped(Disconnected):
    """The server ended the connection instead of answering a command: wrong arguments, or a crash of the server.

    The command may have had effect, so it is never tried again.
    """


class ProtocolError(TransportError):
    """What the server sent is not HTTP, or cannot be unpacked."""


class APIError(MailwrightError):
    """The server answered with an error of its own; `message` is its text.

    `details` is what the API adds to the text (its form is the API's own), `content` the body as it came, in bytes, but
    for a private key in it.
    `retry_after` is how many seconds the server asks to wait, None when it does not say.
    """

    retry_after: float | None = None

    def __init__(
        self,
        message: str = "",
        *,
        details: object = None,
        content: bytes = b"",
        operation: str = "",
        method: str = "",
        url: str = "",
        status: int | None = None,
        code: str | int | None = None,
        attempts: int = 0,
        elapsed: float = 0.0,
    ) -> None:
        super().__init__(
            message,
            operation=operation,
            method=method,
            url=url,
            status=status,
            code=code,
            attempts=attempts,
            elapsed=elapsed,
        )
        self.details = details
        self.content = content


class AuthenticationFailed(APIError):
    """The server does not accept the token or the password."""


class OneTimePasswordNeeded(AuthenticationFailed):
    """The account has a second factor, and the digits of its one-time password (TOTP) are missing.

    The message says where they go.
    """


class PermissionDenied(APIError):
    """The credential is known and does not allow this."""


class NotFound(APIError):
    """What the request names does not exist on the server."""


class Conflict(APIError):
    """What the request would make exists already, or is in the way."""


class InvalidRequest(APIError):
    """The server refuses the request as it stands."""


class RateLimited(APIError):
    """The server asks to wait before the next request."""


class ServerError(APIError):
    """The server failed to do what it was asked."""


class PartialFailure(APIError):
    """A request for several things was done in part; `details` tells which parts."""

    @property
    def succeeded(self) -> list[object]:
        """The entries of `details` that tell a success; what they name is done, and stays so."""
        return [entry for entry in _entries(self.details) if entry.get("type") == "success"]

    @property
    def failed(self) -> list[object]:
        """The other entries of `details`; they need not name what failed."""
        return [entry for entry in _entries(self.details) if entry.get("type") != "success"]


def _entries(details: object) -> list[Mapping[str, object]]:
    entries = cast("list[object]", details) if isinstance(details, list) else []
    return [cast("Mapping[str, object]", entry) for entry in entries if isinstance(entry, Mapping)]


class ResponseInvalid(MailwrightError):
    """The server sent something its API does not allow.

    `place` is where in the body, such as `$.results[0].id`, or empty when the body as a whole is at fault; `content`
    is the body as it came, in bytes.
    """

    def __init__(
        self,
        message: str = "",
        *,
        place: str = "",
        content: bytes = b"",
        operation: str = "",
        method: str = "",
        url: str = "",
        status: int | None = None,
        code: str | int | None = None,
        attempts: int = 0,
        elapsed: float = 0.0,
    ) -> None:
        super().__init__(
            message,
            operation=operation,
            method=method,
            url=url,
            status=status,
            code=code,
            attempts=attempts,
            elapsed=elapsed,
        )
        self.place = place
        self.content = content


class LimitExceeded(ResponseInvalid):
    """The answer is larger than the client takes; `limit` is the name in `Limits` that it goes beyond."""

    limit = ""
