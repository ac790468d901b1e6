"""What goes into the mock and what comes out: one request, one response, and the ways to read them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from mailwright.mock.live import Live

_ORIGIN = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as it is on the wire: nothing in it is decoded yet."""

    method: str
    url: str
    headers: Sequence[tuple[str, str]] = ()
    content: bytes = b""

    @property
    def path(self) -> str:
        """The raw path, still percent-encoded; a fragment never reaches a server and is left out."""
        return self._target[0] or "/"

    @property
    def query(self) -> list[tuple[str, str]]:
        """The decoded query, in order, with empty values kept and `+` read as a blank."""
        return parse_qsl(self._target[1], keep_blank_values=True)

    @property
    def _target(self) -> tuple[str, str]:
        # Not urlsplit: it refuses what a Host header may hold, and takes `//` at the start of a path for a host.
        path, _, query = _ORIGIN.sub("", self.url).partition("#")[0].partition("?")
        return path, query

    def header(self, name: str) -> str | None:
        """The last value of a header, or None; names match whatever their case."""
        return _last(self.headers, name)

    @property
    def media_type(self) -> str:
        """The media type of the body without its parameters, in lower case; empty where none is given."""
        return essence(self.header("content-type") or "")


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response; `delay` (seconds) and `cut` are for the adapters, which own the clock and the wire.

    With `live` the content is only the beginning, and the adapters send on what comes.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes
    delay: float = 0.0
    cut: str = ""
    live: Live | None = None

    def header(self, name: str) -> str | None:
        """The last value of a header, or None; names match whatever their case."""
        return _last(self.headers, name)


def _last(headers: Sequence[tuple[str, str]], name: str) -> str | None:
    found = [value for each, value in headers if each.lower() == name.lower()]
    return found[-1] if found else None


def essence(media_type: str) -> str:
    """A media type without its parameters, in lower case."""
    return media_type.split(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Says whether a media type holds JSON."""
    return essence(media_type) == "application/json" or essence(media_type).endswith("+json")


def header_pairs(headers: Any) -> tuple[tuple[str, str], ...]:
    """Reads headers given as a mapping, or as pairs of text or bytes, into pairs of text."""
    pairs = headers.items() if hasattr(headers, "items") else headers
    return tuple((_text(name), _text(value)) for name, value in pairs)


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
