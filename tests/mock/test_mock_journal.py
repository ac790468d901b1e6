from __future__ import annotations

import json
from urllib.parse import urlencode

from mock_caller import TOKEN, Caller

from mailwright.mock import Mock, Request


def test_the_journal_tells_what_was_asked_and_answered(call: Caller, mock: Mock) -> None:
    user = call.user()
    call("GET", f"/users/{user}")
    call("GET", "/nosuch")
    assert [(each.operation, each.method, each.status) for each in mock.journal] == [
        ("createUser", "POST", 200),
        ("getUser", "GET", 200),
        ("", "GET", 404),
    ]
    assert mock.journal[1].url == f"http://mock.test/users/{user}"
    assert json.loads(mock.journal[1].response_body)["username"] == "jane"


def test_no_secret_is_kept_wherever_it_stands(call: Caller, mock: Mock) -> None:
    secrets = [TOKEN, "a-password", "a-new-password"]
    user = call.user()
    call("PUT", f"/users/{user}", {"existingPassword": "a-password", "password": "a-new-password"})
    call("POST", f"/users/{user}/2fa/totp/enable", {"token": "424242"})
    secrets += ["424242", call("POST", f"/users/{user}/password/reset", {})["password"]]
    secrets += [call("POST", f"/users/{user}/asps", {"description": "x"})["password"]]
    call("POST", "/authenticate", raw=b'{"password": "a-password"')
    call("POST", "/nosuch", {"deep": [{"password": "a-password"}]})
    form = urlencode({"username": "joe", "password": "a-password"}).encode()
    call("POST", "/users", raw=form, headers={"Content-Type": "application/x-www-form-urlencoded"})
    call("POST", f"/authenticate?accessToken={TOKEN}&password=a-password", {})
    call("GET", "/users", headers={"Authorization": f"Bearer {TOKEN}", "Cookie": f"accessToken={TOKEN}"})
    text = json.dumps(mock.journal.har()) + "".join(map(repr, mock.journal))
    assert [secret for secret in secrets if secret in text] == []
    assert "[redacted]" in text


def test_the_har_has_what_the_format_asks_for(call: Caller, mock: Mock) -> None:
    call.user()
    call("GET", "/users?limit=5")
    log = mock.journal.har()["log"]
    assert (log["version"], set(log["creator"])) == ("1.2", {"name", "version"})
    posted, listed = log["entries"]
    assert posted["startedDateTime"].startswith("2026-01-02T")
    assert posted["request"]["postData"]["mimeType"] == "application/json"
    assert listed["request"]["queryString"] == [{"name": "limit", "value": "5"}]
    assert "postData" not in listed["request"]
    assert json.loads(listed["response"]["content"]["text"])["total"] == 1
    for entry in log["entries"]:
        assert set(entry) == {"startedDateTime", "time", "request", "response", "cache", "timings"}


def test_the_journal_forgets_the_oldest_but_counts_them(mock: Mock) -> None:
    for _ in range(1005):
        mock.handle(Request("GET", "/nosuch"))
    assert (len(mock.journal), mock.journal.total) == (1000, 1005)
