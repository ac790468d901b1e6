"""Checks what a client is made with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from inspect import iscoroutinefunction
from math import inf, isfinite
from typing import cast

from mailwright.runtime.credentials import Credential
from mailwright.runtime.dialects import Dialect, dialect
from mailwright.runtime.errors import UsageError
from mailwright.runtime.url import checked_base_url


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """What all calls of one client have in common; `timeout` is in seconds."""

    base_url: str
    credentials: tuple[Credential, ...]
    timeout: float
    dialect: Dialect


def checked_settings(
    dialect_name: str, base_url: object, credentials: object, timeout: object, backend: object, *, is_async: bool
) -> Settings:
    """Returns the settings of a client; raises `UsageError` that names the argument at fault."""
    _check_backend(backend, is_async=is_async)
    return Settings(checked_base_url(base_url), _credentials(credentials), _seconds(timeout), dialect(dialect_name))


def _seconds(timeout: object) -> float:
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)):
        raise UsageError(f"timeout must be a number of seconds, not {type(timeout).__name__}")
    try:
        seconds = float(timeout)
    except OverflowError:
        seconds = inf
    if not (isfinite(seconds) and seconds > 0):
        raise UsageError(f"timeout must be finite and above 0 seconds, not {seconds}")
    return seconds


def _credentials(credentials: object) -> tuple[Credential, ...]:
    if not isinstance(credentials, (tuple, list)):
        raise UsageError(f"credentials must be a tuple, not {type(credentials).__name__}")
    for credential in cast("Iterable[object]", credentials):
        if not all(hasattr(credential, name) for name in ("headers", "query", "secrets")):
            raise UsageError(f"credentials must hold credentials such as ApiKey, not {type(credential).__name__}")
    return tuple(cast("Iterable[Credential]", credentials))


def _check_backend(backend: object, *, is_async: bool) -> None:
    if backend is None:
        return
    send = getattr(backend, "send", None)
    if not callable(send):
        raise UsageError(f"backend must have a send method, which {type(backend).__name__} lacks")
    # A wrong pairing would otherwise fail late, and with a coroutine in the place of an answer.
    if iscoroutinefunction(send) != is_async:
        kind = "an async client needs an async" if is_async else "a sync client needs a sync"
        raise UsageError(f"{kind} backend, which {type(backend).__name__} is not")
