"""One call from its arguments to its value, all but the sending; sync and async clients share it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Generic, TypeVar

from mailwright.runtime.answers import check_answer
from mailwright.runtime.arguments import header_pairs, path_of, query_pairs
from mailwright.runtime.body import encode, secrets_of
from mailwright.runtime.decoding import decode
from mailwright.runtime.errors import (
    APIError,
    ConnectFailed,
    Disconnected,
    MailwrightError,
    TimedOut,
    TransportError,
)
from mailwright.runtime.operation import Operation
from mailwright.runtime.own_headers import own_headers
from mailwright.runtime.redaction import redacted, redacted_data
from mailwright.runtime.request import Reply, Request
from mailwright.runtime.response import Response
from mailwright.runtime.settings import Settings
from mailwright.runtime.url import with_query

T = TypeVar("T")

# What backends that do not know this package raise; the more special classes come first.
_BUILTIN: tuple[tuple[type[OSError], type[TransportError]], ...] = (
    (ConnectionRefusedError, ConnectFailed),
    (ConnectionError, Disconnected),
    (TimeoutError, TimedOut),
)


class Exchange(Generic[T]):
    """One call; as a context manager it tells every error that passes which call it belongs to."""

    def __init__(self, settings: Settings, operation: Operation[T]) -> None:
        self._settings = settings
        self._operation = operation
        self._credentials = settings.credentials if operation.secured else ()
        # The token must not be told even where the call goes without it.
        self._secrets = {secret for credential in settings.credentials for secret in credential.secrets}
        self._url = ""
        self._status: int | None = None
        self._attempts = 0
        self._started = time.monotonic()

    def request(
        self,
        path: Sequence[object],
        query: Mapping[str, object] | None,
        headers: Mapping[str, object] | None,
        body: object,
    ) -> Request:
        """Returns what to send; raises `UsageError` for arguments that cannot be."""
        operation = self._operation
        self._secrets.update(secrets_of(body))
        url = self._settings.base_url + path_of(operation.path, path)
        pairs = list(query_pairs(query or {}, operation.csv))
        tokens = [pair for credential in self._credentials for pair in credential.query]
        self._url = with_query(url, pairs, hidden=[name for name, _ in tokens])
        content = encode(body)
        sent_headers = [*own_headers(), *header_pairs(headers or {})]
        if content is not None:
            sent_headers.append(("Content-Type", "application/json"))
        sent_headers += [pair for credential in self._credentials for pair in credential.headers]
        request = Request(
            operation.method, with_query(url, pairs + tokens), tuple(sent_headers), content, self._settings.timeout
        )
        self._attempts += 1
        self._started = time.monotonic()
        return request

    def response(self, reply: Reply) -> Response[T]:
        """Returns the answer with its value; raises `APIError` or `ResponseInvalid`."""
        self._status = reply.status
        check_answer(self._settings.dialect, reply)
        value = decode(reply.content, self._operation.decoder, self._operation.lax_decoder)
        return Response(
            status=reply.status,
            headers=tuple(reply.headers),
            content=reply.content,
            value=value,
            operation=self._operation.id,
            method=self._operation.method,
            url=self._url,
            elapsed=time.monotonic() - self._started,
            attempts=self._attempts,
        )

    def __enter__(self) -> Exchange[T]:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if isinstance(error, MailwrightError):
            self._tell(error)
        elif isinstance(error, OSError):
            for builtin, transport in _BUILTIN:
                if isinstance(error, builtin):
                    told = transport(str(error) or builtin.__name__)
                    self._tell(told)
                    raise told from None

    def _tell(self, error: MailwrightError) -> None:
        error.args = (redacted(error.message, self._secrets),)
        if isinstance(error, APIError):
            error.details = redacted_data(error.details, self._secrets)
            if isinstance(error.code, str):
                error.code = redacted(error.code, self._secrets)
        error.operation = self._operation.id
        error.method = self._operation.method
        error.url = self._url
        error.status = self._status
        error.attempts = self._attempts
        error.elapsed = time.monotonic() - self._started
