"""Rules 3.20 to 3.25: what mailcow answers of what is not there, and what the client makes of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from mailcow_wire import DOCUMENT, Server, failure, messages, recorded, says, success, value
from mailwright_mailcow.v2026_08 import Mailcow

from mailwright.runtime import APIError, InvalidRequest, NotFound

BINDINGS: Any = json.loads((files("mailwright_mailcow") / "v2026_08" / "bindings.json").read_text("utf-8"))[
    "operations"
]


def reads() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation that reads JSON, by its name."""
    for item in DOCUMENT["paths"].values():
        if "get" in item and "application/json" in item["get"]["responses"]["200"]["content"]:
            yield item["get"]["operationId"], {**item["get"], "parameters": item.get("parameters", [])}


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def result(operation: dict[str, Any]) -> dict[str, Any]:
    return resolved(operation["responses"]["200"]["content"]["application/json"]["schema"])


LISTS = [name for name, operation in reads() if result(operation).get("type") == "array"]
# Reads of one named thing, which may not be there.
THINGS = [name for name, operation in reads() if operation["parameters"] and result(operation).get("required")]


def read(name: str) -> Any:
    """A call of the operation, with something for each part of the path."""
    operation = dict(reads())[name]
    numbers = [resolved(each["schema"]).get("type") == "integer" for each in operation["parameters"]]
    arguments = [1 if number else "x" for number in numbers]
    at = BINDINGS[name]
    return lambda mc: getattr(getattr(mc, at["resource"]), at["method"])(*arguments)


@pytest.fixture
def server() -> Server:
    server = Server()
    server.add_domain()
    server.add_mailbox()
    return server


@pytest.mark.parametrize("name", THINGS)
def test_rule_3_20_what_is_not_there_is_not_found(name: str) -> None:
    error = failure(read(name), says({}))
    assert (type(error), error.status) == (NotFound, 200)


def test_rule_3_20_what_is_there_is_found() -> None:
    assert value(lambda mc: mc.domains.get("example.net"), recorded(99)).domain_name == "example.net"
    assert len(THINGS) >= 20


@pytest.mark.parametrize(
    ("number", "kind", "code"),
    [
        (325, InvalidRequest, "access_denied"),
        (309, InvalidRequest, "access_denied"),
        (333, InvalidRequest, "domain_invalid"),
    ],
)
def test_rule_3_20_a_write_on_what_is_not_there_raises(number: int, kind: type[APIError], code: str) -> None:
    error = failure(lambda mc: mc.mailboxes.delete("nobody@example.org"), recorded(number))
    assert (type(error), error.code) == (kind, code)


@pytest.mark.parametrize(
    "path",
    [
        *("get/domain/no.example", "get/mailbox/no@example.org", "get/alias/999", "get/alias-domain/no.example"),
        *("get/dkim/no.example", "get/domain-admin/nobody", "get/rl-domain/no.example", "get/rl-mbox/no@example.org"),
        *("get/domain/template/999", "get/mailbox/template/999"),
    ],
)
def test_rule_3_20_the_mock_answers_an_empty_object(server: Server, path: str) -> None:
    assert server.told("GET", path) == (200, {})


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("edit/mailbox", {"items": ["no@example.org"], "attr": {"active": 0}}, "access_denied"),
        ("delete/mailbox", ["no@example.org"], "access_denied"),
        ("delete/mailbox", {"items": ["jane@example.org"]}, "access_denied"),
        ("delete/alias", [999], "access_denied"),
        ("delete/alias-domain", ["no.example"], "access_denied"),
        ("edit/domain", {"items": ["no.example"], "attr": {"active": 0}}, "domain_invalid"),
        ("delete/domain", ["bad!"], "domain_invalid"),
        ("delete/domain-admin", ["nobody"], ["username_invalid", "nobody"]),
    ],
)
def test_rule_3_20_the_mock_refuses_to_write_on_what_is_not_there(
    server: Server, path: str, body: object, message: object
) -> None:
    assert messages(server.post(path, body)) == [message]
    assert server.get("get/mailbox/jane@example.org")["active"] == 1


GONE = {
    "deleteDomains": ("domains", "no.example"),
    "deleteDkimKeys": ("dkim", "no.example"),
    "deleteOAuth2Clients": ("oauth2_clients", 999),
    "deleteForwardingHosts": ("forwarding_hosts", "192.0.2.8"),
    "deleteQuarantineItems": ("quarantine", 999),
}


@pytest.mark.parametrize(("resource", "item"), GONE.values())
def test_rule_3_21_a_delete_of_nothing_is_a_success(resource: str, item: str | int) -> None:
    done = value(lambda mc: getattr(mc, resource).delete(item), says([success("item_deleted", str(item))]))
    assert done.confirmed


