"""How long a call may take, as a whole and step by step."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import isfinite

from mailwright.runtime.errors import UsageError


@dataclass(frozen=True, slots=True)
class Timeout:
    """Seconds; a step never lasts beyond what is left of `total`.

    `total` is for the whole call: all attempts, the pauses between them, redirects, and the body. For a stream it ends
    when the answer's headers are there; from then on the server may be silent for `idle` seconds. `connect` is for
    a connection with its TLS handshake, `pool` for a free place among the connections, `read` for one piece of the
    answer. Raises `UsageError` for anything but numbers above 0.
    """

    total: float = 60.0
    connect: float = 5.0
    read: float = 30.0
    pool: float = 10.0
    idle: float = 90.0

    def __post_init__(self) -> None:
        for each in fields(self):
            name = "timeout" if each.name == "total" else f"timeout.{each.name}"
            object.__setattr__(self, each.name, _seconds(name, getattr(self, each.name)))


def checked_timeout(timeout: object) -> Timeout:
    """Returns the timeout a client was given; a number stands for `total`. Raises `UsageError` for anything else."""
    if isinstance(timeout, Timeout):
        return timeout
    return Timeout(total=_seconds("timeout", timeout))


def _seconds(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise UsageError(f"{name} must be a number of seconds, not {type(value).__name__}")
    try:
        seconds = float(value)
    except OverflowError:
        raise UsageError(f"{name} must be finite and above 0 seconds") from None
    if not (isfinite(seconds) and seconds > 0):
        raise UsageError(f"{name} must be finite and above 0 seconds, not {seconds}")
    return seconds
