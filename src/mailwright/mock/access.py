"""The check of token or password: in header or query, as the document's security schemes say."""

from __future__ import annotations

import hmac
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field

from mailwright.mock.document import Key, Operation
from mailwright.mock.message import Request


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, where the API tells its callers apart: a role, and the id of the user whose token it is.

    `aliases` are values of path parameters that stand for something of this caller.
    """

    role: str = ""
    user: str = ""
    token: str = ""
    aliases: Mapping[str, str] = field(default_factory=dict[str, str])


def presented(request: Request, keys: Mapping[str, Key]) -> list[str]:
    """All tokens that a request shows, in header or query, and as a bearer token."""
    wanted = {(key.place, key.name.lower()) for key in keys.values() if key.kind == "apiKey"}
    found = [value for name, value in request.headers if ("header", name.lower()) in wanted and value]
    found += [value for name, value in request.query if ("query", name.lower()) in wanted and value]
    bearer = (request.header("authorization") or "").partition(" ")
    return [*found, bearer[2].strip()] if bearer[0].lower() == "bearer" else found


def allowed(request: Request, operation: Operation, keys: Mapping[str, Key], token: str | None) -> bool:
    """Whether a request may call an operation; without a token of its own the mock lets everybody in."""
    if token is None or not operation.security:
        return True
    return any(
        all(_matches(request, keys[name], token) for name in scheme if name in keys) for scheme in operation.security
    )


def query_names(keys: Mapping[str, Key]) -> frozenset[str]:
    """The query parameters that carry a token, and so are no arguments."""
    return frozenset(key.name for key in keys.values() if key.place == "query")


def _matches(request: Request, key: Key, token: str) -> bool:
    if key.place == "header":
        given = [value for name, value in request.headers if name.lower() == key.name.lower()]
    else:
        given = [value for name, value in request.query if name == key.name]
    # A key given twice is a list to the server, which equals no token.
    return len(given) == 1 and _is(key, given[0], token)


def _is(key: Key, given: str, token: str) -> bool:
    word, _, rest = given.partition(" ")
    if key.kind == "apiKey":
        return _same(given, token)
    if key.kind == "bearer":
        return word.lower() == "bearer" and _same(rest, token)
    if key.kind == "encoded":
        try:
            return word.lower() == key.scheme.lower() and _same(b64decode(rest, validate=True).decode(), token)
        except ValueError:
            return False
    try:
        user, _, password = b64decode(rest, validate=True).decode().partition(":")
    except ValueError:
        return False
    return word.lower() == "basic" and key.user in ("", user) and _same(password, token)


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())
