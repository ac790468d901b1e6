"""Security schemes become arguments of the constructor, and one expression that makes credentials of them."""

from __future__ import annotations

from typing import Any

import pytest

from mailwright.codegen.authentication import Authentication, read_authentication
from mailwright.problem import Problem

BASIC = {"type": "http", "scheme": "basic"}
BEARER = {"type": "http", "scheme": "Bearer"}


def key(where: str, name: str, argument: str = "") -> dict[str, Any]:
    return {"type": "apiKey", "in": where, "name": name} | ({"x-client": {"argument": argument}} if argument else {})


def read(**schemes: Any) -> Authentication:
    return read_authentication({"components": {"securitySchemes": schemes}})


CASES: list[tuple[dict[str, Any], str, str]] = [
    ({}, "", "()"),
    ({"accessToken": key("query", "t")}, "access_token", "in_place(access_token, 'query', query='t')"),
    (
        {"q": key("query", "t", "token"), "h": key("header", "X-T", "token")},
        "token token_in",
        "in_place(token, token_in, header='X-T', query='t')",
    ),
    (
        {"a": key("header", "A"), "b": key("header", "B")},
        "a b",
        "in_place(a, 'header', header='A') + in_place(b, 'header', header='B')",
    ),
    ({"login": BASIC}, "username password", "basic(password, username=username)"),
    (
        {"login": BASIC | {"x-client": {"user": "do'veadm", "argument": "word"}}},
        "word",
        'basic(word, user="do\'veadm")',
    ),
    ({"accessToken": BEARER, "again": BEARER | {"x-client": {"argument": "access_token"}}}, "access_token", "bearer"),
    (
        {"login": BASIC, "token": BEARER, "key": key("header", "X-K")},
        "key username password token",
        "in_place(key, 'header', header='X-K') + one_of(basic(password, username=username), bearer(token))",
    ),
    (
        {"token": BEARER, "raw": key("header", "AUTHORIZATION")},
        "raw token",
        "one_of(in_place(raw, 'header', header='AUTHORIZATION'), bearer(token))",
    ),
]


@pytest.mark.parametrize(("schemes", "arguments", "expression"), CASES)
def test_security_schemes_become_arguments(schemes: dict[str, Any], arguments: str, expression: str) -> None:
    found = read(**schemes)
    assert [each.name for each in found.arguments] == arguments.split()
    assert found.expression == expression or found.expression == f"{expression}({arguments})"


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "http", "scheme": "digest"},
        {"type": "apiKey", "in": "cookie", "name": "c"},
        {"type": "oauth2", "flows": {}},
    ],
)
def test_other_schemes_are_refused_by_name(wrong: dict[str, Any]) -> None:
    with pytest.raises(Problem, match=r"components\.securitySchemes\.session: the security scheme is no apiKey"):
        read(session=wrong)


def test_two_keys_of_one_argument_go_to_two_places() -> None:
    with pytest.raises(Problem, match="two schemes with the argument token go to the header"):
        read(a=key("header", "A", "token"), b=key("header", "B", "token"))


@pytest.mark.parametrize(
    "schemes",
    [
        {"token": BEARER, "key": key("query", "k", "token")},
        {"one": BASIC, "two": BASIC | {"x-client": {"user": "admin"}}},
        {"login": BASIC, "token": BEARER | {"x-client": {"argument": "username"}}},
    ],
)
def test_an_argument_is_of_one_kind(schemes: dict[str, Any]) -> None:
    with pytest.raises(Problem, match="two security schemes of different kinds take the argument"):
        read(**schemes)
