"""Rules 4.09 to 4.17, 4.30, 4.35 and 4.36: a mailbox as it is written and as it is read."""

from __future__ import annotations

from typing import Any

import pytest
from mailcow_wire import (
    DOCUMENT,
    MIB,
    Server,
    box,
    changed,
    exchanges,
    failure,
    field_docs,
    fields_of,
    messages,
    recorded,
    sent,
    untyped,
    value,
)
from mailwright_mailcow.v2026_08 import Mailcow

from mailwright.runtime import ResponseInvalid

SWITCHES = (
    *("force_pw_update", "force_tfa", "sogo_access", "imap_access", "pop3_access", "smtp_access"),
    *("sieve_access", "eas_access", "dav_access"),
)
TLS = ("tls_enforce_in", "tls_enforce_out")
LOGINS = ("last_imap_login", "last_smtp_login", "last_pop3_login", "last_sso_login")
JANE = "jane@example.org"


@pytest.fixture
def server() -> Server:
    server = Server()
    server.add_domain(quota=5120, maxquota=2048, defquota=1024)
    server.add_mailbox(quota=100)
    return server


def get(mail: Any) -> Any:
    return mail.mailboxes.get(JANE)


def shown(server: Server, name: str = JANE) -> Any:
    return server.get(f"get/mailbox/{name}")


def edit(server: Server, **attributes: Any) -> Any:
    return server.post("edit/mailbox", {"items": [JANE], "attr": attributes})


@pytest.mark.parametrize("write", ["CreateMailbox", "ChangeOfMailboxes"])
def test_rule_4_09_the_document_says_the_unit_of_each_size(write: str) -> None:
    assert "in MiB" in field_docs(write)["quota"]
    assert all("in bytes" in field_docs("Mailbox")[name] for name in ("quota", "quota_used", "max_new_quota"))


def test_rule_4_09_the_client_changes_no_size() -> None:
    assert sent(lambda mc: mc.mailboxes.create(**box(quota=1024))).body["quota"] == 1024
    assert sent(lambda mc: mc.mailboxes.update(JANE, quota=1024)).body["attr"] == {"quota": 1024}
    assert value(get, recorded(140)).quota == 1024 * MIB
    assert value(get, recorded(360)).quota_used == 123456789


def test_rule_4_09_the_mock_is_told_mib_and_tells_bytes(server: Server) -> None:
    assert (shown(server)["quota"], shown(server)["max_new_quota"]) == (100 * MIB, 2048 * MIB)
    edit(server, quota=7)
    assert shown(server)["quota"] == 7 * MIB


def test_rule_4_10_switches_in_text_are_read_as_such() -> None:
    raw = exchanges()[360]["response"]["json"]["attributes"]
    attributes = value(get, recorded(360)).attributes
    for name in (*SWITCHES, *TLS):
        assert raw[name] in ("0", "1")
        assert getattr(attributes, name) is (raw[name] == "1")
    assert (attributes.imap_access, attributes.sogo_access, attributes.relayhost) == (False, True, 0)


@pytest.mark.parametrize(
    ("members", "address"),
    [({}, None), ({"recovery_email": None}, None), ({"recovery_email": "ann@b.example"}, "ann@b.example")],
)
def test_rule_4_10_there_may_be_no_recovery_address(members: dict[str, object], address: str | None) -> None:
    raw = {**exchanges()[140]["response"]["json"]["attributes"], **members}
    assert value(get, changed(140, attributes=raw)).attributes.recovery_email == address


@pytest.mark.parametrize("on", [0, 1, "0", "1", False, True])
def test_rule_4_10_switches_of_the_mock_are_texts_after_edits_as_well(server: Server, on: Any) -> None:
    first = shown(server)["attributes"]
    assert {first[name] for name in (*SWITCHES, *TLS)} <= {"0", "1"}
    assert "recovery_email" not in first
    edit(server, **dict.fromkeys(SWITCHES, on))
    server.post("edit/tls_policy", {"items": [JANE], "attr": dict.fromkeys(TLS, on)})
    then = shown(server)["attributes"]
    assert {then[name] for name in (*SWITCHES, *TLS)} == {str(int(on))}
    assert then["recovery_email"] is None


@pytest.mark.parametrize(("raw", "read"), [([], {}), ({}, {}), ({"phone": "123"}, {"phone": "123"})])
def test_rule_4_11_custom_attributes_are_an_object_also_where_they_are_an_empty_list(raw: object, read: object) -> None:
    assert value(get, changed(140, custom_attributes=raw)).custom_attributes == read


