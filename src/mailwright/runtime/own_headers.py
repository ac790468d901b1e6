"""The headers that every request of this package has."""

from __future__ import annotations

from functools import cache

# A packed stream would hold events back, and a packed download hides its size.
_ACCEPTED = {
    "": (("Accept", "application/json"), ("Accept-Encoding", "gzip")),
    "binary": (("Accept", "*/*"), ("Accept-Encoding", "identity")),
    "sse": (("Accept", "text/event-stream"), ("Accept-Encoding", "identity"), ("Cache-Control", "no-store")),
}


@cache
def own_headers(stream: str = "") -> tuple[tuple[str, str], ...]:
    """Returns the headers for JSON, for a "binary" stream or one of "sse"; the version of mailwright is among them."""
    # Slow to import, and not needed before the first call.
    from importlib.metadata import PackageNotFoundError, version

    try:
        agent = f"mailwright/{version('mailwright')}"
    except PackageNotFoundError:
        agent = "mailwright"
    return (*_ACCEPTED[stream], ("User-Agent", agent))
