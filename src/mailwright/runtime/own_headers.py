"""The headers that every request of this package has."""

from __future__ import annotations

from functools import cache


@cache
def own_headers() -> tuple[tuple[str, str], ...]:
    """Returns the headers, the installed version of mailwright among them."""
    # Slow to import, and not needed before the first call.
    from importlib.metadata import PackageNotFoundError, version

    try:
        agent = f"mailwright/{version('mailwright')}"
    except PackageNotFoundError:
        agent = "mailwright"
    return (
        ("Accept", "application/json"),
        # Nothing packed is asked for: a small answer could unpack to any size.
        ("Accept-Encoding", "identity"),
        ("User-Agent", agent),
    )