def test_rule_4_11_a_list_with_something_in_it_is_no_object() -> None:
    assert isinstance(failure(get, changed(140, custom_attributes=["phone"])), ResponseInvalid)


def test_rule_4_11_the_mock_has_an_empty_list_until_there_are_some(server: Server) -> None:
    assert shown(server)["custom_attributes"] == []
    body = {"items": [JANE], "attr": {"attribute": ["phone", "room"], "value": ["123", "B7"]}}
    server.post("edit/mailbox/custom-attribute", body)
    assert shown(server)["custom_attributes"] == {"phone": "123", "room": "B7"}


@pytest.mark.parametrize(("number", "percent"), [(140, 0), (360, 118), (352, None), (426, None)])
def test_rule_4_12_how_full_it_is_may_be_a_dash_which_is_none(number: int, percent: int | None) -> None:
    assert exchanges()[number]["response"]["json"]["percent_in_use"] == ("- " if percent is None else percent)
    assert value(get, recorded(number)).percent_in_use == percent


@pytest.mark.parametrize("percent", ["-", "", "full"])
def test_rule_4_12_no_other_text_is(percent: str) -> None:
    assert isinstance(failure(get, changed(140, percent_in_use=percent)), ResponseInvalid)


def test_rule_4_12_the_mock_has_a_dash_where_there_is_no_limit(server: Server) -> None:
    assert shown(server)["percent_in_use"] == 0
    edit(server, quota=0)
    assert shown(server)["percent_in_use"] == "- "
    assert "none without a limit" in field_docs("Mailbox")["percent_in_use"]


def test_rule_4_13_a_limit_is_an_object_and_none_is_none() -> None:
    assert value(get, recorded(140)).rl is None
    limit = value(get, changed(140, rl={"value": "10", "frame": "h"})).rl
    assert (limit.value, limit.frame) == (10, "h")


def test_rule_4_13_the_mock_has_a_limit_of_texts_or_false(server: Server) -> None:
    assert shown(server)["rl"] is False
    body = {"items": [JANE], "attr": {"rl_value": 10, "rl_frame": "h"}}
    server.post("edit/rl-mbox", body)
    assert shown(server)["rl"] == {"value": "10", "frame": "h"}
    server.post("edit/rl-mbox", {"items": [JANE], "attr": {"rl_value": "", "rl_frame": "h"}})
    assert shown(server)["rl"] is False


@pytest.mark.parametrize("scope", ["domain", "mailbox"])
def test_rule_4_14_the_client_says_whose_limit_it_is(scope: str) -> None:
    assert value(get, changed(140, rl={"value": "10", "frame": "h"}, rl_scope=scope)).rl_scope == scope
    assert "domain or mailbox" in field_docs("Mailbox")["rl_scope"]


def test_rule_4_14_the_mock_shows_the_limit_of_the_domain_where_the_mailbox_has_none(server: Server) -> None:
    assert (shown(server)["rl"], shown(server)["rl_scope"]) == (False, "domain")
    server.post("edit/rl-domain", {"items": ["example.org"], "attr": {"rl_value": 5, "rl_frame": "m"}})
    assert (shown(server)["rl"], shown(server)["rl_scope"]) == ({"value": "5", "frame": "m"}, "domain")
    server.post("edit/rl-mbox", {"items": [JANE], "attr": {"rl_value": 10, "rl_frame": "h"}})
    assert (shown(server)["rl"], shown(server)["rl_scope"]) == ({"value": "10", "frame": "h"}, "mailbox")


def test_rule_4_15_a_mailbox_without_tags_has_none() -> None:
    assert value(get, recorded(140)).tags == ["a", "b"]
    assert "tags" not in exchanges()[352]["response"]["json"]
    assert value(get, recorded(352)).tags == []


def test_rule_4_15_the_mock_leaves_tags_out_where_there_are_none(server: Server) -> None:
    assert "tags" not in shown(server)
    edit(server, tags=["a"])
    assert shown(server)["tags"] == ["a"]
    server.post(f"delete/mailbox/tag/{JANE}", ["a"])
    assert "tags" not in shown(server)


@pytest.mark.parametrize("senders", [[], ["*"], ["info@example.org", "@b.example"]])
def test_rule_4_16_senders_are_a_list(server: Server, senders: list[str]) -> None:
    assert value(get, changed(140, sender_acl=senders)).sender_acl == senders
    assert sent(lambda mc: mc.mailboxes.update(JANE, sender_acl=senders)).body["attr"] == {"sender_acl": senders}
    assert shown(server)["sender_acl"] == []
    edit(server, sender_acl=senders)
    assert shown(server)["sender_acl"] == senders


