"""A mock of mailcow that has one of everything."""

from __future__ import annotations

import base64
import json
from typing import Any

from mailwright.mock import Mock, Request
from mailwright.targets import bundled_document

DOCUMENT: Any = bundled_document("mailcow-2026.08")
JANE = "jane@example.org"
# A domain without mailboxes and without a key.
EMPTY_DOMAIN = "two.example"
DOMAIN_TEMPLATE, MAILBOX_TEMPLATE = 3, 4
OTHERS: list[tuple[str, Any]] = [
    ("time_limited_alias", {"username": JANE, "domain": "example.com"}),
    ("resource", {"domain": "example.org", "description": "Room 1", "kind": "location"}),
    ("relayhost", {"hostname": "mx.example:25", "username": "u", "password": "secret"}),
    ("transport", {"destination": "dest.example, .two.example", "nexthop": "192.0.2.1"}),
    (
        "syncjob",
        {
            "username": JANE,
            "host1": "old.example",
            "user1": "u",
            "password1": "p",
            "exclude": "",
            "port1": 993,
            "mins_interval": 20,
            "enc1": "SSL",
        },
    ),
    ("filter", {"username": JANE, "script_data": "keep;", "script_desc": "d", "filter_type": "prefilter", "active": 1}),
    ("bcc", {"local_dest": "example.org", "bcc_dest": "b@x.example", "type": "rcpt", "active": 1}),
    ("recipient_map", {"recipient_map_old": "example.net", "recipient_map_new": "t@x.example", "active": 1}),
    ("tls-policy-map", {"dest": "x.example", "policy": "verify", "parameters": "protocols=TLSv1.2", "active": 1}),
    ("fwdhost", {"hostname": "192.0.2.7", "filter_spam": 1}),
    ("oauth2-client", {"redirect_uri": "https://a.example"}),
    ("domain", {"domain": EMPTY_DOMAIN}),
    ("domain/template", {"template": "small", "max_num_mboxes_for_domain": 2}),
    ("mailbox/template", {"template": "narrow", "quota": 10}),
    ("rsetting", {"content": "x {}", "desc": "d", "active": 1}),
    *(
        (f"{scope}-policy", {owner: name, "object_from": f"*@{way}.example", "object_list": way})
        for scope, owner, name in (("domain", "domain", "example.org"), ("mailbox", "username", JANE))
        for way in ("bl", "wl")
    ),
]


_SPAM = b"From: a@b.example\r\n\r\nXJS*C4JDBQADN1.NSBN3*2IDNEN*" + b"GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\r\n"


def private_key() -> str:
    """A private RSA key of 1024 bits in PEM, of which only the numbers of the public one are real."""

    def wrapped(kind: int, content: bytes) -> bytes:
        return bytes([kind, 0x82]) + len(content).to_bytes(2, "big") + content

    numbers = (0, (1 << 1023) + 1, 65537, 1, 1, 1, 1, 1, 1)
    content = b"".join(wrapped(2, each.to_bytes(each.bit_length() // 8 + 1, "big")) for each in numbers)
    text = base64.encodebytes(wrapped(0x30, content)).decode()
    return f"-----BEGIN RSA PRIVATE KEY-----\n{text}-----END RSA PRIVATE KEY-----\n"


def box(local: str, **more: Any) -> dict[str, Any]:
    """A new mailbox of example.org."""
    return {"domain": "example.org", "local_part": local, "password": "moohoo12", "password2": "moohoo12", **more}


def filled_mock() -> Mock:
    """A mock whose token is `secret`, with one of everything."""
    mock = Mock(DOCUMENT, token="secret")
    for path, body in (
        (
            "domain",
            {"domain": "example.org", "mailboxes": 3, "quota": 3000, "maxquota": 2000, "defquota": 100, "aliases": 2},
        ),
        ("mailbox", box("jane", quota=1000)),
        ("mailbox", box("joe", quota=1000)),
        ("alias", {"address": "info@example.org", "goto": "jane@example.org", "active": 1}),
        ("alias-domain", {"alias_domain": "example.com", "target_domain": "example.org", "active": 1}),
        (
            "domain-admin",
            {"username": "boss", "domains": "example.org", "password": "moohoo12", "password2": "moohoo12"},
        ),
        (
            "app-passwd",
            {"username": "jane@example.org", "app_name": "a", "app_passwd": "moohoo12", "app_passwd2": "moohoo12"},
        ),
        *OTHERS,
    ):
        assert _post(mock, f"add/{path}", body)[-1]["type"] == "success", path
    assert _post(mock, "delete/dkim", [EMPTY_DOMAIN])
    policy = {"domain": "example.org", "version": "STSv1", "mode": "none", "mx": "mx.example", "max_age": 86400}
    assert _post(mock, "add/mta-sts", policy)["msg"] == "Task completed"
    assert _post(mock, "edit/pushover", {"items": [JANE], "attr": {"key": "u" * 30, "token": "a" * 30}})
    mock.deliver(JANE, _SPAM)
    mock.deliver("you@elsewhere.example", b"Subject: Hello\r\n\r\nHello\r\n")
    assert _post(mock, "add/global-filter", {"script_data": "keep;", "filter_type": "prefilter"})
    assert _post(mock, "add/global-filter", {"script_data": "stop;", "filter_type": "postfilter"})
    for path in ("rl-domain", "rl-mbox"):
        item = "example.org" if path == "rl-domain" else "jane@example.org"
        assert _post(mock, f"edit/{path}", {"items": [item], "attr": {"rl_value": 1, "rl_frame": "s"}})
    return mock


def _post(mock: Mock, path: str, body: Any) -> Any:
    headers = (("X-API-Key", "secret"), ("Content-Type", "application/json"))
    request = Request("POST", f"http://mock.test/api/v1/{path}", headers, json.dumps(body).encode())
    return json.loads(mock.handle(request).content)
