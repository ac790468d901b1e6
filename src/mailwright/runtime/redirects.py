"""Where a redirect leads, if it may be followed at all."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urljoin, urlsplit

from mailwright.runtime.errors import ResponseInvalid
from mailwright.runtime.url import origin_and_path

MOST = 5
"""How many redirects one call follows."""

_SAME_METHOD = frozenset({307, 308})
_ANY = frozenset({301, 302, 303, 307, 308})
# A blank would end the request's target, some read a backslash as a slash, and some find a host behind `http:` or three
# slashes.
_URL = re.compile(r"(?!///)(?![A-Za-z][A-Za-z0-9+.-]*:(?!//[^/]))[!-\[\]-~]+")


def next_url(url: str, method: str, status: int, location: str | None, followed: int) -> str:
    """Returns where to send the request again.

    Raises `ResponseInvalid` for another origin (credentials must not go there), for a status that would turn the
    request into another one, for more than 5 in a row, and for what is no URL.
    """
    if status not in _ANY or not location:
        raise ResponseInvalid(f"the server answered with status {status} and no place to go on")
    if followed >= MOST:
        raise ResponseInvalid(f"the server redirects more than {MOST} times")
    shown = origin_and_path(location)
    if not _URL.fullmatch(location):
        raise ResponseInvalid("the server redirects to a malformed URL")
    try:
        here, target = urlsplit(url), urlsplit(urljoin(url, location))
        same = _origin(here) == _origin(target)
    except ValueError:
        raise ResponseInvalid("the server redirects to a malformed URL") from None
    if not same or "@" in target.netloc:
        raise ResponseInvalid(f"the server redirects to {shown}, another server, which is not followed")
    if method not in ("GET", "HEAD") and status not in _SAME_METHOD:
        raise ResponseInvalid(f"the server redirects a {method} to {shown} with status {status}, which may change it")
    # The same server in the letters it was given in: over the same connections, and under the same name.
    return target._replace(scheme=here.scheme, netloc=here.netloc, path=target.path or "/", fragment="").geturl()


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    port = {"http": 80, "https": 443}.get(parts.scheme) if parts.port is None else parts.port
    return parts.scheme, parts.hostname, port
