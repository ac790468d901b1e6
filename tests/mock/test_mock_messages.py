from __future__ import annotations

from typing import Any

import pytest
from mock_caller import TOKEN, Caller, Clock
from test_mock_coverage import LETTER

from mailwright.mock import Mock
from mailwright.targets import bundled_document


@pytest.fixture
def user(call: Caller) -> str:
    return call.user()


@pytest.fixture
def boxes(call: Caller, user: str) -> dict[str, str]:
    return {
        each["path"]: f"/users/{user}/mailboxes/{each['id']}"
        for each in call("GET", f"/users/{user}/mailboxes")["results"]
    }


def letter(subject: str) -> bytes:
    return f"From: Ada <ada@example.org>\r\nSubject: {subject}\r\n\r\nneedle\r\n".encode()


def deliver(call: Caller, *subjects: str) -> list[int]:
    return [call.mock.deliver("J.ane@example.test", letter(subject)) for subject in subjects]


def ids(answer: Any) -> list[int]:
    return [each["id"] for each in answer["results"]]


def id_of(box: str) -> str:
    return box.rpartition("/")[2]


def test_a_message_is_read_as_its_headers_and_parts_say(call: Caller, user: str, boxes: dict[str, str]) -> None:
    call.mock.deliver("jane@example.test", LETTER)
    shown = call("GET", f"{boxes['INBOX']}/messages/1")
    assert shown["from"] == {"address": "ada@example.org", "name": "Ada"}
    assert [each["address"] for each in shown["to"]] == ["jane@example.test", "joe@example.test"]
    assert (shown["subject"], shown["date"], shown["text"]) == (
        "Café",
        "2018-01-01T08:00:00.000Z",
        "Is noon all right?",
    )
    assert [(each["id"], each["filename"], each["contentType"]) for each in shown["attachments"]] == [
        ("ATT00001", "a.png", "image/png")
    ]
    source = call.send("GET", f"{boxes['INBOX']}/messages/1/message.eml")
    assert (source.content, source.header("content-type")) == (LETTER, "message/rfc822")
    picture = call.send("GET", f"{boxes['INBOX']}/messages/1/attachments/att00001")
    assert (picture.content, picture.header("content-type")) == (b"\x89PNG\r\n\x1a\n", "image/png")


@pytest.mark.parametrize("place", ["messages/9/message.eml", "messages/9/attachments/ATT00001", "messages/9"])
def test_a_message_that_is_not_there_is_told_in_json_at_200(call: Caller, boxes: dict[str, str], place: str) -> None:
    response = call.send("GET", f"{boxes['INBOX']}/{place}")
    assert (response.status, response.content) == (200, b'{"error":"This message does not exist"}')


def test_messages_are_listed_on_pages_in_both_orders(call: Caller, boxes: dict[str, str]) -> None:
    deliver(call, "one", "two", "three")
    inbox = f"{boxes['INBOX']}/messages"
    assert ids(call("GET", inbox)) == [3, 2, 1]
    first = call("GET", f"{inbox}?order=asc&limit=2")
    assert (ids(first), first["total"], first["previousCursor"]) == ([1, 2], 3, False)
    second = call("GET", f"{inbox}?order=asc&limit=2&next={first['nextCursor']}&page=2")
    assert (ids(second), second["page"], second["nextCursor"]) == ([3], 2, False)
    assert ids(call("GET", f"{inbox}?order=asc&limit=2&previous={second['previousCursor']}")) == [1, 2]


def test_sets_of_messages_change_their_flags_and_the_counters_follow(call: Caller, boxes: dict[str, str]) -> None:
    deliver(call, "one", "two", "three", "four")
    inbox = boxes["INBOX"]
    assert call("PUT", f"{inbox}/messages/3:1", {"seen": True}) == {"success": True, "updated": 3}
    assert call("PUT", f"{inbox}/messages/1,4,9", {"seen": False}) == {"success": True, "updated": 2}
    assert (call("GET", inbox)["total"], call("GET", inbox)["unseen"]) == (4, 2)
    assert call("PUT", f"{inbox}/messages/9", {"seen": True})["error"] == "No message matched query"
    assert call("PUT", f"{inbox}/messages/1", {})["error"] == "Nothing was changed"
    assert "conflict" in call("PUT", f"{inbox}/messages/1", {"seen": True, "flagged": False})["error"]
    assert "required pattern" in call("PUT", f"{inbox}/messages/1:*", {"seen": True})["error"]


