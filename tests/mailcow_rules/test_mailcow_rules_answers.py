"""Rules 3.01 to 3.12: what answers of mailcow look like as a whole, and what the client makes of each."""

from __future__ import annotations

from dataclasses import replace

import pytest
from mailcow_wire import Server, alone, danger, failure, messages, recorded, says, sent, success, value

from mailwright.runtime import (
    AuthenticationFailed,
    InvalidRequest,
    MailwrightError,
    NotFound,
    PermissionDenied,
    ResponseInvalid,
    ServerError,
)

TAG_TWICE = {"items": ["example.org"], "attr": {"tags": ["new", "old", "never"]}}


@pytest.fixture
def server() -> Server:
    return Server()


def test_rule_3_01_a_list_of_successes_is_a_value() -> None:
    done = value(lambda mc: mc.domains.create(domain="example.org"), recorded(84))
    assert [entry.type for entry in done.entries] == ["success", "success"]
    assert done.confirmed


@pytest.mark.parametrize(
    ("number", "kind", "code"),
    [
        (8, InvalidRequest, "access_denied"),
        (87, InvalidRequest, "domain_invalid"),
        (112, InvalidRequest, "dkim_domain_or_sel_invalid"),
    ],
)
def test_rule_3_01_a_list_with_a_danger_raises_although_the_status_is_200(
    number: int, kind: type[MailwrightError], code: str
) -> None:
    error = failure(lambda mc: mc.domains.create(domain="example.org"), recorded(number))
    assert (type(error), error.status, error.code) == (kind, 200, code)


def test_rule_3_01_the_mock_answers_200_with_a_list_either_way(server: Server) -> None:
    good = server.ask("POST", "add/domain", {"domain": "example.org"})
    bad = server.ask("POST", "add/domain", {"domain": "example.org"})
    assert (good.status, bad.status) == (200, 200)
    assert messages(server.post("add/domain", {"domain": "example.org"})) == [["domain_exists", "example.org"]]


@pytest.mark.parametrize("number", [108, 117, 308, 310])
def test_rule_3_02_task_completed_is_not_confirmed(number: int) -> None:
    done = value(lambda mc: mc.domains.update("example.org", active=True), recorded(number))
    assert (done.confirmed, done.key) == (False, "Task completed")


def test_rule_3_02_what_is_named_is_confirmed() -> None:
    assert value(lambda mc: mc.domains.update("example.net", aliases=399), recorded(102)).confirmed


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("edit/domain", {"attr": {"active": "1"}}),
        ("edit/domain", {"items": [], "attr": {"active": "1"}}),
        ("delete/domain", []),
        ("add/dkim", {"domain": "example.org", "key_size": 2048}),
        ("add/alias", {"address": "jane@example.org", "goto": "jane@example.org"}),
        ("edit/spam-score", [{"items": ["jane@example.org"], "attr": {"spam_score": "8,15"}}]),
    ],
)
def test_rule_3_02_the_mock_says_task_completed_where_nothing_was_done(server: Server, path: str, body: object) -> None:
    server.add_domain()
    server.add_mailbox()
    before = server.get("get/domain/example.org"), server.get("get/mailbox/jane@example.org")
    assert server.post(path, body) == {"type": "success", "msg": "Task completed"}
    assert (server.get("get/domain/example.org"), server.get("get/mailbox/jane@example.org")) == before


@pytest.mark.parametrize("text", ["Cannot add item", "Cannot edit item", "Cannot delete item"])
def test_rule_3_03_a_lone_error_raises(text: str) -> None:
    error = failure(lambda mc: mc.domains.delete_tag("example.net", "t1"), says({"type": "error", "msg": text}))
    assert (type(error), error.message, error.status, error.code) == (InvalidRequest, text, 200, None)


def test_rule_3_03_the_mock_cannot_delete_no_tags(server: Server) -> None:
    server.add_domain()
    server.add_mailbox()
    alone = {"type": "error", "msg": "Cannot delete item"}
    assert server.post("delete/domain/tag/example.org", []) == alone
    assert server.post("delete/mailbox/tag/jane@example.org", []) == alone


@pytest.mark.parametrize("number", [0, 106, 247, 292, 365])
def test_rule_3_04_an_empty_answer_raises_and_says_what_it_mostly_means(number: int) -> None:
    error = failure(lambda mc: mc.domains.update("example.org", tags=["x"]), recorded(number))
    assert type(error) is ResponseInvalid
    assert "a key is missing" in error.message
    assert "a part may have been done" in error.message


