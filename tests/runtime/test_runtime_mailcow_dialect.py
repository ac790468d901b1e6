"""mailcow's ways of answering, most of them as its real server gave them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sample_api import ONCE, CannedReply, scripted

from mailwright.contract.entries import SEVERAL_MEANINGS
from mailwright.runtime import (
    APIError,
    AuthenticationFailed,
    Client,
    Conflict,
    Done,
    InvalidRequest,
    MailwrightError,
    NotFound,
    Operation,
    PartialFailure,
    PermissionDenied,
    ResponseInvalid,
    ServerError,
)
from mailwright.runtime.dialects.mailcow_keys import KEYS

WRITE = Operation("POST", "/write", id="write", result=Done, answer="entries")
READ: Operation[list[dict[str, Any]]] = Operation("GET", "/all", id="read", result=list[dict[str, Any]], answer="list")
HTML = (("Content-Type", "text/html; charset=UTF-8"),)
JSON = (("Content-Type", "application/json"),)


class Cow(Client):
    _dialect = "mailcow"


def ask(
    content: object, status: int = 200, headers: tuple[tuple[str, str], ...] = JSON, operation: Operation[Any] = WRITE
) -> Any:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Cow("http://mail.test", backend=scripted(CannedReply(raw, status, headers)), retries=ONCE).call(operation)


def refused(content: object, status: int = 200, headers: tuple[tuple[str, str], ...] = JSON) -> MailwrightError:
    with pytest.raises(MailwrightError) as caught:
        ask(content, status, headers)
    return caught.value


def danger(msg: object) -> list[dict[str, object]]:
    return [{"type": "danger", "log": ["mailbox", "add", {"password1": "hunter2"}], "msg": msg}]


@pytest.mark.parametrize(
    ("msg", "kind", "code", "message"),
    [
        (["object_exists", "a@b"], Conflict, "object_exists", "object_exists: a@b"),
        (["domain_exists", "b"], Conflict, "domain_exists", "domain_exists: b"),
        (["is_alias_or_mailbox", "a@b"], Conflict, "is_alias_or_mailbox", "is_alias_or_mailbox: a@b"),
        (["policy_list_from_exists", "x"], Conflict, "policy_list_from_exists", "policy_list_from_exists: x"),
        (["mailboxes_in_use", 3], Conflict, "mailboxes_in_use", "mailboxes_in_use: 3"),
        (["aliases_in_use", 3], Conflict, "aliases_in_use", "aliases_in_use: 3"),
        (["next_hop_interferes", "h"], Conflict, "next_hop_interferes", "next_hop_interferes: h"),
        (["app_passwd_id_invalid", 9], NotFound, "app_passwd_id_invalid", "app_passwd_id_invalid: 9"),
        (["settings_map_invalid", 9], NotFound, "settings_map_invalid", "settings_map_invalid: 9"),
        (["template_id_invalid", 9], NotFound, "template_id_invalid", "template_id_invalid: 9"),
        ("unlimited_quota_acl", PermissionDenied, "unlimited_quota_acl", "unlimited_quota_acl"),
        (["global_map_write_error", "x"], ServerError, "global_map_write_error", "global_map_write_error: x"),
        # Endings tell nothing of a key that nobody has looked up.
        (["thing_exists", "x"], InvalidRequest, "thing_exists", "thing_exists: x"),
        (["thing_not_found", "x"], InvalidRequest, "thing_not_found", "thing_not_found: x"),
        ("domain_not_empty", Conflict, "domain_not_empty", "domain_not_empty"),
        (["object_doesnt_exist", "x"], NotFound, "object_doesnt_exist", "object_doesnt_exist: x"),
        (["domain_not_found", "x"], NotFound, "domain_not_found", "domain_not_found: x"),
        (["mysql_error", "Duplicate"], ServerError, "mysql_error", "mysql_error: Duplicate"),
        (["mailbox_quota_exceeded", 10240], InvalidRequest, "mailbox_quota_exceeded", "mailbox_quota_exceeded: 10240"),
        (["max_mailbox_exceeded", 3, 3], InvalidRequest, "max_mailbox_exceeded", "max_mailbox_exceeded: 3, 3"),
        (["key_of_tomorrow", None], InvalidRequest, "key_of_tomorrow", "key_of_tomorrow: null"),
        ("Something went wrong", InvalidRequest, None, "Something went wrong"),
        ([], InvalidRequest, None, ""),
    ],
)
def test_a_danger_is_raised_by_the_meaning_of_its_key(
    msg: object, kind: type[APIError], code: str | None, message: str
) -> None:
    error = refused(danger(msg))
    assert (type(error), error.code, error.message) == (kind, code, message)


@pytest.mark.parametrize(
    ("msg", "meanings"),
    [
        ("access_denied", ("no such thing", "does not fit", "may not")),
        (["domain_invalid", "no.example"], ("no domain name", "no such domain")),
        (["alias_domain_invalid", "x"], ("no domain name", "exists already", "not there")),
        (["alias_invalid", "x"], ("no address", "no such alias")),
        (["dkim_domain_or_sel_invalid", "x"], ("malformed", "a key already", "has none")),
        (["resource_invalid", "x"], ("malformed", "no such resource")),
        (["sender_acl_invalid", "x"], ("no sender", "not there", "may not")),
        (["target_domain_invalid", "x"], ("no domain name", "not there", "alias domain")),
        (["username_invalid", "x"], ("no name", "is taken", "not there")),
    ],
)
def test_a_key_that_stands_for_several_things_is_refused_with_all_of_them(
    msg: str | list[str], meanings: tuple[str, ...]
) -> None:
    error = refused(danger(msg))
    key = msg if isinstance(msg, str) else msg[0]
    assert (type(error), error.code) == (InvalidRequest, key)
    text, _, told = error.message.partition("; ")
    assert text == (msg if isinstance(msg, str) else ": ".join(msg))
    assert [each for each in meanings if each not in told] == []


def test_a_known_key_has_evidence_and_what_is_explained_is_a_plain_refusal() -> None:
    for name, key in KEYS.items():
        assert key.evidence, name
        assert bool(key.meanings) == (key.kind is InvalidRequest), name
    assert {name for name, key in KEYS.items() if key.meanings} == SEVERAL_MEANINGS


@pytest.mark.parametrize("content", [danger("access_denied"), {"type": "error", "msg": "Cannot edit item"}])
def test_the_log_is_in_no_text_and_in_no_details(content: object) -> None:
    error = refused(content)
    assert isinstance(error, APIError)
    assert "hunter2" not in f"{error} {error!r} {error.details}"


@pytest.mark.parametrize("order", [1, -1])
def test_a_success_beside_a_danger_is_a_partial_failure_with_all_entries(order: int) -> None:
    entries = [{"type": "success", "msg": ["alias_modified", "a"]}, *danger("goto_invalid")][::order]
    error = refused(entries)
    assert isinstance(error, PartialFailure)
    assert error.code == "goto_invalid"
    assert error.details == [{"type": each["type"], "msg": each["msg"]} for each in entries]
    assert error.succeeded == [{"type": "success", "msg": ["alias_modified", "a"]}]
    assert error.failed == [{"type": "danger", "msg": "goto_invalid"}]


@pytest.mark.parametrize(
    ("status", "msg", "kind"),
    [
        (401, "authentication failed", AuthenticationFailed),
        (401, "api access denied for ip 127.0.0.1", PermissionDenied),
        (403, "API read/write access denied", PermissionDenied),
        (404, "route not found", NotFound),
        (400, "Request body doesn't contain valid json!", InvalidRequest),
        (405, "only POST method is allowed", InvalidRequest),
    ],
)
@pytest.mark.parametrize("headers", [JSON, HTML])
def test_an_error_is_read_although_it_calls_itself_html(
    status: int, msg: str, kind: type[APIError], headers: tuple[tuple[str, str], ...]
) -> None:
    error = refused({"type": "error", "msg": msg}, status, headers)
    assert (type(error), error.message, error.status) == (kind, msg, status)


def test_html_stays_html() -> None:
    assert type(refused(b"<center>Connection to Redis failed.</center>", 500, HTML)) is ServerError
    assert type(refused({"type": "success", "msg": "x"}, 200, HTML)) is ResponseInvalid


def test_an_empty_answer_says_what_it_usually_means() -> None:
    error = refused(b"")
    assert isinstance(error, ResponseInvalid)
    assert "a key is missing" in error.message
    assert "a part may have been done" in error.message
    assert type(refused(b"", 403)) is PermissionDenied


def test_the_wanted_entry_is_the_last() -> None:
    done = ask([{"type": "success", "msg": ["rl_saved", "a@b"]}, {"type": "success", "msg": ["mailbox_added", "a@b"]}])
    assert (done.key, done.arguments, done.confirmed) == ("mailbox_added", ["a@b"], True)
    assert [entry.key for entry in done.entries] == ["rl_saved", "mailbox_added"]


def test_task_completed_is_unconfirmed() -> None:
    done = ask({"type": "success", "msg": "Task completed"})
    assert (done.confirmed, done.key, done.arguments) == (False, "Task completed", ())
    assert ask([]).confirmed is False


def test_lines_of_a_log_are_no_entries() -> None:
    lines = [{"id": 1, "type": "danger", "msg": "access_denied", "task": "x"}]
    assert ask(lines, operation=READ) == lines
    with pytest.raises(InvalidRequest):
        ask(danger("access_denied"), operation=READ)


@pytest.mark.parametrize("content", [b'[],"entries":[]', b'[{"a":1}],"entries":[]', b"true", b'"x"', b"[[]]", b"{}"])
def test_what_is_no_list_of_entries_is_refused(content: bytes) -> None:
    assert type(refused(content)) is ResponseInvalid
