"""Where a redirect leads, if it may be followed at all."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from mailwright.runtime.errors import ResponseInvalid
from mailwright.runtime.url import origin_and_path

MOST = 5
"""How many redirects one call follows."""

_SAME_METHOD = frozenset({307, 308})
_ANY = frozenset({301, 302, 303, 307, 308})
# A blank would end the request's target, and some read a backslash as a slash.
_URL = re.compile(r"[!-\[\]-~]+")


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
        target = urlsplit(urljoin(url, location))
        same = _origin(url) == (target.scheme, target.hostname, target.port or _port(target.scheme))
    except ValueError:
        raise ResponseInvalid("the server redirects to a malformed URL") from None
    if not same or "@" in target.netloc:
        raise ResponseInvalid(f"the server redirects to {shown}, another server, which is not followed")
    if method not in ("GET", "HEAD") and status not in _SAME_METHOD:
        raise ResponseInvalid(f"the server redirects a {method} to {shown} with status {status}, which may change it")
    return target._replace(fragment="").geturl()


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _port(parts.scheme)


def _port(scheme: str) -> int | None:
    return {"http": 80, "https": 443}.get(scheme)
