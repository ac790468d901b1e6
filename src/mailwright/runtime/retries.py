"""When a failed call is tried again, and how long to wait before: two small functions that anyone can replace."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import cast

from mailwright.runtime.errors import (
    APIError,
    Disconnected,
    MailwrightError,
    RateLimited,
    ServerError,
    TimedOut,
    TransportError,
    UsageError,
)
from mailwright.runtime.response import header_of

_IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
_PASSING = frozenset({502, 503, 504})
_FIRST_PAUSE = 0.5
_DOUBLINGS = 4
_NUMBER = re.compile(r"\d+(\.\d+)?")
_MILLISECONDS = ("retry-after-ms", "x-ms-retry-after-ms")


@dataclass(frozen=True, slots=True)
class FailedAttempt:
    """One attempt that failed, as the policy sees it.

    `number` is 1 for the first. `repeatable` says that sending the request twice does no more than sending it once: its
    method is idempotent and the operation is not marked as unsafe. `retry_after` is in seconds, None when the server
    did not ask for a pause.
    """

    number: int
    operation: str
    method: str
    repeatable: bool
    error: MailwrightError
    retry_after: float | None = None


def when_safe(failed: FailedAttempt) -> bool:
    """Returns True for what nothing was sent of, and for passing failures of repeatable requests.

    Passing are: no answer in time, a broken connection, too many requests, and the statuses 502, 503 and 504.
    """
    error = failed.error
    if isinstance(error, TransportError) and not error.sent:
        return True
    if not failed.repeatable:
        return False
    if isinstance(error, ServerError):
        return error.status in _PASSING
    return isinstance(error, (TimedOut, Disconnected, RateLimited))


def full_jitter(failed: FailedAttempt) -> float:
    """Returns seconds to wait: what the server asks for, or else a random part of 0.5, 1, 2, 4, at most 8 seconds."""
    if failed.retry_after is not None:
        return failed.retry_after
    return random.uniform(0.0, _FIRST_PAUSE * 2.0 ** min(failed.number - 1, _DOUBLINGS))  # noqa: S311


@dataclass(frozen=True, slots=True)
class Retries:
    """The policy of a client.

    `attempts` is the most requests a call may take, 1 for no retries. `again` decides whether a failure is worth
    another attempt, `wait` gives the seconds before it. A pause of more than `longest_wait` seconds, beyond the
    call's timeout, or of no length (below 0, NaN) is not made: the error is raised at once. Raises `UsageError` for
    values of the wrong kind.
    """

    attempts: int = 3
    again: Callable[[FailedAttempt], bool] = when_safe
    wait: Callable[[FailedAttempt], float] = full_jitter
    longest_wait: float = 30.0

    def __post_init__(self) -> None:
        attempts = cast("object", self.attempts)
        if isinstance(attempts, bool) or not isinstance(attempts, int):
            raise UsageError(f"retries.attempts must be a whole number, not {type(attempts).__name__}")
        if attempts < 1:
            raise UsageError("retries.attempts must be at least 1, which is for no retries")
        for name in ("again", "wait"):
            if not callable(getattr(self, name)):
                raise UsageError(f"retries.{name} must be a function, not {type(getattr(self, name)).__name__}")
        longest = cast("object", self.longest_wait)
        if isinstance(longest, bool) or not isinstance(longest, (int, float)):
            raise UsageError(f"retries.longest_wait must be a number of seconds, not {type(longest).__name__}")
        if not longest >= 0:
            raise UsageError("retries.longest_wait must be 0 seconds or more")

    def pause(self, failed: FailedAttempt, left: float) -> float | None:
        """Returns the seconds to wait before the next attempt, or None when there is to be none.

        `left` is how many seconds the call still has.
        """
        if failed.number >= self.attempts or not self.again(failed):
            return None
        seconds = cast("object", self.wait(failed))
        if not isinstance(seconds, (int, float)):
            raise UsageError(f"retries.wait must return a number of seconds, not {type(seconds).__name__}")
        return seconds if 0 <= seconds <= self.longest_wait and seconds < left else None


def is_repeatable(method: str, *, unsafe: bool) -> bool:
    """Returns whether a request may be sent twice."""
    return method in _IDEMPOTENT and not unsafe


def retry_after(headers: Sequence[tuple[str, str]]) -> float | None:
    """Returns the seconds that the server asks to wait, from milliseconds, seconds or a date; None when it does not."""
    for name in _MILLISECONDS:
        if (milliseconds := _number(header_of(headers, name))) is not None:
            return milliseconds / 1000
    value = header_of(headers, "retry-after")
    seconds = _number(value)
    return _until(value) if seconds is None and value else seconds


def retry_after_of(error: MailwrightError) -> float | None:
    """Returns what the server asked for with an error, in seconds."""
    return error.retry_after if isinstance(error, APIError) else None


def _number(text: str | None) -> float | None:
    if text is None or not _NUMBER.fullmatch(text.strip()):
        return None
    # Some 300 digits and more are infinity, which no policy waits for.
    return float(text.strip())


def _until(date: str) -> float | None:
    # Slow to import, and hardly ever needed.
    from email.utils import parsedate_to_datetime

    try:
        when = parsedate_to_datetime(date)
        # Dates of HTTP are in UTC, and one of their forms does not say so.
        when = when.replace(tzinfo=UTC) if when.tzinfo is None else when
        return max(0.0, when.timestamp() - time.time())
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
