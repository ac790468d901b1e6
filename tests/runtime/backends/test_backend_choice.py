"""One argument says which backend a client has."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import Any

import httpx
import httpx2
import pytest

from mailwright.runtime.backends import chosen_async_backend, chosen_backend
from mailwright.runtime.backends.async_borrowed import AsyncBorrowedClient
from mailwright.runtime.backends.async_pyreqwest_backend import AsyncPyreqwestBackend
from mailwright.runtime.backends.borrowed import BorrowedClient
from mailwright.runtime.backends.httpx2_backend import AsyncHttpx2Backend, Httpx2Backend
from mailwright.runtime.backends.httpx_backend import AsyncHttpxBackend, HttpxBackend
from mailwright.runtime.backends.pyreqwest_backend import PyreqwestBackend
from mailwright.runtime.errors import UsageError
from mailwright.runtime.request import Request

Choose = Callable[[object], tuple[Any, bool]]


class Own:
    """A backend of the caller's."""

    def send(self, request: Request, /) -> Any: ...
    def close(self) -> None: ...


class AsyncOwn:
    """The same, async."""

    async def send(self, request: Request, /) -> Any: ...
    async def aclose(self) -> None: ...


class Tuned(httpx.Client):
    """A client of the caller's own kind."""


class AsyncTuned(httpx2.AsyncClient):
    """The same, async."""


@pytest.mark.parametrize(
    ("choice", "kind", "async_kind"),
    [
        (None, HttpxBackend, AsyncHttpxBackend),
        ("httpx", HttpxBackend, AsyncHttpxBackend),
        ("httpx2", Httpx2Backend, AsyncHttpx2Backend),
        ("pyreqwest", PyreqwestBackend, AsyncPyreqwestBackend),
    ],
)
def test_name_makes_a_backend_that_its_client_closes(choice: object, kind: type[Any], async_kind: type[Any]) -> None:
    backend, owned = chosen_backend(choice)
    assert (type(backend), owned) == (kind, True)
    assert not hasattr(backend, "logs_urls")
    backend.close()
    async_backend, owned = chosen_async_backend(choice)
    assert (type(async_backend), owned) == (async_kind, True)
    asyncio.run(async_backend.aclose())


@pytest.mark.parametrize("client", [httpx.Client(), httpx2.Client(), Tuned()], ids=lambda client: repr(type(client)))
def test_client_of_httpx_lends_its_connections(client: Any) -> None:
    backend, owned = chosen_backend(client)
    assert (type(backend), owned, getattr(backend, "logs_urls", None)) == (BorrowedClient, False, True)


@pytest.mark.parametrize(
    "client", [httpx.AsyncClient(), httpx2.AsyncClient(), AsyncTuned()], ids=lambda client: repr(type(client))
)
def test_async_client_of_httpx_lends_its_connections(client: Any) -> None:
    backend, owned = chosen_async_backend(client)
    assert (type(backend), owned, getattr(backend, "logs_urls", None)) == (AsyncBorrowedClient, False, True)


def test_backend_of_the_callers_is_taken_as_it_is_and_left_open() -> None:
    own, async_own = Own(), AsyncOwn()
    assert chosen_backend(own) == (own, False)
    assert chosen_async_backend(async_own) == (async_own, False)


@pytest.mark.parametrize(
    ("choose", "choice", "told"),
    [
        (chosen_backend, httpx.AsyncClient(), "backend must be an httpx.Client for a sync client, not an AsyncClient"),
        (chosen_backend, AsyncTuned(), "backend must be an httpx2.Client for a sync client, not an AsyncClient"),
        (
            chosen_async_backend,
            httpx2.Client(),
            "backend must be an httpx2.AsyncClient for an async client, not a Client",
        ),
        (chosen_async_backend, Tuned(), "backend must be an httpx.AsyncClient for an async client, not a Client"),
        (chosen_backend, AsyncOwn(), "a sync client needs a sync backend, which AsyncOwn is not"),
        (chosen_async_backend, Own(), "an async client needs an async backend, which Own is not"),
        (
            chosen_backend,
            "requests",
            'backend must be one of "httpx", "httpx2", "pyreqwest", an httpx client or a Backend, not \'requests\'',
        ),
        (
            chosen_async_backend,
            "",
            'backend must be one of "httpx", "httpx2", "pyreqwest", an httpx client or a Backend, not \'\'',
        ),
        (chosen_backend, 5, "backend must have a send method, which int lacks"),
        (chosen_backend, httpx.Client, "backend must be an object, not a class; was Client() meant?"),
        (chosen_backend, httpx, "backend must have a send method, which module lacks"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(choose: Choose, choice: object, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        choose(choice)
    assert caught.value.message == told
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_backend_that_cannot_be_closed_is_refused() -> None:
    class Open:
        def send(self, request: Request, /) -> Any: ...

    class AsyncOpen:
        async def send(self, request: Request, /) -> Any: ...

    with pytest.raises(UsageError, match=r"^backend must have a close method, which Open lacks$"):
        chosen_backend(Open())
    with pytest.raises(UsageError, match=r"^backend must have an aclose method, which AsyncOpen lacks$"):
        chosen_async_backend(AsyncOpen())


@pytest.mark.parametrize("choose", [chosen_backend, chosen_async_backend])
@pytest.mark.parametrize(("name", "extra"), [("httpx2", "httpx2"), ("pyreqwest", "fast")])
def test_library_that_is_not_there_is_told_with_what_to_install(
    choose: Choose, name: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in list(sys.modules):
        if module.startswith((name, "mailwright.runtime.backends.")) and (
            module.startswith(name) or name in module.rpartition(".")[2]
        ):
            monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UsageError) as caught:
        choose(name)
    wanted = f"backend {name!r} needs more packages: pip install 'mailwright[{extra}]' ("
    assert caught.value.message.startswith(wanted)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_choice_imports_no_http_library() -> None:
    import subprocess

    program = (
        "import sys, mailwright.runtime\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(loaded & {'httpx', 'httpx2', 'httpcore', 'httpcore2', 'pyreqwest', 'anyio', 'h11'}))"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout == "[]\n"
