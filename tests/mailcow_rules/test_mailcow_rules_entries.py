"""Rules 3.13 to 3.19: what the entries of a write look like, and what the client makes of them."""

from __future__ import annotations

import json
import logging
import traceback
from typing import Any

import pytest
from mailcow_wire import (
    Server,
    Wire,
    alone,
    box,
    exchanges,
    failure,
    messages,
    recorded,
    says,
    success,
    value,
)
from mailwright_mailcow.v2026_08 import Mailcow, models
from mailwright_mailcow.v2026_08.mailboxes import DELETE_MAILBOXES, UPDATE_MAILBOXES

from mailwright.runtime import InvalidRequest, PartialFailure

SECRET = "hunter2-in-the-log"
LOGGED = [{"password1": SECRET, "key": f"{SECRET}-key"}, SECRET, None]


@pytest.fixture
def server() -> Server:
    server = Server()
    server.add_domain()
    server.add_mailbox()
    return server


def write(mail: Mailcow) -> Any:
    return mail.mailboxes.update("jane@example.org", name="Jane")


@pytest.mark.parametrize("kind", ["success", "warning", "info"])
def test_rule_3_13_entries_of_other_types_are_no_failures(kind: str) -> None:
    done = value(write, says([{"type": kind, "log": [], "msg": "it_went_so"}]))
    assert [(entry.type, entry.key) for entry in done.entries] == [(kind, "it_went_so")]


def test_rule_3_13_lone_entries_of_other_types_are_no_failures() -> None:
    assert value(write, says({"type": "info", "msg": "it_went_so"})).entries[0].type == "info"


@pytest.mark.parametrize("kind", ["danger", "error"])
@pytest.mark.parametrize("listed", [True, False])
def test_rule_3_13_danger_and_error_are_failures(kind: str, listed: bool) -> None:
    entry = {"type": kind, "msg": "it_failed"}
    error = failure(write, says([entry] if listed else entry))
    assert (type(error), error.code) == (InvalidRequest, "it_failed")


def test_rule_3_13_no_other_type_was_recorded() -> None:
    types: set[str] = set()
    for exchange in exchanges().values():
        body = exchange["response"].get("json")
        entries = body if isinstance(body, list) else [body]
        types |= {each["type"] for each in entries if isinstance(each, dict) and {"type", "msg"} <= set(each)}
    assert types <= {"success", "danger", "warning", "error", "info"}


@pytest.mark.parametrize(
    ("msg", "code", "text"),
    [
        ("goto_empty", "goto_empty", "goto_empty"),
        (["domain_exists", "example.org"], "domain_exists", "domain_exists: example.org"),
        (["mailbox_quota_exceeded", 10240], "mailbox_quota_exceeded", "mailbox_quota_exceeded: 10240"),
        (["template_name_invalid", None], "template_name_invalid", "template_name_invalid: null"),
        (["max_mailbox_exceeded", 3, 3], "max_mailbox_exceeded", "max_mailbox_exceeded: 3, 3"),
        (["mysql_error", {"errorInfo": ["23000", 1062]}], "mysql_error", 'mysql_error: {"errorInfo": ["23000", 1062]}'),
        ("A sentence, in English", None, "A sentence, in English"),
    ],
)
def test_rule_3_14_a_message_of_any_form_is_read_in_a_failure(msg: object, code: str | None, text: str) -> None:
    error = failure(write, says([{"type": "danger", "log": [], "msg": msg}]))
    assert (error.code, error.message) == (code, text)


@pytest.mark.parametrize(
    ("number", "key", "arguments"),
    [
        (231, "bcc_saved", []),
        (84, "domain_added", ["example.org"]),
        (119, "dkim_duplicated", ["example.org", "example.net"]),
        (284, "deleted_syncjob", [1]),
        (390, "Added client access", []),
    ],
)
def test_rule_3_14_a_message_of_any_form_is_read_in_a_success(number: int, key: str, arguments: list[object]) -> None:
    done = value(write, recorded(number))
    assert (done.key, list(done.arguments), done.confirmed) == (key, arguments, True)