def test_a_message_that_moves_gets_a_new_id(call: Caller, boxes: dict[str, str]) -> None:
    deliver(call, "one", "two")
    trash = boxes["Trash"]
    moved = call("PUT", f"{boxes['INBOX']}/messages/1,2", {"moveTo": id_of(trash)})
    assert moved == {"success": True, "mailbox": id_of(trash), "id": [[1, 1], [2, 2]]}
    assert (ids(call("GET", f"{trash}/messages")), ids(call("GET", f"{boxes['INBOX']}/messages"))) == ([2, 1], [])
    gone = call("PUT", f"{boxes['INBOX']}/messages/1", {"moveTo": id_of(trash)})
    assert gone["error"] == "Could not move message, check if message exists"
    assert call("PUT", f"{trash}/messages/1", {"moveTo": "f" * 24})["error"] == "Mailbox is missing"


def test_a_deleted_message_waits_in_the_archive(call: Caller, user: str, boxes: dict[str, str]) -> None:
    deliver(call, "one", "two")
    assert call("DELETE", f"{boxes['INBOX']}/messages/1") == {"success": True}
    assert call.send("DELETE", f"{boxes['INBOX']}/messages/1").status == 404
    archived = call("GET", f"/users/{user}/archived")["results"]
    assert [each["subject"] for each in archived] == ["one"]
    shown = call("GET", f"/users/{user}/archived/{archived[0]['id']}")
    assert shown["expires"].startswith("2026-01-16")
    back = call("POST", f"/users/{user}/archived/{archived[0]['id']}/restore", {})
    assert back == {"success": True, "mailbox": id_of(boxes["INBOX"]), "id": 3}
    assert call("GET", f"/users/{user}/archived")["total"] == 0
    call("PUT", f"{boxes['INBOX']}/messages/3", {"draft": True})
    call("DELETE", f"{boxes['INBOX']}/messages/3")
    assert call("GET", f"/users/{user}/archived")["total"] == 0


def test_search_leaves_junk_and_trash_out_when_it_looks_for_words(
    call: Caller, user: str, boxes: dict[str, str]
) -> None:
    deliver(call, "one", "two", "three")
    call("PUT", f"{boxes['INBOX']}/messages/1", {"moveTo": id_of(boxes["Junk"])})
    call("PUT", f"{boxes['INBOX']}/messages/2", {"flagged": True})
    search = f"/users/{user}/search"
    assert sorted(ids(call("GET", f"{search}?query=NEEDLE"))) == [2, 3]
    assert call("GET", search)["total"] == 3
    assert ids(call("GET", f"{search}?flagged=true")) == [2]
    assert call("GET", f"{search}?flagged=false")["total"] == 3
    assert ids(call("GET", f"{search}?mailbox={id_of(boxes['Junk'])}")) == [1]
    assert call("GET", f"{search}?from=ada%40")["total"] == 3
    assert call("GET", f"{search}?subject=thr")["total"] == 1
    assert call("GET", f"{search}?datestart=2026-01-03T00:00:00Z")["total"] == 0
    assert call("GET", f"{search}?dateend=2026-01-03T00:00:00%2B02:00")["total"] == 3
    assert call("GET", f"/users/{'f' * 24}/search")["code"] == "UserNotFound"


