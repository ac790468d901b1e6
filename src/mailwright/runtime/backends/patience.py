"""How long each step of one exchange may still wait."""

from __future__ import annotations

import time
from math import inf
from typing import Literal

from mailwright.runtime.errors import TimedOut
from mailwright.runtime.request import Request

Step = Literal["pool", "connect", "read"]

# Sockets refuse a timeout of some months.
LONGEST = 86_400.0


class Patience:
    """The seconds that the steps of one request have; none lasts beyond its deadline.

    `pool`, `connect`, `read` and `whole` return seconds above 0, and raise `TimedOut` when there are none left.
    `connect` is counted from the first time it is asked for.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self._deadline = request.deadline
        self._connect_by = inf
        self.step: Step = "read"
        """What reading is done for: "connect" while a proxy makes a tunnel."""

    def pool(self) -> float:
        """Returns the seconds to wait for a free place."""
        return self._within(self._request.pool, "pool")

    def connect(self) -> float:
        """Returns the seconds that are left for the connection and its TLS handshake."""
        now = time.monotonic()
        if self._connect_by == inf:
            self._connect_by = now + self._request.connect
        return self._within(self._connect_by - now, "connect")

    def read(self) -> float:
        """Returns the seconds to wait for the next bytes, or until the next bytes are taken."""
        return self.connect() if self.step == "connect" else self._within(self._request.read, "read")

    def whole(self) -> float:
        """Returns the seconds until the deadline."""
        return self._within(inf, "read")

    def answered(self) -> None:
        """Ends the deadline when the request is for a stream, whose headers are now there."""
        if self._request.streamed:
            self._deadline = inf

    def ran_out(self, step: Step) -> TimedOut:
        """Returns the error of a step that waited in vain."""
        request = self._request
        step = self.step if step == "read" else step
        if time.monotonic() >= self._deadline:
            text = f"no {'answer' if request.streamed else 'whole answer'} within {request.timeout:.3g} s"
        elif step == "pool":
            text = f"no connection was free within {request.pool:.3g} s"
        elif step == "connect":
            text = f"no connection within {request.connect:.3g} s"
        else:
            text = f"the server was silent for {request.read:.3g} s"
        error = TimedOut(text)
        error.sent = step == "read"
        return error

    def _within(self, seconds: float, step: Step) -> float:
        left = min(seconds, self._deadline - time.monotonic(), LONGEST)
        if left <= 0:
            raise self.ran_out(step)
        return left
