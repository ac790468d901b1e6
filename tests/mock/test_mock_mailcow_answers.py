"""The mock of mailcow: answers fit the document, limits hold, keys and pages work, and nothing hostile breaks it."""

from __future__ import annotations

import itertools
import json
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from mailcow_filled import box, filled_mock

from mailwright.mock import Mock, Request, Response
from mailwright.targets import bundled_document

DOCUMENT: Any = bundled_document("mailcow-2026.08")
JSON = ("Content-Type", "application/json")
HOSTILE: list[Any] = [
    *(None, True, False, 0, -1, 1e999, 10**400, "", " ", "x" * 5000, "\u0000", "é@ü.example", "xn--a.example"),
    *([], [[]], [{}], [None], {}, {"a": {"b": []}}, "a@b@c", "@", "@example.org", "example.org", "jane@example.org"),
]


# Of what there is nothing, as neither Sieve nor Rspamd runs.
NOTHING = frozenset({"active-user-sieve/{mailbox}", "rspamd/actions"})
LOGS = frozenset({"logs/api/{count}"})


@pytest.fixture
def mock() -> Mock:
    return filled_mock()


def send(mock: Mock, method: str, path: str, body: Any = ..., key: str | None = "secret") -> Response:
    headers = [] if key is None else [("X-API-Key", key)]
    content = b"" if body is ... else json.dumps(body).encode()
    return mock.handle(Request(method, f"http://mock.test/api/v1/{path}", (*headers, JSON), content))


def post(mock: Mock, path: str, body: Any, key: str | None = "secret") -> Any:
    return json.loads(send(mock, "POST", path, body, key).content or b"null")


def get(mock: Mock, path: str) -> Any:
    return json.loads(send(mock, "GET", path).content)


def told(entries: Any) -> list[Any]:
    return [entry["msg"] for entry in entries]


def reads() -> list[tuple[str, str]]:
    names = {
        "domain": "example.org",
        "mailbox": "jane@example.org",
        "alias": "3",
        "template": "1",
        "aliasDomain": "example.com",
        "username": "boss",
        "resource": "Room1@example.org",
        "host": "192.0.2.7",
        "days": "3",
        "id": "rspamd-mailcow",
        "queueId": "ABC",
        "count": "5",
        "clientId": "1",
        **dict.fromkeys(("bccMap", "recipientMap", "tlsPolicyMap", "relayHost", "transport", "setting"), "1"),
    }
    found: list[tuple[str, str]] = []
    for path, item in DOCUMENT["paths"].items():
        read = item.get("get", {})
        # What is no JSON is looked at where mail is.
        if "x-mock" in read and "application/json" in read["responses"]["200"]["content"]:
            kind = {**names, "template": "2"} if "mailbox/template" in path else names
            kind = {**names, "username": "admin"} if "/get/admin/" in path else kind
            kind = {**names, "id": "1"} if "/get/quarantine/" in path else kind
            found.append((path, path.removeprefix("/api/v1/").format(**kind)))
    return found


def without_none(value: Any) -> Any:
    """An answer without what is null, which clients read as not there."""
    if isinstance(value, list):
        return [without_none(each) for each in value]
    if isinstance(value, dict):
        return {name: without_none(each) for name, each in value.items() if each is not None}
    return value


@pytest.mark.parametrize("path", ["get/quarantine/all", "get/quarantine/1", "get/mailq/all"])
def test_a_list_of_mail_stays_a_list_where_it_is_empty(path: str) -> None:
    assert get(Mock(DOCUMENT, token="secret"), path) == []


@pytest.mark.parametrize(("path", "real"), reads())
def test_what_is_read_fits_the_document(mock: Mock, path: str, real: str) -> None:
    answer = get(mock, real)
    what = path.removeprefix("/api/v1/get/")
    if what in NOTHING or (what.startswith("logs/") and what.endswith("/{count}") and what not in LOGS):
        assert answer == {}
        return
    assert answer, "there is something to read"
    schema = DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    base = {**DOCUMENT, "$schema": "https://json-schema.org/draft/2020-12/schema"}
    registry = jsonschema_rs.Registry([("mock:///fit", base)])
    jsonschema_rs.Draft202012Validator({"$ref": f"mock:///fit{schema['$ref']}"}, registry=registry).validate(
        without_none(answer)
    )


