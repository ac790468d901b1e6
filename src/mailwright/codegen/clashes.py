"""Refuses names that would hide another one in the modules of a client."""

from __future__ import annotations

from collections.abc import Iterable

from mailwright.codegen.authentication import Authentication
from mailwright.codegen.methods import Resource
from mailwright.problem import Problem

# What the templates import, and what a class of theirs defines.
_TAKEN = frozenset(
    {
        "Any",
        "AsyncClient",
        "AsyncCommandClient",
        "AsyncDownload",
        "AsyncEventStream",
        "AsyncOptions",
        "AsyncPages",
        "AsyncResource",
        "BinaryIO",
        "Client",
        "CommandClient",
        "Done",
        "Download",
        "EventStream",
        "Heeds",
        "IdSet",
        "Iterable",
        "Literal",
        "Operation",
        "Options",
        "Outcomes",
        "Pages",
        "Paging",
        "Path",
        "Resource",
        "Rpc",
        "TYPE_CHECKING",
        "UNSET",
        "Unpack",
        "Unset",
        "Upload",
        "as_flag",
        "among",
        "async_one_by_one",
        "async_with_response",
        "async_with_responses",
        "basic",
        "bearer",
        "builtins",
        "cached_property",
        "cast",
        "check_destroy",
        "check_filtered",
        "date",
        "datetime",
        "encoded_token",
        "id_set",
        "in_place",
        "models",
        "no_null",
        "not_empty",
        "one_by_one",
        "one_of",
        "with_response",
        "with_responses",
    }
)
_CLIENT_ARGUMENTS: tuple[str, ...] = (
    "self",
    "base_url",
    "options",
    "timeout",
    "retries",
    "limits",
    "follow_redirects",
    "hash_passwords",
    "before_send",
    "after_response",
    "backend",
)


def check_clashes(client: str, resources: Iterable[Resource], auth: Authentication) -> None:
    """Requires that classes, constants, methods and the client's arguments have names of their own.

    Raises:
        Problem: two things have one name, or one has a name that the generated code needs itself.
    """
    classes: dict[str, str] = {}

    def take(names: dict[str, str], name: str, what: str, remedy: str) -> None:
        holder = "generated code itself" if name in _TAKEN else names.setdefault(name, what)
        if holder != what:
            raise Problem(f"{what} would be called {name}, as {holder} is", remedy=remedy)

    for name in (client, f"Async{client}"):
        take(classes, name, "the client", "set another x-client.class at the root")
    for each in resources:
        renamed = "set another x-client.resource on the tag"
        what = f"the resource {each.name}"
        take({}, each.name, what, renamed)
        for prefix in ("", "Async"):
            take(classes, f"{prefix}{each.class_name}", what, renamed)
            take(classes, f"{prefix}{each.class_name}WithResponse", what, renamed)
        for method in each.methods:
            take(dict(classes), method.constant, f"the operation {method.id}", "set another operationId")
            for name in method.names:
                take({}, name, f"the operation {method.id}", "set another x-client.method on it")
    arguments = dict.fromkeys(_CLIENT_ARGUMENTS, "an argument of every client")
    for name in (each.name for each in auth.arguments):
        take(arguments, name, f"the credential {name}", "set another x-client.argument on the security scheme")