def test_rule_3_04_an_empty_list_of_domains_is_not_mistaken_for_an_empty_answer() -> None:
    assert type(failure(lambda mc: mc.domains.list(), recorded(0))) is ResponseInvalid
    assert value(lambda mc: mc.domains.list(), recorded(4)) == []


def test_rule_3_04_the_mock_answers_nothing_to_a_read_without_a_key(server: Server) -> None:
    assert server.told("GET", "get/domain/all", key=None) == (200, b"")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("edit/domain", TAG_TWICE),
        ("add/dkim", {"domains": ["example.org"], "key_size": 2048}),
        ("delete/domain", {"items": ["example.org"]}),
        ("delete/dkim", {"items": ["example.org"]}),
        ("edit/app-passwd", {"items": [1], "attr": {"active": 0}}),
    ],
)
def test_rule_3_04_the_mock_stumbles_where_the_server_does(server: Server, path: str, body: object) -> None:
    server.add_domain(tags=["old"])
    assert server.told("POST", path, body) == (200, b"")
    assert server.get("get/domain/example.org")["domain_name"] == "example.org"


def test_rule_3_04_the_mock_keeps_what_was_done_before_it_stumbled(server: Server) -> None:
    server.add_domain(tags=["old"])
    assert server.post("edit/domain", TAG_TWICE) == b""
    assert server.get("get/domain/example.org")["tags"] == ["old", "new"]


def test_rule_3_05_an_unknown_key_raises() -> None:
    error = failure(lambda mc: mc.domains.list(), recorded(2))
    assert (type(error), error.status, error.message) == (AuthenticationFailed, 401, "authentication failed")


def test_rule_3_05_the_mock_does_not_know_other_keys(server: Server) -> None:
    for method, path in (("GET", "get/domain/all"), ("POST", "add/domain"), ("POST", "delete/domain")):
        body = {"domain": "example.org"} if method == "POST" else ...
        assert server.told(method, path, body, key="other") == (401, alone("authentication failed"))
    assert server.get("get/domain/all") == {}


def test_rule_3_06_an_address_that_may_not_use_the_key_is_no_wrong_key() -> None:
    error = failure(lambda mc: mc.domains.list(), recorded(3))
    assert (type(error), error.status) == (PermissionDenied, 401)
    assert error.message == "api access denied for ip 127.0.0.1"


@pytest.mark.parametrize("number", [5, 9, 10])
def test_rule_3_07_a_key_that_may_only_read_raises(number: int) -> None:
    error = failure(lambda mc: mc.domains.create(domain="ro.example"), recorded(number))
    assert (type(error), error.status, error.message) == (PermissionDenied, 403, "API read/write access denied")


WRITES = [
    ("add/domain", {"domain": "ro.example"}),
    ("edit/domain", {"items": ["example.org"], "attr": {"active": 0}}),
    ("delete/domain", ["example.org"]),
]


@pytest.mark.parametrize(("path", "body"), WRITES)
def test_rule_3_07_the_mock_lets_a_read_only_key_read_and_no_more(server: Server, path: str, body: object) -> None:
    server.add_domain()
    before = server.ask("GET", "get/domain/all", key="secret-ro")
    assert (before.status, b"example.org" in before.content) == (200, True)
    assert server.told("POST", path, body, key="secret-ro") == (
        403,
        alone("API read/write access denied"),
    )
    assert server.ask("GET", "get/domain/all").content == before.content


@pytest.mark.parametrize(("path", "body"), WRITES)
def test_rule_3_07_without_a_key_the_mock_refuses_an_add_in_another_way(
    server: Server, path: str, body: object
) -> None:
    server.add_domain()
    answer = server.ask("POST", path, body, key=None)
    assert answer.status == (200 if path.startswith("add/") else 403)
    if path.startswith("add/"):
        assert messages(server.post(path, body, key=None)) == ["access_denied"]
    assert server.get("get/domain/ro.example") == {}
    assert server.get("get/domain/example.org")["active"] == 1


def test_rule_3_08_a_403_without_a_body_raises() -> None:
    error = failure(lambda mc: mc.domains.list(), says(b"", 403))
    assert (type(error), error.status) == (PermissionDenied, 403)