def test_limits_of_a_domain_hold(mock: Mock) -> None:
    assert told(post(mock, "add/mailbox", box("big", quota=2001))) == [["mailbox_quota_exceeded", 2000]]
    assert told(post(mock, "add/mailbox", box("more", quota=1001))) == [["mailbox_quota_left_exceeded", 1000]]
    assert told(post(mock, "add/mailbox", box("last", quota=1000)))[-1] == ["mailbox_added", "last@example.org"]
    assert told(post(mock, "add/mailbox", box("none", quota=0))) == [["max_mailbox_exceeded", 3, 3]]
    grown = {"items": ["jane@example.org"], "attr": {"quota": 1001}}
    assert told(post(mock, "edit/mailbox", grown)) == [["mailbox_quota_left_exceeded", 1000]]
    for attributes, message in (
        ({"mailboxes": 2}, ["mailboxes_in_use", 3]),
        ({"quota": 2999}, ["domain_quota_m_in_use", 3000]),
        ({"maxquota": 999}, ["max_quota_in_use", 1000]),
        ({"maxquota": 50}, "mailbox_defquota_exceeds_mailbox_maxquota"),
    ):
        assert told(post(mock, "edit/domain", {"items": ["example.org"], "attr": attributes})) == [message]


def test_aliases_are_counted(mock: Mock) -> None:
    more = {"address": "a@example.org,b@example.org,c@two.example", "goto": "jane@example.org"}
    assert told(post(mock, "add/alias", more)) == [["alias_added", "a@example.org", "4"], "max_alias_exceeded"]
    assert [each["address"] for each in get(mock, "get/alias/all")] == ["info@example.org", "a@example.org"]


def test_a_mailbox_grows_to_what_one_may_have(mock: Mock) -> None:
    def grow(quota: int) -> list[Any]:
        return told(post(mock, "edit/mailbox", {"items": ["jane@example.org"], "attr": {"quota": quota}}))

    assert grow(2000) == [["mailbox_modified", "jane@example.org"]]
    assert grow(2001) == [["mailbox_quota_left_exceeded", 2000]]
    post(mock, "edit/domain", {"items": ["example.org"], "attr": {"quota": 5000}})
    assert get(mock, "get/mailbox/jane@example.org")["max_new_quota"] == 2000 * 1024 * 1024
    assert grow(2001) == [["mailbox_quota_left_exceeded", 2000]]


@pytest.mark.parametrize("kind", ["domain", "mailbox"])
def test_tags_that_are_too_many_are_left_out_with_a_warning(mock: Mock, kind: str) -> None:
    tags = [f"t{number}" for number in range(30)]
    name = {"domain": "new.example", "mailbox": "new@two.example"}[kind]
    new = {"domain": "new.example"} if kind == "domain" else {**box("new"), "domain": "two.example"}
    first, *others = post(mock, f"add/{kind}", {**new, "tags": tags})
    assert (first["type"], first["msg"]) == ("warning", ["tag_limit_exceeded", "limit 25"])
    assert {each["type"] for each in others} == {"success"}
    assert get(mock, f"get/{kind}/{name}")["tags"] == tags[:26]
    more = {"items": [name], "attr": {"tags": [f"u{number}" for number in range(27)]}}
    assert told(post(mock, f"edit/{kind}", more)) == [["tag_limit_exceeded", "limit 25"], [f"{kind}_modified", name]]
    assert len(get(mock, f"get/{kind}/{name}")["tags"]) == 52


