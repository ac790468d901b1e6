"""Rules 4.01 to 4.08: a domain as it is written and as it is read."""

from __future__ import annotations

from typing import Any

import pytest
from mailcow_wire import MIB, Server, changed, exchanges, failure, field_docs, fields_of, recorded, sent, value

from mailwright.runtime import MailwrightError

# What a limit is called when it is written, and when it is read.
NAMES = {
    "aliases": "max_num_aliases_for_domain",
    "mailboxes": "max_num_mboxes_for_domain",
    "defquota": "def_quota_for_mbox",
    "maxquota": "max_quota_for_mbox",
    "quota": "max_quota_for_domain",
}
LIMITS: dict[str, Any] = {"aliases": 20, "mailboxes": 5, "defquota": 1024, "maxquota": 2048, "quota": 5120}
IN_MIB = ("defquota", "maxquota", "quota")
IN_BYTES = (
    *("max_new_mailbox_quota", "def_new_mailbox_quota", "quota_used_in_domain", "bytes_total"),
    *("def_quota_for_mbox", "max_quota_for_mbox", "max_quota_for_domain"),
)


@pytest.fixture
def server() -> Server:
    server = Server()
    server.add_domain(**LIMITS)
    return server


def get(mail: Any) -> Any:
    return mail.domains.get("example.org")


def shown(server: Server) -> Any:
    return server.get("get/domain/example.org")


@pytest.mark.parametrize("write", ["CreateDomain", "ChangeOfDomains"])
def test_rule_4_01_the_document_has_both_names_each_in_its_place(write: str) -> None:
    assert set(NAMES) <= fields_of(write)
    assert not set(NAMES.values()) & fields_of(write)
    assert set(NAMES.values()) <= fields_of("Domain")
    assert not set(NAMES) & fields_of("Domain")


def test_rule_4_01_limits_are_sent_by_the_names_of_writing() -> None:
    assert sent(lambda mc: mc.domains.create(domain="example.org", **LIMITS)).body == {
        "domain": "example.org",
        **LIMITS,
    }
    body = sent(lambda mc: mc.domains.update("example.org", **LIMITS)).body
    assert body == {"items": ["example.org"], "attr": LIMITS}


def test_rule_4_01_limits_are_read_by_the_names_of_reading() -> None:
    written = exchanges()[85]["request"]["json"]
    domain = value(get, recorded(99))
    for name, other in NAMES.items():
        unit = MIB if name in IN_MIB else 1
        assert getattr(domain, other) == int(written[name]) * unit
        assert not hasattr(domain, name)


