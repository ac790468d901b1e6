"""One request on its way, as hooks, the log and spans see it: never with a secret."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from mailwright.runtime.arguments import header_pairs
from mailwright.runtime.errors import MailwrightError, UsageError

Hook = Callable[["Attempt"], None]


@dataclass(slots=True)
class Attempt:
    """What is known of one attempt of a call.

    `number` is 1 for the first, `path` the operation's path with `{}` for arguments, `url` has `***` in the place of
    secrets. After the answer `status` and `size` (the body's bytes as they were unpacked) are there, or `error` is;
    `elapsed` is in seconds.
    """

    operation: str
    method: str
    path: str
    url: str
    number: int
    status: int | None = None
    size: int | None = None
    error: MailwrightError | None = None
    elapsed: float = 0.0
    _started: float = field(default_factory=time.monotonic, repr=False)
    _headers: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]], repr=False)

    def add_header(self, name: str, value: str) -> None:
        """Adds a header to the request, from a `before_send` hook; raises `UsageError` for one that cannot be sent."""
        if not isinstance(cast("object", name), str):
            raise UsageError(f"{name!r} is not a header name")
        self._headers += header_pairs({name: value})

    @property
    def added_headers(self) -> tuple[tuple[str, str], ...]:
        """What hooks added."""
        return tuple(self._headers)

    def end(self) -> None:
        """Stops the clock."""
        self.elapsed = time.monotonic() - self._started