def test_a_mailbox_cannot_have_the_address_of_a_time_limited_alias(mock: Mock) -> None:
    post(mock, "add/time_limited_alias", {"username": "jane@example.org", "domain": "example.org"})
    addresses = [each["address"] for each in get(mock, "get/time_limited_aliases/jane@example.org")]
    address = next(each for each in addresses if each.endswith("@example.org"))
    local = address.partition("@")[0]
    assert told(post(mock, "add/mailbox", box(local, quota=1))) == [["is_spam_alias", address]]


def test_a_mailbox_without_a_quota_passes_every_limit(mock: Mock) -> None:
    assert told(post(mock, "add/mailbox", box("free")))[-1] == ["mailbox_added", "free@example.org"]
    assert get(mock, "get/mailbox/free@example.org")["percent_in_use"] == "- "


def test_what_is_deleted_takes_what_belongs_to_it_along(mock: Mock) -> None:
    post(mock, "delete/mailbox", ["jane@example.org", "joe@example.org"])
    assert get(mock, "get/alias/all") == {}
    assert get(mock, "get/app-passwd/all/jane@example.org") == {}
    assert get(mock, "get/rl-mbox/all") == {}
    post(mock, "delete/domain", ["example.org"])
    assert get(mock, "get/alias-domain/all") == {}
    assert get(mock, "get/dkim/example.org") == {}
    assert get(mock, "get/domain-admin/boss")["selected_domains"] == []


@pytest.mark.parametrize("name", ["domain", "mailbox"])
def test_a_search_goes_page_by_page(mock: Mock, name: str) -> None:
    for number in range(5):
        post(mock, "add/domain", {"domain": f"d{number}.example"})
        post(mock, "add/mailbox", {**box("m", quota=1), "domain": f"d{number}.example"})
    field = {"domain": "domain_name", "mailbox": "username"}[name]
    found: list[str] = []
    for start in itertools.count(0, 2):
        page = post(mock, f"search/{name}", {"draw": 7, "start": start, "length": 2})
        assert page["draw"] == 7
        if not page["data"]:
            break
        found += [each[field] for each in page["data"]]
    assert len(found) == len(set(found)) == page["recordsTotal"] == page["recordsFiltered"]
    by_name = [{"searchable": True, "orderable": True}]
    one = post(mock, f"search/{name}", {"search": {"value": "D3"}, "length": -1, "columns": by_name})
    assert (one["recordsFiltered"], len(one["data"]), one["recordsTotal"]) == (1, 1, len(found))
    backwards = {"order": [{"column": 0, "dir": "desc"}]}
    assert post(mock, f"search/{name}", {**backwards, "columns": by_name})["data"][0][field] == found[-1]


@pytest.mark.parametrize("name", ["domain", "mailbox"])
def test_a_search_without_columns_finds_everything_by_name(mock: Mock, name: str) -> None:
    asked = {"search": {"value": "no such name"}, "order": [{"column": 0, "dir": "desc"}], "length": -1}
    found = post(mock, f"search/{name}", asked)
    assert found["recordsFiltered"] == found["recordsTotal"] == len(found["data"]) > 0
    field = {"domain": "domain_name", "mailbox": "username"}[name]
    names = [each[field] for each in found["data"]]
    assert names == sorted(names)


def test_a_search_looks_at_the_columns_that_it_names(mock: Mock) -> None:
    post(mock, "add/domain", {"domain": "b.example", "mailboxes": 5, "tags": ["ours"]})
    post(mock, "add/domain", {"domain": "c.example", "mailboxes": 77})
    post(mock, "add/mailbox", {**box("m", quota=1), "domain": "c.example"})
    none = [{}] * 15

    def found(place: int, **more: Any) -> list[str]:
        columns = [*none[:place], {"searchable": True, "orderable": True}]
        answer = post(mock, "search/domain", {"columns": columns, "length": -1, **more})
        return [each["domain_name"] for each in answer["data"]]

    assert found(14, search={"value": "OUR"}) == ["b.example"]
    assert found(4, search={"value": "77"}) == ["c.example"]
    assert found(4, order=[{"column": 4, "dir": "desc"}])[0] == "example.org"
    assert found(4, order=[{"column": 4, "dir": "asc"}])[0] == "b.example"


