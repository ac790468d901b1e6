"""Rules 4.27 to 4.29 and 4.32 to 4.34: what a write has to have, may leave out, and does not read."""

from __future__ import annotations

from typing import Any

import pytest
from mailcow_wire import (
    DOCUMENT,
    MIB,
    Server,
    exchanges,
    failure,
    field_docs,
    fields_of,
    messages,
    recorded,
    required_of,
    sent,
    untyped,
    value,
)
from mailwright_mailcow.v2026_08 import Mailcow

from mailwright.runtime import ResponseInvalid

JANE = "jane@example.org"
# What the Default template gives a domain, by the names of reading.
DEFAULTS = {
    "max_num_aliases_for_domain": 400,
    "max_num_mboxes_for_domain": 10,
    "def_quota_for_mbox": 3072 * MIB,
    "max_quota_for_mbox": 10240 * MIB,
    "max_quota_for_domain": 10240 * MIB,
    "active": 1,
    "rl": False,
}
SYNC: dict[str, Any] = {
    "username": JANE,
    "host1": "imap.remote.example",
    "port1": 143,
    "user1": "u",
    "password1": "p",
    "enc1": "TLS",
    "mins_interval": 20,
}
KEEPS = "changes nothing"


@pytest.fixture
def server() -> Server:
    server = Server()
    server.add_domain(description="words", aliases=20, mailboxes=5, defquota=10, maxquota=100, quota=1000)
    server.add_mailbox(name="Jane", quota=50)
    return server


def edit(server: Server, kind: str, item: object, **attributes: Any) -> Any:
    return server.post(f"edit/{kind}", {"items": [item], "attr": attributes})


def domain(server: Server) -> Any:
    return {**server.get("get/domain/example.org"), "modified": None}


def mailbox(server: Server) -> Any:
    found = server.get(f"get/mailbox/{JANE}")
    return {name: each for name, each in found.items() if name not in ("modified", "attributes")}


@pytest.mark.parametrize(
    "attributes",
    [
        *({name: nothing} for name in ("description", "aliases", "maxquota", "quota") for nothing in ("", 0)),
        *({name: ""} for name in ("mailboxes", "defquota")),
    ],
    ids=str,
)
def test_rule_4_27_nothing_keeps_what_a_domain_of_the_mock_has(server: Server, attributes: dict[str, object]) -> None:
    before = domain(server)
    assert messages(edit(server, "domain", "example.org", **attributes)) == [["domain_modified", "example.org"]]
    assert domain(server) == before


@pytest.mark.parametrize("attributes", [{"name": ""}, {"password": "", "password2": ""}, {"quota": ""}], ids=str)
def test_rule_4_27_nothing_keeps_what_a_mailbox_of_the_mock_has(server: Server, attributes: dict[str, object]) -> None:
    before = mailbox(server)
    assert messages(edit(server, "mailbox", JANE, **attributes)) == [["mailbox_modified", JANE]]
    assert mailbox(server) == before


def test_rule_4_27_the_quota_of_a_mailbox_of_the_mock_is_not_kept(server: Server) -> None:
    assert messages(edit(server, "mailbox", JANE, quota=0)) == [["mailbox_modified", JANE]]
    assert mailbox(server)["quota"] == 0


def test_rule_4_27_none_of_it_was_kept_by_the_client() -> None:
    nothing = {"description": "", "aliases": 0, "maxquota": 0, "quota": 0}
    assert sent(lambda mc: mc.domains.update("example.org", **nothing)).body["attr"] == nothing
    assert sent(lambda mc: mc.mailboxes.update(JANE, name="", quota=0)).body["attr"] == {"name": "", "quota": 0}


def test_rule_4_27_as_it_was_recorded() -> None:
    assert exchanges()[152]["request"]["json"]["attr"] == {"name": ""}
    assert value(lambda mc: mc.mailboxes.get(JANE), recorded(153)).name == "Jane D"
    assert exchanges()[420]["request"]["json"]["attr"] == {"aliases": 0}
    assert value(lambda mc: mc.domains.get("m.example"), recorded(421)).max_num_aliases_for_domain == 400
    assert exchanges()[425]["request"]["json"]["attr"] == {"quota": 0}
    assert value(lambda mc: mc.mailboxes.get("jane@m.example"), recorded(426)).quota == 0


