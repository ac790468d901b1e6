from __future__ import annotations

import pytest
from mock_caller import Caller

GHOST = "5970860fcdb513ce633407a1"


@pytest.fixture
def jane(call: Caller) -> str:
    return call.user("jane")


def test_addresses_are_listed_by_address(call: Caller, jane: str) -> None:
    for address in ("zoe@example.org", "андрис@уайлддак.орг", "Anna@Example.ORG"):
        call("POST", f"/users/{jane}/addresses", {"address": address})
    listed = call("GET", f"/users/{jane}/addresses")["results"]
    names = ["Anna@example.org", "jane@example.test", "zoe@example.org", "андрис@уайлддак.орг"]
    assert [each["address"] for each in listed] == names
    assert [each["main"] for each in listed] == [False, True, False, False]


def test_there_is_one_main_address_and_it_is_the_users(call: Caller, jane: str) -> None:
    new = call("POST", f"/users/{jane}/addresses", {"address": "new@example.org", "main": True})["id"]
    assert call("GET", f"/users/{jane}")["address"] == "new@example.org"
    first = next(each["id"] for each in call("GET", f"/users/{jane}/addresses")["results"] if each["id"] != new)
    assert call("PUT", f"/users/{jane}/addresses/{first}", {"main": True}) == {"success": True}
    assert call("GET", f"/users/{jane}")["address"] == "jane@example.test"
    assert call("GET", f"/users/{jane}/addresses/{new}")["main"] is False
    assert call("PUT", f"/users/{jane}/addresses/{first}", {"main": False}) == {"error": "Cannot unset main status"}


def test_the_main_address_cannot_be_deleted(call: Caller, jane: str) -> None:
    new = call("POST", f"/users/{jane}/addresses", {"address": "new@example.org"})["id"]
    (main,) = (each["id"] for each in call("GET", f"/users/{jane}/addresses")["results"] if each["main"])
    refused = call("DELETE", f"/users/{jane}/addresses/{main}")
    assert refused == {"error": "Trying to delete main address. Set a new main address first"}
    assert call("DELETE", f"/users/{jane}/addresses/{new}") == {"success": True}


def test_the_first_address_of_a_user_without_one_becomes_the_main_one(call: Caller) -> None:
    joe = call.user("joe", emptyAddress=True)
    call("POST", f"/users/{joe}/addresses", {"address": "joe@example.org"})
    assert call("GET", f"/users/{joe}")["address"] == "joe@example.org"


@pytest.mark.parametrize("address", ["jane@example.test", "J.ane@EXAMPLE.test"])
def test_an_address_belongs_to_one_user(call: Caller, jane: str, address: str) -> None:
    joe = call.user("joe")
    taken = {"error": "This email address already exists", "code": "AddressExists"}
    assert call("POST", f"/users/{joe}/addresses", {"address": address}) == taken


def test_an_address_of_another_user_is_unknown_with_status_404(call: Caller, jane: str) -> None:
    joe = call.user("joe")
    (of_joe,) = (each["id"] for each in call("GET", f"/users/{joe}/addresses")["results"])
    for method, body in (("GET", None), ("PUT", {"main": True}), ("DELETE", None)):
        for address in (of_joe, GHOST):
            response = call.send(method, f"/users/{jane}/addresses/{address}", body)
            assert (response.status, b"AddressNotFound" in response.content) == (404, True)


def test_an_address_can_be_spelled_anew_under_its_id(call: Caller, jane: str) -> None:
    address = call("POST", f"/users/{jane}/addresses", {"address": "new@example.org"})["id"]
    changed = call("PUT", f"/users/{jane}/addresses/{address}", {"address": "n.e.w@example.org", "tags": ["b", "a"]})
    assert changed == {"success": True}
    shown = call("GET", f"/users/{jane}/addresses/{address}")
    assert (shown["address"], shown["tags"]) == ("n.e.w@example.org", ["a", "b"])
    taken = call("PUT", f"/users/{jane}/addresses/{address}", {"address": "jane@example.test"})
    assert taken["code"] == "AddressExists"


def test_a_wildcard_needs_permission(call: Caller, jane: str) -> None:
    wish = {"address": "*@wild.test"}
    assert call("POST", f"/users/{jane}/addresses", wish) == {"error": "Address can not contain *"}
    assert call("POST", f"/users/{jane}/addresses", {**wish, "allowWildcard": True})["success"]


def test_addresses_of_all_users_are_searched(call: Caller, jane: str) -> None:
    joe = call.user("joe")
    call("POST", f"/users/{joe}/addresses", {"address": "zz@example.org", "tags": ["sales"]})
    assert [each["user"] for each in call("GET", "/addresses")["results"]] == [jane, joe, joe]
    found = call("GET", "/addresses?query=zz")
    assert (found["query"], found["total"]) == ("zz", 1)
    assert call("GET", "/addresses?tags=Sales")["total"] == 1


def test_tags_of_a_user_go_to_its_first_address_on_request(call: Caller) -> None:
    call.user("joe", tags=["sales"], addTagsToAddress=True)
    assert call("GET", "/addresses")["results"][0]["tags"] == ["sales"]
