"""What all calls of one client have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from mailwright.runtime.attempt import Hook
from mailwright.runtime.credentials import Credential
from mailwright.runtime.dialects import Dialect, dialect
from mailwright.runtime.errors import UsageError
from mailwright.runtime.limits import Limits
from mailwright.runtime.options import CallOptions, checked, checked_hook
from mailwright.runtime.retries import Retries
from mailwright.runtime.timeouts import Timeout, checked_timeout
from mailwright.runtime.url import checked_base_url


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """Where calls go, what proves who is calling, and the options."""

    base_url: str
    credentials: tuple[Credential, ...]
    dialect: Dialect
    timeout: Timeout = field(default_factory=Timeout)
    retries: Retries = field(default_factory=Retries)
    limits: Limits = field(default_factory=Limits)
    follow_redirects: bool = False
    hash_passwords: bool = True
    before_send: Hook | None = None
    after_response: Hook | None = None


def checked_settings(
    dialect_name: str, base_url: object, credentials: object, options: Mapping[str, object]
) -> Settings:
    """Returns the settings of a client; raises `UsageError` that names the argument at fault."""
    return with_options(Settings(checked_base_url(base_url), _credentials(credentials), dialect(dialect_name)), options)


def with_options(settings: Settings, options: Mapping[str, object]) -> Settings:
    """Returns the settings with some options replaced; raises `UsageError` that names the one at fault."""
    return replace(
        settings, **{name: _option(name, options[name]) for name in CallOptions.__annotations__ if name in options}
    )


def with_credentials(settings: Settings, credentials: tuple[Credential, ...]) -> Settings:
    """Returns the settings with other credentials; raises `UsageError` for what are none."""
    return replace(settings, credentials=_credentials(credentials))


def _option(name: str, value: object) -> Any:
    if name == "timeout":
        return checked_timeout(value)
    if name in ("before_send", "after_response"):
        return checked_hook(name, value)
    kinds: dict[str, type[object]] = {"retries": Retries, "limits": Limits}
    return checked(name, value, kinds.get(name, bool))


def _credentials(credentials: object) -> tuple[Credential, ...]:
    if not isinstance(credentials, (tuple, list)):
        raise UsageError(f"credentials must be a tuple, not {type(credentials).__name__}")
    for credential in cast("Iterable[object]", credentials):
        if not all(hasattr(credential, name) for name in ("headers", "query", "secrets")):
            raise UsageError(f"credentials must hold credentials such as ApiKey, not {type(credential).__name__}")
    return tuple(cast("Iterable[Credential]", credentials))