def test_rule_3_08_the_client_is_no_browser() -> None:
    for call in (lambda mc: mc.domains.list(), lambda mc: mc.domains.create(domain="example.org")):
        assert not [name for name in sent(call).headers if name.startswith("sec-")]


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "get/domain/all"), ("POST", "add/domain"), ("POST", "search/domain")]
)
def test_rule_3_08_the_mock_refuses_a_browser(server: Server, method: str, path: str) -> None:
    body = {"domain": "example.org"} if method == "POST" else ...
    refused = server.ask(method, path, body, Sec_Fetch_Dest="document")
    assert (refused.status, refused.content) == (403, b"")
    assert server.get("get/domain/all") == {}
    assert server.ask(method, path, body, Sec_Fetch_Dest="empty").status == 200


@pytest.mark.parametrize("number", [18, 19, 192])
def test_rule_3_09_a_body_that_cannot_be_read_raises(number: int) -> None:
    error = failure(lambda mc: mc.domains.create(domain="x"), recorded(number))
    assert (type(error), error.status) == (InvalidRequest, 400)
    assert error.message == "Request body doesn't contain valid json!"


@pytest.mark.parametrize("body", [b"{not json", b"", b"null"])
@pytest.mark.parametrize("path", ["add/domain", "edit/domain", "delete/domain"])
def test_rule_3_09_the_mock_refuses_what_is_no_json(server: Server, path: str, body: bytes) -> None:
    assert server.told("POST", path, body) == (400, alone("Request body doesn't contain valid json!"))


@pytest.mark.parametrize("number", [11, 314, 319])
def test_rule_3_10_an_unknown_route_raises(number: int) -> None:
    error = failure(lambda mc: mc.domains.get("example.org"), recorded(number))
    assert (type(error), error.status) == (NotFound, 404)


@pytest.mark.parametrize("path", ["get/nosuch/all", "add/nosuch", "nosuch/domain", "get/logs/nosuch/1"])
def test_rule_3_10_the_mock_knows_no_other_routes(server: Server, path: str) -> None:
    method = "POST" if path.startswith("add/") else "GET"
    assert server.told(method, path, {} if method == "POST" else ...) == (404, alone("route not found"))


@pytest.mark.parametrize("number", [14, 16, 25])
def test_rule_3_11_a_wrong_method_raises(number: int) -> None:
    error = failure(lambda mc: mc.domains.list(), recorded(number))
    assert (type(error), error.status) == (InvalidRequest, 405)


@pytest.mark.parametrize(
    ("method", "path", "status", "text"),
    [
        ("POST", "get/domain/all", 405, "only GET method is allowed"),
        ("PUT", "edit/domain", 405, "only POST method is allowed"),
        ("DELETE", "delete/domain", 405, "only POST method is allowed"),
        ("GET", "add/domain", 200, "Cannot find attributes in post data"),
    ],
)
def test_rule_3_11_the_mock_refuses_other_methods(
    server: Server, method: str, path: str, status: int, text: str
) -> None:
    assert server.told(method, path, {} if method != "GET" else ...) == (status, alone(text))


@pytest.mark.parametrize("number", [427, 429])
def test_rule_3_12_a_server_that_is_down_raises_and_its_html_is_not_shown(number: int) -> None:
    error = failure(lambda mc: mc.domains.list(), recorded(number))
    assert (type(error), error.status) == (ServerError, 500)
    assert "<center" not in str(error)
    assert b"<center" in error.content


def test_rule_3_12_html_at_200_is_no_answer_of_this_api() -> None:
    html = replace(recorded(427), status=200)
    assert type(failure(lambda mc: mc.domains.list(), html)) is ResponseInvalid


def test_rule_3_12_what_a_write_says_at_500_is_a_failure_of_the_server() -> None:
    assert type(failure(lambda mc: mc.domains.create(domain="x"), recorded(429))) is ServerError
    entries = [danger("access_denied"), success("done")]
    assert type(failure(lambda mc: mc.domains.create(domain="x"), says(entries, 500))) is ServerError


def test_rule_3_12_a_mock_that_is_asked_to_fail_answers_as_a_server_that_is_down(server: Server) -> None:
    answer = server.ask("GET", "get/domain/all", Prefer="code=500")
    assert answer.status == 500
    assert dict(answer.headers)["content-type"].startswith("text/html")
    assert answer.content.startswith(b"<center")
