"""What a request means, read without the runtime's own serialization."""

from __future__ import annotations

from typing import Any

import pytest

from mailwright.contract.bindings import Client
from mailwright.contract.equality import Equality
from mailwright.contract.wire import Wire, read
from mailwright.runtime import Request

JSON_TYPE = (("Content-Type", "application/json"),)


def parts(client: Client, operation: str, case: dict[str, Any], request: Request) -> list[str]:
    document = client.document
    wire = Wire(Equality(document), document.token_names)
    sent = read(request, "/api")
    return [mismatch.part for mismatch in wire.mismatches(document.operations[operation], case, sent)]


def get(target: str) -> Request:
    return Request("GET", f"http://contract.test/api{target}", (), None, 1.0)


def post(target: str, content: bytes) -> Request:
    return Request("POST", f"http://contract.test/api{target}", JSON_TYPE, content, 1.0)


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("a/b", "/users/a%2Fb"),
        ("a b", "/users/a%20b"),
        ("é", "/users/%C3%A9"),
        ("?x", "/users/%3Fx"),
        ("a+b", "/users/a+b"),
    ],
)
def test_a_quoted_segment_is_its_value(wildduck: Client, value: str, target: str) -> None:
    assert parts(wildduck, "getUser", {"path": {"user": value}}, get(target)) == []


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("a/b", "/users/a/b"),
        ("a b", "/users/a b"),
        ("é", "/users/é"),
        ("%2F", "/users/%2F"),
        ("é", "/users/%E9"),
        ("a", "/users/a/"),
        ("a", "/users/a#b"),
        ("a", "/../users/a"),
    ],
)
def test_an_unquoted_or_misquoted_segment_is_another_path(wildduck: Client, value: str, target: str) -> None:
    assert parts(wildduck, "getUser", {"path": {"user": value}}, get(target)) == ["path"]


def test_the_base_path_is_kept(wildduck: Client) -> None:
    request = Request("GET", "http://contract.test/users/a", (), None, 1.0)
    assert parts(wildduck, "getUser", {"path": {"user": "a"}}, request) == ["path"]


@pytest.mark.parametrize(
    ("query", "target"),
    [
        ({}, "/users"),
        ({"query": None}, "/users"),
        ({"query": ""}, "/users"),
        ({"tags": []}, "/users"),
        ({"query": "a b&c"}, "/users?query=a%20b%26c"),
        ({"query": "a b"}, "/users?query=a+b"),
        ({"tags": ["a", "b"]}, "/users?tags=a%2Cb"),
        ({"limit": 3, "query": "x"}, "/users?query=x&limit=3"),
    ],
)
def test_a_query_means_its_values_in_any_order(wildduck: Client, query: dict[str, Any], target: str) -> None:
    assert parts(wildduck, "listUsers", {"query": query}, get(target)) == []


@pytest.mark.parametrize(
    ("query", "target", "part"),
    [
        ({"tags": ["a", "b"]}, "/users?tags=a&tags=b", "query tags"),
        ({"limit": 3}, "/users?limit=3.0", "query limit"),
        ({"limit": 3}, "/users", "query limit"),
        ({}, "/users?query=", "query query"),
        ({}, "/users?page=1", "query page"),
        ({"query": "x"}, "/users?query=x&query=x", "query query"),
        ({"query": "a+b"}, "/users?query=a+b", "query query"),
        ({"requiredTags": ["a"]}, "/users?required_tags=a", "query requiredTags"),
    ],
)
def test_a_query_that_means_something_else_is_named(
    wildduck: Client, query: dict[str, Any], target: str, part: str
) -> None:
    assert part in parts(wildduck, "listUsers", {"query": query}, get(target))


def test_a_truth_is_spelled_in_small_letters(wildduck: Client) -> None:
    case = {"path": {"user": "a"}, "query": {"counters": True}}
    assert parts(wildduck, "listMailboxes", case, get("/users/a/mailboxes?counters=true")) == []
    assert parts(wildduck, "listMailboxes", case, get("/users/a/mailboxes?counters=True")) == ["query counters"]


BODY = {"body": {"username": "a", "password": False, "quota": 2**60}}


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b'{"username":"a","password":false}', "body $.quota"),
        (b'{"username":"a","password":0,"quota":1152921504606846976}', "body $.password"),
        (b'{"username":"a","password":false,"quota":1.152921504606847e18,"x":1}', "body $.x"),
        (b'{"username":"a","password":false,"quota":1152921504606846977}', "body $.quota"),
        (b"{'username'}", "body $"),
        (b"", "body $"),
    ],
)
def test_a_body_that_means_something_else_is_named(wildduck: Client, content: bytes, part: str) -> None:
    assert parts(wildduck, "createUser", BODY, post("/users", content)) == [part]


def test_a_body_means_its_values(wildduck: Client) -> None:
    content = b'{"quota":1152921504606846976, "password":false, "username":"\\u0061"}'
    assert parts(wildduck, "createUser", BODY, post("/users", content)) == []


def test_a_body_without_its_content_type_is_named(wildduck: Client) -> None:
    request = Request("POST", "http://contract.test/api/users", (), b'{"username":"a","password":"b"}', 1.0)
    case = {"body": {"username": "a", "password": "b"}}
    assert parts(wildduck, "createUser", case, request) == ["header content-type"]


def test_a_body_where_none_is_due_is_named(wildduck: Client) -> None:
    request = Request("DELETE", "http://contract.test/api/users/a", JSON_TYPE, b"{}", 1.0)
    assert parts(wildduck, "deleteUser", {"path": {"user": "a"}}, request) == ["header content-type", "body"]


def test_another_method_is_named(wildduck: Client) -> None:
    assert parts(wildduck, "deleteUser", {"path": {"user": "a"}}, get("/users/a")) == ["method"]