def test_an_upload_is_bytes_or_json(call: Caller, boxes: dict[str, str]) -> None:
    inbox = f"{boxes['INBOX']}/messages"
    stored = call("POST", f"{inbox}?unseen=true", raw=letter("one"), headers={"Content-Type": "message/rfc822"})
    assert stored["message"] == {"id": 1, "mailbox": id_of(boxes["INBOX"])}
    assert call("POST", inbox, {"raw": "Subject: two\r\n\r\nx", "draft": True})["message"]["id"] == 2
    assert [(each["subject"], each["seen"], each["draft"]) for each in call("GET", inbox)["results"]] == [
        ("two", True, True),
        ("one", False, False),
    ]
    assert call("POST", inbox, {})["code"] == "InputValidationError"


def test_updates_begin_with_what_happened_behind_an_event(call: Caller, user: str, boxes: dict[str, str]) -> None:
    place = f"/users/{user}/updates"
    deliver(call, "one")
    assert call.send("GET", place).content == b": idling 1\n\n"
    text = call.send("GET", place, headers={"Last-Event-ID": "0" * 24}).content.decode()
    assert 'data:   "command": "EXISTS",\ndata:   "uid": 1' in text
    assert '"command": "COUNTERS"' in text
    assert text.endswith("\n\n")
    last = text.rpartition("id: ")[2].partition("\n")[0]
    assert call.send("GET", place, headers={"Last-Event-ID": last}).content == b": idling 1\n\n"
    call("PUT", f"{boxes['INBOX']}/messages/1", {"seen": True})
    text = call.send("GET", place, headers={"Last-Event-ID": last}).content.decode()
    assert "EXISTS" not in text
    assert '"command": "FETCH"' in text
    assert '"\\\\Seen"' in text


def test_nobody_reads_the_messages_of_another_user(call: Caller, boxes: dict[str, str]) -> None:
    deliver(call, "one")
    other = boxes["INBOX"].replace(boxes["INBOX"].split("/")[2], call.user("joe"))
    assert call("GET", f"{other}/messages")["error"] == "This mailbox does not exist"
    assert call("GET", f"{other}/messages/1")["error"] == "This message does not exist"


def test_mail_for_nobody_is_not_taken(mock: Mock) -> None:
    with pytest.raises(KeyError, match="nobody has the address"):
        mock.deliver("nobody@example.test", letter("one"))


def test_1_0_89_has_flat_filters_links_and_no_codes(clock: Clock) -> None:
    from mock_caller import Fit

    document = bundled_document("wildduck-1.0.89")
    call = Caller(Mock(document, token=TOKEN, clock=clock), Fit(document))
    user = call.user(forward=["x@example.org"])
    assert call("GET", f"/users/{user}")["forward"] == ["x@example.org"]
    call.mock.deliver("jane@example.test", LETTER)
    inbox = call("GET", f"/users/{user}/mailboxes")["results"][0]["id"]
    message = f"/users/{user}/mailboxes/{inbox}/messages/1"
    assert call("GET", f"/users/{user}/mailboxes/{inbox}/messages")["results"][0]["url"] == message
    shown = call("GET", message)
    assert shown["raw"] == f"{message}/message.eml"
    assert shown["attachments"][0]["fileName"] == "a.png"
    made = call("POST", f"/users/{user}/filters", {"query_from": "abc", "query_size": -2048, "action_flag": True})["id"]
    assert call("GET", f"/users/{user}/filters")["results"][0]["query"] == [["from", "(abc)"], ["smaller", "2kB"]]
    call("PUT", f"/users/{user}/filters/{made}", {"query_from": "", "action_spam": True})
    shown = call("GET", f"/users/{user}/filters/{made}")
    assert {name: shown[name] for name in shown if "_" in name} == {
        "query_size": -2048,
        "action_flag": True,
        "action_spam": True,
    }
    for answer in (
        call("GET", f"/users/{'f' * 24}"),
        call("GET", "/users/xyz"),
        call("POST", "/users", {"username": "jane", "password": "a-password"}),
        call("PUT", f"/users/{'f' * 24}", {"name": "x"}),
    ):
        assert "error" in answer
        assert "code" not in answer
    assert call("POST", f"/users/{user}/addresses", {"address": "*@wild.test"})["success"]
    assert call.send("DELETE", f"/users/{user}").status == 405
