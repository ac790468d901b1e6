"""What a stream of events goes through: connections, the events they give, and the pauses between them."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Generic, NoReturn, TypedDict, TypeVar

from mailwright.runtime.arguments import header_value
from mailwright.runtime.decoding import decode
from mailwright.runtime.errors import (
    Disconnected,
    MailwrightError,
    ResponseInvalid,
    ServerError,
    TransportError,
    UsageError,
)
from mailwright.runtime.exchange import Exchange
from mailwright.runtime.models import UNSET
from mailwright.runtime.opened import AsyncOpened, Opened
from mailwright.runtime.operation import Operation
from mailwright.runtime.receiving import check_nesting
from mailwright.runtime.server_sent_events import EventParser, ServerSentEvent

T = TypeVar("T")

_HEADER = "Last-Event-ID"
_NO_CONTENT = 204
# Seconds between two connections: when the server does not say, and the bounds of what it may ask for.
_PAUSE = 1.0
_SHORTEST = 0.1
_LONGEST = 30.0
_JITTER = 0.25
# A connection that has lasted so many seconds and is still heard of is a good one, even if nothing happened in it.
_LASTING = 60.0
_DOUBLINGS = 8


@dataclass(frozen=True, slots=True)
class Event(Generic[T]):
    """One event: its data, its name, the last id the stream had told by then, and the data as it came."""

    data: T
    event: str = "message"
    id: str = ""
    text: str = field(default="", repr=False)


class Options(TypedDict):
    """The keyword arguments of both kinds of stream."""

    query: Mapping[str, object] | None
    headers: Mapping[str, object] | None
    last_event_id: str
    reconnect: bool
    reconnects: int


class EventCourse(Generic[T]):
    """How far a stream came and what is next; `EventStream` and `AsyncEventStream` differ in the reading only."""

    def __init__(
        self,
        operation: Operation[T],
        path: tuple[str | int, ...],
        query: Mapping[str, object] | None,
        headers: Mapping[str, object] | None,
        last_event_id: str,
        *,
        reconnect: bool,
        reconnects: int,
    ) -> None:
        self.operation = operation
        self.path = path
        self.query = query
        self.reconnect = reconnect and not operation.once
        self.reconnects = reconnects
        self.own_headers = {name: value for name, value in (headers or {}).items() if name.lower() != _HEADER.lower()}
        # An API may list the header among the arguments of the operation.
        given = next((value for name, value in (headers or {}).items() if name.lower() == _HEADER.lower()), UNSET)
        self._beyond_ascii = True
        self.last_event_id = self._checked_id(last_event_id if given is UNSET or given is None else given)
        if not _is_count(reconnects):
            raise self.refused("reconnects must be a whole number above 0")
        self.begin()

    def options(self, last_event_id: str | None, reconnect: bool | None, reconnects: int | None) -> Options:
        """Returns the arguments of a stream like this one, with its own options where others are None."""
        return {
            "query": self.query,
            "headers": self.own_headers,
            "last_event_id": self.last_event_id if last_event_id is None else last_event_id,
            "reconnect": self.reconnect if reconnect is None else reconnect,
            "reconnects": self.reconnects if reconnects is None else reconnects,
        }

    def begin(self) -> None:
        """Forgets all but the last id, for a loop of its own."""
        self.over = False
        self._exchange: Exchange[Any] | None = None
        self._parser: EventParser | None = None
        self._arrived: Iterator[ServerSentEvent] = iter(())
        self._retry = _PAUSE
        self._fruitful = False
        self._fruitless = 0
        self._since = 0.0

    @property
    def token_from(self) -> Operation[str] | None:
        """The operation that gives the token of each connection; None where it needs none, or the caller gave one."""
        return None if self._given_token else self.operation.token

    def query_with(self, token: str | None) -> Mapping[str, object] | None:
        """Returns the query of the next connection, which has the token that was fetched for it."""
        return self.query if token is None else {**(self.query or {}), self._token_name: token}

    @cached_property
    def connecting(self) -> Operation[T]:
        """The operation as it is sent: who has a token for it shows nothing else."""
        return self.operation if self.operation.token is None else replace(self.operation, secured=False, token=None)

    @cached_property
    def _given_token(self) -> bool:
        return (self.query or {}).get(self._token_name, UNSET) not in (UNSET, None)

    @cached_property
    def _token_name(self) -> str:
        return next(iter(self.operation.secrets), "")

    def headers(self) -> dict[str, object]:
        """Returns the headers of the next connection."""
        value = _sendable(self.last_event_id)
        if not value or not (self._beyond_ascii or value.isascii()):
            return self.own_headers
        return {**self.own_headers, _HEADER: value}

    def can_do_without_id(self) -> bool:
        """Returns whether a request that was refused may be sent without the last id; from now on `headers` does so.

        Not all backends can send what is not ASCII.
        """
        if self.last_event_id.isascii() or not self._beyond_ascii:
            return False
        self._beyond_ascii = False
        return True

    def connected(self, opened: Opened | AsyncOpened) -> None:
        """Takes note of a new connection; one without content ends the stream."""
        self._exchange = opened.exchange
        self._parser = EventParser(opened.exchange.settings.limits, last_event_id=self.last_event_id)
        self._arrived = iter(())
        self._fruitful = False
        self._since = time.monotonic()
        self.over = opened.status == _NO_CONTENT

    def arrived(self, chunk: bytes) -> None:
        """Takes what came; the events in it are then to be had one by one."""
        assert self._parser is not None
        self._arrived = self._parser.feed(chunk)
        self._fruitful = self._fruitful or time.monotonic() - self._since >= _LASTING

    def event(self) -> Event[T] | None:
        """Returns the next event of those that came, None when there is none.

        Raises `ResponseInvalid` for data that does not fit; the next call then gives the event behind it.
        """
        parser, exchange = self._parser, self._exchange
        if parser is None or exchange is None:
            return None
        with exchange:
            try:
                event = next(self._arrived, None)
            except MailwrightError:
                self.over = True
                raise
            self.last_event_id = parser.last_event_id
            if parser.retry is not None:
                self._retry = parser.retry
            if event is None:
                return None
            self._fruitful = True
            return Event(self._data(event, exchange), event.event, event.id, event.data)

    def pause(self, broken: TransportError | None) -> float:
        """Returns how many seconds to wait before the next connection; `over` says that there is none.

        Raises `broken`, how the last connection ended, when there is nothing to go on with; None is a clean end.
        """
        if self._exchange is None or not self.reconnect:
            self.over = True
            if broken is not None:
                raise broken
            return 0.0
        self._fruitless = 0 if self._fruitful else self._fruitless + 1
        self._fruitful = False
        if self._fruitless >= self.reconnects:
            self.over = True
            if broken is not None:
                raise broken
            self._raise(Disconnected(f"the server ended the stream, {self._fruitless} times without an event"))
        wait = max(_SHORTEST, self._retry) * 2.0 ** min(_DOUBLINGS, max(0, self._fruitless - 1))
        return min(_LONGEST, wait * random.uniform(1.0, 1.0 + _JITTER))  # noqa: S311

    def broken_off(self, error: BaseException) -> None:
        """Takes note that reading ended with an error that is no end of a connection, such as a cancellation."""
        self.over = isinstance(error, MailwrightError) or not self.reconnect

    def refused(self, cause: str) -> UsageError:
        """Returns the error for a call that cannot be made."""
        return UsageError(cause, operation=self.operation.id, method=self.operation.method)

    def _checked_id(self, value: object) -> str:
        if not isinstance(value, str):
            raise self.refused(f"last_event_id must be a str, not {type(value).__name__}")
        if _sendable(value) is None:
            raise self.refused("last_event_id has a character that a header cannot carry, or blanks around it")
        return value

    def _data(self, event: ServerSentEvent, exchange: Exchange[Any]) -> T:
        content = event.data.encode()
        check_nesting(content, exchange.settings.limits)
        try:
            return decode(content, self.operation.decoder, self.operation.lax_decoder)
        except ResponseInvalid:
            if event.event != "error":
                raise
        # How servers tell that they failed when status and headers are long gone.
        raise ServerError(event.data.strip() or "the server sent an event named error", content=content)

    def _raise(self, error: MailwrightError) -> NoReturn:
        assert self._exchange is not None
        with self._exchange:
            raise error


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _sendable(last_event_id: str) -> str | None:
    try:
        # The standard wants UTF-8, which a header takes as Latin-1, byte by byte.
        return header_value(_HEADER, last_event_id.encode().decode("latin-1"))
    except (UsageError, UnicodeEncodeError):
        return None