@pytest.mark.parametrize("resource", [resource for resource, _ in GONE.values()])
def test_rule_3_21_the_method_says_that_nothing_can_be_deleted(resource: str) -> None:
    for method in ("delete", "delete_many"):
        told = getattr(type(getattr(Mailcow("http://mail.test"), resource)), method).__doc__
        assert re.search(r"; that there is (none|no such domain) is no failure\.", told)


def test_rule_3_21_other_methods_do_not_say_it() -> None:
    says_it = {
        name
        for item in DOCUMENT["paths"].values()
        for name, each in ((each["operationId"], each) for each in item.values() if "operationId" in each)
        if "is no failure" in each["summary"]
    }
    assert says_it == set(GONE)


@pytest.mark.parametrize("number", [121, 269, 306])
def test_rule_3_21_as_it_was_recorded(number: int) -> None:
    assert value(lambda mc: mc.dkim.delete("nosuch.example"), recorded(number)).confirmed


def test_rule_3_21_the_mock_deletes_domains_and_keys_that_are_not_there(server: Server) -> None:
    assert messages(server.post("delete/domain", ["no.example"])) == [["domain_removed", "no.example"]]
    assert messages(server.post("delete/dkim", ["no.example"])) == [["dkim_removed", "no.example"]]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("nothing", [b"{}", b"[]", b" {\n} "])
def test_rule_3_22_an_empty_list_is_a_list(name: str, nothing: bytes) -> None:
    assert value(read(name), says(nothing)) == []


def test_rule_3_22_lists_are_known() -> None:
    assert len(LISTS) >= 50
    assert {"listDomains", "listQuarantine", "listQueue", "listMailboxes"} <= set(LISTS)


@pytest.mark.parametrize(
    "path",
    [
        *("get/alias/all", "get/alias/all/example.org", "get/alias-domain/all", "get/domain-admin/all"),
        *("get/rl-domain/all", "get/rl-mbox/all", "get/app-passwd/all/jane@example.org", "get/domain/all?tags=none"),
    ],
)
def test_rule_3_22_an_empty_list_of_the_mock_is_an_object(server: Server, path: str) -> None:
    assert server.told("GET", path) == (200, {})


def test_rule_3_22_an_empty_list_of_mailboxes_by_tags_is_a_list_in_the_mock(server: Server) -> None:
    assert server.get("get/mailbox/example.org?tags=none") == []
    server.post("delete/mailbox", ["jane@example.org"])
    assert server.get("get/mailbox/all") == {}


def test_rule_3_23_all_mailboxes_stand_for_those_of_an_unknown_domain_and_the_method_says_so() -> None:
    found = value(lambda mc: mc.mailboxes.list_of_domain("nosuch.example"), recorded(143))
    assert found
    assert "nosuch.example" not in {mailbox.domain for mailbox in found}
    told = type(Mailcow("http://mail.test").mailboxes).list_of_domain.__doc__ or ""
    assert "a domain that is not there, all mailboxes" in told


def test_rule_3_23_the_mock_filters_mailboxes_only_by_domains_that_are_there(server: Server) -> None:
    server.add_domain("empty.example")
    assert [each["username"] for each in server.get("get/mailbox/all/no.example")] == ["jane@example.org"]
    assert server.get("get/mailbox/all/empty.example") == {}
    server.post("add/alias", {"address": "info@example.org", "goto": "jane@example.org"})
    assert server.get("get/alias/all/no.example") == {}
    assert value(lambda mc: mc.aliases.list_of_domain("no.example"), says({})) == []


@pytest.mark.parametrize(
    ("resource", "number", "name"),
    [("bcc_maps", 233, "bcc_dest"), ("recipient_maps", 239, "recipient_map_old")],
)
def test_rule_3_24_a_stray_member_is_not_minded(resource: str, number: int, name: str) -> None:
    answer = recorded(number)
    assert b'"0": null' in answer.content
    found = value(lambda mc: getattr(mc, resource).get(1), answer)
    assert getattr(found, name)


def test_rule_3_24_a_stray_member_of_a_tls_policy_map_is_not_minded() -> None:
    entry = recorded(243).content.decode().strip("[]")
    found = value(lambda mc: mc.tls_policy_maps.get(1), says((entry[:-1] + ', "0": null}').encode()))
    assert (found.id, found.dest) == (1, "example.com")


def test_rule_3_25_an_app_password_is_found_in_the_list_alone() -> None:
    passwords = Mailcow("http://mail.test").app_passwords
    assert not hasattr(passwords, "get")
    assert "/api/v1/get/app-passwd/{id}" not in {path.replace("{appPassword}", "{id}") for path in DOCUMENT["paths"]}
    [found] = value(lambda mc: mc.app_passwords.list("jane@m.example"), recorded(372))
    assert (found.id, found.name) == (2, "wp")
