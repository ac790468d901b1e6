"""Rules 4.18 to 4.26 and 4.31: aliases, DKIM keys, administrators of domains, and rate limits."""

from __future__ import annotations

from typing import Any

import pytest
from mailcow_wire import (
    DOCUMENT,
    Call,
    Server,
    changed,
    exchanges,
    failure,
    field_docs,
    messages,
    recorded,
    required_of,
    says,
    sent,
    untyped,
    value,
)
from mailwright_mailcow.v2026_08 import Mailcow

from mailwright.runtime import InvalidRequest, MailwrightError, NotFound

INFO: dict[str, Any] = {"address": "info@example.org", "goto": "jane@example.org"}
FRAMES = ["s", "m", "h", "d"]
RATE_PATHS = {"domain": ("rl-domain", "example.org"), "mailbox": ("rl-mbox", "jane@example.org")}


@pytest.fixture
def server() -> Server:
    server = Server()
    server.add_domain()
    server.add_mailbox()
    return server


def alias(mail: Any) -> Any:
    return mail.aliases.get(4)


def dkim(mail: Any) -> Any:
    return mail.dkim.get("example.org")


def admin(mail: Any) -> Any:
    return mail.domain_admins.get("testadmin")


def rate(mail: Any) -> Any:
    return mail.rate_limits.get_of_mailbox("jane@example.org")


def as_admin(**more: Any) -> dict[str, Any]:
    return {"username": "boss", "domains": "example.org", "password": "moohoo12", "password2": "moohoo12", **more}


def test_rule_4_18_the_id_is_a_number_and_in_the_entry_a_text() -> None:
    done = value(lambda mc: mc.aliases.create(**INFO, active=True), recorded(169))
    assert list(done.arguments) == ["info@example.org", "4"]
    found = value(alias, recorded(180))
    assert (found.id, str(found.id)) == (4, done.arguments[1])
    assert type(found.id) is int


def test_rule_4_18_the_same_in_the_mock(server: Server) -> None:
    [entry] = server.post("add/alias", INFO)
    [found] = server.get("get/alias/all")
    assert entry["msg"] == ["alias_added", "info@example.org", str(found["id"])]
    assert type(found["id"]) is int
    assert server.get(f"get/alias/{found['id']}") == found
    assert server.mail.aliases.get(int(entry["msg"][2])).address == "info@example.org"


@pytest.mark.parametrize(("place", "expected"), [(0, (None, None)), (2, ("p", "q"))])
def test_rule_4_19_comments_are_text_or_none(place: int, expected: tuple[object, object]) -> None:
    found = value(lambda mc: mc.aliases.list_of_domain("example.org"), recorded(182))[place]
    assert (found.public_comment, found.private_comment) == expected


def test_rule_4_19_comments_of_the_mock_are_null_or_text(server: Server) -> None:
    server.post("add/alias", INFO)
    server.post("add/alias", {**INFO, "address": "b@example.org", "public_comment": "p", "private_comment": "q"})
    found = [[each["public_comment"], each["private_comment"]] for each in server.get("get/alias/all")]
    assert found == [[None, None], ["p", "q"]]


def test_rule_4_20_what_catches_all_is_told_by_0_and_1() -> None:
    raw = exchanges()[182]["response"]["json"]
    found = value(lambda mc: mc.aliases.list_of_domain("example.org"), recorded(182))
    assert [each["is_catch_all"] for each in raw] == [0, 1, 0, 0, 0]
    assert [each.is_catch_all for each in found] == [False, True, False, False, False]
    assert all(type(each.is_catch_all) is bool for each in found)


def test_rule_4_20_the_same_in_the_mock(server: Server) -> None:
    server.post("add/alias", {**INFO, "address": "info@example.org,@example.org"})
    found = {each["address"]: repr(each["is_catch_all"]) for each in server.get("get/alias/all")}
    assert found == {"info@example.org": "0", "@example.org": "1"}


def test_rule_4_21_a_new_alias_is_active_only_where_that_is_said(server: Server) -> None:
    assert "active" not in sent(lambda mc: mc.aliases.create(**INFO)).body
    assert sent(lambda mc: mc.aliases.create(**INFO, active=True)).body["active"] in (1, "1", True)
    server.mail.aliases.create(**INFO)
    server.mail.aliases.create(address="b@example.org", goto="jane@example.org", active=True)
    assert [each["active"] for each in server.get("get/alias/all")] == [0, 1]


def test_rule_4_21_the_document_says_so() -> None:
    assert "not where it is left out" in field_docs("CreateAlias")["active"]


def test_rule_4_22_the_length_is_a_number_and_the_private_key_empty() -> None:
    assert exchanges()[111]["response"]["json"]["length"] == "2048"
    key = value(dkim, recorded(111))
    assert (key.length, key.privkey, key.dkim_selector) == (2048, "", "dkim")
    assert key.dkim_txt.endswith(f"p={key.pubkey}")
    assert "Always empty" in field_docs("DkimKey")["privkey"]


@pytest.mark.parametrize("size", [1024, 2048, 4096])
def test_rule_4_22_the_same_in_the_mock(server: Server, size: int) -> None:
    server.post("delete/dkim", ["example.org"])
    server.post("add/dkim", {"domains": "example.org", "key_size": size})
    key = server.get("get/dkim/example.org")
    assert (key["length"], key["privkey"]) == (str(size), "")
    assert set(key) == set(exchanges()[111]["response"]["json"])


def test_rule_4_23_a_domain_without_a_key_has_none(server: Server) -> None:
    error = failure(dkim, says({}))
    assert (type(error), error.status) == (NotFound, 200)
    assert server.get("get/dkim/example.org") != {}
    server.post("delete/dkim", ["example.org"])
    assert server.told("GET", "get/dkim/example.org") == (200, {})
    with pytest.raises(NotFound):
        server.mail.dkim.get("example.org")


