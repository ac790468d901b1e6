"""Turns the security schemes of a document into the arguments of a client's constructor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from mailwright.codegen.python_names import snake_case
from mailwright.problem import Problem

_USERNAME = "username"
_AUTHORIZATION = frozenset({"authorization"})


@dataclass(frozen=True, slots=True)
class ConstructorArgument:
    """One argument of a client: its name, its type and its default as source text, and what it is, in words."""

    name: str
    type: str
    default: str
    told: str


@dataclass(frozen=True, slots=True)
class Credential:
    """One way to say who is calling: its arguments, the expression that makes it, and the headers it may go in.

    `secret` names the argument that holds the token or the password.
    """

    kind: Literal["apiKey", "basic", "bearer", "encoded"]
    secret: str
    arguments: tuple[ConstructorArgument, ...]
    expression: str
    headers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Authentication:
    """All of them, and one expression that makes what a client sends of what it was given."""

    credentials: tuple[Credential, ...]

    @property
    def arguments(self) -> tuple[ConstructorArgument, ...]:
        """The arguments in the order of the document."""
        return tuple(argument for each in self.credentials for argument in each.arguments)

    @property
    def expression(self) -> str:
        """Gives a tuple of credentials; of those that meet in one header only one may be given."""
        groups: list[list[Credential]] = []
        for each in self.credentials:
            met = [group for group in groups if any(other.headers & each.headers for other in group)]
            groups = [group for group in groups if group not in met]
            groups.append([*(other for group in met for other in group), each])
        parts = [
            f"one_of({', '.join(each.expression for each in group)})" if len(group) > 1 else group[0].expression
            for group in groups
        ]
        return " + ".join(parts) or "()"


def read_authentication(document: dict[str, Any]) -> Authentication:
    """Reads what the constructor takes, from the security schemes of a bundled document.

    Raises:
        Problem: a scheme is of a kind that is not generated, or two that share an argument are no alternatives.
    """
    schemes = document.get("components", {}).get("securitySchemes", {})
    credentials = (*_api_keys(schemes), *_of_http(schemes))
    _check_names(credentials)
    return Authentication(credentials)


def _api_keys(schemes: dict[str, Any]) -> Iterator[Credential]:
    """Makes one credential of all keys that share an argument: it can go to one of several places."""
    found: dict[str, dict[str, str]] = {}
    for name, scheme in schemes.items():
        place = f"components.securitySchemes.{name}"
        if _kind_in_http(scheme):
            continue
        if scheme["type"] != "apiKey" or scheme["in"] not in {"header", "query"}:
            raise Problem(
                "the security scheme is no apiKey in a header or the query, nor http basic or bearer",
                place=place,
                remedy="describe it as one of them; other kinds are not generated yet, but for a scheme of http with "
                "`x-client: {encoding: base64}`",
            )
        argument = scheme.get("x-client", {}).get("argument") or snake_case(name)
        choices = found.setdefault(argument, {})
        if choices.setdefault(scheme["in"], scheme["name"]) != scheme["name"]:
            raise Problem(
                f"two schemes with the argument {argument} go to the {scheme['in']}",
                place=place,
                remedy="give each an x-client.argument of its own",
            )
    for argument, choices in found.items():
        yield _api_key(argument, sorted(choices.items()))


def _api_key(argument: str, choices: list[tuple[str, str]]) -> Credential:
    """`choices` are places and names, the default first."""
    (location, name), *others = choices
    told = f"The token, sent in the {location} as `{name}`; leave it out where none is set."
    arguments = [ConstructorArgument(argument, "str | None", "None", told)]
    where = repr(location)
    if others:
        places = " or ".join(f'"{place}" (as `{name}`)' for place, name in others)
        kinds = ", ".join(repr(place) for place, _ in choices)
        told = f"Where the token goes instead: {places}."
        arguments.append(ConstructorArgument(f"{argument}_in", f"Literal[{kinds}]", where, told))
        where = f"{argument}_in"
    names = ", ".join(f"{place}={name!r}" for place, name in choices)
    headers = frozenset(name.lower() for place, name in choices if place == "header")
    return Credential("apiKey", argument, tuple(arguments), f"in_place({argument}, {where}, {names})", headers)


def _of_http(schemes: dict[str, Any]) -> Iterator[Credential]:
    """Makes a credential of each scheme of HTTP's own, in the order of the document; two that are alike are one."""
    found: dict[tuple[str, str], Credential] = {}
    for name, scheme in schemes.items():
        kind = _kind_in_http(scheme)
        if not kind:
            continue
        words = scheme.get("x-client", {})
        argument = words.get("argument") or ("password" if kind == "basic" else snake_case(name))
        if kind == "basic":
            credential = _basic(argument, words.get("user", ""))
        elif kind == "bearer":
            credential = _bearer(argument)
        else:
            credential = _encoded(argument, scheme["scheme"])
        found.setdefault((kind, credential.expression), credential)
    yield from found.values()


def _kind_in_http(scheme: dict[str, Any]) -> str:
    """Says which of HTTP's own kinds a scheme is; empty for none that is generated."""
    if scheme["type"] != "http":
        return ""
    kind = str(scheme["scheme"]).lower()
    if kind in ("basic", "bearer"):
        return kind
    return "encoded" if scheme.get("x-client", {}).get("encoding") == "base64" else ""


def _basic(argument: str, user: str) -> Credential:
    told = f"The password of {user}, sent" if user else "The password, sent with the username"
    password = ConstructorArgument(argument, "str | None", "None", f"{told} by HTTP basic authentication.")
    if user:
        return Credential("basic", argument, (password,), f"basic({argument}, user={user!r})", _AUTHORIZATION)
    username = ConstructorArgument(_USERNAME, "str | None", "None", "The name of the user that the password is of.")
    expression = f"basic({argument}, username={_USERNAME})"
    return Credential("basic", argument, (username, password), expression, _AUTHORIZATION)


def _bearer(argument: str) -> Credential:
    told = "The token, sent in the header `Authorization` after the word Bearer; leave it out where none is set."
    token = ConstructorArgument(argument, "str | None", "None", told)
    return Credential("bearer", argument, (token,), f"bearer({argument})", _AUTHORIZATION)


def _encoded(argument: str, scheme: str) -> Credential:
    told = f"The token, sent in base64 in the header `Authorization` after {scheme}; leave it out where none is set."
    token = ConstructorArgument(argument, "str | None", "None", told)
    return Credential("encoded", argument, (token,), f"encoded_token({argument}, {scheme!r})", _AUTHORIZATION)


def _check_names(credentials: Iterable[Credential]) -> None:
    seen: set[str] = set()
    for credential in credentials:
        for argument in credential.arguments:
            if argument.name in seen:
                raise Problem(
                    f"two security schemes of different kinds take the argument {argument.name}",
                    place="components.securitySchemes",
                    remedy="give each an x-client.argument of its own",
                )
            seen.add(argument.name)