@pytest.mark.parametrize(
    ("write", "names"),
    [("ChangeOfDomains", ("description", "aliases", "maxquota", "quota")), ("ChangeOfMailboxes", ("name", "password"))],
)
def test_rule_4_27_the_document_says_what_keeps(write: str, names: tuple[str, ...]) -> None:
    told = {name for name, words in field_docs(write).items() if KEEPS in words}
    assert told == set(names)


def test_rule_4_27_the_document_says_what_does_not_keep() -> None:
    assert "0 is without a limit" in field_docs("ChangeOfMailboxes")["quota"]


@pytest.mark.parametrize(("kind", "item"), [("domain", "example.org"), ("mailbox", JANE)])
def test_rule_4_28_tags_of_the_mock_are_added_and_taken_away_elsewhere(server: Server, kind: str, item: str) -> None:
    def tags() -> Any:
        return server.get(f"get/{kind}/{item}").get("tags")

    edit(server, kind, item, tags=["a", "b"])
    assert tags() == ["a", "b"]
    edit(server, kind, item, tags=["c"])
    assert tags() == ["a", "b", "c"]
    edit(server, kind, item, tags=[])
    assert tags() == ["a", "b", "c"]
    assert messages(server.post(f"delete/{kind}/tag/{item}", ["a", "c"])) == [[f"{kind}_modified", item]]
    assert tags() == ["b"]


def test_rule_4_28_the_client_has_a_call_of_its_own() -> None:
    request = sent(lambda mc: mc.domains.delete_tags("example.org", ["a", "b"]))
    assert (request.path, request.body) == ("/api/v1/delete/domain/tag/example.org", ["b"])
    request = sent(lambda mc: mc.mailboxes.delete_tag(JANE, "a"))
    assert request.path.replace("%40", "@") == f"/api/v1/delete/mailbox/tag/{JANE}"
    assert request.body == ["a"]


@pytest.mark.parametrize("kind", ["Domain", "Mailbox"])
def test_rule_4_28_the_document_says_that_changes_add_tags(kind: str) -> None:
    assert "they are added" in field_docs(f"ChangeOf{kind}{'es' if kind == 'Mailbox' else 's'}")["tags"]
    assert "they are added" not in field_docs(f"Create{kind}")["tags"]


def test_rule_4_29_the_client_wants_and_sends_the_name_alone() -> None:
    assert required_of("CreateDomain") == {"domain"}
    assert sent(lambda mc: mc.domains.create(domain="example.org")).body == {"domain": "example.org"}
    with pytest.raises(TypeError):
        untyped(Mailcow("http://mail.test")).domains.create()


def test_rule_4_29_the_rest_in_the_mock_comes_from_the_template() -> None:
    server = Server()
    server.add_domain("a.example")
    found = server.get("get/domain/a.example")
    assert {name: found[name] for name in DEFAULTS} == DEFAULTS
    key = server.get("get/dkim/a.example")
    assert (key["length"], key["dkim_selector"]) == ("2048", "dkim")


def test_rule_4_29_as_it_was_recorded() -> None:
    raw = exchanges()[338]["response"]["json"]
    assert {name: raw[name] for name in DEFAULTS} == DEFAULTS
    assert set(exchanges()[335]["request"]["json"]) == {"domain", "tags"}


def test_rule_4_29_a_template_that_is_changed_gives_something_else() -> None:
    server = Server()
    [template] = [each for each in server.get("get/domain/template/all") if each["template"] == "Default"]
    sizes = {"def_quota_for_mbox": 5, "max_quota_for_mbox": 50, "max_quota_for_domain": 500}
    limits = {"max_num_aliases_for_domain": 7, "max_num_mboxes_for_domain": 10, **sizes, "key_size": 1024}
    edit(server, "domain/template", template["id"], **limits)
    server.add_domain("a.example")
    found = server.get("get/domain/a.example")
    assert (found["max_num_aliases_for_domain"], found["def_quota_for_mbox"]) == (7, 5 * MIB)
    assert found["max_num_mboxes_for_domain"] == 10
    assert server.get("get/dkim/a.example")["length"] == "1024"


