"""What Stalwart's answers always have, and what is null in them where there is nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from small_apis import REPOSITORY
from stalwart_document import Api

from mailwright.codegen.bundle import bundle, find_target, source_targets
from mailwright.codegen.documents import to_json

WHEN = "2026-01-02T03:04:05Z"
DKIM = {"domain": "example.org", "selector": "s", "result": "Pass", "human_result": None}
SPF = {"domain": "example.org", "scope": "Helo", "result": "None", "human_result": None}
SAMPLES: dict[str, dict[str, Any]] = {
    "DmarcMetadata": {
        "org_name": "x",
        "email": "x@example.org",
        "extra_contact_info": None,
        "report_id": "7",
        "date_range": {"begin": 1, "end": 2},
        "error": [],
    },
    "DmarcPolicy": {
        "domain": "example.org",
        "version_published": None,
        "adkim": "Relaxed",
        "aspf": "Strict",
        "p": "None",
        "sp": "Unspecified",
        "testing": False,
        "fo": None,
    },
    "DmarcOverride": {"type_": "MailingList", "comment": None},
    "DmarcIdentifiers": {"envelope_to": None, "envelope_from": "example.org", "header_from": "example.org"},
    "DmarcDkim": DKIM,
    "DmarcSpf": SPF,
    "TlsFailure": {
        "result-type": "certificate-expired",
        "sending-mta-ip": None,
        "receiving-mx-hostname": None,
        "receiving-mx-helo": None,
        "receiving-ip": None,
        "failed-session-count": 1,
        "additional-information": None,
        "failure-reason-code": None,
    },
    "LogLine": {"timestamp": WHEN, "level": "INFO", "event": "x", "event_id": "x", "details": ""},
    "DnsRecord": {"type": "MX", "name": "example.org.", "content": "10 mx.example.org."},
    "Credentials": {"otpEnabled": False, "appPasswords": []},
    "QueuedMessageList": {"items": [], "total": 0, "status": True},
    **{
        f"{name}List": {"items": [], "total": 0}
        for name in ("Principal", "Report", "Log", "DeletedItem", "SettingGroup")
    },
    "SettingList": {"items": {}, "total": 0},
    "Problem": {"type": "about:blank", "status": 404, "detail": ""},
    "Failure": {"error": "other"},
    "DmarcCheck": {
        "spfEhloDomain": "mx.example.org",
        "spfEhloResult": {"type": "none"},
        "spfMailFromDomain": "example.org",
        "spfMailFromResult": {"type": "none"},
        "ipRevResult": {"type": "none"},
        "ipRevPtr": [],
        "dkimResults": [],
        "dkimPass": False,
        "arcResult": {"type": "none"},
        "dmarcResult": {"type": "none"},
        "dmarcPass": False,
        "dmarcPolicy": "none",
        "elapsed": 1,
    },
    "MessageToClassify": {"message": "x", "remoteIp": "192.0.2.1", "envFrom": "", "envFromFlags": 0, "envRcptTo": []},
    "DmarcQuestion": {"remoteIp": "192.0.2.1", "ehloDomain": "mx.example.org", "mailFrom": "ada@example.org"},
    "Group": {"type": "group", "id": 1},
    "TraceEvent": {"createdAt": WHEN, "type": "smtp.connect", "data": {}},
    "QueuedDomain": {
        "name": "example.org",
        "status": "scheduled",
        "recipients": [],
        "retry_num": 0,
        "next_retry": None,
        "next_notify": None,
        "expires": WHEN,
    },
}


@pytest.fixture(scope="module")
def api() -> Api:
    return Api(json.loads(to_json(bundle(find_target("stalwart-0.15", source_targets(REPOSITORY)), REPOSITORY))))


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_of_what_always_comes_may_be_missing(name: str, api: Api) -> None:
    schema, sample = api.schema(name), SAMPLES[name]
    assert api.fits(schema, sample)
    for field in sample:
        assert not api.fits(schema, {key: value for key, value in sample.items() if key != field}), field


def test_times_of_a_recipient_are_left_out_and_never_null(api: Api) -> None:
    schema, recipient = api.schema("QueuedRecipient"), {"address": "a@example.org", "status": "scheduled"}
    assert api.fits(schema, recipient, {**recipient, "next_notify": WHEN})
    assert not api.fits(schema, {**recipient, "next_notify": None})


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_name_of_a_queue_that_the_server_would_ignore_does_not_fit(method: str, api: Api) -> None:
    name = api.query(f"{method} /queue/messages")["queue"]
    assert api.fits(name, "12345678")
    assert not api.fits(name, "123456789")