def test_rule_4_24_domains_of_an_administrator_and_others_are_lists() -> None:
    found = value(admin, recorded(216))
    assert found.selected_domains == ["example.org"]
    assert "example.net" in found.unselected_domains
    assert len(found.unselected_domains) == 7
    for name in ("selected_domains", "unselected_domains"):
        assert getattr(value(admin, changed(216, **{name: []})), name) == []
        assert isinstance(failure(admin, changed(216, **{name: "example.org"})), MailwrightError)


def test_rule_4_24_every_domain_of_the_mock_is_in_one_of_them(server: Server) -> None:
    server.add_domain("b.example")
    server.post("add/domain-admin", as_admin())
    found = server.get("get/domain-admin/boss")
    assert (found["selected_domains"], found["unselected_domains"]) == (["example.org"], ["b.example"])
    server.post("edit/domain-admin", {"items": ["boss"], "attr": {"domains": ["b.example", "example.org"]}})
    found = server.get("get/domain-admin/boss")
    assert (found["selected_domains"], found["unselected_domains"]) == (["b.example", "example.org"], [])


def test_rule_4_25_a_new_administrator_is_active_only_where_that_is_said(server: Server) -> None:
    person = {"domains": ["example.org"], "password": "moohoo12", "password2": "moohoo12"}
    assert "active" not in sent(lambda mc: mc.domain_admins.create(username="boss", **person)).body
    assert sent(lambda mc: mc.domain_admins.create(username="b", active=True, **person)).body["active"] in (
        1,
        "1",
        True,
    )
    server.post("add/domain-admin", as_admin())
    server.post("add/domain-admin", as_admin(username="chief", active=1))
    assert {each["username"]: each["active"] for each in server.get("get/domain-admin/all")} == {"boss": 0, "chief": 1}


def test_rule_4_25_the_document_says_so() -> None:
    assert "not where it is left out" in field_docs("CreateDomainAdmin")["active"]


@pytest.mark.parametrize("number", [159, 160, 164, 165])
def test_rule_4_26_the_value_is_a_number_and_the_time_a_letter(number: int) -> None:
    calls: dict[int, Call] = {
        159: lambda mc: mc.rate_limits.get_of_mailbox("jane@example.org"),
        160: lambda mc: mc.rate_limits.list_of_mailboxes(),
        164: lambda mc: mc.rate_limits.get_of_domain("example.net"),
        165: lambda mc: mc.rate_limits.list_of_domains(),
    }
    raw, found = exchanges()[number]["response"]["json"], value(calls[number], recorded(number))
    if number in (160, 165):
        [raw], [found] = raw, found
    assert raw["value"] in ("5", "10")
    assert (found.value, found.frame) == (int(raw["value"]), raw["frame"])


@pytest.mark.parametrize("frame", FRAMES)
def test_rule_4_26_each_time_is_sent_and_read(frame: str) -> None:
    assert value(rate, says({"value": "1", "frame": frame})).frame == frame
    request = sent(lambda mc: mc.rate_limits.set_for_mailbox("jane@example.org", rl_value=10, rl_frame=frame))
    assert (request.path, request.body["attr"]) == ("/api/v1/edit/rl-mbox", {"rl_value": 10, "rl_frame": frame})


def test_rule_4_26_the_document_has_these_times_and_no_other() -> None:
    assert DOCUMENT["components"]["schemas"]["RateFrame"]["enum"] == FRAMES
    for name in ("RateLimit", "DomainRateLimit", "MailboxRateLimit"):
        assert "s, m, h or d" in field_docs(name)["frame"]


@pytest.mark.parametrize("kind", RATE_PATHS)
def test_rule_4_26_the_mock_has_texts_and_refuses_other_times(server: Server, kind: str) -> None:
    path, item = RATE_PATHS[kind]
    for frame in FRAMES:
        server.post(f"edit/{path}", {"items": [item], "attr": {"rl_value": 10, "rl_frame": frame}})
        assert server.get(f"get/{path}/{item}") == {"value": "10", "frame": frame}
    assert server.get(f"get/{path}/all") == [{"value": "10", "frame": "d", kind: item}]
    entries = server.post(f"edit/{path}", {"items": [item], "attr": {"rl_value": 20, "rl_frame": "y"}})
    assert messages(entries) == ["rl_timeframe"]
    assert server.get(f"get/{path}/{item}") == {"value": "10", "frame": "d"}


def test_rule_4_31_the_client_wants_the_size_and_sends_it() -> None:
    assert "key_size" in required_of("CreateDkimKey")
    with pytest.raises(TypeError):
        untyped(Mailcow("http://mail.test")).dkim.create(domains="example.org")
    request = sent(lambda mc: mc.dkim.create(domains="example.org", key_size=1024))
    assert request.body == {"domains": "example.org", "key_size": 1024}


@pytest.mark.parametrize("size", [{}, {"key_size": ""}, {"key_size": 0}])
def test_rule_4_31_without_a_size_there_is_no_key_in_the_mock(server: Server, size: dict[str, object]) -> None:
    server.post("delete/dkim", ["example.org"])
    entries = server.post("add/dkim", {"domains": "example.org", **size})
    assert messages(entries) == [["dkim_domain_or_sel_invalid", "example.org"]]
    assert server.get("get/dkim/example.org") == {}
    error = failure(lambda mc: mc.dkim.create(domains="example.org", key_size=0), says(entries))
    assert (type(error), error.code) == (InvalidRequest, "dkim_domain_or_sel_invalid")