def test_rule_4_01_the_mock_has_both_names(server: Server) -> None:
    found = shown(server)
    assert {name: found[other] // (MIB if name in IN_MIB else 1) for name, other in NAMES.items()} == LIMITS
    assert not set(NAMES) & set(found)
    server.post("edit/domain", {"items": ["example.org"], "attr": dict.fromkeys(NAMES.values(), 1)})
    assert {name: shown(server)[name] for name in NAMES.values()} == {name: found[name] for name in NAMES.values()}


@pytest.mark.parametrize("write", ["CreateDomain", "ChangeOfDomains"])
def test_rule_4_02_the_document_says_the_unit_of_each_size(write: str) -> None:
    assert all("in MiB" in field_docs(write)[name] for name in IN_MIB)
    assert all("in bytes" in field_docs("Domain")[name] for name in IN_BYTES)


def test_rule_4_02_the_client_changes_no_size() -> None:
    sizes = {"defquota": 1024, "maxquota": 2048, "quota": 5120}
    assert sent(lambda mc: mc.domains.update("example.org", **sizes)).body["attr"] == sizes
    domain = value(get, recorded(99))
    assert domain.def_quota_for_mbox == 1024 * MIB
    assert domain.max_quota_for_mbox == domain.max_new_mailbox_quota == 2048 * MIB
    assert domain.max_quota_for_domain == 5120 * MIB


def test_rule_4_02_the_mock_is_told_mib_and_tells_bytes(server: Server) -> None:
    server.post("edit/domain", {"items": ["example.org"], "attr": {"defquota": 7, "maxquota": 70, "quota": 700}})
    server.add_mailbox(quota=3)
    found = shown(server)
    sizes = [found[name] for name in ("def_quota_for_mbox", "max_quota_for_mbox", "max_quota_for_domain")]
    assert sizes == [7 * MIB, 70 * MIB, 700 * MIB]
    assert found["quota_used_in_domain"] == str(3 * MIB)
    assert (found["def_new_mailbox_quota"], found["max_new_mailbox_quota"]) == (7 * MIB, 70 * MIB)


def test_rule_4_03_numbers_in_text_are_numbers() -> None:
    domain = value(get, changed(421, relayhost="3"))
    assert (domain.quota_used_in_domain, domain.relayhost) == (209715200, 3)
    assert value(get, recorded(421)).relayhost == 0


@pytest.mark.parametrize("name", ["quota_used_in_domain", "relayhost"])
def test_rule_4_03_what_is_no_number_in_text_is_refused(name: str) -> None:
    assert name in str(failure(get, changed(421, **{name: "much"})))


def test_rule_4_03_the_mock_has_them_in_text(server: Server) -> None:
    server.add_mailbox(quota=200)
    found = shown(server)
    assert (found["quota_used_in_domain"], found["relayhost"]) == ("209715200", "0")
    server.post("edit/domain", {"items": ["example.org"], "attr": {"relayhost": 3}})
    assert shown(server)["relayhost"] == "3"


@pytest.mark.parametrize(("number", "expected"), [(99, (0, 0)), (421, (123456789, 7))])
def test_rule_4_04_what_is_stored_is_a_number_be_it_in_text_or_not(number: int, expected: tuple[int, int]) -> None:
    raw = exchanges()[number]["response"]["json"]
    assert {type(raw[name]) for name in ("bytes_total", "msgs_total")} == ({str} if any(expected) else {int})
    domain = value(get, recorded(number))
    assert (domain.bytes_total, domain.msgs_total) == expected
    assert type(domain.bytes_total) is type(domain.msgs_total) is int


def test_rule_4_04_a_domain_of_the_mock_stores_the_number_0(server: Server) -> None:
    server.add_mailbox()
    found = shown(server)
    assert [repr(found[name]) for name in ("bytes_total", "msgs_total")] == ["0", "0"]


def test_rule_4_05_a_limit_is_an_object_and_none_is_none() -> None:
    limited, free = value(get, recorded(99)), value(get, recorded(421))
    assert (limited.rl.value, limited.rl.frame) == (10, "s")
    assert free.rl is None


def test_rule_4_05_the_mock_has_a_limit_of_texts_or_false(server: Server) -> None:
    assert shown(server)["rl"] is False
    server.add_domain("b.example", rl_value=10, rl_frame="m")
    assert server.get("get/domain/b.example")["rl"] == {"value": "10", "frame": "m"}


def test_rule_4_06_a_domain_without_tags_has_none() -> None:
    assert value(get, recorded(99)).tags == ["t1", "t2"]
    assert "tags" not in exchanges()[421]["response"]["json"]
    assert value(get, recorded(421)).tags == []


def test_rule_4_06_the_mock_leaves_tags_out_where_there_are_none(server: Server) -> None:
    assert "tags" not in shown(server)
    server.post("edit/domain", {"items": ["example.org"], "attr": {"tags": ["a"]}})
    assert shown(server)["tags"] == ["a"]
    server.post("delete/domain/tag/example.org", ["a"])
    assert "tags" not in shown(server)


def test_rule_4_07_a_domain_that_was_not_changed_has_no_time_of_that() -> None:
    assert value(get, recorded(99)).modified is None
    assert value(get, recorded(329)).modified == "2026-11-21 01:38:56"


def test_rule_4_07_the_mock_knows_when_a_domain_was_changed(server: Server) -> None:
    assert shown(server)["modified"] is None
    server.post("edit/domain", {"items": ["example.org"], "attr": {"description": "new"}})
    assert isinstance(shown(server)["modified"], str)


@pytest.mark.parametrize(("number", "text"), [(99, "-"), (329, "testadmin")])
def test_rule_4_08_administrators_are_one_text(number: int, text: str) -> None:
    assert value(get, recorded(number)).domain_admins == text


def test_rule_4_08_several_administrators_are_one_text_and_the_document_says_so() -> None:
    assert value(get, changed(329, domain_admins="ann, joe")).domain_admins == "ann, joe"
    assert isinstance(failure(get, changed(329, domain_admins=["ann", "joe"])), MailwrightError)
    words = field_docs("Domain")["domain_admins"]
    assert "with commas between them" in words
    assert "or a dash" in words


def test_rule_4_08_the_mock_has_administrators_in_one_text(server: Server) -> None:
    assert shown(server)["domain_admins"] == "-"
    for name in ("joe", "ann"):
        body = {"username": name, "domains": "example.org", "password": "moohoo12", "password2": "moohoo12"}
        server.post("add/domain-admin", body)
    assert shown(server)["domain_admins"] == "ann, joe"
