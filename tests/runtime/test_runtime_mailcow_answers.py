"""Answers of mailcow that have another shape than their neighbours, read by the generated client."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from loopback import http, loopback
from mailwright_mailcow.v2026_08 import Mailcow
from sample_api import ONCE, CannedReply, scripted

from mailwright.runtime import ResponseInvalid

EXCHANGES = Path(__file__).parents[1] / "exchanges" / "mailcow-2026.08.jsonl"
ONLY_IN_FULL = ("max_new_quota", "spam_aliases", "pushover_active", "rl", "rl_scope", "is_relayed", "sender_acl")


def cow(answer: object) -> Mailcow:
    raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    reply = CannedReply(raw, 200, (("Content-Type", "application/json"),))
    return Mailcow("http://mail.test", api_key="K", backend=scripted(reply), retries=ONCE)


def recorded(number: int) -> Any:
    lines = map(json.loads, EXCHANGES.read_text(encoding="utf-8").splitlines())
    return next(line["response"]["json"] for line in lines if line["n"] == number)


def test_the_reduced_list_has_mailboxes_without_what_takes_time_to_find() -> None:
    mailbox = {key: value for key, value in recorded(356).items() if key not in ONLY_IN_FULL}
    (read,) = cow([mailbox]).mailboxes.list_reduced()
    assert (read.username, read.quota) == ("jane@m.example", 104857600)


def test_bcc_destinations_leave_out_what_there_is_none_of() -> None:
    read = cow({"domains": ["a.example"], "alias_domains": ["b.example"]}).bcc_maps.get_destinations()
    assert (read.domains, read.mailboxes, read.alias_domains) == (["a.example"], None, ["b.example"])
    assert cow({}).bcc_maps.get_destinations().domains is None


def test_the_script_that_runs_is_in_a_list() -> None:
    assert cow(["keep;\n"]).filters.get_active("jane@m.example") == ["keep;\n"]
    assert cow({}).filters.get_active("jane@m.example") == []


def test_what_the_spam_filter_did_is_a_list_of_pairs() -> None:
    assert cow([["reject", 3], ["soft reject", 0]]).rspamd_settings.get_actions() == [("reject", 3), ("soft reject", 0)]
    assert cow({}).rspamd_settings.get_actions() == []


def test_fail2ban_numbers_its_patterns_and_tells_who_is_shut_out() -> None:
    ban = {"queued_for_unban": 0, "network": "192.0.2.7/32", "ip": "192.0.2.7", "banned_until": "00h 09m 58s"}
    told = {**recorded(295), "regex": {"1": "failed"}, "banlist_id": "u", "active_bans": [ban]}
    read = cow(told).fail2ban.get()
    assert read.regex == {"1": "failed"}
    assert read.active_bans is not None
    assert [(each.ip, each.queued_for_unban) for each in read.active_bans] == [("192.0.2.7", False)]
    assert cow(recorded(295)).fail2ban.get().regex is None


def test_an_oauth2_client_may_have_no_address_to_send_people_back_to() -> None:
    (read,) = cow([{**recorded(391)[0], "redirect_uri": None}]).oauth2_clients.list()
    assert read.redirect_uri is None


def test_mail_in_the_queue_is_read_as_it_is_printed() -> None:
    text = b"*** ENVELOPE RECORDS deferred/A/A1 ***\nSubject: one\n"
    with cow(text).mail_queue.get("A1") as mail:
        assert mail.read() == text


def test_the_log_of_calls_shows_nothing_that_was_sent() -> None:
    line = {"time": 1, "uri": "/api/v1/add/oauth2-client", "method": "POST", "data": 'attr={"client_secret":"S3"}'}
    (read,) = cow([line]).logs.api(1)
    assert read.data == line["data"]
    assert "S3" not in repr(read)


@pytest.mark.parametrize("backend", ["httpx", "httpx2", "pyreqwest"])
def test_the_cookie_that_every_answer_sets_is_never_sent_back(backend: str) -> None:
    answer = http(b"{}", headers=["Set-Cookie: MCSESSID=a; path=/"])
    with loopback(answer) as server, Mailcow(server.url, api_key="K", backend=backend) as mail:
        assert (mail.domains.list(), mail.aliases.list()) == ([], [])
    assert len(server.requests) == 2
    assert not [request for request in server.requests if b"cookie" in request.lower()]


def test_a_rate_limit_that_is_reset_is_a_mere_1_and_one_that_is_unknown_is_nothing() -> None:
    assert cow(b"1").rate_limits.reset("RLabc=") is True
    with pytest.raises(ResponseInvalid, match="a part may have been done"):
        cow(b"").rate_limits.reset("RLabc=")
