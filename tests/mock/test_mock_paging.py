from __future__ import annotations

import base64
import json

import pytest
from mock_caller import Caller


@pytest.fixture
def names(call: Caller) -> list[str]:
    made = [f"user{number:02d}" for number in range(7)]
    for name in reversed(made):
        call.user(name)
    return made


def test_users_come_in_the_order_they_were_made(call: Caller, names: list[str]) -> None:
    assert [each["username"] for each in call("GET", "/users")["results"]] == names[::-1]


def test_twenty_are_on_a_page_where_no_size_is_given(call: Caller) -> None:
    call.mock.populate(21)
    assert len(call("GET", "/users")["results"]) == 20


@pytest.mark.parametrize("path", ["/users", "/addresses"])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 250])
def test_all_pages_there_and_back_show_everything_once(call: Caller, names: list[str], path: str, size: int) -> None:
    whole = [each["id"] for each in call("GET", path)["results"]]
    page = call("GET", f"{path}?limit={size}")
    assert page["previousCursor"] is False
    there = [[each["id"] for each in page["results"]]]
    while page["nextCursor"]:
        page = call("GET", f"{path}?limit={size}&next={page['nextCursor']}")
        there.append([each["id"] for each in page["results"]])
        assert page["total"] == len(whole)
        assert page["previousCursor"]
    assert [each for page_of in there for each in page_of] == whole
    back = [there[-1]]
    while page["previousCursor"]:
        page = call("GET", f"{path}?limit={size}&previous={page['previousCursor']}")
        back.append([each["id"] for each in page["results"]])
    assert back[::-1] == there


def test_the_log_is_paged_from_the_newest_on(call: Caller) -> None:
    user = call.user()
    for number in range(3):
        call("POST", "/authenticate", {"username": "user", "password": "x"} | {"username": "jane", "sess": str(number)})
    whole = [each["id"] for each in call("GET", f"/users/{user}/authlog")["results"]]
    seen, cursor = [], ""
    for _ in whole:
        page = call("GET", f"/users/{user}/authlog?limit=1" + (f"&next={cursor}" if cursor else ""))
        seen += [each["id"] for each in page["results"]]
        cursor = page["nextCursor"]
    assert (seen, cursor) == (whole, False)


def test_a_cursor_goes_on_with_what_is_left(call: Caller, names: list[str]) -> None:
    page = call("GET", "/users?limit=3")
    call("DELETE", f"/users/{page['results'][-1]['id']}")
    rest = call("GET", f"/users?limit=10&next={page['nextCursor']}")
    assert [each["username"] for each in rest["results"]] == names[::-1][3:]
    assert rest["total"] == 6


def test_filters_hold_on_every_page(call: Caller, names: list[str]) -> None:
    call.user("other")
    page = call("GET", "/users?limit=4&query=user0")
    page = call("GET", f"/users?limit=4&query=user0&next={page['nextCursor']}")
    assert (page["total"], len(page["results"]), page["nextCursor"]) == (7, 3, False)


def test_the_page_number_is_sent_back_after_the_first_page_and_does_nothing(call: Caller, names: list[str]) -> None:
    first = call("GET", "/users?limit=2&page=9")
    assert (first["page"], first["results"][0]["username"]) == (1, names[-1])
    second = call("GET", f"/users?limit=2&page=9&next={first['nextCursor']}")
    assert (second["page"], second["results"][0]["username"]) == (9, names[-3])


def test_cursors_are_base64url_of_extended_json(call: Caller, names: list[str]) -> None:
    def read(path: str) -> object:
        cursor = call("GET", path)["nextCursor"]
        assert "=" not in cursor
        return json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))

    user = call("GET", "/users?limit=1")["results"][0]["id"]
    address = call("GET", "/addresses?limit=1")["results"][0]
    assert read("/users?limit=1") == {"$oid": user}
    assert read("/addresses?limit=1") == [address["address"], {"$oid": address["id"]}]


@pytest.mark.parametrize("cursor", ["garbage", "!!", "bnVsbA", "e30", "W10", "eyIkb2lkIjoxfQ", "W3siJG9pZCI6ICJ4In1d"])
@pytest.mark.parametrize("way", ["next", "previous"])
def test_what_is_no_cursor_is_refused(call: Caller, way: str, cursor: str) -> None:
    error = f'child "{way}" fails because ["{way}" needs to be an extended JSON object]'
    assert call("GET", f"/users?limit=2&{way}={cursor}") == {"error": error, "code": "InputValidationError"}


def test_a_cursor_of_another_list_finds_nothing(call: Caller, names: list[str]) -> None:
    cursor = call("GET", "/addresses?limit=1")["nextCursor"]
    assert call("GET", f"/users?next={cursor}")["results"] == []


def test_lists_that_are_not_paged_have_no_cursors(call: Caller) -> None:
    user = call.user()
    for path in ("asps", "addresses", "mailboxes"):
        assert set(call("GET", f"/users/{user}/{path}")) == {"success", "results"}
