from __future__ import annotations

from mock_caller import Caller, Clock

GHOST = "5970860fcdb513ce633407a1"
NOT_THERE = {"error": "This user does not exist", "code": "UserNotFound"}


def test_a_created_user_can_be_listed_read_changed_and_deleted(call: Caller) -> None:
    user = call.user("jane", name="Jane")
    assert [each["id"] for each in call("GET", "/users")["results"]] == [user]
    assert call("GET", f"/users/{user}")["name"] == "Jane"
    assert call("PUT", f"/users/{user}", {"name": "Jane Doe", "quota": 1024}) == {"success": True}
    assert call("GET", f"/users/{user}")["name"] == "Jane Doe"
    assert call("GET", f"/users/{user}")["limits"]["quota"] == {"allowed": 1024, "used": 0}
    assert call("DELETE", f"/users/{user}") == {"success": True}
    assert call("GET", f"/users/{user}") == NOT_THERE
    assert call("GET", "/users")["results"] == []


def test_a_user_can_be_deleted_twice(call: Caller) -> None:
    user = call.user()
    call("DELETE", f"/users/{user}")
    assert call("DELETE", f"/users/{user}") == {"success": True}


def test_a_failure_has_status_200(call: Caller) -> None:
    assert call.send("GET", f"/users/{GHOST}").status == 200


def test_each_operation_has_its_own_text_for_a_user_that_is_not_there(call: Caller) -> None:
    assert call("PUT", f"/users/{GHOST}", {"quota": 1}) == {"error": "user was not found", "code": "UserNotFound"}
    assert call("PUT", f"/users/{GHOST}/logout", {}) == {"error": "User not found", "code": "UserNotFound"}
    assert call("POST", f"/users/{GHOST}/password/reset", {}) == {"error": f"Could not update user {GHOST}"}
    for path in ("asps", "addresses", "mailboxes", "authlog"):
        assert call("GET", f"/users/{GHOST}/{path}") == NOT_THERE


def test_a_deleted_user_takes_everything_along(call: Caller) -> None:
    user = call.user("jane")
    call("POST", f"/users/{user}/addresses", {"address": "other@example.test"})
    call("DELETE", f"/users/{user}")
    assert call("GET", "/addresses")["total"] == 0
    assert set(call.mock.state.count().values()) == {0}
    call.user("jane")


def test_a_user_name_is_taken_whatever_its_dots_and_capitals(call: Caller) -> None:
    call.user("jane.doe")
    answer = call("POST", "/users", {"username": "JaneDoe", "password": "x"})
    assert answer == {"error": "This username already exists", "code": "UserExistsError", "username": "janedoe"}


def test_a_taken_address_is_refused_and_leaves_no_user(call: Caller) -> None:
    call.user("jane", address="jane@example.org")
    answer = call("POST", "/users", {"username": "joe", "password": "x", "address": "JANE@example.org"})
    assert answer == {"error": "Selected email address already exists", "code": 11000, "username": "joe"}
    assert call("GET", "/users")["total"] == 1


def test_a_user_without_an_address_has_none(call: Caller) -> None:
    user = call.user(emptyAddress=True)
    assert call("GET", f"/users/{user}")["address"] == ""
    assert call("GET", f"/users/{user}/addresses")["results"] == []


def test_a_user_without_a_password_says_so_and_cannot_log_in(call: Caller) -> None:
    user = call("POST", "/users", {"username": "jane", "password": False})["id"]
    assert call("GET", f"/users/{user}")["hasPasswordSet"] is False
    assert call("POST", "/authenticate", {"username": "jane", "password": "False"}) == {
        "error": "Authentication failed"
    }


def test_tags_are_sorted_and_found_only_once_they_were_updated(call: Caller) -> None:
    user = call.user(tags=["green", "blue", "Green"])
    assert call("GET", f"/users/{user}")["tags"] == ["blue", "green"]
    assert call("GET", "/users?tags=green")["total"] == 0
    call("PUT", f"/users/{user}", {"tags": ["green", "blue"]})
    assert call("GET", "/users?tags=red,green")["total"] == 1
    assert call("GET", "/users?requiredTags=red,green")["total"] == 0
    assert call("GET", "/users?requiredTags=blue,green")["total"] == 1


def test_a_query_finds_part_of_a_name_or_address_and_is_sent_back(call: Caller) -> None:
    call.user("jane", address="doe@example.org")
    call.user("joe")
    assert call("GET", "/users?query=oe")["total"] == 2
    assert call("GET", "/users?query=jan") | {"results": []} == {
        "success": True,
        "query": "jan",
        "total": 1,
        "page": 1,
        "previousCursor": False,
        "nextCursor": False,
        "results": [],
    }
    assert "query" not in call("GET", "/users")


def test_an_update_of_nothing_is_refused(call: Caller) -> None:
    user = call.user()
    assert call("PUT", f"/users/{user}", {"sess": "12"}) == {"error": "Nothing was updated"}


def test_a_password_is_changed_with_the_right_current_one_only(call: Caller) -> None:
    user = call.user()
    wrong = call("PUT", f"/users/{user}", {"existingPassword": "no", "password": "another-one"})
    assert wrong == {"error": "Password verification failed"}
    assert call("PUT", f"/users/{user}", {"existingPassword": "a-password", "password": "another-one"})["success"]
    assert call("POST", "/authenticate", {"username": "jane", "password": "another-one"})["success"]
    log = call("GET", f"/users/{user}/authlog?action=password%20change")
    assert [each["result"] for each in log["results"]] == ["success", "fail"]


def test_a_reset_password_has_to_be_changed_and_lasts_a_day(call: Caller, clock: Clock) -> None:
    user = call.user()
    password = call("POST", f"/users/{user}/password/reset", {})["password"]
    credentials = {"username": "jane", "password": password}
    assert call("POST", "/authenticate", credentials)["requirePasswordChange"] is True
    clock.forward(days=1)
    assert call("POST", "/authenticate", credentials) == {"error": "Authentication failed"}


def test_a_changed_password_ends_the_temporary_one(call: Caller) -> None:
    user = call.user()
    password = call("POST", f"/users/{user}/password/reset", {})["password"]
    call("PUT", f"/users/{user}", {"password": "another-one"})
    assert "error" in call("POST", "/authenticate", {"username": "jane", "password": password})


def test_a_disabled_user_cannot_log_in(call: Caller) -> None:
    user = call.user()
    call("PUT", f"/users/{user}", {"disabled": True})
    assert "error" in call("POST", "/authenticate", {"username": "jane", "password": "a-password"})


def test_targets_are_text_in_lists_and_typed_in_the_user(call: Caller) -> None:
    user = call.user(targets=["jane@example.org", "https://example.org/hook", "smtp://relay.example.org"])
    assert call("GET", "/users")["results"][0]["targets"][0] == "jane@example.org"
    assert [each["type"] for each in call("GET", f"/users/{user}")["targets"]] == ["mail", "http", "relay"]
    call("PUT", f"/users/{user}", {"targets": []})
    assert call("GET", f"/users/{user}")["targets"] == []
    refused = call("PUT", f"/users/{user}", {"targets": ["nowhere"]})
    assert refused == {"error": 'Unknown target type "nowhere"', "code": "InputValidationError"}


def test_quota_reset_says_what_is_stored(call: Caller) -> None:
    user = call.user()
    assert call("POST", f"/users/{user}/quota/reset", {}) == {"success": True, "storageUsed": 0}