@pytest.mark.parametrize(
    "body",
    [
        [{"type": "danger", "log": LOGGED, "msg": "access_denied"}],
        [success("mailbox_added"), {"type": "danger", "log": LOGGED, "msg": "goto_invalid"}],
        {"type": "error", "log": LOGGED, "msg": "Cannot edit item"},
    ],
)
def test_rule_3_15_no_exception_shows_the_log(body: object, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        error = failure(write, says(body))
    shown = [str(error), repr(error), repr(error.details), error.message, *traceback.format_exception(error)]
    if isinstance(error, PartialFailure):
        shown += [repr(error.succeeded), repr(error.failed)]
    assert SECRET not in "".join([*shown, caplog.text])


def test_rule_3_15_no_success_shows_the_log(caplog: pytest.LogCaptureFixture) -> None:
    answer = says([{"type": "success", "log": LOGGED, "msg": ["mailbox_modified", "jane@example.org"]}])
    with caplog.at_level(logging.DEBUG):
        done = value(write, answer)
        with Mailcow("http://mail.test", api_key="0A1B2C", backend=Wire(answer)) as mail:
            response = mail.mailboxes.with_response.update("jane@example.org", name="Jane")
    assert done.key == response.value.key == "mailbox_modified"
    assert SECRET not in f"{done!r} {done} {response!r} {caplog.text}"


@pytest.mark.parametrize("body", [alone("Cannot edit item"), {"type": "success", "msg": "Task completed"}])
def test_rule_3_15_the_log_may_be_absent(body: dict[str, str]) -> None:
    found = (failure if body["type"] == "error" else value)(write, says(body))
    assert (found.message if body["type"] == "error" else found.key) == body["msg"]


def test_rule_3_15_the_mock_masks_what_the_server_masks_and_no_more(server: Server) -> None:
    entries = server.post("add/mailbox", box("ann", name="moohoo12 as a name"))
    assert entries[-1]["log"][3] == {**box("ann", name="moohoo12 as a name"), "password": "*", "password2": "*"}
    secrets = {"app_passwd": "moohoo12", "app_passwd2": "moohoo12"}
    entries = server.post("add/app-passwd", {"username": "jane@example.org", "app_name": "a", **secrets})
    assert entries[-1]["type"] == "success"
    assert "moohoo12" not in json.dumps(entries)


@pytest.mark.parametrize(
    ("number", "keys"),
    [
        (84, ["dkim_added", "domain_added"]),
        (85, ["rl_saved", "dkim_added", "domain_added"]),
        (136, ["rl_saved", "mailbox_added"]),
    ],
)
def test_rule_3_16_the_last_entry_is_the_one_that_was_asked_for(number: int, keys: list[str]) -> None:
    done = value(write, recorded(number))
    assert [entry.key for entry in done.entries] == keys
    assert done.key == keys[-1]
    assert list(done.arguments) == done.entries[-1].msg[1:]


def test_rule_3_16_the_mock_gives_entries_in_the_order_of_the_server(server: Server) -> None:
    plain = server.mail.domains.create(domain="a.example")
    limited = server.mail.domains.create(domain="b.example", rl_value=10, rl_frame="s")
    mailbox = server.mail.mailboxes.create(**box("ann"))
    assert [entry.key for entry in plain.entries] == ["dkim_added", "domain_added"]
    assert [entry.key for entry in limited.entries] == ["rl_saved", "dkim_added", "domain_added"]
    assert [entry.key for entry in mailbox.entries] == ["rl_saved", "mailbox_added"]


@pytest.mark.parametrize(
    ("number", "failed", "succeeded"),
    [
        (187, ["goto_invalid", "bad"], ["alias_modified", "info@example.org"]),
        (212, ["domain_invalid", "nosuch.example"], None),
        (379, "quarantine_category_invalid", ["template_modified", "m2"]),
    ],
)
def test_rule_3_17_a_success_beside_a_danger_is_a_partial_failure(
    number: int, failed: object, succeeded: object
) -> None:
    error = failure(write, recorded(number))
    assert type(error) is PartialFailure
    assert messages(error.failed) == [failed]
    assert len(error.succeeded) == 1
    assert succeeded is None or messages(error.succeeded) == [succeeded]
    assert len(messages(error.details)) == 2


def test_rule_3_17_in_the_mock_a_bad_target_leaves_the_alias_changed(server: Server) -> None:
    server.post("add/alias", {"address": "info@example.org", "goto": "jane@example.org", "active": 1})
    [alias] = server.get("get/alias/all")
    entries = server.post("edit/alias", {"items": [alias["id"]], "attr": {"goto": "bad", "active": 0}})
    assert messages(entries) == [["goto_invalid", "bad"], ["alias_modified", "info@example.org"]]
    assert server.get("get/alias/all")[0]["active"] == 0


def test_rule_3_17_in_the_mock_a_bad_sender_leaves_the_mailbox_changed(server: Server) -> None:
    body = {"items": ["jane@example.org"], "attr": {"sender_acl": ["bad sender"], "name": "New"}}
    entries = server.post("edit/mailbox", body)
    assert messages(entries) == [["sender_acl_invalid", "bad sender"], ["mailbox_modified", "jane@example.org"]]
    assert server.get("get/mailbox/jane@example.org")["name"] == "New"


def test_rule_3_17_in_the_mock_a_template_that_stays_as_it_is_is_told_as_changed(server: Server) -> None:
    server.post("add/mailbox/template", {"template": "m", "quota": 100})
    number = server.get("get/mailbox/template/all")[-1]["id"]
    entries = server.post("edit/mailbox/template", {"items": [number], "attr": {"quota": 200}})
    assert messages(entries) == ["quarantine_category_invalid", ["template_modified", "m"]]
    assert server.get(f"get/mailbox/template/{number}")["attributes"]["quota"] == 100 * 1024 * 1024


def test_rule_3_17_in_the_mock_an_administrator_is_made_although_a_domain_is_unknown(server: Server) -> None:
    body = {"username": "boss", "domains": ["example.org", "nosuch.example"]}
    entries = server.post("add/domain-admin", {**body, "password": "moohoo12", "password2": "moohoo12"})
    assert messages(entries) == [["domain_invalid", "nosuch.example"], ["domain_admin_added", "boss"]]
    assert server.get("get/domain-admin/boss")["selected_domains"] == ["example.org"]


@pytest.mark.parametrize("order", [1, -1])
def test_rule_3_18_the_words_of_a_database_in_a_success_are_no_failure(order: int) -> None:
    words = "SQLSTATE[42000]: Syntax error or access violation: 1055 'sogo.c_uid' isn't in GROUP BY"
    done = value(write, says([success(words), success("mailbox_modified", "jane@example.org")][::order]))
    assert {entry.key for entry in done.entries} == {words, "mailbox_modified"}
    assert done.confirmed


BULK = ["jane@example.org", "nobody@example.org", "bad"]


def test_rule_3_19_all_entries_of_a_bulk_write_are_kept_in_their_order() -> None:
    change = models.UpdateMailboxes(items=BULK, attr=models.ChangeOfMailboxes(active=False))
    error = failure(lambda mc: mc.call(UPDATE_MAILBOXES, body=change), recorded(148))
    assert isinstance(error, PartialFailure)
    assert messages(error.details) == [
        ["mailbox_modified", "jane@example.org"],
        "access_denied",
        ["username_invalid", "bad"],
    ]
    assert messages(error.succeeded) == [["mailbox_modified", "jane@example.org"]]
    assert messages(error.failed) == ["access_denied", ["username_invalid", "bad"]]


@pytest.mark.parametrize("number", [104, 116, 172, 186, 188, 200, 221, 229, 235, 277, 321, 389])
def test_rule_3_19_a_bulk_write_that_failed_in_part_tells_what_was_done(number: int) -> None:
    error = failure(lambda mc: mc.call(DELETE_MAILBOXES, body=BULK), recorded(number))
    assert isinstance(error, PartialFailure)
    assert error.succeeded
    assert error.failed
    assert len(error.succeeded) + len(error.failed) == len(messages(error.details))


def test_rule_3_19_many_items_are_sent_one_by_one_so_that_each_has_an_outcome(server: Server) -> None:
    server.add_mailbox("joe")
    outcomes = server.mail.mailboxes.update_many([*BULK, "joe@example.org"], active=False)
    told = [(each.item, None if each.error is None else each.error.code) for each in outcomes]
    assert told == [
        ("jane@example.org", None),
        ("nobody@example.org", "access_denied"),
        ("bad", "username_invalid"),
        ("joe@example.org", None),
    ]
    assert server.get("get/mailbox/joe@example.org")["active"] == 0


def test_rule_3_19_the_mock_does_not_name_what_failed_and_keeps_what_was_done(server: Server) -> None:
    entries = server.post("edit/mailbox", {"items": BULK, "attr": {"active": "0"}})
    assert messages(entries) == messages(json.loads(recorded(148).content))
    assert server.get("get/mailbox/jane@example.org")["active"] == 0
    server.add_mailbox("joe")
    entries = server.post("delete/mailbox", ["nobody@example.org", "joe@example.org"])
    assert messages(entries) == ["access_denied", ["mailbox_removed", "joe@example.org"]]
    assert server.get("get/mailbox/joe@example.org") == {}


def test_rule_3_19_the_mock_names_the_alias_before_the_one_that_is_not_there(server: Server) -> None:
    server.post("add/alias", {"address": "info@example.org", "goto": "jane@example.org", "active": 0})
    number = server.get("get/alias/all")[0]["id"]
    entries = server.post("edit/alias", {"items": [number, 99999], "attr": {"active": 1}})
    assert messages(entries) == [["alias_modified", "info@example.org"], ["alias_invalid", "info@example.org"]]
    assert messages(entries) == messages(json.loads(recorded(186).content))
    assert server.get(f"get/alias/{number}")["active"] == 1
