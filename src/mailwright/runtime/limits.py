"""How much of an answer a client takes in."""

from __future__ import annotations

from dataclasses import dataclass, fields

from mailwright.runtime.errors import LimitExceeded, UsageError

MiB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What an answer may hold at most; what holds more is a `LimitExceeded`.

    `response_bytes` counts the body as it comes, `decoded_bytes` what it unpacks to; both are for answers read whole.
    `encodings` is how often a body may be packed, `nesting` how deep its JSON may go, `headers` how many header fields
    there may be. `stream_bytes` is for one download (None: no end), `event_bytes` for one server-sent event. Raises
    `UsageError` for anything but whole numbers above 0.
    """

    response_bytes: int = 64 * MiB
    decoded_bytes: int = 64 * MiB
    encodings: int = 2
    nesting: int = 100
    headers: int = 200
    stream_bytes: int | None = 4096 * MiB
    event_bytes: int = MiB

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if value is None and each.name == "stream_bytes":
                continue
            if isinstance(value, bool) or not isinstance(value, int):
                raise UsageError(f"limits.{each.name} must be a whole number, not {type(value).__name__}")
            if value < 1:
                raise UsageError(f"limits.{each.name} must be above 0")

    def check(self, name: str, found: int) -> None:
        """Raises `LimitExceeded` when there is more than the limit of that name allows."""
        allowed = getattr(self, name)
        if allowed is not None and found > allowed:
            error = LimitExceeded(
                f"the answer goes beyond limits.{name} ({allowed:,}); give the client other limits if it may be larger"
            )
            error.limit = name
            raise error
