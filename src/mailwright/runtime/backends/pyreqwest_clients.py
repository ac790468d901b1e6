"""The clients of pyreqwest that one backend needs, since each has one timeout for connecting and one for reading."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from mailwright.runtime.request import Request

C = TypeVar("C")

# Seldom more than two: one for streams, one for the rest.
_KEPT = 8


class Clients(Generic[C]):
    """One client for each pair of timeouts, the last `_KEPT` of them; threads may share it."""

    def __init__(self, make: Callable[[float, float], C]) -> None:
        self._make = make
        self._clients: OrderedDict[tuple[float, float], C] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, request: Request) -> C:
        """Returns the client for a request."""
        key = (request.connect, request.read)
        with self._lock:
            client = self._clients.pop(key, None)
            if client is None:
                client = self._make(*key)
            self._clients[key] = client
            if len(self._clients) > _KEPT:
                # Not closed: a request of it may be under way, after which it ends by itself.
                self._clients.popitem(last=False)
            return client

    def all(self) -> list[C]:
        """Takes all clients out and returns them."""
        with self._lock:
            clients = list(self._clients.values())
            self._clients.clear()
            return clients
