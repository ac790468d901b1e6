"""The options that every client takes, and what they are checked for."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from inspect import iscoroutinefunction
from typing import TypedDict, TypeVar, cast

from mailwright.runtime.attempt import Hook
from mailwright.runtime.backends import AsyncBackendChoice, BackendChoice
from mailwright.runtime.errors import UsageError
from mailwright.runtime.limits import Limits
from mailwright.runtime.retries import Retries
from mailwright.runtime.timeouts import Timeout

V = TypeVar("V")


class CallOptions(TypedDict, total=False):
    """What may differ from call to call; `with_options` takes these.

    A number as `timeout` is the total in seconds. `follow_redirects` allows those that stay on the server.
    `hash_passwords`, which is on, hashes passwords for a server that keeps them as they are
    sent. The hooks are called with an `Attempt` before and after each request.
    """

    timeout: float | Timeout
    retries: Retries
    limits: Limits
    follow_redirects: bool
    hash_passwords: bool
    before_send: Hook | None
    after_response: Hook | None


class Options(CallOptions, total=False):
    """What a client may be made with: `backend` is "httpx", "httpx2", "pyreqwest", an httpx client, or a `Backend`."""

    backend: BackendChoice | None


class AsyncOptions(CallOptions, total=False):
    """What an async client may be made with, like `Options`."""

    backend: AsyncBackendChoice | None


def check_names(options: Mapping[str, object], known: type[CallOptions] | type[Options]) -> None:
    """Raises `UsageError` that names the option there is not, and the one that was probably meant."""
    names = list(known.__annotations__)
    for name in options:
        if name not in names:
            near = difflib.get_close_matches(name, names, 1)
            meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
            raise UsageError(f"there is no option {name}; {meant}")


def checked(name: str, value: object, kind: type[V]) -> V:
    """Returns the value of an option; raises `UsageError` when it is of another type."""
    if not isinstance(value, kind):
        raise UsageError(f"{name} must be {_a(kind.__name__)}, not {type(value).__name__}")
    return value


def checked_hook(name: str, value: object) -> Hook | None:
    """Returns a hook; raises `UsageError` for what is not a plain function."""
    if value is None:
        return None
    if not callable(value):
        raise UsageError(f"{name} must be a function that takes an Attempt, not {type(value).__name__}")
    if iscoroutinefunction(value) or iscoroutinefunction(value.__call__):
        raise UsageError(f"{name} must be a plain function, not a coroutine function; async clients call it too")
    return cast("Callable[..., None]", value)


def _a(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
