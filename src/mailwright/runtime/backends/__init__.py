"""What sends requests (the backends' author replaces this file)."""

from __future__ import annotations

from inspect import iscoroutinefunction
from typing import Any, cast

from mailwright.runtime.errors import UsageError
from mailwright.runtime.request import AsyncBackend, Backend

BackendChoice = Backend | str
AsyncBackendChoice = AsyncBackend | str


def chosen_backend(choice: object) -> tuple[Backend, bool]:
    if choice in (None, "httpx"):
        from mailwright.runtime.httpx_backend import HttpxBackend

        return cast("Any", HttpxBackend()), True
    return cast("Backend", _checked(choice, is_async=False)), False


def chosen_async_backend(choice: object) -> tuple[AsyncBackend, bool]:
    if choice in (None, "httpx"):
        from mailwright.runtime.httpx_backend import AsyncHttpxBackend

        return cast("Any", AsyncHttpxBackend()), True
    return cast("AsyncBackend", _checked(choice, is_async=True)), False


def _checked(backend: object, *, is_async: bool) -> object:
    send = getattr(backend, "send", None)
    if not callable(send):
        raise UsageError(f"backend must have a send method, which {type(backend).__name__} lacks")
    if iscoroutinefunction(send) != is_async:
        kind = "an async client needs an async" if is_async else "a sync client needs a sync"
        raise UsageError(f"{kind} backend, which {type(backend).__name__} is not")
    return backend