def test_rule_4_32_the_client_wants_the_mailbox_and_sends_it() -> None:
    assert "username" in required_of("ChangeOfAppPasswords")
    with pytest.raises(TypeError):
        untyped(Mailcow("http://mail.test")).app_passwords.update(2, active=False)
    body = sent(lambda mc: mc.app_passwords.update(2, username=JANE, app_name="phone")).body
    assert body == {"items": [2], "attr": {"username": JANE, "app_name": "phone"}}


def test_rule_4_32_without_it_the_server_answers_nothing() -> None:
    assert "username" not in exchanges()[292]["request"]["json"]["attr"]
    error = failure(lambda mc: mc.app_passwords.update(1, username=JANE, active=False), recorded(292))
    assert type(error) is ResponseInvalid
    assert value(lambda mc: mc.app_passwords.update(2, username=JANE, active=False), recorded(373)).confirmed


def test_rule_4_32_the_mock_changes_nothing_without_it(server: Server) -> None:
    secrets = {"app_passwd": "moohoo12", "app_passwd2": "moohoo12"}
    server.post("add/app-passwd", {"username": JANE, "app_name": "a", "active": 1, **secrets})
    [found] = server.get(f"get/app-passwd/all/{JANE}")
    assert edit(server, "app-passwd", found["id"], active=0) == b""
    assert server.get(f"get/app-passwd/all/{JANE}") == [found]
    assert messages(edit(server, "app-passwd", found["id"], active=0, username=JANE)) == [
        ["object_modified", str(found["id"])]
    ]
    assert server.get(f"get/app-passwd/all/{JANE}")[0]["active"] == 0


@pytest.mark.parametrize("pattern", ["", "(?i)spam"])
def test_rule_4_33_the_client_sends_the_pattern_be_it_empty(pattern: str) -> None:
    request = sent(lambda mc: mc.sync_jobs.create(**SYNC, exclude=pattern))
    assert request.path == "/api/v1/add/syncjob"
    assert request.body["exclude"] == pattern


def test_rule_4_33_the_client_wants_the_pattern_and_says_so() -> None:
    assert "exclude" in required_of("CreateSyncJob")
    with pytest.raises(TypeError):
        Mailcow("http://mail.test").sync_jobs.create(**SYNC)
    assert "it has to be given, and may be empty" in field_docs("CreateSyncJob")["exclude"]


def test_rule_4_34_a_change_of_a_domain_has_no_words_for_limits() -> None:
    limits = {"rl_value", "rl_frame"}
    assert not limits & fields_of("ChangeOfDomains")
    assert limits <= fields_of("CreateDomain")
    assert limits == fields_of("ChangeOfDomainRateLimit")
    with pytest.raises(TypeError):
        untyped(Mailcow("http://mail.test")).domains.update("example.org", rl_value=10)


def test_rule_4_34_a_route_of_its_own_is_sent_them() -> None:
    request = sent(lambda mc: mc.rate_limits.set_for_domain("example.org", rl_value=10, rl_frame="m"))
    assert request.path == "/api/v1/edit/rl-domain"
    assert request.body == {"items": ["example.org"], "attr": {"rl_value": 10, "rl_frame": "m"}}
    assert "/api/v1/edit/rl-domain" in DOCUMENT["paths"]


def test_rule_4_34_the_mock_reads_them_only_there(server: Server) -> None:
    limit = {"rl_value": 10, "rl_frame": "m"}
    entries = edit(server, "domain", "example.org", **limit, description="new")
    assert messages(entries) == [["domain_modified", "example.org"]]
    assert (domain(server)["description"], domain(server)["rl"]) == ("new", False)
    edit(server, "rl-domain", "example.org", **limit)
    assert domain(server)["rl"] == {"value": "10", "frame": "m"}
