"""The base URL of a server, and the URLs of its operations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit

from mailwright.runtime.arguments import query_text
from mailwright.runtime.errors import UsageError
from mailwright.runtime.redaction import STARS

_UNFIT = re.compile(r"[\x00-\x20\x7f\\\ud800-\udfff]")
# An IPv6 address, or a name: nothing quoted, and nothing beside the brackets.
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]%:]+)(:[0-9]*)?")
_PATH_SAFE = "/%:@!$&'()*+,;=-._~"


def checked_base_url(base_url: object) -> str:
    """Returns the base URL without a trailing slash; a path in it stays as a prefix.

    Raises `UsageError`, which never repeats the URL, since a password may be in it.
    """
    if not isinstance(base_url, str):
        raise UsageError(f"base_url must be a str, not {type(base_url).__name__}")
    if not base_url or _UNFIT.search(base_url):
        raise UsageError("base_url is empty, or has a blank, a backslash or a control character in it")
    try:
        parts = urlsplit(base_url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise UsageError(f"base_url is not a URL: {_cause(error)}") from None
    if parts.scheme not in ("http", "https"):
        raise UsageError("base_url must start with http:// or https://")
    if not host:
        raise UsageError("base_url names no host")
    if "@" in parts.netloc:
        raise UsageError("base_url has a user or a password in it; give credentials as arguments of their own")
    labels = host.removesuffix(".").split(".")
    if not _AUTHORITY.fullmatch(parts.netloc) or not all(0 < len(label) < 64 for label in labels):
        raise UsageError("base_url is not a URL: its host is malformed")
    if port == 0:
        raise UsageError("base_url is not a URL: its port is 0")
    if "?" in base_url or "#" in base_url:
        raise UsageError("base_url has a query or a fragment in it; leave off what follows '?' or '#'")
    if any(unquote(segment) in (".", "..") for segment in parts.path.split("/")):
        raise UsageError("base_url has '.' or '..' in its path")
    return f"{parts.scheme}://{parts.netloc}{quote(parts.path, safe=_PATH_SAFE).rstrip('/')}"


def with_query(url: str, pairs: Iterable[tuple[str, str]], *, hidden: Iterable[str] = ()) -> str:
    """Returns the URL with the parameters quoted and added to it, `***` for the value of those that are hidden."""
    sent = [f"{query_text(name, name)}={query_text(f'query parameter {name}', value)}" for name, value in pairs]
    query = "&".join([*sent, *(f"{query_text(name, name)}={STARS}" for name in hidden)])
    return f"{url}?{query}" if query else url


def origin_and_path(url: str) -> str:
    """Returns a URL without its credentials, query and fragment, fit to be shown."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "a malformed URL"
    return f"{parts.scheme}://{host}{parts.path}" if host else parts.path


def _cause(error: ValueError) -> str:
    # Python's own sentence repeats the port, which can be half of a password with an unquoted ':' or '/'.
    return "its port is not a number below 65536" if "port" in str(error).lower() else "its host is malformed"
