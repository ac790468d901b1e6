"""The mock of mailcow is taken through what was recorded with a real server, and has to answer the same."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from mailwright.mock import Mock, Request
from mailwright.targets import bundled_document

RECORDING = Path(__file__).parents[1] / "exchanges" / "mailcow-2026.08.jsonl"
HEADERS = {"X-API-Key": "<rw>", "Content-Type": "application/json"}
KEYS = {"<rw>": "secret", "<ro>": "secret-ro", "<off>": "another", "<ip>": "another"}
# Addresses of aliases with a time limit are made up.
MADE_UP = re.compile(r"^[a-z]{2,}\.[a-z]{2,}(?=@)")
TIME = re.compile(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d")
# Made up anew on each server.
VOLATILE = frozenset({"pubkey", "dkim_txt", "password", "client_id", "client_secret", "validity"})


MADE_UP_THEN = "fu.ditaxu@m.example"


def mailbox(local: str, **more: Any) -> dict[str, Any]:
    return {"domain": "example.org", "local_part": local, "password": "moohoo12", "password2": "moohoo12", **more}


def app_password(name: str, username: str, active: int) -> dict[str, Any]:
    secrets = {"app_passwd": "moohoo12", "app_passwd2": "moohoo12"}
    return {"app_name": name, "username": username, "protocols": ["imap_access"], "active": active, **secrets}


def edit(item: Any, **attributes: Any) -> dict[str, Any]:
    return {"items": [item], "attr": attributes}


JANE = "jane@example.org"
ALLOWED, BANNED = "mailcow.tld", "10.100.6.5/32,10.100.8.4/32"
# Calls of that run that the recording leaves out, before the one of that number.
BETWEEN: dict[int, list[tuple[str, Any]]] = {
    136: [
        ("add/mailbox", mailbox("jane", name="Jane Doe", quota=1024, tags=["a", "b"])),
        ("add/mailbox", mailbox("bob", name="Bob", quota=100, protocol_access=["imap"])),
    ],
    153: [("edit/mailbox", edit(JANE, name="Jane D", quota=2048))],
    159: [("edit/rl-mbox", edit(JANE, rl_value=10, rl_frame="h"))],
    180: [("add/alias", {"address": "inact@example.org", "goto": JANE})],
    211: [
        ("add/mailbox/template", {"template": "m1", "quota": 100, "protocol_access": ["imap"], "acl": ["spam_alias"]})
    ],
    218: [("edit/domain-admin", edit("testadmin", domains=["example.net"]))],
    195: [("add/time_limited_alias", {"username": JANE, "domain": "example.org", "description": "d"})],
    226: [
        ("add/resource", {"domain": "example.org", "description": "Room 1", "kind": "location", "active": 1}),
    ],
    239: [
        (
            "add/recipient_map",
            {"recipient_map_old": "o@example.org", "recipient_map_new": "t@example.org", "active": 1},
        ),
    ],
    254: [
        (
            "add/transport",
            {
                "destination": "dest.example",
                "nexthop": "host.example:25",
                "username": "u",
                "password": "pw",
                "active": 1,
            },
        ),
    ],
    259: [("add/oauth2-client", {"redirect_uri": "https://app.example"})],
    279: [("add/mailbox-policy", {"username": JANE, "object_from": "ok@good.example", "object_list": "wl"})],
    287: [
        (
            "add/filter",
            {
                "username": JANE,
                "script_data": 'require "fileinto"; keep;',
                "script_desc": "d",
                "filter_type": "prefilter",
                "active": 1,
            },
        ),
    ],
    292: [("add/app-passwd", app_password("first", JANE, 1))],
    295: [("edit/fail2ban", edit("none", ban_time_increment=1, whitelist=ALLOWED, blacklist=BANNED))],
    325: [("delete/mailbox", ["john@example.org"])],
    342: [
        ("edit/rl-mbox", edit(JANE, rl_value="", rl_frame="h")),
        ("edit/mailbox/custom-attribute", edit(JANE, attribute=["role"], value=["boss"])),
    ],
    369: [
        (
            "add/mta-sts",
            {"domain": "m.example", "version": "STSv1", "mode": "testing", "mx": "*.a.example", "max_age": 9},
        )
    ],
    372: [("add/app-passwd", app_password("wp", "jane@m.example", 1))],
    385: [("delete/time_limited_alias", [MADE_UP_THEN])],
    388: [("add/admin", {"username": "adm3", "password": "moohoo12", "password2": "moohoo12"})],
    383: [("add/time_limited_alias", {"username": "jane@m.example", "domain": "m.example"})],
    378: [("add/mailbox/template", {"template": "m2", "quota": 100})],
}
# Not compared, with the reason.
KNOWN = {
    47: "a part of the server was not there, and what stood in for it answered",
    75: "the mock has presets of its own",
    405: "likewise",
    79: "what stood in for a part of the server knew nothing of the host",
    410: "likewise",
    411: "the mock keeps no log",
    3: "a mock does not look at addresses of callers",
    332: "the mock's cookie is no key",
    333: "likewise",
    337: "likewise: entries that were left on the cookie of another call",
    427: "a part of the server is down",
    429: "likewise",
}
# Not sent, as a part of the server was not there, so that it stopped half way.
NOT_SENT = {365}
# What tells of stored mail, which the mock has not.
ELSEWHERE = frozenset({"messages", "quota_used", "percent_in_use", "percent_class", "bytes_total", "msgs_total"})
WITH_MAIL = {356, 360, 421, 426}


def read() -> list[dict[str, Any]]:
    return [json.loads(line) for line in RECORDING.read_text(encoding="utf-8").splitlines()]


def stable(value: Any, name: str = "") -> Any:
    """A body without what differs from run to run, and without what was called, which nobody is shown."""
    if name in VOLATILE:
        return type(value).__name__
    if isinstance(value, dict):
        return {key: stable(each, key) for key, each in value.items() if key != "log"}
    if isinstance(value, list):
        return [stable(each) for each in value]
    if name == "address":
        return MADE_UP.sub("<made up>", value)
    return TIME.sub("<time>", value) if isinstance(value, str) else value


def send(mock: Mock, request: dict[str, Any]) -> tuple[int, Any]:
    headers = {**request["headers"]}
    if "X-API-Key" in headers:
        headers["X-API-Key"] = KEYS[headers["X-API-Key"]]
    body = request.get("json")
    raw = isinstance(body, dict) and list(body) == ["raw"]
    content = body["raw"] if raw else "" if "json" not in request else json.dumps(body)
    url = f"http://mock.test{request['path']}"
    response = mock.handle(Request(request["method"], url, tuple(headers.items()), content.encode()))
    text = response.content.decode()
    return response.status, json.loads(text) if text else ""


def with_own_alias(mock: Mock, request: dict[str, Any]) -> dict[str, Any]:
    """A request with the alias that this mock has made up, where it names the one made up then."""
    if MADE_UP_THEN not in json.dumps(request):
        return request
    read = {"method": "GET", "path": "/api/v1/get/time_limited_aliases/jane@m.example", "headers": HEADERS}
    own = send(mock, read)[1][0]["address"]
    replaced: dict[str, Any] = json.loads(json.dumps(request).replace(MADE_UP_THEN, own))
    return replaced


def post(mock: Mock, path: str, body: Any) -> Any:
    request = {"method": "POST", "path": f"/api/v1/{path}", "headers": HEADERS, "json": body}
    return send(mock, with_own_alias(mock, request))[1]


def without(body: Any, names: frozenset[str]) -> Any:
    return {key: value for key, value in body.items() if key not in names} if isinstance(body, dict) else body


def test_the_recorded_answers_are_those_of_the_mock() -> None:
    mock = Mock(bundled_document("mailcow-2026.08"), token="secret")
    between, different, compared = dict(BETWEEN), [], 0
    for exchange in read():
        number, note, response = exchange["n"], exchange["note"], exchange["response"]
        for before in [each for each in between if each <= number]:
            for path, body in between.pop(before):
                answer = post(mock, path, body)
                assert (answer[-1] if isinstance(answer, list) else answer)["type"] == "success", (before, path)
        if number in NOT_SENT:
            continue
        status, body = send(mock, with_own_alias(mock, exchange["request"]))
        if number in KNOWN:
            continue
        left_out = ELSEWHERE if number in WITH_MAIL else frozenset[str]()
        mine = status, without(stable(body), left_out)
        wanted = response["status"], without(stable(response.get("json", response.get("text"))), left_out)
        compared += 1
        if mine != wanted:
            different.append(f"n={number} {note}\n  recorded {wanted}\n  mock     {mine}")
    assert not different, "\n".join(different)
    assert compared > 265
