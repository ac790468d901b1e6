"""What proves to a server who is calling."""

from __future__ import annotations

from base64 import b64encode
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


@dataclass(frozen=True, slots=True, repr=False)
class Basic:
    """A user name and a password, sent as `Authorization: Basic` in the encoding of RFC 7617, UTF-8.

    Raises `UsageError` for what is empty, has line breaks or NUL, and for a colon in the name, where it would end.
    """

    username: str
    password: str

    def __post_init__(self) -> None:
        if ":" in _token("the username", self.username):
            raise UsageError("the username holds a colon, which HTTP takes for the end of it")
        _token("the password", self.password)
        try:
            self._encoded()
        except UnicodeEncodeError:
            raise UsageError("the username or the password has a lone surrogate, which is no character") from None

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The header to send."""
        return (("Authorization", f"Basic {self._encoded()}"),)

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """Nothing."""
        return ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """The password, alone and as the header has it."""
        encoded = self._encoded()
        return (self.password, encoded, encoded.rstrip("="))

    def _encoded(self) -> str:
        return b64encode(f"{self.username}:{self.password}".encode()).decode()

    def __repr__(self) -> str:
        return f"Basic({self.username!r}, ***)"


@dataclass(frozen=True, slots=True, repr=False)
class Bearer:
    """A token that is sent as `Authorization: Bearer`.

    Raises `UsageError` for a token that is empty, has blanks, or cannot be sent in a header.
    """

    token: str

    def __post_init__(self) -> None:
        place = "the bearer token"
        if " " in header_value(place, _token(place, self.token)):
            raise UsageError(f"{place} holds a blank; give it without the word Bearer before it")

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The header to send."""
        return (("Authorization", f"Bearer {self.token}"),)

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """Nothing."""
        return ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """The token."""
        return (self.token,)

    def __repr__(self) -> str:
        return "Bearer(***)"


@dataclass(frozen=True, slots=True, repr=False)
class EncodedToken:
    """A token that is sent in base64 as `Authorization`, after the name of a scheme such as X-Dovecot-API.

    Raises `UsageError` for a token that is empty, has line breaks or NUL, or is no text of UTF-8.
    """

    scheme: str
    token: str

    def __post_init__(self) -> None:
        _token(f"the token for {self.scheme}", self.token)
        try:
            self._encoded()
        except UnicodeEncodeError:
            raise UsageError(f"the token for {self.scheme} has a lone surrogate, which is no character") from None

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The header to send."""
        return (("Authorization", f"{self.scheme} {self._encoded()}"),)

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """Nothing."""
        return ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """The token, alone and as the header has it."""
        encoded = self._encoded()
        return (self.token, encoded, encoded.rstrip("="))

    def _encoded(self) -> str:
        return b64encode(self.token.encode()).decode()

    def __repr__(self) -> str:
        return f"EncodedToken({self.scheme!r}, ***)"


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


def basic(password: str | None, /, *, username: str | None = None, user: str = "") -> tuple[Basic, ...]:
    """Returns the credential for a password, or none where there is none.

    `username` is the name that a caller gave, `user` the one name that the API knows. Raises `UsageError` where only
    one of the two was given.
    """
    if user:
        return () if password is None else (Basic(user, password),)
    if username is None and password is None:
        return ()
    if username is None or password is None:
        given, lacking = ("username", "password") if password is None else ("password", "username")
        raise UsageError(f"there is a {given} and no {lacking}; give both, or neither")
    return (Basic(username, password),)


def bearer(token: str | None, /) -> tuple[Bearer, ...]:
    """Returns the credential for a token, or none where there is no token."""
    return () if token is None else (Bearer(token),)


def encoded_token(token: str | None, scheme: str, /) -> tuple[EncodedToken, ...]:
    """Returns the credential for a token, or none where there is no token."""
    return () if token is None else (EncodedToken(scheme, token),)


def one_of(*choices: tuple[Credential, ...]) -> tuple[Credential, ...]:
    """Returns the one credential that was given, of those that go in the same header.

    Raises `UsageError` where more than one was given.
    """
    given = [choice for choice in choices if choice]
    if len(given) > 1:
        kinds = " and ".join(type(choice[0]).__name__ for choice in given)
        raise UsageError(f"there is more than one credential for the same header ({kinds}); give one of them")
    return given[0] if given else ()
