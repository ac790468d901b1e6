"""The connections that wait for their next request."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Any, Protocol

from mailwright.runtime.backends.patience import Patience
from mailwright.runtime.backends.places import Place

MAX_IDLE = 20
EXPIRY = 5.0

Origin = tuple[str, str, int]


class _Stream(Protocol):
    patience: Patience

    def close(self) -> None: ...


class Link:
    """A connection to one origin: `http` is httpcore's view of it, `stream` ours."""

    def __init__(self, origin: Origin, http: Any, stream: _Stream) -> None:
        self.origin = origin
        self.http = http
        self.stream = stream
        self.idle_since = 0.0

    def is_fit(self) -> bool:
        """Returns whether it can have one more request: the last answer was read to its end, and nothing came since."""
        http = self.http
        # h11 keeps what a server sends after an answer, and would take it for the next one.
        return bool(http.is_idle()) and not http.has_expired() and not http._h11_state.trailing_data[0]


class Lease:
    """What one exchange has until it ends: a place, and a connection.

    What ends it may be called again, and by any thread.
    """

    def __init__(self, idle: IdleLinks) -> None:
        self.place: Place | None = None
        self.link: Link | None = None
        self._idle = idle

    @property
    def ended(self) -> bool:
        """Whether it has ended."""
        return self.place is not None and self.place.left

    def give_back(self) -> None:
        """Ends it and keeps the connection for the next exchange, if it is fit for one."""
        if self.place is not None and self.place.leave() and self.link is not None:
            self._idle.give(self.link)

    def drop(self) -> None:
        """Ends it and the connection."""
        if self.place is not None and self.place.leave() and self.link is not None:
            self.link.stream.close()


class IdleLinks:
    """At most `MAX_IDLE` connections, none kept for longer than `EXPIRY` seconds; threads may share it."""

    def __init__(self) -> None:
        self._links: deque[Link] = deque()
        self._lock = threading.Lock()
        self._closed = False

    def take(self, origin: Origin) -> Link | None:
        """Returns the connection to an origin that was used last, or None."""
        with self._lock:
            dropped = self._expired()
            found = None
            for link in reversed(list(self._links)):
                if link.origin == origin:
                    self._links.remove(link)
                    if link.is_fit():
                        found = link
                        break
                    dropped.append(link)
        for link in dropped:
            link.stream.close()
        return found

    def give(self, link: Link) -> None:
        """Keeps a connection, or closes it when it cannot be used again."""
        dropped: list[Link] = []
        if link.is_fit():
            link.idle_since = time.monotonic()
            with self._lock:
                if self._closed:
                    dropped.append(link)
                else:
                    self._links.append(link)
                    dropped += self._expired()
                    if len(self._links) > MAX_IDLE:
                        dropped.append(self._links.popleft())
        else:
            dropped.append(link)
        for each in dropped:
            each.stream.close()

    def close(self) -> None:
        """Forgets all connections, which are closed elsewhere; there can be no more."""
        with self._lock:
            self._closed = True
            self._links.clear()

    def _expired(self) -> list[Link]:
        oldest = time.monotonic() - EXPIRY
        expired: list[Link] = []
        while self._links and self._links[0].idle_since < oldest:
            expired.append(self._links.popleft())
        return expired