def test_a_key_that_may_only_read_reads(mock: Mock) -> None:
    assert send(mock, "GET", "get/domain/all", key="secret-ro").status == 200
    for path, body in (("add/domain", {"domain": "x.example"}), ("edit/domain", {"items": []}), ("delete/domain", [])):
        assert send(mock, "POST", path, body, key="secret-ro").status == 403
    assert get(mock, "get/domain/x.example") == {}


def test_a_mock_without_a_token_lets_everybody_in() -> None:
    mock = Mock(DOCUMENT)
    assert post(mock, "add/domain", {"domain": "x.example"}, key=None)[-1]["type"] == "success"


def test_a_log_does_not_show_passwords_that_the_server_masks(mock: Mock) -> None:
    entries = post(mock, "add/mailbox", box("ann", quota=1))
    assert "moohoo12" not in json.dumps(entries)
    assert entries[-1]["log"][:3] == ["mailbox", "add", "mailbox"]


def test_the_description_of_the_api_is_there_for_clients_that_read_it(mock: Mock) -> None:
    response = mock.handle(Request("GET", "http://mock.test/api/openapi.yaml"))
    described = json.loads(response.content)
    assert response.header("content-type") == "application/yaml"
    assert set(described["paths"]) == set(DOCUMENT["paths"])
    fields = described["paths"]["/api/v1/add/domain"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert fields["properties"]["domain"]["type"] == "string"
    assert "$ref" not in response.content.decode()


@pytest.mark.parametrize("path", [path for path, item in DOCUMENT["paths"].items() if "x-mock" in item.get("post", {})])
def test_no_body_breaks_the_mock(mock: Mock, path: str) -> None:
    real = path.removeprefix("/api/v1/").format(domain="example.org", mailbox="jane@example.org")
    names = described_fields(path)
    for value in HOSTILE:
        for body in (value, dict.fromkeys(names, value), {"items": value, "attr": dict.fromkeys(names, value)}):
            assert send(mock, "POST", real, body).status in (200, 400)
        items = ["example.org", "jane@example.org", "boss", 1, 2, 3]
        for name in names:
            assert send(mock, "POST", real, {"items": items, "attr": {name: value}}).status in (200, 400)
    assert send(mock, "GET", "get/domain/all").status == 200
    assert send(mock, "GET", "get/mailbox/all").status == 200


@cache
def described() -> Any:
    response = Mock(DOCUMENT).handle(Request("GET", "http://mock.test/api/openapi.yaml"))
    return json.loads(response.content)


def described_fields(path: str) -> list[str]:
    body = described()["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    fields = body.get("properties", {})
    return list(fields.get("attr", {}).get("properties", fields))


def test_nothing_found_is_an_object_but_a_list_where_mailboxes_are_asked_for_by_tags(mock: Mock) -> None:
    assert get(mock, "get/domain/all?tags=none") == {}
    assert get(mock, "get/mailbox/example.org?tags=none") == []
    assert get(mock, "get/mailbox/nobody@example.org") == {}
    assert get(mock, "get/alias/all/nosuch.example") == {}


def test_tags_are_only_added_and_one_that_is_there_stops_the_server(mock: Mock) -> None:
    tagged = {"items": ["jane@example.org"], "attr": {"name": "Jane", "tags": ["a"]}}
    assert told(post(mock, "edit/mailbox", tagged)) == [["mailbox_modified", "jane@example.org"]]
    again = {"items": ["jane@example.org"], "attr": {"name": "Ann", "tags": ["b", "a", "c"]}}
    assert send(mock, "POST", "edit/mailbox", again).content == b""
    jane = get(mock, "get/mailbox/jane@example.org")
    assert (jane["name"], jane["tags"]) == ("Ann", ["a", "b"])
