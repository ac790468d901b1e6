"""Which backend a client has, from the one argument that says so."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from inspect import iscoroutinefunction
from typing import Any, cast

from mailwright.runtime.backends.lenders import AsyncLender, Lender, kind_of, library_of
from mailwright.runtime.errors import UsageError
from mailwright.runtime.request import AsyncBackend, Backend

BackendChoice = Backend | Lender | str
AsyncBackendChoice = AsyncBackend | AsyncLender | str

_MODULES = {"httpx": "httpx_backend", "httpx2": "httpx2_backend", "pyreqwest": "pyreqwest_backend"}
_ASYNC_MODULES = {**_MODULES, "pyreqwest": "async_pyreqwest_backend"}
_CLASSES = {"httpx": "HttpxBackend", "httpx2": "Httpx2Backend", "pyreqwest": "PyreqwestBackend"}
_EXTRAS = {"httpx2": "httpx2", "pyreqwest": "fast"}


def chosen_backend(choice: object) -> tuple[Backend, bool]:
    """Returns the backend of a sync client, and whether the client owns it, that is, has to close it.

    `choice` is "httpx" (None means the same), "httpx2" or "pyreqwest"; an `httpx.Client` or an `httpx2.Client`, which
    lends its connections; or a `Backend`. Raises `UsageError` for anything else.
    """
    if choice is None or isinstance(choice, str):
        name = "httpx" if choice is None else choice
        return cast("Backend", _made(name, _MODULES, "")), True
    if kind_of(choice):
        if kind_of(choice) != "Client":
            raise UsageError(f"backend must be an {library_of(choice)}.Client for a sync client, not an AsyncClient")
        from mailwright.runtime.backends.borrowed import BorrowedClient

        return BorrowedClient(cast("Lender", choice)), False
    _check(choice, "close", is_async=False)
    return cast("Backend", choice), False


def chosen_async_backend(choice: object) -> tuple[AsyncBackend, bool]:
    """Returns the backend of an async client, and whether the client owns it; like `chosen_backend`."""
    if choice is None or isinstance(choice, str):
        name = "httpx" if choice is None else choice
        return cast("AsyncBackend", _made(name, _ASYNC_MODULES, "Async")), True
    if kind_of(choice):
        if kind_of(choice) != "AsyncClient":
            raise UsageError(f"backend must be an {library_of(choice)}.AsyncClient for an async client, not a Client")
        from mailwright.runtime.backends.async_borrowed import AsyncBorrowedClient

        return AsyncBorrowedClient(cast("AsyncLender", choice)), False
    _check(choice, "aclose", is_async=True)
    return cast("AsyncBackend", choice), False


def _made(name: str, modules: dict[str, str], prefix: str) -> object:
    if name not in modules:
        known = ", ".join(f'"{each}"' for each in modules)
        raise UsageError(f"backend must be one of {known}, an httpx client or a Backend, not {name!r}")
    try:
        module = import_module(f"mailwright.runtime.backends.{modules[name]}")
    except ImportError as error:
        if name not in _EXTRAS:
            raise
        cause = str(error)
    else:
        make: Callable[[], Any] = getattr(module, prefix + _CLASSES[name])
        return make()
    raise UsageError(f"backend {name!r} needs more packages: pip install 'mailwright[{_EXTRAS[name]}]' ({cause})")


def _check(backend: object, closing: str, *, is_async: bool) -> None:
    if isinstance(backend, type):
        raise UsageError(f"backend must be an object, not a class; was {backend.__name__}() meant?")
    kind = type(backend).__name__
    send = getattr(backend, "send", None)
    if not callable(send):
        raise UsageError(f"backend must have a send method, which {kind} lacks")
    # A wrong pairing would otherwise fail late, and with a coroutine in the place of an answer.
    if iscoroutinefunction(send) != is_async:
        needed = "an async client needs an async" if is_async else "a sync client needs a sync"
        raise UsageError(f"{needed} backend, which {kind} is not")
    if not callable(getattr(backend, closing, None)):
        raise UsageError(f"backend must have {'an' if is_async else 'a'} {closing} method, which {kind} lacks")
