from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from stalwart_caller import DOCUMENT, TOKEN, StalwartCaller

from mailwright.mock import Request

# What 0.15 has no more, by its document's own `x-until`.
GONE = {
    operation["operationId"]
    for item in DOCUMENT["paths"].values()
    for operation in item.values()
    if isinstance(operation, dict) and "x-until" in operation
}
HEADERS = (("authorization", f"Bearer {TOKEN}"), ("content-type", "application/json"))
LETTER = b"From: x@example.org\r\nSubject: Lunch\r\n\r\nbargain pills cheaper watches\r\n"


@pytest.fixture
def call() -> StalwartCaller:
    return StalwartCaller()


@pytest.fixture
def bought() -> StalwartCaller:
    return StalwartCaller("enterprise")


def people(call: StalwartCaller) -> None:
    call("POST", "/principal", {"type": "domain", "name": "example.org"})
    call("POST", "/principal", {"type": "group", "name": "sales"})
    for name in ("jane", "joe"):
        body = {"type": "individual", "name": name, "emails": [f"{name}@example.org"], "memberOf": ["sales"]}
        call("POST", "/principal", {**body, "secrets": ["$6$hash"], "roles": ["user"]})


def test_every_operation_that_0_15_has_succeeds_and_fits_the_document(bought: StalwartCaller) -> None:
    call = bought
    people(call)
    _principals(call)
    _queue_and_reports(call)
    _settings(call)
    _store(call)
    _account(call)
    _telemetry(call)
    operations = {
        operation["operationId"]
        for item in DOCUMENT["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict)
    }
    assert len(operations) == 99
    # A restart is always refused.
    assert operations - call.succeeded == {*GONE, "restart"}


def _principals(call: StalwartCaller) -> None:
    call("GET", "/principal?types=individual,group&fields=name,emails&page=1&limit=2")
    call("GET", "/principal/jane")
    call("PATCH", "/principal/jane", [{"action": "set", "field": "quota", "value": 5}])
    call("POST", "/principal/deploy", {"type": "individual", "name": "ann"})
    call("DELETE", "/principal/ann")
    call("POST", "/principal", {"type": "role", "name": "clerk"})
    call("DELETE", "/principal?type=role&confirm=true")
    call("POST", "/dkim", {"algorithm": "Rsa", "domain": "example.org"})
    call("GET", "/dkim/rsa-example.org")
    call("GET", "/dns/records/example.org")


def _queue_and_reports(call: StalwartCaller) -> None:
    first = call("GET", "/queue/messages?values=1")["items"][0]["id"]
    call("GET", f"/queue/messages/{first}")
    call("PATCH", f"/queue/messages/{first}?at=2030-01-01T00:00:00Z")
    call("DELETE", f"/queue/messages/{first}?filter=jane")
    call("PATCH", "/queue/messages?from=news")
    call("DELETE", "/queue/messages?from=news")
    call("GET", "/queue/status")
    call("PATCH", "/queue/status/stop")
    call("PATCH", "/queue/status/start")
    for path in ("/queue/reports", "/reports/dmarc", "/reports/tls", "/reports/arf"):
        for name in call("GET", path)["items"]:
            call("GET", f"{path}/{name}")
        call("DELETE", f"{path}/{call('GET', path)['items'][0]}")
        assert call("DELETE", path) is (path == "/queue/reports")


def _settings(call: StalwartCaller) -> None:
    call("POST", "/settings", [{"type": "insert", "values": [["a.b", "c"]], "assert_empty": False}])
    call("GET", "/settings/list?prefix=a")
    call("GET", "/settings/group?prefix=server.listener&suffix=protocol")
    call("GET", "/settings/keys?keys=a.b&prefixes=server")
    call("DELETE", "/settings/a.b")
    for path in ("/reload", "/reload/", "/reload/lookup", "/reload/certificate", "/reload/server.blocked-ip"):
        call("GET", path)
    call("GET", "/update/spam-filter")
    call("GET", "/update/webadmin")
    call("GET", "/logs?filter=reload&limit=1")


def _store(call: StalwartCaller) -> None:
    for path in ("blob", "data", "data/default", "in-memory", "in-memory/default", "in-memory/default/acme"):
        call("GET", f"/store/purge/{path}")
    call("GET", "/store/purge/account")
    call("GET", "/store/purge/account/jane")
    call("GET", "/store/reindex/email")
    call("GET", "/store/reindex/email/jane")
    call("GET", "/store/quota/jane")
    call("DELETE", "/store/quota/jane")
    item = call("GET", "/store/undelete/jane?limit=1")["items"][0]
    call.send("GET", f"/store/blobs/{item['hash']}")
    call(
        "POST",
        "/store/undelete/jane",
        [{"hash": item["hash"], "collection": "email", "restoreTime": item["deletedAt"]}],
    )
    call("DELETE", "/store/uids/jane")
    for kind in ("spam", "ham"):
        call("POST", f"/spam-filter/upload/{kind}", raw=LETTER)
        call("POST", f"/spam-filter/upload/{kind}/jane", raw=LETTER)
    for word in ("start", "status", "stop", "reset", "delete"):
        call("GET", f"/spam-filter/train/{word}")
    question = {"remoteIp": "192.0.2.1", "envFrom": "x@example.org", "envFromFlags": 0, "envRcptTo": []}
    call("POST", "/spam-filter/classify", {**question, "message": LETTER.decode()})


def _account(call: StalwartCaller) -> None:
    call("POST", "/account/auth", [{"type": "addAppPassword", "name": "phone", "password": "x"}])
    assert call("GET", "/account/auth") == {"otpEnabled": False, "appPasswords": ["phone"]}
    pgp = {"type": "pGP", "algo": "Aes128", "certs": "x", "allow_spam_training": True}
    assert call("POST", "/account/crypto", pgp) == 1
    assert call("GET", "/account/crypto") == pgp
    assert call("POST", "/account/crypto", {"type": "disabled"}) is None
    assert call("POST", "/oauth", {"type": "code", "client_id": "x"})["isEnterprise"] is True


def _telemetry(call: StalwartCaller) -> None:
    call("GET", "/telemetry/metrics")
    number = call("GET", "/telemetry/traces")["items"][0]
    call("GET", f"/telemetry/trace/{number}")
    assert call("GET", f"/telemetry/trace/{number},5")[1] == []
    call("GET", f"/telemetry/trace?id={number}")
    for path, stream in (("metrics", "metrics"), ("tracing", "traces")):
        token = call("GET", f"/telemetry/live/{path}-token")
        call.send("GET", f"/telemetry/{stream}/live?token={token}", token=None)
    token = call("GET", "/troubleshoot/token")
    call.send("GET", f"/troubleshoot/delivery/jane%40example.org?token={token}", token=None)
    call("POST", "/troubleshoot/dmarc", {"remoteIp": "192.0.2.1", "ehloDomain": "x", "mailFrom": "x@example.org"})


def test_what_is_gone_is_404_and_so_is_a_wrong_method_or_base(call: StalwartCaller) -> None:
    assert len(GONE) == 8
    for method, path in (
        ("POST", "/spam-filter/train/spam"),
        ("GET", "/store/reindex"),
        ("PUT", "/principal"),
        ("GET", "/nothing"),
    ):
        assert call.send(method, path).status == 404
    for url in ("http://127.0.0.1/principal", "http://127.0.0.1/apis/principal", "http://127.0.0.1/api"):
        assert call.mock.handle(Request("GET", url, HEADERS)).status == 404


def test_members_follow_memberships(call: StalwartCaller) -> None:
    people(call)
    assert call("GET", "/principal/sales")["members"] == ["jane", "joe"]
    assert call("GET", "/principal/example.org")["members"] == 2
    call("PATCH", "/principal/sales", [{"action": "removeItem", "field": "members", "value": "joe"}])
    assert "memberOf" not in call("GET", "/principal/joe")
    call("PATCH", "/principal/sales", [{"action": "set", "field": "name", "value": "Trade"}])
    assert call("GET", "/principal/jane")["memberOf"] == ["trade"]
    call("DELETE", "/principal/trade")
    assert "memberOf" not in call("GET", "/principal/jane")
    call("POST", "/principal", {"type": "list", "name": "all", "members": ["jane", "joe"]})
    assert call("GET", "/principal/joe")["lists"] == ["all"]


def test_principals_are_refused_with_what_is_in_the_way(call: StalwartCaller) -> None:
    people(call)
    new = {"type": "individual", "name": "ann"}
    for body, told in (
        ({**new, "name": "JANE"}, {"error": "fieldAlreadyExists", "field": "name", "value": "jane"}),
        ({**new, "name": ""}, {"error": "fieldMissing", "field": "name"}),
        ({**new, "emails": ["x@example.com"]}, {"error": "notFound", "item": "example.com"}),
        ({**new, "memberOf": ["nobody"]}, {"error": "notFound", "item": "nobody"}),
        ({**new, "emails": "jane@example.org"}, {"error": "fieldAlreadyExists", "field": "emails"}),
        ({"type": "tenant", "name": "t"}, {"error": "unsupported", "details": "Enterprise feature"}),
    ):
        assert call.fails("POST", "/principal", body).items() >= told.items()
    assert call.fails("GET", "/principal/ann") == {"error": "notFound", "item": "ann"}
    assert call.send("POST", "/principal", {**new, "nickname": "x"}).status == 400
    assert call.send("POST", "/principal", {**new, "description": "x" * 513}).status == 400


def test_a_principal_may_leave_its_type_out(call: StalwartCaller) -> None:
    call("POST", "/principal", {"name": "Ann", "urls": "https://example.org"})
    found = call("GET", "/principal/ann")
    assert (found["type"], found["name"], found["urls"]) == ("individual", "ann", ["https://example.org"])


@pytest.mark.parametrize(
    ("action", "field", "value"),
    [
        ("addItem", "name", "x"),
        ("set", "members", "x"),
        ("set", "description", ["x"]),
        ("set", "quota", "many"),
        ("addItem", "quota", "1"),
    ],
)
def test_changes_that_the_server_does_not_know_change_nothing(
    call: StalwartCaller, action: str, field: str, value: Any
) -> None:
    people(call)
    before = call("GET", "/principal/jane")
    good = {"action": "set", "field": "description", "value": "Jane Roe"}
    status = call.send("PATCH", "/principal/jane", [good, {"action": action, "field": field, "value": value}]).status
    assert status in (200, 400)
    assert call("GET", "/principal/jane") == before


def test_a_second_password_takes_the_place_of_the_first_and_app_passwords_stay(call: StalwartCaller) -> None:
    people(call)
    for value in ("$app$phone$x", "$6$other"):
        call("PATCH", "/principal/jane", [{"action": "addItem", "field": "secrets", "value": value}])
    assert call("GET", "/principal/jane")["secrets"] == ["$app$phone$x", "$6$other"]
    assert "secrets" not in call("GET", "/principal?types=individual&fields=name")["items"][0]
    assert "secrets" in call("GET", "/principal?types=individual")["items"][0]


def test_principals_are_listed_by_name(call: StalwartCaller) -> None:
    for name in ("zoe", "Ann", "mia", "bob"):
        call("POST", "/principal", {"name": name})
    assert [each["name"] for each in call("GET", "/principal")["items"]] == ["ann", "bob", "mia", "zoe"]
    assert [each["name"] for each in call("GET", "/principal?page=2&limit=2")["items"]] == ["mia", "zoe"]


def test_a_domain_or_a_tenant_that_has_members_stays(bought: StalwartCaller) -> None:
    people(bought)
    bought("POST", "/principal", {"type": "tenant", "name": "acme"})
    bought("POST", "/principal", {"type": "individual", "name": "ann", "tenant": "acme"})
    for name in ("example.org", "acme"):
        assert bought.fails("DELETE", f"/principal/{name}")["error"] == "other"
    for kind in ("domain", "tenant"):
        assert bought("DELETE", f"/principal?type={kind}&confirm=true") is True
        assert bought("GET", f"/principal?types={kind}")["total"] == 1
    bought("DELETE", "/principal?type=individual&confirm=true")
    for name in ("example.org", "acme"):
        bought("DELETE", f"/principal/{name}")
        assert bought.fails("GET", f"/principal/{name}") == {"error": "notFound", "item": name}


def test_a_password_is_changed_by_who_has_shown_it(call: StalwartCaller) -> None:
    changes: tuple[dict[str, str], ...] = (
        {"type": "setPassword", "password": "$6$x"},
        {"type": "enableOtpAuth", "url": "otpauth://totp/x"},
        {"type": "disableOtpAuth"},
    )
    shown = (("authorization", f"Basic {base64.b64encode(f'jane:{TOKEN}'.encode()).decode()}"), HEADERS[1])
    for change in changes:
        app = {"type": "addAppPassword", "name": "phone", "password": "x"}
        assert call.fails("POST", "/account/auth", [app, change])["error"] == "other"
        assert call("GET", "/account/auth") == {"otpEnabled": False, "appPasswords": []}
    for change, on in zip(changes, (False, True, False), strict=True):
        request = Request("POST", "http://127.0.0.1/api/account/auth", shown, json.dumps([change]).encode())
        assert call.mock.handle(request).content == b'{"data":null}'
        assert call("GET", "/account/auth")["otpEnabled"] is on


def test_a_bulk_delete_asks_for_a_type_and_the_word(call: StalwartCaller) -> None:
    people(call)
    for query in ("", "?type=individual", "?confirm=true", "?type=nothing&confirm=true"):
        assert call.send("DELETE", f"/principal{query}").status == 400
    assert call("DELETE", "/principal?type=individual&confirm=true&filter=jo") is True
    assert call("GET", "/principal?types=individual")["total"] == 1


def test_a_second_signature_is_refused_with_the_key_of_the_first(call: StalwartCaller) -> None:
    new = {"algorithm": "Ed25519", "domain": "example.org", "selector": "s1"}
    call("POST", "/dkim", new)
    told = call.fails("POST", "/dkim", new)
    assert told["field"] == "signature.ed25519-example.org.private-key"
    assert told["value"].startswith("-----BEGIN PRIVATE KEY-----")
    record = next(each for each in call("GET", "/dns/records/example.org") if each["name"].startswith("s1."))
    assert record["content"].endswith(f"p={call('GET', '/dkim/ed25519-example.org')}")
    assert call.send("GET", "/dkim/other").status == 404


def test_the_queue_is_searched_stopped_and_started(call: StalwartCaller) -> None:
    whole = call("GET", "/queue/messages")
    assert (whole["total"], whole["status"]) == (3, True)
    assert all(each > 2**53 for each in whole["items"])
    for query, count in (
        ("text=jane", 1),
        ("from=news&to=joe", 1),
        ("queue=slow", 2),
        ("max-total=2", 2),
        ("after=2026-01-04T00:00:00Z", 1),
        ("before=2020-01-01T00:00:00Z", 3),
        ("limit=oops&page=2", 3),
        ("filter=nothing", 3),
    ):
        assert call("GET", f"/queue/messages?{query}")["total"] == count, query
    assert call("GET", "/queue/messages?page=2&limit=2")["items"] == whole["items"][2:]
    assert [call("PATCH", f"/queue/status/{word}") for word in ("stop", "stop", "start")] == [True, False, False]
    assert call("DELETE", f"/queue/messages/{whole['items'][1]}?filter=nobody") is False
    assert call("DELETE", f"/queue/messages/{whole['items'][1]}?filter=joe") is True
    assert call.send("GET", f"/queue/messages/{whole['items'][1]}").status == 404
    assert call("DELETE", "/queue/messages") is True
    assert call("DELETE", "/queue/messages") is False


def test_a_message_is_tried_again_at_a_time_to_come_or_at_once(call: StalwartCaller) -> None:
    first = call("GET", "/queue/messages")["items"][0]
    for at, due in (("2030-01-01T00:00:00Z", "2030-01-01T00:00:00Z"), ("2020-01-01T00:00:00Z", "2026-01-02T03:04:05Z")):
        assert call("PATCH", f"/queue/messages/{first}?at={at}") is True
        assert call("GET", f"/queue/messages/{first}")["recipients"][0]["next_retry"] == due


def test_settings_are_inserted_cleared_and_deleted_one_after_the_other(call: StalwartCaller) -> None:
    insert = {"type": "insert", "prefix": "a", "values": [["x", "1"], ["y", "2"]], "assert_empty": True}
    call("POST", "/settings", [insert])
    assert call("GET", "/settings/list?prefix=a") == {"total": 2, "items": {"x": "1", "y": "2"}}
    assert call.fails("POST", "/settings", [{"type": "delete", "keys": ["a.x"]}, insert]) == {"error": "assertFailed"}
    # What came before the refusal is done.
    assert call("GET", "/settings/keys?keys=a.x,a.y") == {"a.y": "2"}
    call("POST", "/settings", [{"type": "clear", "prefix": "a"}])
    assert call("GET", "/settings/list?prefix=a")["total"] == 0


def test_a_flag_is_there_whatever_it_says_but_empty(call: StalwartCaller) -> None:
    for query, lines in (("?dry-run=false", 0), ("?dry-run=true", 0), ("?dry-run=", 1), ("", 2)):
        call("GET", f"/reload{query}")
        assert call("GET", "/logs?filter=config.reload")["total"] == lines


def test_the_open_edition_has_no_telemetry_and_brings_nothing_back(call: StalwartCaller) -> None:
    people(call)
    told = {"error": "unsupported", "details": "Enterprise feature"}
    for path in (
        "/telemetry/metrics",
        "/telemetry/metrics/live",
        "/telemetry/live/tracing-token",
        "/telemetry/traces",
        "/store/undelete/jane",
    ):
        assert call.fails("GET", path) == told


def test_deleted_mail_comes_back_all_of_it_for_null(bought: StalwartCaller) -> None:
    people(bought)
    body = [{"hash": "none", "collection": "email", "restoreTime": "2026-01-01T00:00:00Z"}]
    assert bought("POST", "/store/undelete/jane", body) == [{"type": "notFound"}]
    assert bought.send("POST", "/store/undelete/jane", [{}]).status == 400
    answer = bought.send("POST", "/store/undelete/jane", raw=b"")
    assert answer.status == 400
    response = bought.mock.handle(Request("POST", "http://127.0.0.1/api/store/undelete/jane", HEADERS, b"null"))
    assert response.content == b'{"data":[{"type":"success"}]}'
    assert bought("GET", "/store/undelete/jane")["total"] == 0
    assert bought("GET", "/store/quota/jane") > 0


def test_a_token_of_a_stream_opens_that_stream_for_a_minute(bought: StalwartCaller) -> None:
    token = bought("GET", "/telemetry/live/metrics-token")
    name, data = bought.events(f"/telemetry/metrics/live?metrics=queue.count&token={token}", token=None)[0]
    assert (name, data) == ("metrics", [{"id": "queue.count", "type": "gauge", "value": 3}])
    assert bought.send("GET", f"/telemetry/traces/live?token={token}", token=None).status == 401
    assert bought.send("GET", "/queue/status", token=token).status == 401
    bought.clock.forward(seconds=61)
    assert bought.send("GET", f"/telemetry/metrics/live?token={token}", token=None).status == 401


@pytest.mark.parametrize(
    ("giver", "stream"),
    [
        ("/telemetry/live/metrics-token", "/telemetry/metrics/live"),
        ("/telemetry/live/tracing-token", "/telemetry/traces/live"),
        ("/troubleshoot/token", "/troubleshoot/delivery/jane%40example.org"),
    ],
)
def test_a_live_stream_is_opened_with_a_token_of_less_than_60_seconds(
    bought: StalwartCaller, giver: str, stream: str
) -> None:
    token = bought("GET", giver)
    bought.clock.forward(seconds=58)
    assert bought.events(f"{stream}?token={token}", token=None)
    bought.clock.forward(seconds=2)
    assert bought.send("GET", f"{stream}?token={token}", token=None).status == 401
    fresh = bought("GET", giver)
    assert fresh != token
    assert bought.events(f"{stream}?token={fresh}", token=None)


def test_traces_are_told_live_with_a_ping(bought: StalwartCaller) -> None:
    ping = ("ping", {"interval": 30000})
    assert [name for name, _ in bought.events("/telemetry/traces/live")] == ["trace", "ping"]
    events = bought.events("/telemetry/traces/live?from=ada")
    assert [each["type"] for each in events[0][1]] == ["delivery.attempt-start"]
    assert bought.events("/telemetry/traces/live?filter=ada%40example.net") == events
    assert bought.events("/telemetry/traces/live?from=joe") == [ping]
    # Numbers are not compared.
    assert bought.events("/telemetry/traces/live?filter=1152921504606847001") == [ping]


def test_a_principal_is_found_by_its_name_in_lower_case(call: StalwartCaller) -> None:
    call("POST", "/principal", {"type": "group", "name": "Sales"})
    assert call("GET", "/principal/sales")["name"] == "sales"
    assert call.fails("GET", "/principal/Sales") == {"error": "notFound", "item": "Sales"}


def test_a_delivery_ends_with_completed_wherever_it_fails(call: StalwartCaller) -> None:
    people(call)
    ends = {
        "jane%40example.org": "quitCompleted",
        "nobody%40example.org": "quitCompleted",
        "jane%40example.com": "mxLookupError",
    }
    for target, last in ends.items():
        events = call.events(f"/troubleshoot/delivery/{target}")
        kinds = [data[0]["type"] for _, data in events]
        assert kinds[-2:] == [last, "completed"]
        assert ("rcptToError" in kinds) is target.startswith("nobody")


def test_an_api_key_opens_what_it_is_for_and_another_secret_does_not(call: StalwartCaller) -> None:
    call("POST", "/principal", {"type": "apiKey", "name": "robot", "secrets": ["s3cret"]})
    for secret, status in (("s3cret", 200), ("other", 401)):
        token = "api_" + base64.b64encode(f"robot:{secret}".encode()).decode()
        assert call.send("GET", "/queue/status", token=token).status == status
    assert call.send("GET", "/queue/status", token=None).status == 401


def test_the_filter_learns_from_what_it_is_given(call: StalwartCaller) -> None:
    question = {"remoteIp": "192.0.2.1", "envFrom": "x@example.org", "envFromFlags": 0, "envRcptTo": []}
    scores = [call("POST", "/spam-filter/classify", {**question, "message": LETTER.decode()})["score"]]
    call("POST", "/spam-filter/upload/spam", raw=LETTER)
    scores.append(call("POST", "/spam-filter/classify", {**question, "message": LETTER.decode()})["score"])
    assert scores == [0.0, 6.0]
    assert [call("GET", f"/spam-filter/train/{each}") for each in ("start", "start", "stop", "stop")] == [
        True,
        False,
        True,
        False,
    ]