def test_rule_4_16_one_sender_in_text_is_not_read() -> None:
    assert "sender_acl" in str(failure(get, changed(140, sender_acl="info@example.org")))


@pytest.mark.parametrize("name", LOGINS)
def test_rule_4_17_last_logins_are_seconds(server: Server, name: str) -> None:
    assert getattr(value(get, changed(140, **{name: 1795224000})), name) == 1795224000
    assert getattr(value(get, recorded(140)), name) == 0
    assert name in str(failure(get, changed(140, **{name: "2026-11-21 01:38:57"})))
    assert "Seconds since 1970" in field_docs("Mailbox")[name]
    assert repr(shown(server)[name]) == "0"


def test_rule_4_30_without_a_quota_nothing_is_sent_and_nothing_is_the_limit() -> None:
    assert "quota" not in sent(lambda mc: mc.mailboxes.create(**box())).body
    assert "quota" not in exchanges()[351]["request"]["json"]
    assert value(get, recorded(352)).quota == 0
    assert "0 is without a limit" in field_docs("Mailbox")["quota"]
    told = field_docs("CreateMailbox")["quota"]
    assert "without a limit, whatever the domain has" in told


@pytest.mark.parametrize("given", [{}, {"quota": 0}, {"quota": "0"}, {"quota": ""}])
def test_rule_4_30_no_limit_of_the_domain_stops_it_in_the_mock(given: dict[str, Any]) -> None:
    server = Server()
    server.add_domain(quota=100, maxquota=100, defquota=10)
    server.add_mailbox("full", quota=100)
    server.add_mailbox("jane", **given)
    assert (shown(server)["quota"], shown(server)["percent_in_use"]) == (0, "- ")
    assert messages(server.post("add/mailbox", box("ann", quota=1))) == [["mailbox_quota_left_exceeded", 0]]


def test_rule_4_35_a_change_of_a_mailbox_has_no_words_for_tls() -> None:
    assert not set(TLS) & fields_of("ChangeOfMailboxes")
    assert set(TLS) == fields_of("ChangeOfTlsPolicy")
    assert set(TLS) <= fields_of("CreateMailbox")
    with pytest.raises(TypeError):
        untyped(Mailcow("http://mail.test")).mailboxes.update(JANE, tls_enforce_in=True)


def test_rule_4_35_a_route_of_its_own_is_sent_them() -> None:
    request = sent(lambda mc: mc.mailboxes.set_tls_policy(JANE, tls_enforce_in=True, tls_enforce_out=False))
    assert request.path == "/api/v1/edit/tls_policy"
    assert request.body["items"] == [JANE]
    assert {name: int(on) for name, on in request.body["attr"].items()} == {"tls_enforce_in": 1, "tls_enforce_out": 0}


def test_rule_4_35_the_mock_reads_them_only_there(server: Server) -> None:
    assert messages(edit(server, **dict.fromkeys(TLS, "1"), name="New")) == [["mailbox_modified", JANE]]
    assert shown(server)["name"] == "New"
    assert [shown(server)["attributes"][name] for name in TLS] == ["0", "0"]
    server.post("edit/tls_policy", {"items": [JANE], "attr": dict.fromkeys(TLS, "1")})
    assert [shown(server)["attributes"][name] for name in TLS] == ["1", "1"]


@pytest.mark.parametrize("write", ["CreateMailbox", "ChangeOfMailboxes"])
def test_rule_4_36_the_document_says_so(write: str) -> None:
    assert "one that is not set up becomes mailcow without a word" in field_docs(write)["authsource"]


@pytest.mark.parametrize("source", DOCUMENT["components"]["schemas"]["AuthSource"]["enum"])
def test_rule_4_36_the_mock_where_none_is_set_up_says_nothing_of_it(server: Server, source: str) -> None:
    entries = server.post("add/mailbox", box("ann", authsource=source))
    assert messages(entries) == [["rl_saved", "ann@example.org"], ["mailbox_added", "ann@example.org"]]
    assert shown(server, "ann@example.org")["authsource"] == "mailcow"
    assert messages(edit(server, authsource=source)) == [["mailbox_modified", JANE]]
    assert shown(server)["authsource"] == "mailcow"


def test_rule_4_36_a_password_is_wanted_as_of_any_mailbox(server: Server) -> None:
    body = {"domain": "example.org", "local_part": "ext", "authsource": "ldap", "quota": 10}
    assert messages(exchanges()[354]["response"]["json"]) == ["password_complexity"]
    assert messages(server.post("add/mailbox", body)) == ["password_complexity"]
