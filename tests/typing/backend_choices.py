"""What may be given as `backend`, for the type checkers alone: this file is checked by both and never executed."""

from __future__ import annotations

import httpx
import httpx2
from mailwright_wildduck.v1_0_107 import AsyncWildDuck, WildDuck

from mailwright.runtime import AsyncBackend, Backend
from mailwright.runtime.backends import AsyncBackendChoice, BackendChoice
from mailwright.runtime.backends.async_pyreqwest_backend import AsyncPyreqwestBackend
from mailwright.runtime.backends.httpx2_backend import AsyncHttpx2Backend, Httpx2Backend
from mailwright.runtime.backends.httpx_backend import AsyncHttpxBackend, HttpxBackend
from mailwright.runtime.backends.pyreqwest_backend import PyreqwestBackend

URL = "http://127.0.0.1:8080"


class Tuned(httpx.Client):
    """A client of the caller's own kind."""


def sync() -> list[BackendChoice]:
    return [
        "httpx",
        "httpx2",
        "pyreqwest",
        httpx.Client(),
        httpx2.Client(),
        Tuned(),
        HttpxBackend(),
        Httpx2Backend(),
        PyreqwestBackend(),
    ]


def asynchronous() -> list[AsyncBackendChoice]:
    return [
        "httpx",
        "httpx2",
        "pyreqwest",
        httpx.AsyncClient(),
        httpx2.AsyncClient(),
        AsyncHttpxBackend(),
        AsyncHttpx2Backend(),
        AsyncPyreqwestBackend(),
    ]


def clients(lent: httpx.Client, async_lent: httpx2.AsyncClient, own: Backend, async_own: AsyncBackend) -> None:
    WildDuck(URL, backend="pyreqwest")
    WildDuck(URL, backend=lent)
    WildDuck(URL, backend=own)
    AsyncWildDuck(URL, backend=async_lent)
    AsyncWildDuck(URL, backend=async_own)


def refused(lent: httpx.Client, async_lent: httpx.AsyncClient, own: Backend, async_own: AsyncBackend) -> None:
    # Each line is an error for both checkers; an unused ignore is an error too, so that the refusals cannot get lost.
    WildDuck(URL, backend=async_lent)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    WildDuck(URL, backend=async_own)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    WildDuck(URL, backend=httpx)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    AsyncWildDuck(URL, backend=lent)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    AsyncWildDuck(URL, backend=own)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    AsyncWildDuck(URL, backend=5)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
