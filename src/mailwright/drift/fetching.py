"""Reads the listing of a running server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mailwright.asking import REFUSED, TOKEN_VARIABLE, ask, refusal
from mailwright.problem import Problem
from mailwright.runtime import (
    ApiKey,
    Basic,
    Bearer,
    Credential,
    EncodedToken,
    UsageError,
)
from mailwright.runtime.backends.httpx_backend import HttpxBackend
from mailwright.runtime.url import checked_base_url


def fetch(url: str, path: str, document: Mapping[str, Any], *, token: str, user: str) -> bytes:
    """Reads what a server answers to GET of a path below its URL.

    The token is given in each way that the document names, one after the other, until the server takes it: what is a
    password to one scheme may be a key to another. It is shown nowhere.

    Args:
        url: Where the server is.
        path: The path of the listing.
        document: The bundled document, for its security schemes.
        token: Password, token or key; empty to send none.
        user: Name that goes with a password, where the document names none.

    Raises:
        Problem: the URL cannot be used, the server is down, or it answers with anything but success.
    """
    try:
        place = checked_base_url(url)
        credentials = list(_credentials(document, token, user)) if token else []
    except UsageError as error:
        raise Problem(error.message, place="--url", remedy=f"check the URL and {TOKEN_VARIABLE}", exit_code=2) from None
    backend = HttpxBackend()
    try:
        status = 0
        for headers in [each.headers for each in credentials] or [()]:
            reply, content = ask(backend, place, path, headers)
            status = reply.status
            if status not in REFUSED:
                break
        else:
            raise refusal(place, path, status, token)
    finally:
        backend.close()
    if not 200 <= status < 300:
        raise Problem(
            f"GET {path} is answered with status {status}", place=place, remedy="give the URL of the server itself"
        )
    return content


def _credentials(document: Mapping[str, Any], token: str, user: str) -> Iterator[Credential]:
    for scheme in document.get("components", {}).get("securitySchemes", {}).values():
        words = scheme.get("x-client", {})
        name = str(scheme.get("scheme", ""))
        if scheme.get("type") == "apiKey":
            if scheme.get("in") == "header":
                yield ApiKey("header", str(scheme["name"]), token)
        elif name.lower() == "basic":
            yield Basic(str(words.get("user", user)), token)
        elif words.get("encoding") == "base64":
            yield EncodedToken(name, token)
        elif name.lower() == "bearer":
            yield Bearer(token)
