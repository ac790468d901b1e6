"""Mail that comes to the mock of mailcow: usage, quarantine, the queue and the logs, as the client sees them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from mailcow_filled import DOCUMENT, JANE
from mailwright_mailcow.v2026_08 import Mailcow

from mailwright.mock import Mock, MockBackend
from mailwright.runtime import InvalidRequest, NotFound, UsageError

HAM = b"From: news@news.example\r\nSubject: Hello\r\n\r\nHello.\r\n"
SPAM = HAM.replace(b"Hello.", b"XJS*C4JDBQADN1.NSBN3*2IDNEN*" + b"GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X")
MIB = 1024 * 1024


def a_mock() -> Mock:
    """A mock with the mailbox of Jane and an alias of hers, and without any mail."""
    mock = Mock(DOCUMENT, token="secret")
    mail = client_of(mock)
    mail.domains.create(domain="example.org")
    mail.mailboxes.create(
        domain="example.org", local_part="jane", password="moohoo12", password2="moohoo12", quota=1000
    )
    mail.aliases.create(address="info@example.org", goto=JANE, active=True)
    return mock


def client_of(mock: Mock) -> Mailcow:
    return Mailcow("http://mock.test", api_key="secret", backend=MockBackend(mock))


def test_what_is_delivered_counts_in_the_mailbox_and_its_domain() -> None:
    mock = a_mock()
    mail = client_of(mock)
    mock.deliver(JANE, HAM)
    mock.deliver("info@example.org", b"x" * 400 * MIB)
    jane, domain = mail.mailboxes.get(JANE), mail.domains.get("example.org")
    assert (jane.messages, jane.quota_used, jane.percent_in_use) == (2, len(HAM) + 400 * MIB, 40)
    assert (domain.msgs_total, domain.bytes_total) == (2, jane.quota_used)
    with pytest.raises(KeyError):
        mock.deliver("nobody@example.org", HAM)


def test_spam_is_kept_in_quarantine_read_and_released() -> None:
    mock = a_mock()
    mail = client_of(mock)
    assert mail.quarantine.list() == []
    for _ in range(4):
        mock.deliver(JANE, SPAM)
    first, second, third, _ = mail.quarantine.list()
    assert (first.rcpt, first.sender, first.subject) == (JANE, "news@news.example", "Hello")
    assert first.virus_flag == 0
    found = mail.quarantine.get(first.id or 0)
    assert (found.id, found.msg, found.domain) == (first.id, SPAM.decode(), "example.org")
    done = mail.quarantine.change(first.id or 0, action="release")
    assert [entry.key for entry in done.entries] == ["item_released", "learned_ham"]
    assert mail.quarantine.change(second.id or 0, action="learnspam").key == "qlearn_spam"
    mail.quarantine.delete(third.id or 0)
    assert len(mail.quarantine.list()) == 1
    with pytest.raises(NotFound):
        mail.quarantine.get(first.id or 0)
    with pytest.raises(InvalidRequest, match="access_denied; there is no such thing"):
        mail.quarantine.change(first.id or 0, action="release")
    assert mail.mailboxes.get(JANE).messages == 0


def test_mail_for_elsewhere_waits_in_the_queue() -> None:
    mock = a_mock()
    mail = client_of(mock)
    assert mail.mail_queue.list() == []
    for _ in range(3):
        mock.deliver("you@elsewhere.example", HAM)
    first, second, _ = mail.mail_queue.list()
    assert (first.queue_name, first.sender, first.message_size) == ("deferred", "news@news.example", len(HAM))
    assert first.recipients is not None
    assert first.recipients[0].startswith("you@elsewhere.example (")
    with mail.mail_queue.get(first.queue_id or "") as message:
        assert b"Subject: Hello" in message.read()
    mail.mail_queue.change(first.queue_id or "", action="hold")
    mail.mail_queue.change(second.queue_id or "", action="deliver")
    assert [each.queue_name for each in mail.mail_queue.list()] == ["hold", "deferred"]
    mail.mail_queue.change_all(action="flush")
    assert [each.queue_id for each in mail.mail_queue.list()] == [first.queue_id]
    mail.mail_queue.delete(first.queue_id or "")
    assert mail.mail_queue.list() == []


def test_the_whole_queue_can_be_deleted() -> None:
    mock = a_mock()
    mail = client_of(mock)
    mock.deliver("you@elsewhere.example", HAM)
    with pytest.raises(UsageError, match="action must be one of hold, unhold, deliver here"):
        mail.mail_queue.change("ABC", action="super_delete")  # type: ignore[arg-type]
    assert len(mail.mail_queue.list()) == 1
    mail.mail_queue.change_all(action="super_delete")
    assert mail.mail_queue.list() == []


def test_the_log_of_the_api_has_the_last_calls_without_passwords() -> None:
    now = datetime(2026, 8, 5, 9, 0, tzinfo=UTC)
    mail = client_of(Mock(DOCUMENT, token="secret", clock=lambda: now))
    assert [line.uri for line in mail.logs.api(10)] == ["/api/v1/get/logs/api/10"]
    mail.domains.create(domain="a.example")
    mail.domain_admins.create(username="boss", domains="a.example", password="moohoo12", password2="moohoo12")
    mail.domains.delete_many(["b.example"])
    _, *lines = mail.logs.api(4)
    assert [(line.method, line.uri) for line in lines] == [
        ("POST", "/api/v1/delete/domain"),
        ("POST", "/api/v1/add/domain-admin"),
        ("POST", "/api/v1/add/domain"),
    ]
    assert lines[0].data == "items='[\"b.example\"]'"
    assert lines[1].data is not None
    attributes = json.loads(lines[1].data.removeprefix("attr='").removesuffix("'"))
    assert (attributes["username"], attributes["password"], attributes["password2"]) == ("boss", "*", "*")
    assert lines[0].time == now.timestamp()
    assert lines[1].data not in repr(lines[1])


def test_the_log_of_the_interface_tells_of_looks_into_the_queue() -> None:
    mail = client_of(a_mock())
    assert mail.logs.ui(5) == []
    with mail.mail_queue.get("ABC") as message:
        assert b"No such file" in message.read()
    (line,) = mail.logs.ui(5)
    assert (line.id, line.type, line.msg, line.user) == (1, "success", '"queue_cat_success"', "API")
    assert line.call == '["process_mailq_output","cat",{"qid":"ABC"}]'


def test_a_mock_with_demo_records_has_mailboxes_with_mail_and_some_elsewhere() -> None:
    mock = Mock(DOCUMENT, token="secret")
    mock.populate(12)
    mail = client_of(mock)
    boxes = mail.mailboxes.list_of_domain("example.org")
    assert len(boxes) == 12
    assert {box.messages for box in boxes} == {1}
    assert (len(mail.quarantine.list()), len(mail.mail_queue.list())) == (1, 1)
    assert mail.domains.get("example.org").mboxes_left == 0
