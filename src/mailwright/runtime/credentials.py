"""What proves to a server who is calling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from mailwright.runtime.arguments import header_value, query_text
from mailwright.runtime.errors import UsageError


class Credential(Protocol):
    """Adds headers and query parameters to every request that needs them."""

    @property
    def headers(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def query(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def secrets(self) -> tuple[str, ...]:
        """The strings that no error, repr or log may show."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class ApiKey:
    """A token that is sent in a header, or on request as a query parameter, where servers tend to log it.

    Raises `UsageError` for a token that is empty or cannot be sent in that place.
    """

    location: Literal["header", "query"]
    name: str
    secret: str

    def __post_init__(self) -> None:
        place = f"the token for {self.name}"
        given = _token(place, self.secret)
        if self.location == "header":
            header_value(place, given)
        elif self.location == "query":
            query_text(place, given)
        else:
            raise UsageError(f"a token goes in a 'header' or the 'query', not {self.location!r}")

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The headers to send."""
        return ((self.name, self.secret),) if self.location == "header" else ()

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """The query parameters to send."""
        return ((self.name, self.secret),) if self.location == "query" else ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """The token."""
        return (self.secret,)

    def __repr__(self) -> str:
        return f"ApiKey({self.location!r}, {self.name!r}, ***)"


def _token(place: str, given: object) -> str:
    if not isinstance(given, str):
        raise UsageError(f"{place} must be a str, not {type(given).__name__}")
    if not given:
        raise UsageError(f"{place} is empty; leave it out if the server wants none")
    if any(mark in given for mark in "\r\n\0"):
        raise UsageError(f"{place} holds a line break or NUL; was it read from a file without strip()?")
    return given


def api_key(
    secret: str | None, location: Literal["header", "query"], /, *, header: str = "", query: str = ""
) -> tuple[ApiKey, ...]:
    """Returns the credential for a token, or none where there is no token.

    `header` and `query` are the names that the token has in the two places.
    """
    if secret is None:
        return ()
    return (ApiKey(location, query if location == "query" else header, secret),)
