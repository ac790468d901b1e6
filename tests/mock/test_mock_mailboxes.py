from __future__ import annotations

import pytest
from mock_caller import Caller


@pytest.fixture
def base(call: Caller) -> str:
    return f"/users/{call.user()}/mailboxes"


def test_a_user_is_born_with_five_mailboxes(call: Caller, base: str) -> None:
    listed = call("GET", base)["results"]
    assert [(each["path"], each["specialUse"]) for each in listed] == [
        ("INBOX", None),
        ("Drafts", "\\Drafts"),
        ("Junk", "\\Junk"),
        ("Sent Mail", "\\Sent"),
        ("Trash", "\\Trash"),
    ]
    assert "total" not in listed[0]


@pytest.mark.parametrize(("word", "counted"), [("true", True), ("1", True), ("on", True), ("Y", True), ("no", False)])
def test_counters_come_on_request(call: Caller, base: str, word: str, counted: bool) -> None:
    for mailbox in call("GET", f"{base}?counters={word}")["results"]:
        assert ("unseen" in mailbox, "total" in mailbox) == (counted, counted)


def test_a_mailbox_is_created_renamed_and_deleted(call: Caller, base: str) -> None:
    mailbox = call("POST", base, {"path": "Some parent/Sub", "retention": 86400000})["id"]
    shown = call("GET", f"{base}/{mailbox}")
    assert (shown["name"], shown["path"], shown["unseen"]) == ("Sub", "Some parent/Sub", 0)
    assert "specialUse" not in shown
    assert call("PUT", f"{base}/{mailbox}", {"path": "New", "subscribed": "off"}) == {"success": True}
    shown = call("GET", f"{base}/{mailbox}")
    assert (shown["name"], shown["path"], shown["subscribed"]) == ("New", "New", False)
    assert call("DELETE", f"{base}/{mailbox}") == {"success": True}
    assert call("GET", f"{base}/{mailbox}") == {"error": "This mailbox does not exist"}
    assert call("DELETE", f"{base}/{mailbox}") == {"error": "Mailbox deletion failed with code NONEXISTENT"}
    assert call("PUT", f"{base}/{mailbox}", {"path": "x"}) == {"error": "Mailbox update failed with code NONEXISTENT"}


def test_a_path_is_taken_once(call: Caller, base: str) -> None:
    call("POST", base, {"path": "Work"})
    other = call("POST", base, {"path": "Home"})["id"]
    assert call("POST", base, {"path": "Work"}) == {"error": "Mailbox creation failed with code ALREADYEXISTS"}
    assert call("POST", base, {"path": "inbox"}) == {"error": "Mailbox creation failed with code ALREADYEXISTS"}
    taken = call("PUT", f"{base}/{other}", {"path": "Work"})
    assert taken == {"error": "Mailbox update failed with code ALREADYEXISTS"}


def test_another_user_may_have_the_same_path(call: Caller, base: str) -> None:
    call("POST", base, {"path": "Work"})
    assert call("POST", f"/users/{call.user('joe')}/mailboxes", {"path": "Work"})["success"]


def test_inbox_keeps_its_name_and_standard_mailboxes_stay(call: Caller, base: str) -> None:
    inbox, drafts, *_ = call("GET", base)["results"]
    cannot = {"error": "Mailbox update failed with code CANNOT"}
    assert call("PUT", f"{base}/{inbox['id']}", {"path": "Elsewhere"}) == cannot
    assert call("PUT", f"{base}/{inbox['id']}", {"retention": 1000}) == {"success": True}
    for mailbox in (inbox, drafts):
        assert call("DELETE", f"{base}/{mailbox['id']}") == {"error": "Mailbox deletion failed with code CANNOT"}


def test_new_mailboxes_come_in_their_place(call: Caller, base: str) -> None:
    for path in ("alpha", "Zoo", "INBOX/Below"):
        call("POST", base, {"path": path})
    paths = [each["path"] for each in call("GET", base)["results"]]
    assert paths == ["INBOX", "alpha", "Drafts", "INBOX/Below", "Junk", "Sent Mail", "Trash", "Zoo"]
