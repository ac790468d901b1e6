"""Turns a resource's method into one that returns whole answers, with the same arguments."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar, cast

from mailwright.runtime.caller import AsyncResource, Resource, on_answering_client
from mailwright.runtime.errors import UsageError
from mailwright.runtime.outcomes import Outcomes
from mailwright.runtime.response import Response

P = ParamSpec("P")
T = TypeVar("T")
I = TypeVar("I")  # noqa: E741 (an item)


def with_response(method: Callable[P, T], /) -> Callable[P, Response[T]]:
    """Returns the method so that it gives a `Response`: `with_response(mail.users.get)("…").status`.

    A method that returns `Pages` needs none of this: its pages have `.response`. Raises `UsageError` for anything
    but a method of a resource.
    """
    return cast("Callable[P, Response[T]]", _rebound(method))


def async_with_response(
    method: Callable[P, Coroutine[Any, Any, T]], /
) -> Callable[P, Coroutine[Any, Any, Response[T]]]:
    """Returns the async method so that it gives a `Response`; the rules of `with_response` hold."""
    return cast("Callable[P, Coroutine[Any, Any, Response[T]]]", _rebound(method))


def with_responses(method: Callable[P, Outcomes[I, T]], /) -> Callable[P, Outcomes[I, Response[T]]]:
    """Returns a method for many items so that each outcome has a `Response`; the rules of `with_response` hold."""
    return cast("Callable[P, Outcomes[I, Response[T]]]", _rebound(method))


def async_with_responses(
    method: Callable[P, Coroutine[Any, Any, Outcomes[I, T]]], /
) -> Callable[P, Coroutine[Any, Any, Outcomes[I, Response[T]]]]:
    """Returns the async method so that each outcome has a `Response`; the rules of `with_response` hold."""
    return cast("Callable[P, Coroutine[Any, Any, Outcomes[I, Response[T]]]]", _rebound(method))


def _rebound(method: object) -> object:
    owner: object = getattr(method, "__self__", None)
    name: object = getattr(method, "__name__", None)
    if not isinstance(owner, (Resource, AsyncResource)) or not isinstance(name, str):
        raise UsageError("with_response takes a method of a resource, such as mail.users.get")
    return getattr(on_answering_client(owner), name)
