"""One call from its arguments to its value, all but the sending; sync and async clients share it."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Generic, TypeVar, cast

from mailwright.runtime.answers import check_answer, is_redirect
from mailwright.runtime.arguments import header_pairs, path_of, query_pairs
from mailwright.runtime.attempt import Attempt
from mailwright.runtime.body import encode, secrets_of
from mailwright.runtime.decoding import decode
from mailwright.runtime.errors import (
    APIError,
    CommandDropped,
    ConnectFailed,
    Disconnected,
    LimitExceeded,
    MailwrightError,
    ProtocolError,
    ResponseInvalid,
    TimedOut,
    TransportError,
)
from mailwright.runtime.operation import Operation
from mailwright.runtime.own_headers import own_headers
from mailwright.runtime.passwords import with_hashes
from mailwright.runtime.receiving import check_nesting
from mailwright.runtime.redaction import redacted, redacted_data, shortened
from mailwright.runtime.redirects import next_url
from mailwright.runtime.request import Request
from mailwright.runtime.response import Response, header_of
from mailwright.runtime.retries import FailedAttempt, is_repeatable, retry_after, retry_after_of
from mailwright.runtime.rpc import Sent
from mailwright.runtime.settings import Settings
from mailwright.runtime.shaping import shaped
from mailwright.runtime.upload import Upload
from mailwright.runtime.url import origin_and_path, with_query
from mailwright.runtime.watching import Watch

T = TypeVar("T")
Headers = Sequence[tuple[str, str]]

_ERROR = 400
# What backends that do not know this package raise; the more special classes come first.
_DROPPED = (
    "the server ended the connection without an answer: wrong arguments, or a server crash; it may have had effect"
)
_BUILTIN: tuple[tuple[type[OSError], type[TransportError]], ...] = (
    (ConnectionRefusedError, ConnectFailed),
    (ConnectionError, Disconnected),
    (TimeoutError, TimedOut),
)


class Exchange(Generic[T]):
    """One call; as a context manager it tells every error that passes which call it belongs to.

    A client makes attempts until one gives a value, and sleeps for `pause` seconds after each that does not.
    """

    pause = 0.0

    def __init__(self, settings: Settings, operation: Operation[T]) -> None:
        self._settings = settings
        self._operation = operation
        self._credentials = settings.credentials if operation.secured else ()
        # The token must not be told even where the call goes without it.
        self._secrets = {secret for credential in settings.credentials for secret in credential.secrets}
        self._target = ""
        self._shown = ""
        self._headers: tuple[tuple[str, str], ...] = ()
        self._content: bytes | Upload | None = None
        self._sent: Sent | None = None
        self._status: int | None = None
        self._size: int | None = None
        self._attempts = 0
        self._failures = 0
        self._redirects = 0
        self._started = time.monotonic()

    def prepare(
        self,
        path: Sequence[object],
        query: Mapping[str, object] | None,
        headers: Mapping[str, object] | None,
        body: object,
    ) -> None:
        """Makes what to send of the arguments; raises `UsageError` for those that cannot be sent."""
        operation = self._operation
        if not isinstance(body, Upload):
            self._secrets.update(secrets_of(body))
            if self._settings.hash_passwords:
                body = with_hashes(body)
                self._secrets.update(secrets_of(body))
        if operation.rpc is not None:
            self._sent = operation.rpc.sent(operation, body)
            body = self._sent.body
        url = self._settings.base_url + path_of(operation.path, path)
        pairs = list(query_pairs(query or {}, operation.csv))
        sent = list(header_pairs(headers or {}))
        hidden = [pair for pair in pairs if pair[0] in operation.secrets]
        self._secrets.update(value for name, value in (*hidden, *sent) if name in operation.secrets)
        pairs = [pair for pair in pairs if pair not in hidden]
        tokens = [*hidden, *(pair for credential in self._credentials for pair in credential.query)]
        # A secret may be among the arguments as well.
        self._shown = self._fit_to_be_shown(with_query(url, pairs, hidden=[name for name, _ in tokens]))
        self._target = with_query(url, pairs + tokens)
        self._content = body if isinstance(body, Upload) else encode(body)
        sent_headers = [*own_headers(operation.stream), *sent]
        if self._content is not None:
            sent_headers.append(("Content-Type", operation.media_type))
        sent_headers += [pair for credential in self._credentials for pair in credential.headers]
        self._headers = tuple(sent_headers)
        self._started = time.monotonic()

    @contextmanager
    def attempt(self) -> Generator[Request]:
        """Gives the request of the next attempt, and swallows a failure after which there will be another one.

        Raises the `MailwrightError` of the attempt otherwise.
        """
        self.pause = 0.0
        self._status = self._size = None
        attempt = Attempt(
            self._operation.id, self._operation.method, self._operation.path, self._shown, self._attempts + 1
        )
        watch = Watch(attempt, self._settings)
        pause: float | None = None
        try:
            with self:
                watch.begin()
                request = self._request(attempt)
            with self.translating():
                yield request
        except MailwrightError as error:
            attempt.error = error
            pause = self._pause(error)
            if pause is None:
                raise
            self.pause = pause
        finally:
            attempt.status, attempt.size = self._status, self._size
            watch.end(pause)

    def redirected(self, status: int, headers: Headers) -> bool:
        """Returns whether the answer sends the call elsewhere, where the next attempt goes.

        Raises `ResponseInvalid` for a redirect that is not followed although the client follows redirects.
        """
        self._status = status
        if not (self._settings.follow_redirects and is_redirect(status)):
            return False
        location = header_of(headers, "location")
        self._target = next_url(self._target, self._operation.method, status, location, self._redirects)
        # Without its query, where the server may have put the token once more.
        self._shown = self._fit_to_be_shown(origin_and_path(self._target))
        self._redirects += 1
        return True

    @contextmanager
    def taking_in(self, status: int, headers: Headers) -> Generator[None]:
        """Lets an error of the server be that error also when its body is too large, or cannot be unpacked."""
        self._status = status
        try:
            yield
        except (LimitExceeded, ProtocolError) as flaw:
            if status < _ERROR:
                raise
            told = f"the server answered with status {status}, and {flaw.message}"
            failure = self._settings.dialect.refusal(status, headers, b"", told)
            # Of an empty body, some dialects know better than that.
            error = failure.kind(failure.message if told in failure.message else told)
            error.retry_after = retry_after(headers)
        else:
            return
        raise error

    def response(self, status: int, headers: Headers, content: bytes) -> Response[T]:
        """Returns the answer with its value; raises `APIError` or `ResponseInvalid`."""
        self.check(status, headers, content)
        operation = self._operation
        # The type of such an operation says that its value may be None.
        no_value = operation.empty and not content.strip()
        if self._sent is not None:
            value: T = self._sent.value(content)
        elif no_value:
            value = cast("T", None)
        else:
            value = operation.read(decode(shaped(operation.answer, content), operation.decoder, operation.lax_decoder))
        return Response(
            status=status,
            headers=tuple(headers),
            content=content,
            value=value,
            operation=self._operation.id,
            method=self._operation.method,
            url=self._shown,
            elapsed=self.elapsed,
            attempts=self._attempts,
        )

    def check(self, status: int, headers: Headers, content: bytes) -> None:
        """Raises the error that an answer is; returns when it is none."""
        self._status, self._size = status, len(content)
        try:
            operation, dialect = self._operation, self._settings.dialect
            dialect = dialect if self._sent is None else self._sent.dialect(dialect)
            check_answer(dialect, status, headers, content, empty=operation.empty, bare=operation.bare)
        except APIError as error:
            error.retry_after = retry_after(headers)
            raise
        except ResponseInvalid:
            # Of two flaws, the one that a person can do something about.
            check_nesting(content, self._settings.limits)
            raise
        check_nesting(content, self._settings.limits)

    def sends(self, header: str) -> bool:
        """Returns whether the request has a header of that name, in any case of letters."""
        return header_of(self._headers, header) is not None

    @property
    def operation(self) -> Operation[T]:
        """The operation that is called."""
        return self._operation

    @property
    def settings(self) -> Settings:
        """The client's settings."""
        return self._settings

    @property
    def url(self) -> str:
        """Where the request goes, with `***` in the place of secrets."""
        return self._shown

    @property
    def elapsed(self) -> float:
        """Seconds since the call began."""
        return time.monotonic() - self._started

    def _request(self, attempt: Attempt) -> Request:
        timeout = self._settings.timeout
        streamed = bool(self._operation.stream)
        left = timeout.total - self.elapsed
        if left <= 0:
            error = TimedOut(self._silence(TimeoutError))
            error.sent = self._attempts > 0
            raise error
        self._attempts += 1
        return Request(
            self._operation.method,
            self._target,
            (*self._headers, *attempt.added_headers),
            self._content,
            left,
            connect=timeout.connect,
            read=timeout.idle if streamed else timeout.read,
            pool=timeout.pool,
            streamed=streamed,
        )

    def _pause(self, error: MailwrightError) -> float | None:
        self._failures += 1
        if isinstance(error, CommandDropped):
            return None
        if isinstance(self._content, Upload) and not self._content.replayable:
            return None
        failed = FailedAttempt(
            self._failures,
            self._operation.id,
            self._operation.method,
            is_repeatable(self._operation.method, unsafe=self._operation.unsafe),
            error,
            retry_after_of(error),
        )
        return self._settings.retries.pause(failed, self._settings.timeout.total - self.elapsed)

    @contextmanager
    def translating(self) -> Generator[None]:
        """Tells errors of the call too, and turns the builtin ones that a backend may raise into documented ones."""
        try:
            yield
        except MailwrightError as error:
            told = self._of_command(error)
            if told is error:
                self._tell(error)
                raise
        except OSError as error:
            for builtin, transport in _BUILTIN:
                if isinstance(error, builtin):
                    told = self._of_command(transport(str(error) or self._silence(builtin)))
                    break
            else:
                raise
        else:
            return
        self._tell(told)
        # The context manager that this runs in is still handling the builtin one, whose text may have a secret in it.
        try:
            raise told from None
        finally:
            told.__context__ = None

    def __enter__(self) -> Exchange[T]:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if isinstance(error, MailwrightError):
            self._tell(error)

    def _fit_to_be_shown(self, url: str) -> str:
        # The origin is the caller's own, and a secret as short as a port would spoil it.
        path = url.index("/", url.index("//") + 2)
        return url[:path] + redacted(url[path:], self._secrets)

    def _of_command(self, error: MailwrightError) -> MailwrightError:
        """Returns what an error is to a command, which a server may answer by ending the connection."""
        if self._sent is None or not isinstance(error, Disconnected) or isinstance(error, CommandDropped):
            return error
        return CommandDropped(f"{_DROPPED} ({error.message})")

    def _silence(self, builtin: type[OSError]) -> str:
        if builtin is TimeoutError:
            return f"no whole answer within {self._settings.timeout.total:g} s"
        return builtin.__name__

    def _tell(self, error: MailwrightError) -> None:
        error.args = (shortened(error.message, self._secrets),)
        if isinstance(error, APIError):
            error.details = redacted_data(error.details, self._secrets)
            if isinstance(error.code, str):
                error.code = shortened(error.code, self._secrets)
        error.operation = self._operation.id
        error.method = self._operation.method
        error.url = self._shown
        error.status = self._status
        error.attempts = self._attempts
        error.elapsed = self.elapsed
